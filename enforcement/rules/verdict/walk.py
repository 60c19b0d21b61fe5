"""Reads markup as a visitor sees it: blocks of text in order, each with the part of the page that it belongs to.

Only text about the page's main product counts. Menus, footers, reviews, questions, other products and the seller's text
are recognised by their elements, their class names and the headings above them. Hidden content is ignored.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain

from selectolax.lexbor import LexborHTMLParser, LexborNode

from enforcement.rules.verdict import order_marks
from enforcement.rules.verdict.lexicon import fold, states_any
from enforcement.rules.verdict.page import PRICE, Block, Button, Page
from enforcement.rules.verdict.visibility import Element, element_of, hiding_rules, out_of_sight, own_colours

MAX_TEXT = 40_000  # characters of a page's main part that are read
MAX_ASIDE = 400_000  # characters of menus, footers, other products and what is hidden: large shops send them first
_SHORT = 25  # characters: a block with a price and little else
_ABOVE = 200  # characters of a text above a link that may be about it
_LABEL = 60  # characters of what stands on a button
MAX_HIDDEN = 20_000  # characters of hidden text that are kept
MAX_HIDDEN_BUTTONS = 50  # of one hidden element
MAX_LINKS = 1_000  # of the main part that are kept
LONGEST_HEADING = 300  # characters: a longer one is markup that lacks its end
MAX_SILENT = 500  # elements that may hold the product although screen readers skip them
MAX_IN_HEADING = 100  # elements and texts of one
LONGEST_NOTICE = 400  # characters: a longer element is no message, whatever its class name says
MAX_TAGS = 50_000  # the parser's time grows with the square of nesting; large real pages have about 20,000
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "button", "center", "dd", "details", "dialog", "div",
    "dl", "dt", "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr",
    "li", "main", "nav", "ol", "option", "p", "pre", "q", "section", "summary", "table", "td", "th", "tr", "ul",
    "br", "select", "title",
))  # fmt: skip
_NO_HEADING = frozenset({"h1", "h2", "h3", "h4", "form", "button", "input", "a"})  # not in a heading that is one text
_UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "head", "svg", "iframe", "object", "-comment", "select", "textarea",
     "canvas", "video", "audio", "datalist", "noembed", "noframes", "del", "s", "strike"}
)  # fmt: skip
# Browsers show what is in these: struck prices do not count, a way to order does.
_UNSEEN_WITHOUT_CONTROLS = frozenset({"del", "s", "strike", "object", "datalist"})
_DRAWN = frozenset({"svg", "select", "canvas", "object", "video"})
_CONTROLS = frozenset({"button", "input", "fieldset", "select", "textarea"})  # "disabled" means nothing on others
_BY_TAG = {"nav": "menu", "footer": "menu", "aside": "related", "blockquote": "reviews", "q": "reviews"}
_NAMED = (
    ("reviews", "reviews? ratings? comments? testimonials? feedback questions? qna qa faqs? bewertung\\w* rezension\\w* avis resen\\w+ opini\\w+ recension\\w* kommentar\\w*"),
    ("related", ("related similar recommend\\w* recs? upsells? crosssells? crossell carousel sponsored suggest\\w* bestsellers? recently alsolike "
                "alsobought alsoviewed alternatives? successors? replacements? nachfolger\\w* others? ads adslot adunit adbanner adsense merch widget minicart cartdrawer")),
    ("menu", ("menu nav navbar navigation breadcrumbs? footer cookies? consent gdpr onetrust newsletter topbar searchbar modal popup offcanvas drawer "
              "cookiebot cookieconsent cookiebanner usercentrics didomi trustarc truste iubenda klaro cmpbox consentmanager")),
    ("description", "description desc specs? specifications? detailstext beschreibung descripcion descrizione longdesc"),
)  # fmt: skip
_NAMED_AS = tuple((zone, re.compile(rf"(?:^|\s)(?:{'|'.join(names.split())})(?=\s|$)")) for zone, names in _NAMED)
# Words above the product that a shop sells in place of one that it no longer has.
_SUCCESSOR = re.compile(
    r"successor|replaced by|replacement|new(?:er)? (?:model|version)|nachfolge|neue[sn]? modell|ersatz|remplac|nouveau modele|sustitu|reemplaz|nuevo modelo|"
    r"sostitu|nuovo modello|substitu|novo modelo|opvolger|vervang|nieuwe model|nastepc|zastap|now(?:y|ego) model|nastupc|nahrad|utod|inlocui|model nou|"
    r"διαδοχ|αντικατ|преемник|замен|нов(?:ая|ую) модел|нова модель|наступник|yerine|yeni model|ersatt|efterfol|erstat|korva|uusi malli|后继|替代|替代品|後継|후속|대체|"
    r"بديل|penerus|pengganti|thay the|รุ่นใหม่|תחליף|जगह"
)
_EMPHASIS = re.compile(
    r"(?:^|\s)(?:alert|errors?|messages?|msg|status|statusmessage|notice|notification|banner|warning|info|ended|removed|unavailable|expired|headline|hint|flash)(?=\s|$)"
)
_STOCK = re.compile(
    r"(?:^|\s)(?:availability|available|stock|instock|outofstock|inventory|lager|bestand|verfugbarkeit|disponibilit\w+)(?=\s|$)"
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:[;\s]|$)|font-size\s*:\s*0")


@dataclass
class _Frame:
    """An open element: its properties apply to everything in it."""

    node: LexborNode
    zone: str
    stock: bool = False
    button: bool = False
    enabled: bool = True
    unseen: bool = False
    group: int = -1  # of the text that one message element holds
    orders: bool = False  # a button that orders, or a form for orders
    other: bool = False  # a form that searches, signs in and the like
    ground: str = ""  # the colour that a style gives its ground
    element: Element | None = None
    heading: bool = False  # a heading, or in one: its lines are one text
    section: tuple[int, str] | None = None  # level of the heading that opened it, and its zone
    blocks: int = 0
    start: int = 0  # of its text among the pieces of the block that it is in


def read(text: str) -> Page:
    """Read a page; never raises, whatever the markup is. A page of more than MAX_TAGS is read as if it were empty."""
    if not text.strip() or text.count("<") > MAX_TAGS:
        return Page()
    tree = LexborHTMLParser(text)
    page = Page(tree)
    heading = tree.css_first("title")
    page.title = " ".join(heading.text().split())[:500] if heading else ""
    page.noscript = fold(" ".join(node.text() for node in _outermost(tree.css("noscript"))))[:2_000]
    if tree.body is not None:
        _Walk(page).run(tree.body)
    return page


def _outermost(nodes: Sequence[LexborNode]) -> Iterator[LexborNode]:
    """Those, of nodes of one tag in the order of the page, that are in no other: the text of thousands of nested ones would
    be read thousands of times."""
    inner = 0
    for node in nodes:
        if inner:
            inner -= 1
        else:
            yield node
            inner = len(node.css(node.tag or "*")) - 1  # itself is among them


class _Walk:
    """One pass through the tree in the order of the page, without recursion: a page may be nested to any depth."""

    def __init__(self, page: Page) -> None:
        self.page, self.pieces, self.strong, self.under = page, list[str](), False, 0
        self.size = self.aside = 0  # characters read so far
        self.silent = 0
        self.rules = hiding_rules(page.tree) if page.tree is not None else None
        html = page.tree.root if page.tree is not None else None
        self.root = (element_of(html),) if html is not None else ()
        self.form: _Frame | None = None
        self.grouped: list[int] = []  # the group of each block
        self.groups: list[tuple[int, bool]] = []  # characters of each group, and whether it holds a heading or a price

    def run(self, body: LexborNode) -> None:
        self._walk(body)
        self._hush()

    def _hush(self) -> None:
        """An element named like a message that holds the heading, the price or much text is a part of the page, and no message."""
        for at, (block, group) in enumerate(zip(self.page.blocks, self.grouped, strict=True)):
            if group >= 0 and (self.groups[group][1] or self.groups[group][0] > LONGEST_NOTICE):
                loud = _level(block.tag) in {1, 2, 3}
                self.page.blocks[at] = replace(block, emphasised=loud or block.strong, loud=loud)

    def _walk(self, body: LexborNode) -> None:
        frames = [_Frame(body, "main", ground=own_colours(body)[1], element=element_of(body))]
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
            elif _is_unseen(node) or _is_hidden(node) or self._is_silent(node):
                self._keep_hidden(node, frames[-1])
                node = node.next
            else:
                if node.tag in _BLOCKS and not frames[-1].heading:
                    self._flush(frames[-1])
                frames.append(self._enter(node, frames))
                node = node.child
            if self.size > MAX_TEXT or self.aside > MAX_ASIDE:
                self._flush(frames[-1])
                self.page.cut = True
                return

    def _is_silent(self, node: LexborNode) -> bool:
        """Whether an element is hidden from screen readers: behind an open dialog, shops hide the whole page from them
        alone."""
        if node.attributes.get("aria-hidden") != "true":
            return False
        self.silent += 1
        return self.silent > MAX_SILENT or node.css_first("h1") is None

    def _keep_hidden(self, node: LexborNode, above: _Frame) -> None:
        """Text and ways to order that a script may show: not those of scripts, lists of choices and the like."""
        zone = above.section[1] if above.section and above.zone == "main" else above.zone
        if node.tag in _DRAWN and zone == "main":
            self._order_in_drawing(node)
        if _is_unseen(node) or len(self.page.hidden) >= MAX_HIDDEN:
            return
        self.page.hidden += " " + node.text(separator=" ")[:MAX_HIDDEN]
        if zone != "main" or self._zone(node, _named(node)) != "main":
            return
        in_form = any(order_marks.is_order_form(form) for form in node.css("form")[:5])
        for inner in (node, *node.css("a, button, input")[:MAX_HIDDEN_BUTTONS]):
            if (inner.tag == "input" or order_marks.is_button(inner, "")) and (
                order_marks.orders(inner, in_order_form=in_form)
                or order_marks.speaks_of_buying(inner.text(separator=" ").strip())
            ):
                at = len(self.page.blocks) + 1
                self.page.hidden_buttons.append(Button(at, "", zone, self.under, orders=True, unseen=True))

    def _order_in_drawing(self, node: LexborNode) -> None:
        """Words of buying in a drawing or a list of choices: a visitor sees them, although they are no text of the page."""
        texts = (inner.text(separator=" ").strip() for inner in node.css("text, option, a")[:MAX_HIDDEN_BUTTONS])
        if any(order_marks.speaks_of_buying(text) for text in texts):
            at = len(self.page.blocks) + 1
            self.page.hidden_buttons.append(Button(at, "", "main", self.under, orders=True))

    def _text(self, node: LexborNode, frame: _Frame) -> None:
        piece = node.text()[: MAX_TEXT // 10]
        if kept := len(piece.strip()):  # half of a large page is white space between its tags
            if frame.zone == "main" and not frame.unseen:
                self.size += kept
            else:
                self.aside += kept
            self.strong = self.strong or frame.node.tag in {"strong", "b", "mark"}
        self.pieces.append(piece)

    def _enter(self, node: LexborNode, frames: list[_Frame]) -> _Frame:
        above, attributes = frames[-1], node.attributes
        names = _named(node)
        zone = above.section[1] if above.section and above.zone == "main" else above.zone
        if zone == "main":
            zone = self._zone(node, names)
        emphasised = (attributes.get("role") or "") in {"alert", "status"} or bool(_EMPHASIS.search(names))
        frame = _Frame(
            node,
            zone,
            stock=above.stock or bool(_STOCK.search(names)),
            button=above.button or order_marks.is_button(node, names),
            enabled=above.enabled and not (node.tag in _CONTROLS and "disabled" in attributes),
            unseen=above.unseen or out_of_sight(node),
            group=above.group,
            start=len(self.pieces),
            ground=above.ground,
            heading=above.heading or _is_whole_heading(node),
        )
        if "style" in attributes:
            colour, ground = own_colours(node)
            frame.ground = ground or above.ground
            frame.unseen = frame.unseen or (colour != "" and colour == frame.ground)
        if emphasised and above.group < 0:
            frame.group = len(self.groups)
            self.groups.append((0, False))
        if self.rules is not None and self.rules.rules:
            frame.element = element_of(node)
            over = chain(self.root, (each.element for each in frames if each.element is not None))
            frame.unseen = frame.unseen or self.rules.hide(frame.element, over)
        self._note_orders(node, frame, above)
        if node.tag in {"a", "area"} and zone == "main" and len(self.page.links) < MAX_LINKS:
            self.page.links.append(node)
        return frame

    def _note_orders(self, node: LexborNode, frame: _Frame, above: _Frame) -> None:
        kind = (node.attributes.get("type") or "").lower()
        if node.tag == "form":
            self.form, frame.orders = frame, order_marks.is_order_form(node)
            frame.other = order_marks.does_other_things(node)
            if frame.zone == "main" and (frame.orders or order_marks.may_order(node)):
                self.page.forms.append(Button(len(self.page.blocks) + 1, "", "main", self.under, orders=True))
        elif (is_quantity := order_marks.asks_for_quantity(node)) or order_marks.pays(node):
            if is_quantity and self.form is not None:
                self.form.orders = True
            self._button("", frame, orders=True)
        elif node.tag == "img" and (alt := node.attributes.get("alt")):
            if above.button and order_marks.speaks_of_buying(alt):
                self._button("", frame, orders=True)
            if frame.zone == "main":
                self.page.pictures.append((len(self.page.blocks) + 1, alt[:300]))
        elif node.tag == "input":
            if kind == "password" and frame.zone == "main":
                self.page.has_password = True
            if kind in {"submit", "button", "image"}:
                in_form = self.form is not None and self.form.orders
                orders = order_marks.orders(node, in_order_form=in_form)
                if kind == "image" and self.form is not None:
                    orders = orders or not order_marks.does_other_things(self.form.node)
                self._button(node.attributes.get("value") or "", frame, orders=orders)
        elif order_marks.is_contact(node):
            self.page.contacts.append(frame.zone)

    def _button(self, text: str, frame: _Frame, *, orders: bool = False, card: str = "") -> None:
        if text or orders:
            zone = frame.section[1] if frame.section and frame.zone == "main" else frame.zone
            at = len(self.page.blocks) + 1
            self.page.buttons.append(
                Button(at, text, zone, self.under, frame.enabled, orders, frame.unseen, card, self._in_other_form())
            )

    def _zone(self, node: LexborNode, names: str) -> str:
        if (found := _BY_TAG.get(node.tag or "")) is None:
            found = next((zone for zone, pattern in _NAMED_AS if names and pattern.search(names)), None)
        # A wrapper of the whole page may have any name: an element with the first heading is not a side zone.
        return found if found and node.css_first("h1") is None else "main"

    def _leave(self, frames: list[_Frame]) -> None:
        frame = frames.pop()
        self.after = frame.node.next
        if frame.button and not (frames and frames[-1].button):
            in_form = self.form is not None and self.form.orders
            if order_marks.orders(frame.node, in_order_form=in_form):
                self._button("", frame, orders=True)
        if frame is self.form:
            self.form = None
        if frames and frames[-1].heading:
            self.pieces.append(" " if frame.node.tag in _BLOCKS else "")
        elif frame.node.tag in _BLOCKS or not frames:
            self._flush(frame)
        elif frame.button and not frames[-1].button:
            self._link(frame)
        if frames:
            frames[-1].blocks += frame.blocks
            level = _level(frame.node.tag)
            if level and self.page.blocks:
                self._heading(self.page.blocks[-1], level, frames[-1])
            elif frame.section and frame.blocks == 1:  # a wrapper around only a heading
                frames[-1].section = frame.section

    def _link(self, frame: _Frame) -> None:
        """A link or an inline button: a button where it says that it buys, or for how much."""
        text = " ".join("".join(self.pieces[frame.start :]).split())
        is_priced = len(text) < _LABEL and PRICE.search(fold(text))
        if is_priced or order_marks.speaks_of_buying(text) or order_marks.has_cart_sign(text):
            zone = frame.section[1] if frame.section and frame.zone == "main" else frame.zone
            self._button(text, frame, card=self._card(frame.node, zone))

    def _card(self, node: LexborNode, zone: str) -> str:
        """The address of a link that shows another product: among other products, or below words of a successor."""
        if not (address := order_marks.leads_to_a_card(node)):
            return ""
        last = (block.text[-_ABOVE:] for block in self.page.blocks[-2:])
        return address if zone == "related" or any(_SUCCESSOR.search(fold(text)) for text in last) else ""

    def _in_other_form(self) -> bool:
        return self.form is not None and self.form.other

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
        loud = frame.group >= 0 or _level(tag) in {1, 2, 3}
        index = len(self.page.blocks) + 1
        block = Block(
            index, text, zone, tag, loud or strong, frame.stock, loud=loud, strong=strong, unseen=frame.unseen
        )
        self.grouped.append(frame.group)
        if frame.group >= 0:
            size, more = self.groups[frame.group]
            is_price = len(text) < _SHORT and PRICE.search(fold(text)) is not None
            self.groups[frame.group] = (size + len(text), more or tag == "h1" or is_price)
        self.page.blocks.append(block)
        frame.blocks += 1
        if frame.button:
            card, other = self._card(frame.node, zone), self._in_other_form()
            self.page.buttons.append(
                Button(block.index, text, zone, self.under, frame.enabled, unseen=frame.unseen, card=card, other=other)
            )


def _is_unseen(node: LexborNode) -> bool:
    if node.tag in _UNSEEN_WITHOUT_CONTROLS:
        return node.css_first("a, button, form, input") is None
    return node.tag in _UNSEEN


def _is_hidden(node: LexborNode) -> bool:
    attributes = node.attributes
    if "hidden" in attributes:
        return True
    if node.tag == "dialog" and "open" not in attributes:
        return True
    return bool((style := attributes.get("style")) and _HIDDEN.search(style.lower()))


def _is_whole_heading(node: LexborNode) -> bool:
    """Whether a main heading holds its text alone, in however many lines: no way to buy, no other heading."""
    if node.tag != "h1":
        return False
    waiting, length = [node.child], 0
    for _ in range(MAX_IN_HEADING):
        inner = waiting.pop()
        if inner is None:
            if not waiting:
                return length <= LONGEST_HEADING
            continue
        if inner.tag in _NO_HEADING:
            return False
        waiting.append(inner.next)
        if inner.tag == "-text":
            length += len(inner.text())
        else:
            waiting.append(inner.child)
    return False


def _level(tag: str | None) -> int:
    tag = tag or ""
    return int(tag[1]) if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456" else 0


def _named(node: LexborNode) -> str:
    """The words of the names that an element has."""
    attributes = node.attributes
    return _names(" ".join(attributes.get(name) or "" for name in ("class", "id", "itemprop", "data-testid")))


@lru_cache(maxsize=2_048)
def _names(text: str) -> str:
    """The words of class names and ids: "vi-StatusMessage" gives vi, status, message and statusmessage."""
    words: list[str] = []
    for name in text.split()[:20]:
        parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", name)
        words += [part.lower() for part in parts] + ["".join(parts).lower()]
    return " ".join(words)
