"""A page as a visitor sees it: its blocks of text in order, each with the part of the page that it belongs to.

Only text about the page's main product counts. Menus, footers, reviews, questions, other products and the seller's text
are recognised by their elements, their class names and the headings above them. Hidden content is ignored.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from enforcement.rules.verdict.lexicon import fold, states_any

MAX_TEXT = 40_000  # characters of a page that are read
MAX_TAGS = 50_000  # the parser's time grows with the square of nesting; large real pages have about 20,000
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "button", "center", "dd", "details", "dialog", "div",
    "dl", "dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "li", "main", "nav", "ol", "option", "p", "pre", "q", "section", "summary", "table", "td", "th", "tr", "ul",
    "br", "select", "title",
))  # fmt: skip
_UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "head", "svg", "iframe", "object", "-comment", "select"}
)
_BY_TAG = {"nav": "menu", "footer": "menu", "aside": "related", "blockquote": "reviews", "q": "reviews"}
_NAMED = (
    ("reviews", "reviews? ratings? comments? testimonials? feedback questions? qna qa faqs? bewertung\\w* rezension\\w* avis resen\\w+ opini\\w+ recension\\w* kommentar\\w*"),
    ("related", ("related similar recommend\\w* recs? upsells? crosssells? crossell carousel sponsored suggest\\w* bestsellers? recently alsolike "
                "alsobought alsoviewed alternatives? others? ads? widget minicart cartdrawer")),
    ("menu", "menu nav navbar navigation breadcrumbs? footer cookies? consent gdpr onetrust newsletter topbar searchbar modal popup offcanvas drawer"),
    ("description", "description desc specs? specifications? detailstext beschreibung descripcion descrizione longdesc"),
)  # fmt: skip
_NAMED_AS = tuple((zone, re.compile(rf"(?:^|\s)(?:{'|'.join(names.split())})(?=\s|$)")) for zone, names in _NAMED)
_EMPHASIS = re.compile(
    r"(?:^|\s)(?:alert|errors?|messages?|msg|status|statusmessage|notice|notification|banner|warning|info|ended|removed|unavailable|expired|headline|hint|flash)(?=\s|$)"
)
_STOCK = re.compile(
    r"(?:^|\s)(?:availability|available|stock|instock|outofstock|inventory|lager|bestand|verfugbarkeit|disponibilit\w+)(?=\s|$)"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:[;\s]|$)|font-size\s*:\s*0")
_MONEY = "usd|eur|gbp|jpy|cny|rmb|pln|sek|nok|dkk|chf|czk|huf|ron|try|rub|uah|kr|zl|ft|lei|tl|руб|грн"
_PRICE = re.compile(
    rf"(?:[$€£¥₹₩₽₺]|\b(?:{_MONEY})\b)\s?\d|\d[\d.,\s']*(?:[$€£¥₹₩₽₺円元]|\s?(?:{_MONEY}|đ)\b)|\b\d{{1,6}}[.,]\d{{2}}\b"
)


@dataclass(frozen=True)
class Block:
    """A run of text: its position, its zone, and whether the page highlights it."""

    index: int
    text: str
    zone: str = "main"
    tag: str = ""
    emphasised: bool = False
    stock: bool = False


@dataclass(frozen=True)
class Button:
    """A button or link; `under` is the index of the heading above it (0 for none)."""

    index: int
    text: str
    zone: str
    under: int
    enabled: bool = True


@dataclass
class Page:
    """`blocks` and `buttons` in the page's order. `title` is the <title>; `noscript` is what a browser without scripts
    shows."""

    tree: LexborHTMLParser | None = None
    title: str = ""
    blocks: list[Block] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)
    noscript: str = ""
    has_password: bool = False

    def main(self) -> list[Block]:
        return [block for block in self.blocks if block.zone == "main"]

    def headings(self) -> list[Block]:
        return [block for block in self.blocks if block.tag == "h1"]

    def price_before(self, index: int) -> bool:
        return any(block.index < index and _PRICE.search(fold(block.text)) for block in self.main())

    def has(self, selector: str) -> bool:
        return self.tree is not None and self.tree.css_first(selector) is not None


@dataclass
class _Frame:
    """An open element: its properties apply to everything in it."""

    node: LexborNode
    zone: str
    emphasised: bool = False
    stock: bool = False
    button: bool = False
    enabled: bool = True
    section: tuple[int, str] | None = None  # level of the heading that opened it, and its zone
    blocks: int = 0


def read(text: str) -> Page:
    """Read a page; never raises, whatever the markup is. A page of more than MAX_TAGS is read as if it were empty."""
    if not text.strip() or text.count("<") > MAX_TAGS:
        return Page()
    tree = LexborHTMLParser(text)
    page = Page(tree)
    heading = tree.css_first("title")
    page.title = " ".join(heading.text().split())[:500] if heading else ""
    page.noscript = fold(" ".join(node.text() for node in tree.css("noscript")))[:2_000]
    if tree.body is not None:
        _Walk(page).run(tree.body)
    return page


class _Walk:
    """One pass through the tree in the order of the page, without recursion: a page may be nested to any depth."""

    def __init__(self, page: Page) -> None:
        self.page, self.pieces, self.strong, self.size, self.under = page, list[str](), False, 0, 0

    def run(self, body: LexborNode) -> None:
        frames = [_Frame(body, "main")]
        node: LexborNode | None = body.child
        while frames:
            while node is None:
                self._leave(frames)
                if not frames:
                    return
                node = self.after
            if node.tag == "-text":
                self._text(node, frames[-1])
                node = node.next
            elif node.tag in _UNSEEN or _is_hidden(node):
                node = node.next
            else:
                if node.tag in _BLOCKS:
                    self._flush(frames[-1])
                frames.append(self._enter(node, frames[-1]))
                node = node.child
            if self.size > MAX_TEXT:
                self._flush(frames[-1])
                return

    def _text(self, node: LexborNode, frame: _Frame) -> None:
        piece = node.text()[: MAX_TEXT // 10]
        self.size += len(piece)
        if piece.strip():
            self.strong = self.strong or frame.node.tag in {"strong", "b", "mark"}
        self.pieces.append(piece)

    def _enter(self, node: LexborNode, above: _Frame) -> _Frame:
        attributes = node.attributes
        names = _names(" ".join(attributes.get(name) or "" for name in ("class", "id", "itemprop", "data-testid")))
        zone = above.section[1] if above.section and above.zone == "main" else above.zone
        if zone == "main":
            zone = self._zone(node, names)
        role = attributes.get("role") or ""
        kind = (attributes.get("type") or "").lower()
        if node.tag == "input":
            self._input(node, kind, zone, above)
        button = node.tag in {"button", "a"} or role == "button"
        return _Frame(
            node,
            zone,
            emphasised=above.emphasised or role in {"alert", "status"} or bool(_EMPHASIS.search(names)),
            stock=above.stock or bool(_STOCK.search(names)),
            button=button or above.button,
            enabled=above.enabled and "disabled" not in attributes and attributes.get("aria-disabled") != "true",
        )

    def _zone(self, node: LexborNode, names: str) -> str:
        if (found := _BY_TAG.get(node.tag or "")) is None:
            found = next((zone for zone, pattern in _NAMED_AS if names and pattern.search(names)), None)
        # A wrapper of the whole page may have any name: an element with the first heading is not a side zone.
        return found if found and node.css_first("h1") is None else "main"

    def _input(self, node: LexborNode, kind: str, zone: str, above: _Frame) -> None:
        if kind == "password" and zone == "main":
            self.page.has_password = True
        if kind in {"submit", "button"} and (text := node.attributes.get("value")):
            enabled = "disabled" not in node.attributes
            self.page.buttons.append(Button(len(self.page.blocks), text, zone, self.under, enabled))

    def _leave(self, frames: list[_Frame]) -> None:
        frame = frames.pop()
        self.after = frame.node.next
        if frame.node.tag in _BLOCKS or not frames:
            self._flush(frame)
        if frames:
            frames[-1].blocks += frame.blocks
            level = _level(frame.node)
            if level and self.page.blocks:
                self._heading(self.page.blocks[-1], level, frames[-1])
            elif frame.section and frame.blocks == 1:  # a wrapper around only a heading
                frames[-1].section = frame.section

    def _heading(self, block: Block, level: int, parent: _Frame) -> None:
        self.under = block.index
        text = fold(block.text)
        if level == 1:
            parent.section = None
        elif parent.section is None or level <= parent.section[0]:
            zone = "reviews" if states_any("opinion", text) else "related" if states_any("others", text) else ""
            parent.section = (level, zone) if zone and len(text) < 60 else None

    def _flush(self, frame: _Frame) -> None:
        text = " ".join("".join(self.pieces).split())
        strong, self.pieces, self.strong = self.strong, [], False
        if not text:
            return
        zone = frame.section[1] if frame.section and frame.zone == "main" else frame.zone
        tag = frame.node.tag or ""
        emphasised = frame.emphasised or strong or _level(frame.node) in {1, 2, 3}
        block = Block(len(self.page.blocks) + 1, text, zone, tag, emphasised, frame.stock)
        self.page.blocks.append(block)
        frame.blocks += 1
        if frame.button:
            self.page.buttons.append(Button(block.index, text, zone, self.under, frame.enabled))


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    if node.tag == "dialog" and "open" not in attributes:
        return True
    return bool((style := attributes.get("style")) and _HIDDEN.search(style.lower()))


def _level(node: LexborNode) -> int:
    tag = node.tag or ""
    return int(tag[1]) if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456" else 0


@lru_cache(maxsize=2_048)
def _names(text: str) -> str:
    """The words of class names and ids: "vi-StatusMessage" gives vi, status, message and statusmessage."""
    words: list[str] = []
    for name in text.split()[:20]:
        parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name)
        words += [part.lower() for part in parts] + ["".join(parts).lower()]
    return " ".join(words)
