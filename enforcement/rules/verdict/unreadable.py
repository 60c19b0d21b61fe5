"""Rules for answers that were not read: bot walls, refusals, sign-in and consent pages, outages, empty pages.

They come first, whatever the status: a page that was not read is never "gone".
"""

import json
import re

from enforcement.rules.verdict.addresses import CONSENT, SIGN_IN
from enforcement.rules.verdict.answer import Judgement
from enforcement.rules.verdict.bot_walls import LITTLE, wall_header, wall_markup
from enforcement.rules.verdict.lexicon import fold, states_any
from enforcement.rules.verdict.reading import Reading, Word

PAGES = frozenset({200, 203, 404, 410})  # statuses of a real page of the shop
_REFUSALS = frozenset({401, 403, 407, 429})
_READABLE = 12  # characters: a page with less text has no content
# What HTTP calls the status, alone: no shop writes to a customer like that.
_STATUS_PHRASE = re.compile(
    r"(?:http |error |status )*(?:404|410)?[\s:.,-]*(?:(?:page |file |resource )?not found|gone)?[.!]*"
)
# The pages that web servers and frameworks ship for addresses that they do not serve.
_SERVER = re.compile(
    r"not found on th(?:is|e) server|^cannot (?:get|post|head) /|http status 404|http error 404|whitelabel error page|"
    r"nosuchkey|specified key does not exist|no such app|there isn't a github pages site|(?:^|\s)not_found(?:\s|$)|"
    r"resource you are looking for (?:might have been|has been) removed, had its name changed|"
    r"(?:^|\s)(?:nginx|openresty|apache|tengine|lighttpd|litespeed|caddy|varnish|microsoft-iis|cloudflare)(?:/[\d.]+)?(?: \([^)]*\))?(?: server at .*)?$"
)


def _unknown(rule: str, detail: str) -> Judgement:
    return Judgement("unknown", rule, detail)


def legal_reasons(reading: Reading) -> Judgement | None:
    if reading.answer.status == 451:
        return Judgement("restricted", "status_451", "The shop answers with status 451: unavailable for legal reasons.")
    return None


def wall(reading: Reading) -> Judgement | None:
    shows = reading.names_listing and reading.seen > 0
    if header := wall_header(reading.answer, shows_listing=shows):
        return _unknown("wall_header", f"A bot wall answered (header {header}).")
    if shows and (reading.own_buttons or reading.other_buttons):
        return None
    if mark := wall_markup(reading.page, seen=reading.seen):
        return _unknown("wall_markup", f"A bot wall answered ({mark}).")
    word = None if reading.heads_listing or reading.adapter else reading.word("wall")
    if word and (reading.seen < LITTLE or word.block.emphasised):
        return _unknown("robot_check", f"The page asks for proof that we are human, or refuses us (“{word.text}”).")
    if reading.seen < LITTLE / 4 and reading.page.noscript and "wall" in reading.means_of(reading.page.noscript):
        return _unknown("robot_check", "Without scripts the page only asks for proof that we are human.")
    return None


def refused(reading: Reading) -> Judgement | None:
    status = reading.answer.status
    if status in _REFUSALS:
        return _unknown(
            f"status_{status}", f"The shop refuses us (status {status}). This gives no information about the listing."
        )
    if status >= 500:
        return _unknown("server_error", f"The shop does not work (status {status}).")
    headers = reading.answer.headers
    waits = next((name for name in ("retry-after", "www-authenticate") if headers.get(name)), "")
    if waits and not reading.own_buttons:
        return _unknown("refusal_header", f"The shop puts us off (header {waits}: {headers[waits][:60]}).")
    if not (200 <= status < 300 or status in PAGES):
        return _unknown("other_status", f"The shop answers with status {status}.")
    return None


def nothing_read(reading: Reading) -> Judgement | None:
    text = sum(len(block.text) for block in reading.page.blocks if block.zone in {"main", "description"})
    if text + len(reading.page.title if text else "") >= _READABLE or reading.names_listing:
        return None
    if any(word.means & {"ended", "not_found", "restricted"} for word in reading.words) and text:
        return None
    if reading.is_shops_own_end:
        return None
    if reading.page.has("script") and not text:
        detail = "Only scripts draw this page, so it was not read."
        return Judgement("unknown", "needs_scripts", detail, doubtful=True)
    return Judgement("unknown", "nothing_read", "The page is empty, so it was not read.", doubtful=True)


def server_page(reading: Reading) -> Judgement | None:
    """An answer of a web server or an API: a shop's front that refuses us, or has lost its shop, gives the same."""
    if _is_data(reading.answer.text) or _is_file(reading.answer.headers):
        detail = "The answer is data for a program, not the page that customers see."
        return Judgement("unknown", "not_a_page", detail, doubtful=True)
    text = fold(" ".join(block.text for block in reading.page.blocks))
    is_bare = not reading.page.title and not reading.page.has("h1, h2, h3") and _STATUS_PHRASE.fullmatch(text)
    if not text or reading.names_listing or not (is_bare or (reading.seen < LITTLE / 2 and _SERVER.search(text))):
        return None
    detail = "The web server answers with a page of its own, not the shop. This may be a removal or a refusal."
    return Judgement("unknown", "server_page", detail, doubtful=True)


def _is_file(headers: dict[str, str]) -> bool:
    """Whether a browser would save this answer, or show it as something other than a page."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    is_page = not kind or "html" in kind or "xml" in kind
    return not is_page or headers.get("content-disposition", "").strip().lower().startswith("attachment")


def _is_data(text: str) -> bool:
    """JSON, or XML that is no XHTML."""
    if text.lstrip()[:5].casefold() == "<?xml":
        return "<html" not in text[:4_000].casefold()
    if not text.lstrip().startswith(("{", "[")):
        return False
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False


def sign_in(reading: Reading) -> Judgement | None:
    if reading.names_listing and reading.own_buttons:
        return None
    if SIGN_IN.search(reading.address) and reading.is_elsewhere:
        return _unknown("sign_in", "The shop asks us to sign in.")
    if reading.page.has_password and not reading.names_listing:
        return _unknown("sign_in", "The page is a sign-in form.")
    if reading.is_elsewhere and CONSENT.search(reading.address):
        return _unknown("consent", "The shop first asks for consent or an age check.")
    return None


def out_of_order(reading: Reading) -> Judgement | None:
    if reading.names_listing and not _headed_by_trouble(reading):
        return None  # "temporarily unavailable" is the listing's stock there
    word = reading.word("outage")
    if word and not word.block.emphasised and reading.word("not_found", emphasised=True) and not _for_now(word):
        word = None  # a page for a missing listing may ask to try again
    if word and (reading.seen < LITTLE or word.block.emphasised):
        return _unknown("out_of_order", f"The shop does not work (“{word.text}”).")
    if (word := reading.word("oops", emphasised=True)) and not reading.word("not_found", "ended"):
        return _unknown("out_of_order", f"The shop does not work (“{word.text}”).")
    return None


def _headed_by_trouble(reading: Reading) -> bool:
    """Whether the heading itself says that something is missing or out of order: the browser's title alone, which names
    the listing, does not make that the listing's stock."""
    heads = (word for word in reading.words if word.block.tag in {"h1", "h2"})
    return not reading.heads_listing and any(word.means & {"outage", "not_found"} for word in heads)


def _for_now(word: Word) -> bool:
    """Whether an outage is said to pass ("temporarily gone for maintenance"): then nothing was removed."""
    return states_any("now", fold(word.text))
