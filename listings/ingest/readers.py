"""Reading a feed of any format: one (line, row or complaint) after the other, and a report on the file.

A bad row costs only itself; a file that is unusable as a whole raises UnreadableFeed with one sentence; a file that is
cut off gives its rows, and its report says so.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import IO, NamedTuple

from listings.ingest.columns import add_columns, note_columns, picked, usual_plan
from listings.ingest.delimited import read_table
from listings.ingest.encodings import Encoding, recognise
from listings.ingest.json_lists import begins_as_wrapper, by_id, is_wrapper, read_document
from listings.ingest.json_values import row_of
from listings.ingest.lines import Lines
from listings.ingest.nested import flat, is_product, join_children
from listings.ingest.outcome import BrokeOff, Choose, Complaint, Report, Row, UnreadableFeed, nothing_chosen
from listings.ingest.prices import decimal_mark
from listings.ingest.samples import begun, sampled
from listings.ingest.shapes import Rows
from listings.ingest.unpacking import PARQUET, XLSX, Unpacked, unpack
from listings.ingest.workbooks import read_workbook
from listings.ingest.xml_items import is_feed, read_items
from portal.encoding_names import is_ascii_based

SAMPLE = 200  # rows whose prices are read first, to find the file's decimal mark
SAMPLE_SIZE = 2_000_000  # characters in them, about
WRAPPER_WITHIN = 10_000  # characters after which a line that begins like a listing counts as complete
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_AROUND = "\ufeff\x1e \r\n\t"
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class Format(NamedTuple):
    """One kind of file: how it begins, and how its rows are read from the text."""

    begins: Callable[[str], bool]
    read: Callable[[IO[str], Report, str], Rows]


class FeedState(NamedTuple):
    """How far a feed was read: `position` in its file in bytes, and the report as it was then."""

    report: Report
    rows_read: int = 0
    decimal: str = ""
    position: int = 0


class Feed:
    """A feed that is being read. Iterate over it once; `report` is complete at the end, `decimal` from the first row on."""

    def __init__(self, source: IO[bytes], size: int, choose: Choose) -> None:
        self.report = Report(choose=choose)
        self.decimal = ""
        self.rows_read = 0
        self._source, self._size = source, size

    def state(self) -> FeedState:
        """How far it is read, as it stays while reading goes on in another thread."""
        position = self._size if self._source.closed else min(self._source.tell(), self._size)
        return FeedState(self.report.copy(), self.rows_read, self.decimal, position)

    def __iter__(self) -> Iterator[tuple[int, Row | Complaint]]:
        rows = self._until_it_breaks()
        first, size = [], 0
        for pair in islice(rows, SAMPLE):
            first.append(pair)
            size += len(str(pair[1])[:10_000])
            if size > SAMPLE_SIZE:
                break
        self.decimal = decimal_mark(
            str(row["price"]) for _, row in first if not isinstance(row, Complaint) and row.get("price")
        )
        yield from chain(first, rows)

    def _until_it_breaks(self) -> Iterator[tuple[int, Row | Complaint]]:
        try:
            yield from self._rows()
        except BrokeOff as broke:
            self.report.broke_off = str(broke)
            if not self.rows_read:
                raise UnreadableFeed(str(broke)) from None

    def _rows(self) -> Rows:
        unpacked = unpack(self._source, self._size)
        if unpacked.packing == XLSX:
            yield from self._counted(read_workbook(self._source, self.report))
            return
        if unpacked.packing == PARQUET:
            from listings.ingest.parquet import read_parquet  # noqa: PLC0415  a tenth of a program's start

            rows = read_parquet(self._source, self._size, self.report)
            yield from self._counted(_by_field(_flat(rows, self.report), self.report))
            return
        self.report.packing = unpacked.packing
        encoding, head = self._encoding(unpacked)
        self.report.encoding = f"{encoding.name} ({encoding.because})"
        text = io.TextIOWrapper(unpacked.open(), encoding=encoding.codec, errors=encoding.errors, newline="")
        kind = next(kind for kind in FORMATS if kind.begins(head))
        yield from self._counted(kind.read(text, self.report, head))

    def _encoding(self, unpacked: Unpacked) -> tuple[Encoding, str]:
        """The encoding, and how the text begins, without blanks."""
        with unpacked.open() as raw:
            start = raw.peek(1 << 16)[: 1 << 16]
            if not start.strip():
                raise UnreadableFeed("The file is empty. Export the catalogue again.")
            try:
                encoding = recognise(raw.readline)
            except BrokeOff:
                encoding = recognise(
                    io.BytesIO(start).readline
                )  # judged by what is there; the reading itself reports the break
        if (declared := _XML_ENCODING.match(start)) is not None and encoding.codec not in ("utf-8-sig", "utf-16"):
            encoding = _declared(declared[1].decode("ascii"), start) or encoding
        head = start.decode(encoding.codec, errors=encoding.errors).lstrip(_AROUND)
        if len(_BINARY.findall(head[:4_000])) > 20:
            raise UnreadableFeed("The file is not text: upload CSV, JSONL, JSON, XML, XLSX or Parquet.")
        if not head:
            raise UnreadableFeed("The file is empty. Export the catalogue again.")
        return encoding, head

    def _counted(self, rows: Rows) -> Rows:
        for pair in rows:
            self.rows_read += 1
            yield pair


def read_feed(source: IO[bytes], size: int, choose: Choose = nothing_chosen) -> Feed:
    """The feed in a file of `size` bytes; its format is recognised by its content, not by its name.

    `choose` says which column was chosen for which field, once it is given the names of the file's columns.
    """
    return Feed(source, size, choose)


def _declared(name: str, start: bytes) -> Encoding | None:
    """The encoding that an XML feed declares, if the bytes confirm it."""
    if not is_ascii_based(name):
        return None
    try:
        start.decode(name)
    except UnicodeDecodeError as error:
        if error.start < len(start) - 4:
            return None
    return Encoding(name, name.upper(), "declared in the XML")


def _json_lines(text: IO[str], report: Report, _head: str) -> Rows:
    report.format = "JSONL"
    lines = Lines(text)

    def objects() -> Rows:
        for number, line in lines:
            row = line if isinstance(line, Complaint) else row_of(_bare(line))
            if isinstance(row, Complaint) and lines.breaks_off_at(number) and number > 1:
                report.broke_off = f"The file is cut off in line {number}, inside an object."
            yield number, row

    return _by_field(join_children(_flat(objects(), report), report), report)


def _bare(line: str) -> str:
    """A line without marks of order and of records before it, and without a comma after it."""
    return line.strip(_AROUND).removesuffix(",")


def _json_document(text: IO[str], report: Report, head: str) -> Rows:
    return _by_field(join_children(_flat(read_document(text, report, head), report), report), report)


def _flat(rows: Iterable[tuple[int, Row | Complaint]], report: Report) -> Rows:
    strange = 0
    for number, row in rows:
        if isinstance(row, Complaint):
            yield number, row
            continue
        if not is_product(row):
            strange += 1
            continue
        try:
            yield number, flat(row)
        except RecursionError:
            yield number, Complaint("nested too deeply: write each listing as one flat object", "not JSON")
    if strange:
        report.note(f"{strange:,} objects are not products (such as a web page or a list of links). They were skipped.")


def _by_field(rows: Rows, report: Report) -> Rows:
    """Rows with keys of their own, each read by the plan for its keys."""
    reported: set[tuple[str, ...]] = set()
    for number, row in sampled(begun(rows, report), report):
        if isinstance(row, Complaint):
            yield number, row
            continue
        names = tuple(row)
        plan = usual_plan(names, report.chosen)
        if len(reported) < 200 and names not in reported:
            reported.add(names)
            add_columns(report, names)
            note_columns(report, plan)
        yield number, picked(plan, row)


def _xml(text: IO[str], report: Report, _head: str) -> Rows:
    return _by_field(read_items(text, report), report)


def _table(text: IO[str], report: Report, _head: str) -> Rows:
    return read_table(Lines(text), report)


def _is_line(head: str) -> bool:
    """Whether the first line is one whole JSON object, or at least begins like one of many."""
    first, end, rest = head.partition("\n")
    if not end and len(head) > WRAPPER_WITHIN:  # longer than the part that was read
        return not begins_as_wrapper(head)
    first, more = _bare(first), bool(rest.strip())
    row = row_of(first)
    if not isinstance(row, Complaint):
        return more or not (is_wrapper(row) or by_id(row))
    return more and not first.endswith(("{", "[", ",", ":"))


FORMATS: tuple[Format, ...] = (
    Format(lambda head: head.startswith("["), _json_document),
    Format(lambda head: head.startswith("{") and _is_line(head), _json_lines),
    Format(lambda head: head.startswith("{"), _json_document),
    Format(is_feed, _xml),
    Format(lambda _head: True, _table),
)
"""Every kind of text that can be read, in the order of trying. A new one needs a line here and a reader."""
