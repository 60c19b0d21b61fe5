"""What an answer from a shop says about a listing: gone, live, restricted or unknown, and which rule decided.

A 404 alone does not prove a removal (a wall against robots answers so too), and a page that answers 200 may say that
the offer is gone. Whatever is not clear is unknown, and unknown never meets a deadline.
"""

import json
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser

_WORDS: dict[str, list[str]] = json.loads((Path(__file__).parent / "verdict_words.json").read_text(encoding="utf-8"))
_SEARCH = re.compile(r"(?:^|/)(?:search|suche|recherche|buscar|s|sch|zoeken|szukaj|ara)(?:/|$|\.)", re.IGNORECASE)
_ENDED = ("discontinued",)
_OUT = ("outofstock", "soldout")  # the listing stands, and sells again when there is stock
_SELLS = ("instock", "limitedavailability", "onlineonly", "preorder", "presale", "backorder", "madetoorder")
_WALL_HEADERS = ("cf-mitigated", "x-datadome", "x-amzn-waf-action")


@dataclass(frozen=True)
class Answer:
    """What came back: the status, where we asked, where we ended, the headers in lower case, the page's text."""

    status: int
    url: str
    final_url: str
    headers: dict[str, str] = field(default_factory=dict)
    text: str = ""


@dataclass(frozen=True)
class Judgement:
    """`extracted` is what was read from the page to decide, short: title, headings, availability."""

    verdict: str
    rule: str
    says: str
    extracted: dict[str, str] = field(default_factory=dict)


def judge(answer: Answer, *, listing_id: str, title: str) -> Judgement:
    """The verdict on one look, and what was read from the page for it."""
    page = LexborHTMLParser(answer.text) if answer.text else None
    shown = _visible(page)
    return replace(_decide(answer, page, shown, listing_id=listing_id, title=title), extracted=_extracted(page, title))


def _extracted(page: LexborHTMLParser | None, title: str) -> dict[str, str]:
    if page is None:
        return {}
    heading = page.css_first("title")
    read = {
        "title": heading.text() if heading else "",
        "headings": " | ".join(node.text() for node in page.css("h1, h2, [role=alert], .error")),
        "availability": _availability(page, title),
    }
    return {name: _short(text) for name, text in read.items() if text.strip()}


def _short(text: str) -> str:
    """One line of at most 300 characters that any database takes."""
    line = re.sub(r"[\s\x00]+", " ", text).strip()[:300]
    return line.encode("utf-8", errors="replace").decode()


def _decide(answer: Answer, page: LexborHTMLParser | None, shown: str, *, listing_id: str, title: str) -> Judgement:
    """Rules are asked in this order; the first that applies decides."""
    where = urlsplit(answer.final_url or answer.url)
    if answer.status == 451:
        return Judgement("restricted", "status_451", "The shop answers 451: unavailable for legal reasons.")
    for name in _WALL_HEADERS:
        if answer.headers.get(name):
            return Judgement("unknown", "wall_header", f"A wall against robots answered (header {name}).")
    if (word := _says(shown, "robot")) and not _offers(page, shown, title):
        return Judgement("unknown", "robot_check", f"The page asks for a proof of being human (“{word}”).")
    if word := _says(shown, "restricted"):
        return Judgement("restricted", "says_restricted", f"The page says “{word}”.")
    if answer.status in {404, 410}:
        return Judgement(
            "gone", f"status_{answer.status}", f"The shop answers {answer.status} for the listing's address."
        )
    if answer.status in {401, 403, 407, 429}:
        return Judgement(
            "unknown",
            f"status_{answer.status}",
            f"The shop refuses us ({answer.status}); that says nothing about the listing.",
        )
    if answer.status >= 500:
        return Judgement("unknown", "server_error", f"The shop is out of order ({answer.status}).")
    if not 200 <= answer.status < 300:
        return Judgement("unknown", "other_status", f"The shop answers {answer.status}.")
    heading = _headings(page)
    if word := _says(heading, "unavailable"):
        return Judgement("gone", "says_unavailable", f"The page says “{word}”.")
    availability = _availability(page, title)
    if availability.endswith(_ENDED):
        return Judgement("gone", "structured_data", f"The page's data says {availability}.")
    if (word := _says(shown, "unavailable")) and not _says(shown, "signs_of_a_sale"):
        return Judgement("gone", "says_unavailable", f"The page says “{word}”.")
    if _elsewhere(answer, listing_id):
        if where.path in {"", "/"}:
            return Judgement(
                "unknown", "sent_home", "The address leads to the shop's first page; that may be a removal or a wall."
            )
        if _SEARCH.search(where.path) or "q=" in where.query:
            return Judgement(
                "unknown", "sent_to_search", "The address leads to a search; that may be a removal or a wall."
            )
    if availability.endswith(_SELLS):
        return Judgement("live", "structured_data", f"The page's data says {availability.rpartition('/')[2]}.")
    if availability.endswith(_OUT):
        says = f"The page's data says {availability.rpartition('/')[2]}: the listing stands and can sell again."
        return Judgement("live", "out_of_stock", says)
    if _same_title(title, shown) and (not _elsewhere(answer, listing_id) or listing_id.lower() in shown):
        return Judgement("live", "shows_title", "The page shows the listing's title.")
    if listing_id.lower() in shown and _says(shown, "signs_of_a_sale"):
        return Judgement("live", "shows_offer", "The page shows the listing's id and a way to buy it.")
    return Judgement("unknown", "nothing_clear", "The page shows neither the listing nor that it is gone.")


def _visible(page: LexborHTMLParser | None) -> str:
    if page is None or page.body is None:
        return ""
    for node in page.css("script, style, noscript, template"):
        if node.attributes.get("type") != "application/ld+json":
            node.decompose()
    title = page.css_first("title")
    return re.sub(r"\s+", " ", f"{title.text() if title else ''} {page.body.text(separator=' ')}").lower()


def _headings(page: LexborHTMLParser | None) -> str:
    if page is None:
        return ""
    return " ".join(node.text() for node in page.css("title, h1, h2, [role=alert], .error")).lower()


def _says(text: str, words: str) -> str:
    return next((word for word in _WORDS[words] if word in text), "")


def _offers(page: LexborHTMLParser | None, shown: str, title: str) -> bool:
    """A shop that sells a book about captchas is not a wall."""
    return bool(_says(shown, "signs_of_a_sale")) or _availability(page, title).endswith("instock")


def _availability(page: LexborHTMLParser | None, title: str) -> str:
    """What the page's data says of the listing; of the products that it names, the one whose name is most like `title`."""
    if page is None:
        return ""
    stated = [each for node in page.css('script[type="application/ld+json"]') for each in _stated(node.text())]
    if stated:
        words = set(re.findall(r"\w+", title.lower()))
        best = max(stated, key=lambda each: _likeness(each[0], words))
        if _likeness(best[0], words) > 0:
            return best[1].lower().replace(" ", "")
    for selector, attribute in (
        ('[itemprop="availability"]', "href"),
        ('[itemprop="availability"]', "content"),
        ('meta[property$="availability"]', "content"),
    ):
        found = page.css_first(selector)
        if found and (value := found.attributes.get(attribute)):
            return value.lower().replace(" ", "")
    return ""


def _stated(text: str) -> list[tuple[str, str]]:
    """(name, availability) of every product in a block of JSON-LD; what is no JSON says nothing."""
    try:
        waiting: list[Any] = [json.loads(text)]
    except (ValueError, RecursionError):
        return []
    found: list[tuple[str, str]] = []
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            offers = item.get("offers")
            found += [
                (str(item.get("name", "")), offer["availability"])
                for offer in (offers if isinstance(offers, list) else [offers])
                if isinstance(offer, dict) and isinstance(offer.get("availability"), str)
            ]
            waiting += [value for value in item.values() if isinstance(value, dict | list)]
    return found


def _likeness(name: str, words: set[str]) -> float:
    """The share of the title's words that a product's name has; a product without a name is taken for the page's own."""
    if not name:
        return 0.5
    return len(words & set(re.findall(r"\w+", name.lower()))) / max(1, len(words))


def _elsewhere(answer: Answer, listing_id: str) -> bool:
    """Whether we ended at an address that no longer speaks of the listing."""
    if not answer.final_url or answer.final_url.rstrip("/") == answer.url.rstrip("/"):
        return False
    return listing_id.lower() not in unquote(answer.final_url).lower()


def _same_title(title: str, shown: str) -> bool:
    words = [word for word in re.findall(r"\w+", title.lower()) if len(word) > 2]
    return bool(words) and sum(word in shown for word in words) >= max(1, round(0.8 * len(words)))
