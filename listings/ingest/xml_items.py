"""XML feeds: Google Merchant's RSS and Atom, and files of <product>, <offer> or <item>. Read item by item.

The items are cut out of the text and parsed one by one, so an item that is not well-formed costs only itself, and
nothing is ever in memory as a whole. Entities and document types are refused: no catalogue feed needs them.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from listings.ingest.inside import FACTS, MAX_DEPTH, field_of, has_field, is_of_others, may_be_listing, pair_of
from listings.ingest.lines import MAX_LINE, TOO_LONG
from listings.ingest.outcome import Complaint, Report, Row, UnreadableFeed

_BLOCK = 1 << 16
MAX_INSIDE = 200  # parts of an item that are looked at, and elements of each
_OVERLAP = 300  # characters kept when no item begins, in case the name of one is cut
_ITEM = re.compile(
    r"<(item|entry|product|offer|listing|article|artikel|produkt|produit|producto|prodotto|good|record|row|SHOPITEM"
    r"|o(?=\s+id=))(?=[\s>/])",
    re.IGNORECASE,
)
_DOCTYPE = re.compile(r"<!(DOCTYPE\b.{0,2000}?<!ENTITY|ENTITY)", re.DOTALL | re.IGNORECASE)
_NAMESPACE = re.compile(r"""xmlns:([\w.-]{1,40})\s*=\s*(?:"([^"<&]{1,300})"|'([^'<&]{1,300})')""")
_TEXT = str.maketrans(dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)], ""))
GOOGLE = "http://base.google.com/ns/1.0"
NOT_XML = "not well-formed XML"


def is_feed(head: str) -> bool:
    return head.startswith("<")


_NO_ITEM = (
    "The XML has no <item>, <entry>, <product> or <offer>: export a Google Merchant feed (RSS or Atom), CSV or JSONL."
)
_WEB_PAGE = re.compile(r"\s*(?:<!doctype html|<html|<table|<head|<body)\b", re.IGNORECASE)
_EXCEL = "schemas-microsoft-com:office:spreadsheet"
_TAG = re.compile(r"<(/?)([A-Za-z_][\w.:-]{0,60})((?:\s[^<>]{0,2000})?)>")


class _Items:
    """Cuts a text into items: (line of its start, fragment or Complaint)."""

    def __init__(self, text: IO[str], report: Report) -> None:
        self._text, self._report = text, report
        self._buffer, self._line = "", 1
        self._opening = _ITEM
        self.spaces: dict[str, str] = {}
        self._end = ""

    def __iter__(self) -> Iterator[tuple[int, str | Complaint]]:
        at_end = False
        while not at_end:
            block = self._text.read(_BLOCK)
            self._buffer, at_end = self._buffer + block, not block
            if not self._end:
                self._begin(at_end=at_end)
            while self._end and (start := self._opening.search(self._buffer)) is not None:
                cut = _cut(self._buffer, start)
                if cut is None and not at_end and len(self._buffer) - start.start() <= MAX_LINE:
                    break  # its end is not read yet
                self._drop(start.start())
                yield self._line, self._fragment(cut and cut - start.start())
            else:
                self._drop(max(0, len(self._buffer) - _OVERLAP) if self._end else 0)
        if not self._end:
            raise UnreadableFeed(_NO_ITEM)
        if self._end not in self._buffer:
            self._report.broke_off = f"The XML is cut off: {self._end}> is missing at its end."

    def _begin(self, *, at_end: bool) -> None:
        """Find the first item, and with it how items begin in this feed."""
        if _DOCTYPE.search(self._buffer):
            raise UnreadableFeed("The XML declares entities, which are not allowed: export it without a DOCTYPE.")
        if _WEB_PAGE.match(self._buffer):
            raise UnreadableFeed(
                "This is a web page, not a catalogue. If it is a table, open it in a spreadsheet and save it as XLSX or CSV."
            )
        if _EXCEL in self._buffer[:_BLOCK]:
            raise UnreadableFeed("This is a workbook in Excel's old XML: save it as XLSX or CSV.")
        if (start := _ITEM.search(self._buffer) or self._unusual(at_end=at_end)) is not None:
            self._opening, self.spaces, self._report.format, self._end = _opened(start, self._buffer)
        elif len(self._buffer) > MAX_LINE:
            raise UnreadableFeed(_NO_ITEM)

    def _unusual(self, *, at_end: bool) -> re.Match[str] | None:
        """The first element that has what a listing needs right inside, where none has a usual name."""
        if not at_end and len(self._buffer) < _BLOCK:
            return None
        around: list[tuple[re.Match[str], set[str]]] = []
        for tag in _TAG.finditer(self._buffer, 0, _BLOCK):
            if tag[3].endswith("/"):
                continue
            if not tag[1]:
                around.append((tag, set()))
            elif around:
                opened, fields = around.pop()
                if {"external_id", "title"} <= fields:
                    return re.compile(rf"<({re.escape(opened[2])})(?=[\s>/])").search(self._buffer, opened.start())
                if around:
                    around[-1][1].add(field_of(tag[2].rpartition(":")[2]))
        return None

    def _drop(self, count: int) -> None:
        self._line += self._buffer.count("\n", 0, count)
        self._buffer = self._buffer[count:]

    def _fragment(self, end: int | None) -> str | Complaint:
        """The item at the start of the buffer, removed from it; without an end, everything up to the next item is removed."""
        line = self._line
        if end is None:
            following = self._opening.search(self._buffer, 1)
            end = following.start() if following else len(self._buffer)
            self._drop(end)
            return _too_long(line)
        fragment = self._buffer[:end]
        self._drop(end)
        return fragment if len(fragment) <= MAX_LINE else _too_long(line)


def read_items(text: IO[str], report: Report) -> Iterator[tuple[int, Row | Complaint]]:
    """The items of a feed by the names of their elements. Raises UnreadableFeed if it declares entities or has no item."""
    items = _Items(text, report)
    for line, fragment in items:
        yield line, fragment if isinstance(fragment, Complaint) else _row(fragment, items.spaces)


def _opened(start: re.Match[str], buffer: str) -> tuple[re.Pattern[str], dict[str, str], str, str]:
    """How items begin in this feed, its namespaces, its kind, and what it must end with."""
    head = buffer[: start.start()]
    spaces = {name: first or second for name, first, second in _NAMESPACE.findall(head)[:50]}
    spaces.setdefault("g", GOOGLE)
    roots = re.findall(r"<([A-Za-z_][\w.:-]{0,60})[\s>]", head)
    root, name = (roots[0] if roots else start[1]), start[1]
    kinds = {"rss": "RSS", "feed": "Atom", "yml_catalog": "YML"}
    kind = kinds.get(root.lower(), "XML")
    if GOOGLE in spaces.values() and GOOGLE in head:
        kind = f"Google Merchant {kind}"
    return re.compile(rf"<({re.escape(name)})(?=[\s>/])"), spaces, f"{kind}, elements <{name}>", f"</{root}"


def _cut(buffer: str, start: re.Match[str]) -> int | None:
    """Where the item that begins here ends, or where the next begins if this one is not closed; None if neither is in
    the buffer."""
    name = re.escape(start[1])
    token = re.compile(rf"<!\[CDATA\[|<{name}(?=[\s>/])|</{name}\s*>")
    head = buffer.find(">", start.end())
    if head != -1 and buffer[head - 1] == "/":
        return head + 1
    place = start.end()
    while (found := token.search(buffer, place)) is not None:
        if found.group().startswith("</"):
            return found.end()
        if found.group() != "<![CDATA[":
            return found.start()
        closed = buffer.find("]]>", found.end())
        if closed == -1:
            return None
        place = closed + 3
    return None


def _too_long(line: int) -> Complaint:
    return Complaint(
        f"the item that begins in line {line} is longer than {MAX_LINE:,} characters or not closed: shorten or close it",
        TOO_LONG,
    )


def _row(fragment: str, spaces: dict[str, str]) -> Row | Complaint:
    declared = " ".join(f'xmlns:{name}="{address}"' for name, address in spaces.items())
    try:
        element = fromstring(f"<feed {declared}>{fragment.translate(_TEXT)}</feed>", forbid_dtd=True)[0]
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        return Complaint(f"the item is not well-formed XML ({str(error)[:100]}): escape & and < in texts", NOT_XML)
    row: Row = {}
    for child in sorted(element, key=lambda child: not child.tag.startswith("{" + GOOGLE)):
        name = child.tag.rsplit("}", 1)[-1]
        has_parts = len(child) and (name not in ("description", "content") or child[0].tag.endswith("}properties"))
        value = _nested(child, name, row) if has_parts else "".join(child.itertext()).strip()
        if not value and name == "link":
            value = child.get("href", "")
        _put(row, child.get("name", name) if name.lower() in _PAIRS else name, value)
    for name, value in element.attrib.items():
        row.setdefault(name.rsplit("}", 1)[-1], value)
    _add_parts(row, element)
    if row.get("vendor") and _YML & row.keys():
        row.setdefault("brand", row["vendor"])  # YML's vendor is the maker; elsewhere it is whoever sells
    if row.get("type") == "vendor.model" and not row.get("name"):
        row["name"] = " ".join(row[part] for part in _TITLE if row.get(part))
    return row


_YML = frozenset({"currencyId", "categoryId", "vendorCode", "typePrefix"})
_TITLE = ("typePrefix", "vendor", "model")  # of which YML's offers of type vendor.model make their title


_PAIRS = frozenset({"param", "attribute", "property", "a"})
"""Elements that have the name of a fact in their attribute `name`, and its value as their text."""

_PICTURES = frozenset({"images", "imgs", "pictures", "photos", "media"})


def _put(row: Row, name: str, value: str) -> None:
    """The first value of each name; of GTINs all."""
    if value and name.lower() in _GTINS:
        row.setdefault(name, []).append(value)
    elif value and name not in row:
        row[name] = value


_GTINS = frozenset({"gtin", "barcode", "ean", "upc", "ean13"})


def _nested(child: Element, name: str, row: Row) -> str:
    """The text of a child with children: the first picture, or the name in it (Atom's author), or nothing.

    What its own children say in pairs, and the GTINs of variants, go into the row.
    """
    inside = [(inner.tag.rsplit("}", 1)[-1], inner, (inner.text or "").strip()) for inner in child.iter()][1:200]
    for tag, inner, text in inside:
        if tag.lower() in _PAIRS and inner.get("name"):
            _put(row, inner.get("name", "")[:200], text)
        elif tag.lower() in _GTINS:
            _put(row, "gtin", text)
    if name.lower() in _PICTURES:
        return next((text or inner.get("url", "") for _, inner, text in inside if text or inner.get("url")), "")
    if all(tag in _LANGUAGES for tag, _, _ in inside):
        return next((text for _, _, text in inside if text), "")
    return next((text for tag, _, text in inside if tag == "name"), "")


_LANGUAGES = frozenset({"language", "lang", "translation", "value", "text"})
"""Elements that hold the same text in one language each."""


def _add_parts(row: Row, element: Element) -> None:
    """What the parts of an item say that it does not say itself: BMEcat's details, eBay's facts in pairs, an EAN in an
    attribute. A title of a part counts for an item that has none."""
    is_untitled = not has_field(row, "title")
    for part in islice(_own_parts(element), MAX_INSIDE):
        leaves = (child for child in part[:MAX_INSIDE] if not len(child))
        inside = {child.tag.rsplit("}", 1)[-1]: (child.text or "").strip() for child in leaves}
        pair = pair_of({name[:1].lower() + name[1:]: text for name, text in inside.items()})
        if pair is not None and (named := next((name for name in pair[0] if field_of(name) in FACTS), "")):
            _add(row, named, pair[1])
            continue
        is_listing = is_untitled and has_field(inside, "title") and may_be_listing(part.tag.rsplit("}", 1)[-1])
        wanted = None if is_listing else _OF_PARTS
        for name, text in (*inside.items(), *part.attrib.items()):
            own = name.rsplit("}", 1)[-1]
            if (field := field_of(own)) and (wanted is None or field in wanted):
                _add(row, own, text)


def _own_parts(element: Element, depth: int = 1) -> Iterator[Element]:
    """The elements inside an item that have others inside or attributes of their own, without those of other items."""
    for child in element:
        if is_of_others(child.tag.rsplit("}", 1)[-1]):
            continue
        if len(child) or (child.attrib and not (child.text or "").strip()):
            yield child
            if depth < MAX_DEPTH:
                yield from _own_parts(child, depth + 1)


_OF_PARTS = frozenset({"brand", "gtin", "mpn", "seller", "price", "currency", "image_link"})


def _add(row: Row, name: str, text: str) -> None:
    """A value under its name, where the row has none for the field that the name is known for."""
    if text and not has_field(row, field_of(name)):
        _put(row, name, text)
