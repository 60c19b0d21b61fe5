"""Where a page that says removed still holds the listing: its links, its pictures, its data, its other versions."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from selectolax.lexbor import LexborNode

from enforcement.rules.verdict import order_marks
from enforcement.rules.verdict.lexicon import fold
from enforcement.rules.verdict.page import Page
from enforcement.rules.verdict.reading import SMALL_404, Reading, Word

MAX_ELEMENTS = 5_000  # elements whose attributes are read for data
MAX_DATA = 100_000  # characters of one script or attribute
_DATA = re.compile(r"\s*[\[{]")
_STATES_OFFER = re.compile(r"price|available|availability|in_?stock|add_?to_?cart", re.IGNORECASE)
LABEL = 60  # characters of what stands on a link
# What shops write on a link to the listing that took this one's place. "Relisted" alone is a marketplace's notice.
_RELISTED = re.compile(
    r"new (?:listing|ad|advert|item page|product page|offer|auction)\b|neuen? (?:anzeige|angebot|inserat|artikel)|nouvelle (?:annonce|offre|vente)|"
    r"nuevo (?:anuncio|articulo)|nueva (?:publicacion|subasta)|nuov[oa] (?:annuncio|inserzione|asta)|novo (?:anuncio|leilao)|nieuwe (?:advertentie|veiling)|"
    r"now(?:a|e) (?:oferta|ogloszenie|aukcja)|нов(?:ое|ый) (?:объявление|товар|лот)|нове оголошення|yeni ilan|uj hirdetes|novi oglas|nov oglas|novy inzerat|"
    r"nova ponudka|uus kuulutus|jauns? sludinajum|naujas skelbimas|ny annons|ny annonce|uusi ilmoitus|anunt(?:ul)? nou|νεα αγγελια|нова обява|"
    r"tin (?:dang )?moi|iklan baru|ประกาศใหม่|新(?:链接|鏈接|商品|出品|着)|새 (?:상품|게시글)|إعلان جديد|מודעה חדשה|नया विज्ञापन"
)
_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif|svg)(?:$|[?#])", re.IGNORECASE)
# Keys by which shops' data says that a product can be bought.
_CAN_BUY = re.compile(
    r"\"(?:is_?|can_?(?:be_?)?)?(?:purchas(?:e?able|ed?)|buyable|buy|available|in_?stock|sellable|saleable|salable|orderable|available_?(?:for|to)_?(?:sale|buy|sell)|"
    r"add_?to_?(?:cart|bag|basket)(?:_?(?:url|link|href|enabled|allowed))?|buy_?(?:now_?)?(?:url|link|enabled))\"\s*:",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?:)?//|/|\.|\?|[\w-]+(?:[/.?]|$)", re.IGNORECASE)


def drawn_from(page: Page) -> Iterator[str]:
    """Folded data of the page that states a price or an availability, in scripts and in attributes."""
    searched = page.tree.css("script[type='application/ld+json']")[:50] if page.tree is not None else []
    for text in (*_data(page), *(node.text() for node in searched)):
        if _STATES_OFFER.search(text[:MAX_DATA]):
            yield fold(text[:MAX_DATA])


def moved(reading: Reading, _word: Word | None) -> str:
    """A link with the listing's name, or an order for its id, that leads to another page than the one that was read."""
    for node in reading.page.links:
        address = (node.attributes.get("href") or "").strip()
        if not _ADDRESS.match(address):
            continue
        if _is_pictures_link(node, address, reading):
            return "it links to the listing at another address."
        named = reading.resembles(text := node.text(separator=" ")[:400]) or reading.is_titled(fold(text))
        if named and not _is_ours(address, reading):
            return "it links to the listing at another address."
        if order_marks.orders(node, in_order_form=False) and holds_id(address, reading):
            return "it still offers the listing."
        if len(text) < LABEL and _RELISTED.search(fold(text)) and not _is_ours(address, reading):
            return "it links to a new listing."
    if any(holds_id(field.attributes.get("value") or "", reading) and _sends(field) for field in _fields(reading.page)):
        return "it has a form with the listing's id."
    return ""


def _fields(page: Page) -> list[LexborNode]:
    return page.tree.css("form input[type='hidden'][value]")[:200] if page.tree is not None else []


def _sends(field: LexborNode) -> bool:
    """Whether a hidden field stands in a form whose names do not say that it does something other than order."""
    node: LexborNode | None = field
    while node is not None and node.tag != "form":
        node = node.parent
    return node is not None and not order_marks.does_other_things(node)


def _is_pictures_link(node: LexborNode, address: str, reading: Reading) -> bool:
    """Whether a link of the listing's id is a picture without a word, on a page that says little: a picture of an offer."""
    if reading.seen >= SMALL_404 or not holds_id(address, reading) or _FILE.search(address):
        return False
    path = urlsplit(urljoin(reading.answer.final_url or reading.answer.url, address)).path.rstrip("/")
    is_own = path in {reading.where.path.rstrip("/"), urlsplit(reading.answer.url).path.rstrip("/")}
    return not is_own and node.css_first("img") is not None and not node.text().strip()


def sold_in_data(reading: Reading, _word: Word | None) -> str:
    """Data from which scripts draw the page, and which says of the listing itself that it can be bought."""
    for text in _data(reading.page):
        if len(text) <= MAX_DATA and _CAN_BUY.search(text) and _says_it_sells(text, reading):
            return "its data still says that the listing can be bought."
    return ""


def _data(page: Page) -> list[str]:
    """The data of the page for scripts, in scripts and in attributes; not that for search engines, which is often old."""
    if page.tree is None:
        return []
    data = [node.text() for node in page.tree.css("script:not([src]):not([type='application/ld+json'])")[:50]]
    for node in page.tree.css("body, body *")[:MAX_ELEMENTS]:
        data += [value for value in node.attributes.values() if value and _DATA.match(value)]
    return data


def _says_it_sells(text: str, reading: Reading) -> bool:
    try:
        waiting: list[Any] = [json.loads(text[text.index("{") : text.rindex("}") + 1])]
    except (ValueError, RecursionError):
        return False
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            own = any(isinstance(value, str | int) and _is_listings(str(value), reading) for value in item.values())
            if own and any(_CAN_BUY.search(f'"{key}":') and _is_true(value) for key, value in item.items()):
                return True
            waiting += [value for value in item.values() if isinstance(value, dict | list)]
    return False


def _is_true(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() not in {"", "false", "no", "0"})


def _is_listings(value: str, reading: Reading) -> bool:
    is_id = len(reading.listing_id) > 2 and value.casefold() == reading.listing_id
    return is_id or (bool(reading.title.strip()) and fold(value[:500]) == fold(reading.title))


def _is_ours(address: str, reading: Reading) -> bool:
    """Whether a link of the page leads to the page itself, under its own or another form of its address."""
    try:
        to = urlsplit(urljoin(reading.answer.final_url or reading.answer.url, address))
    except ValueError:
        return False
    for known in (urlsplit(reading.answer.url), reading.where):
        same_path = to.path.rstrip("/") == known.path.rstrip("/")
        by_query = not known.query or (holds_id(to.query, reading) and holds_id(known.query, reading))
        is_host = _bare(to.hostname) == _bare(known.hostname)
        if is_host and (holds_id(to.path, reading) or (same_path and (to.query == known.query or by_query))):
            return True
    return False


def _bare(host: str | None) -> str:
    return (host or "").removeprefix("www.")


def holds_id(address: str, reading: Reading) -> bool:
    """Whether an address names the listing's id whole: "/p/A1" and "/p/kettle-A1.html", not "/p/A1-new" or "/p/A12"."""
    own = reading.listing_id
    if len(own) < 3:
        return False
    return re.search(rf"(?<![a-z\d]){re.escape(own)}(?![\w-])", unquote(address).casefold()) is not None


def pictured(reading: Reading, word: Word | None) -> str:
    """A page that does not name the listing, but has a picture of it."""
    if word is None or reading.names_listing or "not_found" not in word.means:
        return ""
    shown = any(reading.resembles(alt) or reading.is_titled(fold(alt)) for _, alt in reading.page.pictures)
    return "it shows a picture of the listing." if shown else ""


def other_versions(reading: Reading, word: Word | None) -> str:
    """A page for what is not there has no version for telephones."""
    if word is None or "ended" in word.means:
        return ""
    named = reading.page.has("link[rel='amphtml'], link[rel='alternate'][media]")
    return "it names another version of the page, for telephones." if named else ""
