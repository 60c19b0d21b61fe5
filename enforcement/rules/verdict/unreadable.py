"""Rules for answers that were not read: bot walls, refusals, sign-in and consent pages, outages, empty pages.

They come first, whatever the status: a page that was not read is never "gone".
"""

from enforcement.rules.verdict.addresses import CONSENT, SIGN_IN
from enforcement.rules.verdict.answer import Judgement
from enforcement.rules.verdict.bot_walls import LITTLE, wall_header, wall_markup
from enforcement.rules.verdict.reading import Reading

PAGES = frozenset({200, 203, 404, 410})  # statuses of a real page of the shop
_REFUSALS = frozenset({401, 403, 407, 429})
_READABLE = 12  # characters: a page with less text has no content


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
    if not (200 <= status < 300 or status in PAGES):
        return _unknown("other_status", f"The shop answers with status {status}.")
    return None


def nothing_read(reading: Reading) -> Judgement | None:
    text = sum(len(block.text) for block in reading.page.blocks if block.zone in {"main", "description"})
    if text + len(reading.page.title if text else "") >= _READABLE or reading.names_listing:
        return None
    if any(word.means & {"ended", "not_found", "restricted"} for word in reading.words) and text:
        return None
    detail = "The page is empty or needs scripts, so it was not read. A browser may show more."
    return Judgement("unknown", "nothing_read", detail, doubtful=True)


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
    if reading.names_listing:  # "temporarily unavailable" is the listing's stock there
        return None
    word = reading.word("outage")
    if word and not word.block.emphasised and reading.word("not_found", emphasised=True):
        word = None  # a page for a missing listing may ask to try again
    if word and (reading.seen < LITTLE or word.block.emphasised):
        return _unknown("out_of_order", f"The shop does not work (“{word.text}”).")
    if (word := reading.word("oops", emphasised=True)) and not reading.word("not_found", "ended"):
        return _unknown("out_of_order", f"The shop does not work (“{word.text}”).")
    return None
