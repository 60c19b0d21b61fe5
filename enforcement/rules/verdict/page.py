"""A page as a visitor sees it: its blocks of text and its buttons in order, each with the part of the page that it
belongs to. `walk.read` makes it from markup."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from math import inf

from selectolax.lexbor import LexborHTMLParser, LexborNode

from enforcement.rules.verdict.lexicon import fold

_MONEY = "usd|eur|euros?|dollars?|gbp|jpy|cny|rmb|pln|sek|nok|dkk|chf|czk|huf|ron|try|rub|uah|kr|zl|ft|lei|tl|руб|грн"
PRICE = re.compile(
    rf"(?:[$€£¥₹₩₽₺]|\b(?:{_MONEY})\b)\s?\d|\d[\d.,\s']*(?:[$€£¥₹₩₽₺円元]|\s?(?:{_MONEY}|đ)\b)|\b\d{{1,6}}[.,]\d{{2}}\b"
)


HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


def is_nothing(text: str) -> bool:
    """Whether a text has numbers, and all of them are 0: the total of an empty cart ("0 items · 0,00 €")."""
    digits = [int(character) for character in text if character.isdecimal()]
    return bool(digits) and not any(digits)


@dataclass(frozen=True)
class Block:
    """A run of text: its position, its zone, and whether the page highlights it. `loud`: as a heading or a message, not
    in bold letters alone; `unseen`: a visitor does not see it."""

    index: int
    text: str
    zone: str = "main"
    tag: str = ""
    emphasised: bool = False
    stock: bool = False
    loud: bool = False
    strong: bool = False
    unseen: bool = False


@dataclass(frozen=True)
class Button:
    """A button or link; `under` is the index of the heading above it (0 for none). `orders`: its markup shows that it
    orders, whatever its text is. `card`: the address of a link with a picture and a name, beside other products. `other`: its form searches,
    signs in and the like."""

    index: int
    text: str
    zone: str
    under: int
    enabled: bool = True
    orders: bool = False
    unseen: bool = False
    card: str = ""
    other: bool = False


@dataclass
class Page:
    """`blocks` and `buttons` in the page's order. `title` is the <title>; `noscript` is what a browser without scripts
    shows, `hidden` what a script may show, `hidden_buttons` those that order there, and `forms` the places of forms that may. `pictures` are the places and
    descriptions of those in the main part, `links` its links, `contacts` is the zone of each link to a person. `cut`:
    the page is longer than what was read."""

    tree: LexborHTMLParser | None = None
    title: str = ""
    blocks: list[Block] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)
    noscript: str = ""
    hidden: str = ""
    hidden_buttons: list[Button] = field(default_factory=list)
    forms: list[Button] = field(default_factory=list)
    links: list[LexborNode] = field(default_factory=list)
    pictures: list[tuple[int, str]] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)
    has_password: bool = False
    cut: bool = False

    def main(self) -> list[Block]:
        return [block for block in self.blocks if block.zone == "main"]

    def headings(self) -> list[Block]:
        return [block for block in self.blocks if block.tag == "h1"]

    def price_before(self, index: int) -> bool:
        return self._first_price < index

    @cached_property
    def _first_price(self) -> float:
        """The index of the first block of the main part with a price, read once: a page may have any number of buttons.
        The total of an empty cart, above all headings, is the price of nothing."""
        head = next((block.index for block in self.blocks if block.tag in HEADINGS), 0)
        return next(
            (
                block.index
                for block in self.main()
                if PRICE.search(fold(block.text)) and not (block.index < head and is_nothing(block.text))
            ),
            inf,
        )

    def has(self, selector: str) -> bool:
        return self.tree is not None and self.tree.css_first(selector) is not None
