"""XML feeds: Google Merchant's RSS and Atom, and files of <product>, <offer> or <item>. Read item by item.

The items are cut out of the text and parsed one by one, so an item that is not well-formed costs only itself, and
nothing is ever in memory as a whole. Entities and document types are refused: no honest feed needs them.
"""

import re
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from listings.ingest.lines import MAX_LINE, TOO_LONG
from listings.ingest.outcome import Complaint, Report, Row, UnreadableFeed

_BLOCK = 1 << 16
_ITEM = re.compile(r"<(item|entry|product|offer|listing|artikel|produkt|produit|SHOPITEM)(?=[\s>/])", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!(DOCTYPE\b.{0,2000}?<!ENTITY|ENTITY)", re.DOTALL | re.IGNORECASE)
_NAMESPACE = re.compile(r"""xmlns:([\w.-]{1,40})\s*=\s*(?:"([^"<&]{1,300})"|'([^'<&]{1,300})')""")
_TEXT = str.maketrans(dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)], ""))
GOOGLE = "http://base.google.com/ns/1.0"
NOT_XML = "not well-formed XML"


def is_feed(head: str) -> bool:
    return head.startswith("<")


def read_items(text: IO[str], report: Report) -> Iterator[tuple[int, Row | Complaint]]:
    """The items of a feed by the names of their elements. Raises UnreadableFeed where it declares entities or has no item."""
    buffer, line, opening, found_any, root_end = "", 1, None, False, ""
    spaces: dict[str, str] = {}
    while True:
        block = text.read(_BLOCK)
        buffer += block
        if opening is None and not found_any and _DOCTYPE.search(buffer):
            raise UnreadableFeed("The XML declares entities of its own, which is refused: export it without a DOCTYPE.")
        while True:
            start = (opening or _ITEM).search(buffer)
            if start is None:
                break
            if opening is None:
                opening, spaces, report.format, root_end = _opened(start, buffer)
            cut = _cut(buffer, start)
            if cut is None:
                if len(buffer) - start.start() > MAX_LINE:
                    line += buffer.count("\n", 0, start.start())
                    yield line, _too_long(line)
                    following = opening.search(buffer, start.end())
                    skip = following.start() if following else len(buffer)
                    line += buffer.count("\n", start.start(), skip)
                    buffer, found_any = buffer[skip:], True
                    continue
                break
            line += buffer.count("\n", 0, start.start())
            fragment, buffer = buffer[start.start() : cut], buffer[cut:]
            found_any = True
            yield line, _too_long(line) if len(fragment) > MAX_LINE else _row(fragment, spaces, line)
            line += fragment.count("\n")
        if not block:
            break
        if opening is None and len(buffer) > MAX_LINE:
            raise UnreadableFeed(_NO_ITEM)
        if opening is not None and opening.search(buffer) is None and len(buffer) > _BLOCK:
            line += buffer.count("\n", 0, len(buffer) - 200)
            buffer = buffer[-200:]
    if not found_any:
        raise UnreadableFeed(_NO_ITEM)
    if root_end not in buffer:
        report.broke_off = f"The XML is cut off: {root_end}> is missing at its end."


_NO_ITEM = (
    "The XML has no <item>, <entry>, <product> or <offer>: export a Google Merchant feed (RSS or Atom), CSV or JSONL."
)


def _opened(start: re.Match[str], buffer: str) -> tuple[re.Pattern[str], dict[str, str], str, str]:
    """How items begin in this feed, its namespaces, its kind, and what it must end with."""
    head = buffer[: start.start()]
    spaces = {name: first or second for name, first, second in _NAMESPACE.findall(head)[:50]}
    spaces.setdefault("g", GOOGLE)
    roots = re.findall(r"<([A-Za-z_][\w.:-]{0,60})[\s>]", head)
    root, name = (roots[0] if roots else start[1]), start[1]
    kinds = {"rss": "RSS", "feed": "Atom", "yml_catalog": "YML"}
    kind = "XML" if root.lower() not in kinds else kinds[root.lower()]
    if GOOGLE in spaces.values() and GOOGLE in head:
        kind = f"Google Merchant {kind}"
    return re.compile(rf"<({re.escape(name)})(?=[\s>/])"), spaces, f"{kind}, elements <{name}>", f"</{root}"


def _cut(buffer: str, start: re.Match[str]) -> int | None:
    """Where the item that begins here ends; None where its end is not in the buffer yet."""
    name = start[1]
    token = re.compile(rf"<!\[CDATA\[|<{re.escape(name)}(?=[\s>/])|</{re.escape(name)}\s*>|<")
    place, depth = start.start(), 0
    while (found := token.search(buffer, place)) is not None:
        what, place = found.group(), found.end()
        if what == "<![CDATA[":
            closed = buffer.find("]]>", place)
            if closed == -1:
                return None
            place = closed + 3
        elif what.startswith("</"):
            depth -= 1
            if depth <= 0:
                return place
        elif what != "<":
            end = buffer.find(">", place)
            if end == -1:
                return None
            depth += buffer[end - 1] != "/"
            if depth == 0:
                return end + 1
    return None


def _too_long(line: int) -> Complaint:
    return Complaint(
        f"the item that begins in line {line} is longer than {MAX_LINE:,} characters or never closed", TOO_LONG
    )


def _row(fragment: str, spaces: dict[str, str], line: int) -> Row | Complaint:
    declared = " ".join(f'xmlns:{name}="{address}"' for name, address in spaces.items())
    try:
        element = fromstring(f"<feed {declared}>{fragment.translate(_TEXT)}</feed>", forbid_dtd=True)[0]
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        return Complaint(f"the item is not well-formed XML ({str(error)[:100]}): escape & and < in texts", NOT_XML)
    row: Row = {}
    for child in sorted(element, key=lambda child: not child.tag.startswith("{" + GOOGLE)):
        name = child.tag.rsplit("}", 1)[-1]
        value = (
            "".join(child.itertext()).strip()
            if not len(child) or name in ("description", "content")
            else _nested(child)
        )
        if not value and name == "link":
            value = child.get("href", "")
        if value and name in ("gtin", "barcode", "ean"):
            row.setdefault(name, []).append(value)
        elif value and name not in row:
            row[name] = value
    for name, value in element.attrib.items():
        row.setdefault(name.rsplit("}", 1)[-1], value)
    return row


def _nested(child: Element) -> str:
    """A child with children says something of a listing where it has a name in it (Atom's author); else nothing."""
    return next((inner.text or "" for inner in child if inner.tag.rsplit("}", 1)[-1] == "name"), "")
