"""The structured data of a page about products: JSON-LD, microdata and OpenGraph.

Data is often older than the page: it is reported where it contradicts the page, and never decides alone.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from enforcement.rules.verdict.lexicon import fold
from enforcement.rules.verdict.page import Page

SELLS = (
    "instock",
    "limitedavailability",
    "onlineonly",
    "preorder",
    "presale",
    "backorder",
    "madetoorder",
    "instoreonly",
)
OUT = ("outofstock", "soldout")  # the listing is online, and sells again when there is stock
ENDED = ("discontinued",)
MAX_DATA = 200_000  # characters of one block


@dataclass(frozen=True)
class Stated:
    """One product in the data, with its availability in lower case ("instock")."""

    name: str
    availability: str


def stated(page: Page) -> list[Stated]:
    """Every product of the page's data that states an availability; unreadable data is ignored."""
    if page.tree is None:
        return []
    found = [
        each
        for node in page.tree.css('script[type="application/ld+json"]')
        for each in _products(node.text()[:MAX_DATA])
    ]
    if found:
        return found
    for selector, attribute in (
        ('[itemprop="availability"]', "href"),
        ('[itemprop="availability"]', "content"),
        ('meta[property$="availability"]', "content"),
    ):
        node = page.tree.css_first(selector)
        if node and (value := node.attributes.get(attribute)):
            return [Stated("", _word(value))]
    return []


def _word(value: str) -> str:
    return re.sub(r"\W", "", value.rpartition("/")[2]).lower()


def _products(text: str) -> list[Stated]:
    try:
        waiting: list[Any] = [json.loads(text)]
    except (ValueError, RecursionError):
        return []
    found: list[Stated] = []
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting += item
        elif isinstance(item, dict):
            offers = item.get("offers")
            found += [
                Stated(str(item.get("name", ""))[:500], _word(offer["availability"]))
                for offer in (offers if isinstance(offers, list) else [offers])
                if isinstance(offer, dict) and isinstance(offer.get("availability"), str)
            ]
            waiting += [value for value in item.values() if isinstance(value, dict | list)]
    return found


def of_listing(products: list[Stated], title: str) -> str:
    """The availability of the listing in the data; of several products, of the one most like its title; "" where the
    data is only about other products."""
    words = set(re.findall(r"\w+", fold(title)))
    if not products:
        return ""
    best = max(products, key=lambda each: _likeness(each.name, words))
    return best.availability if _likeness(best.name, words) >= 0.5 else ""


def _likeness(name: str, words: set[str]) -> float:
    """The share of the title's words in a product's name; a product without a name counts as the page's own."""
    return len(words & set(re.findall(r"\w+", fold(name)))) / max(1, len(words)) if name else 0.5
