"""Rules by which a page says that the listing is gone, or not for sale at our location."""

import re

from enforcement.rules.verdict import offers
from enforcement.rules.verdict.addresses import HOME, SEARCH
from enforcement.rules.verdict.answer import Judgement
from enforcement.rules.verdict.doubts import SMALL, unproven
from enforcement.rules.verdict.lexicon import fold, length
from enforcement.rules.verdict.page import Page
from enforcement.rules.verdict.reading import Reading, Word

_OWN_404 = (
    ".error-404, .error404, .page-404, .template-404, .not-found, .notfound, .page-not-found, .pagenotfound, .not-found-page, #pagenotfound, "
    "#page-not-found, .cms-no-route, .cms-noroute-index, .error-not-found, [data-testid*='not-found' i], [data-page-type='404']"
)
_COUNTED = re.compile(r"(?<!\w)(?!404\b|410\b)\d{2,}")
NOTICE = 45  # words: a longer paragraph is a description


def restricted(reading: Reading) -> Judgement | None:
    word = reading.word("restricted")
    if word is None or reading.own_buttons or reading.names_other:
        return None
    if reading.heads_listing and reading.buys_elsewhere_on_page and reading.availability in offers.SELLS:
        return None  # a line about where the shop delivers, on a page that offers the listing in its text and its data
    return Judgement("restricted", "says_restricted", f"The page says “{word.text}”.")


def removed(reading: Reading) -> Judgement | None:
    """The shop's own message that this listing has ended or does not exist, on a page without its offer."""
    if (word := _removal_word(reading)) is None:
        return _by_markup(reading) or _by_own_page(reading)
    if reading.is_elsewhere and not reading.names_listing and not _may_hold_elsewhere(reading, word):
        return None
    if reading.own_buttons and reading.names_listing:
        return None  # it is still offered; the words are a customer's or the seller's
    if reading.names_other:
        detail = f"The page says “{word.text}”, but about another product."
        return Judgement("unknown", "another_product", detail, doubtful=True)
    if _is_offered_too(reading, word):
        detail = f"The page says “{word.text}”, but also offers the listing."
        return Judgement("unknown", "contradiction", detail, doubtful=True)
    rule = "says_ended" if "ended" in word.means else "not_found"
    return unproven(reading, word) or Judgement("gone", rule, f"The page says “{word.text}”.")


def _is_offered_too(reading: Reading, word: Word) -> bool:
    """Whether something on the page still looks like an offer of the listing. A shop says that a listing has ended
    above the other products that it sells."""
    at = word.block.index
    stands_first = word.block.emphasised or reading.seen < SMALL
    if reading.own_buttons and not (stands_first and at < min(reading.own_buttons)):
        return True
    if any(index < at for index in reading.buys_elsewhere_on_page):
        return True
    if reading.names_listing and not word.block.emphasised and any(index < at for index in reading.other_buttons):
        return True
    return reading.word("out") is not None and not ("ended" in word.means and word.block.emphasised)


def _removal_word(reading: Reading) -> Word | None:
    """The message that the listing is gone. A sentence that also mentions stock does not count; "page not found" must
    be highlighted, or be the main message of a small page."""
    for word in reading.words:
        is_notice = word.block.emphasised or length(fold(word.block.text)) <= NOTICE
        if "ended" in word.means and "out" not in word.means and is_notice:
            return word
        stands_out = word.block.emphasised or reading.seen < SMALL
        if "not_found" in word.means and not word.means & {"out", "outage"} and stands_out:
            return word
    return None


def _by_markup(reading: Reading) -> Judgement | None:
    """Markup that this shop shows only for ended listings (adapters), in any language."""
    adapter = reading.adapter
    if adapter is None or not reading.page.has(adapter.gone) or reading.own_buttons or reading.names_other:
        return None
    if reading.word("out") or reading.page.has(adapter.stock):
        return None
    detail = f"The page has the markup that {adapter.name} uses for ended listings."
    return unproven(reading, None) or Judgement("gone", f"{adapter.name}_ended", detail)


def _by_own_page(reading: Reading) -> Judgement | None:
    """The shop's own page for what is not there: status 404 or 410, and markup that frameworks give to no other page."""
    page = reading.page
    texts = [block.text.strip() for block in page.main()]
    is_large = sum(map(len, texts)) > SMALL  # a search, a list
    if reading.answer.status not in {404, 410} or reading.is_elsewhere or is_large:
        return None
    if "404" not in texts and not _shows_own_404(page):
        return None
    if reading.names_listing or reading.names_other or any(_COUNTED.search(text) for text in texts if text != "404"):
        return None  # a price, a telephone number: then it may still offer something
    if page.forms or any(each.zone == "main" and each.enabled and not each.other for each in page.buttons):
        return None
    if "main" in page.contacts or page.has_password or reading.word("out", "outage", "oops", "wall", "restricted"):
        return None
    detail = f"The page has status {reading.answer.status} and the markup of a page for what does not exist."
    return unproven(reading, None) or Judgement("gone", "own_404_page", detail)


def _shows_own_404(page: Page) -> bool:
    """Whether such markup holds anything: a search has it empty, for a script to fill."""
    nodes = page.tree.css(_OWN_404)[:20] if page.tree is not None else []
    return any(node.text().strip() or node.css_first("img, svg") is not None for node in nodes)


def _may_hold_elsewhere(reading: Reading, word: Word) -> bool:
    """A shop's home page or search has much text; only highlighted text there can be about our listing: an end, or a
    message that the product does not exist."""
    if SEARCH.search(reading.where.path):
        return False
    if HOME.fullmatch(reading.where.path):
        is_message = word.block.loud and word.block.tag not in {"title", "h1", "h2", "h3"}
        return word.block.emphasised and ("ended" in word.means or is_message)
    return word.block.emphasised or reading.seen < SMALL


def status_only(reading: Reading) -> Judgement | None:
    """404 and 410 prove nothing by themselves: a shop that blocks us may answer the same."""
    status = reading.answer.status
    if status not in {404, 410} or (reading.names_listing and reading.own_buttons):
        return None
    detail = f"The shop answers with status {status}, but the page does not look like its page for missing listings."
    return Judgement("unknown", f"status_{status}_unread", detail, doubtful=True)


def sent_elsewhere(reading: Reading) -> Judgement | None:
    if not reading.is_elsewhere or reading.names_listing:
        return None
    path = reading.where.path
    if HOME.fullmatch(path):
        rule, where = "sent_home", "the shop's home page"
    elif SEARCH.search(path) or "q=" in reading.where.query:
        rule, where = "sent_to_search", "a search"
    else:
        rule, where = "sent_elsewhere", "another page"
    detail = f"The address leads to {where}. This may be a removal or a bot wall."
    return Judgement("unknown", rule, detail, doubtful=True)


def contradictions(reading: Reading, found: Judgement) -> str:
    """Structured data that contradicts the verdict; it is only reported."""
    stated = reading.availability
    against = (found.verdict == "gone" and stated in offers.SELLS) or (
        found.verdict == "live" and stated in offers.ENDED
    )
    return f"The page's data says {stated}." if against else ""
