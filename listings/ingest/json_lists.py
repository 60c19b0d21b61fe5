"""JSON that is one document: a list of objects, or an object that contains such a list. Read object by object.

Where each object begins and ends is found from brackets and strings alone, so one that cannot be read (NaN, an
endless number, more than 2,000,000 characters) costs only itself, and no document is ever in memory as a whole.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import IO, Any

from listings.ingest.columns import known
from listings.ingest.inside import is_of_others
from listings.ingest.json_values import row_of
from listings.ingest.lines import MAX_LINE, TOO_LONG
from listings.ingest.nested import flat
from listings.ingest.outcome import Complaint, Report, Row, UnreadableFeed

_BLOCK = 1 << 16
MAX_WRAPS = 6  # objects and lists around the list of listings
_TOKEN = re.compile(r'["{}\[\]\n]')
_KEY = re.compile(r'"([^"\\]{1,60})"\s*:\s*$')
LISTS = frozenset({
    "products", "items", "listings", "data", "results", "entries", "@graph", "itemlistelement", "rows", "catalog",
    "catalogue", "edges", "nodes", "result", "response", "payload", "resources", "itemsummaries", "item", "product", "goods", "articles",
    "records", "hits", "docs", "documents", "objects", "elements", "content", "value",
})  # fmt: skip
"""Names, in lower case, under which an object has its list of listings."""

_WRAPPED = re.compile(rf'"(?:{"|".join(map(re.escape, sorted(LISTS)))})"\s*:\s*\[', re.IGNORECASE)
_BEGUN = re.compile(r'"([^"\\]{1,60})"\s*:\s*\[\s*\{')
_DECODER = json.JSONDecoder(parse_float=Decimal, parse_int=str)
MAX_LISTS = 50  # lists at the beginning of a document of which the first object is looked at
_OWN = (re.compile(r'"(?:id|sku)"\s*:'), re.compile(r'"(?:title|name)"\s*:'))


class _Scanner:
    """Walks through a document and cuts out the objects of its list."""

    def __init__(self, text: IO[str], names: frozenset[str]) -> None:
        self._text, self._names = text, names
        self._line = 1
        self._depth = 0
        self._open_lists: list[int] = []  # depths of the objects that are wanted
        self._started: int | None = None  # depth at which the object being read began
        self._at = 1
        self._parts: list[str] = []
        self._size = 0
        self._tail = ""  # the last characters, which name the list that begins
        self.closed = False

    def objects(self) -> Iterator[tuple[int, str | Complaint]]:
        in_string = escaped = False
        while block := self._text.read(_BLOCK):
            place = kept = 0
            while place < len(block):
                if in_string:
                    place, in_string, escaped = self._through_string(block, place, escaped=escaped)
                    continue
                found = _TOKEN.search(block, place)
                if found is None:
                    break
                sign, place = found.group(), found.end()
                if sign == "\n":
                    self._line += 1
                elif sign == '"':
                    in_string = True
                elif sign in "{[":
                    if self._opens(sign, block[kept : found.start()]):
                        kept = found.start()
                elif self._closes(sign):
                    self._keep(block[kept:place])
                    kept = place
                    yield self._cut()
            self._keep(block[kept:])
            if self._started is None:
                self._tail = (self._tail + block[kept:])[-200:]

    def _through_string(self, block: str, place: int, *, escaped: bool) -> tuple[int, bool, bool]:
        """Past a string, or to the end of the block; (where, still inside, the next character is escaped)."""
        if escaped:
            place += 1
        while place < len(block):
            end, slash = block.find('"', place), block.find("\\", place)
            if slash != -1 and (end == -1 or slash < end):
                if slash + 1 >= len(block):
                    return len(block), True, True
                place = slash + 2
                continue
            return (len(block), True, False) if end == -1 else (end + 1, False, False)
        return len(block), True, False

    def _opens(self, sign: str, before: str) -> bool:
        """Count a bracket; whether an object of the list begins with it."""
        if self._started is None:
            self._tail = (self._tail + before)[-200:]
            if sign == "[" and self._depth <= MAX_WRAPS and self._begins_list():
                self._open_lists.append(self._depth + 1)
            begins = sign == "{" and self._depth in self._open_lists
            self._depth += 1
            if begins:
                self._started, self._at, self._parts, self._size = self._depth, self._line, [], 0
            self._tail = ""
            return True
        self._depth += 1
        return False

    def _begins_list(self) -> bool:
        """Whether a list that begins here has the objects that are wanted: the document, a list in it, or by its name."""
        if self._depth == 0 or self._depth in self._open_lists:
            return True
        name = _KEY.search(self._tail)
        return name is not None and name[1].lower() in self._names

    def _closes(self, sign: str) -> bool:
        """Count a bracket; whether the object that was begun ends with it."""
        ends = sign == "}" and self._started == self._depth
        self._depth -= 1
        if self._depth == 0:
            self.closed = True
        if self._started is None and sign == "]" and self._open_lists and self._open_lists[-1] == self._depth + 1:
            self._open_lists.pop()
        return ends

    def _keep(self, piece: str) -> None:
        if self._started is not None:
            self._size += len(piece)
            if self._size <= MAX_LINE:
                self._parts.append(piece)
            else:
                self._parts.clear()

    def _cut(self) -> tuple[int, str | Complaint]:
        text, size, self._started = "".join(self._parts), self._size, None
        self._parts = []
        if size > MAX_LINE:
            return self._at, Complaint(
                f"the object that begins in line {self._at} is longer than {MAX_LINE:,} characters: shorten it",
                TOO_LONG,
            )
        return self._at, text


def read_document(text: IO[str], report: Report, head: str) -> Iterator[tuple[int, Row | Complaint]]:
    """The objects of a document's list, or the document itself if it is one product."""
    names = names_of_lists(head)
    if head.startswith("{"):
        whole = row_of(head)
        if not isinstance(whole, Complaint) and (rows := by_id(whole)):
            report.format = "JSON object with the listings by their id"
            yield from ((1, row) for row in rows)
            return
        if not isinstance(whole, Complaint) and not is_wrapper(whole):
            report.format = "JSON object"
            yield 1, whole
            return
        if not any(f'"{name}"' in head.lower() for name in names):
            yield from _one(text, report)
            return
    report.format = "JSON list"
    scanner, some = _Scanner(text, names), False
    for line, found in scanner.objects():
        some = True
        yield line, found if isinstance(found, Complaint) else row_of(found)
    if not scanner.closed:
        report.broke_off = "The JSON document is cut off: its last bracket is missing."
    if not some:
        raise UnreadableFeed(
            "The JSON document has no list of objects. Write a list of listings, or one object per line."
        )


def names_of_lists(head: str) -> frozenset[str]:
    """The names, in lower case, under which a document that begins so may have its list of listings: the usual ones, and
    where none of these has listings, those of the lists whose first object is a listing."""
    others = set()
    for found in islice(_BEGUN.finditer(head), MAX_LISTS):
        try:
            first, _ = _DECODER.raw_decode(head, found.end() - 1)
        except (ValueError, RecursionError):
            continue
        if is_of_others(found[1]) or not _is_listing(first):
            continue
        if found[1].lower() in LISTS:
            return LISTS
        others.add(found[1].lower())
    return LISTS | others


def _is_listing(row: Any) -> bool:
    """Whether an object has what a listing needs, itself or in what it is wrapped in."""
    if not isinstance(row, dict):
        return False
    listing = flat(row)
    return known_as(listing, "external_id") and known_as(listing, "title")


def is_wrapper(row: Row, depth: int = 1) -> bool:
    """Whether an object only contains the list of listings, and is not a listing itself, which has an id and a title."""
    if known_as(row, "external_id") and known_as(row, "title"):
        return False
    for name, value in row.items():
        if isinstance(value, list) and (
            name.lower() in LISTS or (not is_of_others(name) and any(map(_is_listing, value[:1])))
        ):
            return True
        if isinstance(value, dict) and depth < MAX_WRAPS and is_wrapper(value, depth + 1):
            return True
    return False


def by_id(row: Row) -> list[Row]:
    """The listings of an object that has each under its id, or of one in it; empty if it is no such object."""
    for name, value in row.items():
        if name.lower() in LISTS and isinstance(value, dict) and (found := by_id(value)):
            return found
    if not row or not all(isinstance(value, dict) and known_as(value, "title") for value in row.values()):
        return []
    return [{"id": name, **value} for name, value in row.items()]


def known_as(row: Row, field: str) -> bool:
    """Whether a key of an object is known as a name of a field."""
    return any((found := known(str(name))) is not None and found[0] == field for name in row)


def begins_as_wrapper(head: str) -> bool:
    """Whether a text begins like an object that contains the list of listings: the list comes before an id and a title."""
    found = _WRAPPED.search(head)
    return found is not None and not all(each.search(head, 0, found.start()) for each in _OWN)


def _one(text: IO[str], report: Report) -> Iterator[tuple[int, Row | Complaint]]:
    report.format = "JSON object"
    document = text.read(MAX_LINE + 1)
    if len(document) > MAX_LINE:
        raise UnreadableFeed(
            f"The file is one JSON object of more than {MAX_LINE:,} characters, without a list of listings under a name "
            f"like products or items. Write one object per line."
        )
    row = row_of(document)
    if isinstance(row, Complaint):
        raise UnreadableFeed(f"The file cannot be read: {row}.")
    if rows := by_id(row):
        report.format = "JSON object with the listings by their id"
    yield from ((1, each) for each in rows or [row])
