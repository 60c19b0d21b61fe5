"""Excel workbooks: the first sheet in sight that has a header, read row by row; numbers as they were typed."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, count
from typing import IO, Any

from listings.ingest.columns import MAX_COLUMNS, note_columns
from listings.ingest.delimited import CELLS, no_columns
from listings.ingest.headers import MAX_ABOVE, is_chosen, is_header, is_second_header
from listings.ingest.lines import MAX_LINE, TOO_LONG
from listings.ingest.outcome import Complaint, Report, Row, UnreadableFeed
from listings.ingest.samples import choose_columns, sample_only, sampled
from listings.ingest.shapes import PLAIN, Rows, shape_of
from portal.workbooks import filled_rows, sheets_in_sight

MAX_SHEET = 1_000_000_000  # bytes unpacked
MAX_STRINGS = 64_000_000  # bytes unpacked: openpyxl keeps these in memory
MAX_MEMBERS = 2_000
MAX_RATIO = 200
SMALL = 20_000_000
DAMAGED = "The Excel workbook is damaged, or protected by a password: save it again as .xlsx or as CSV UTF-8."


def read_workbook(source: IO[bytes], report: Report) -> Rows:
    """The rows of a workbook by field. Raises UnreadableFeed if it cannot be read or would unpack to too much."""
    import openpyxl  # noqa: PLC0415  few programs need it, and each start would pay for it

    source.seek(0)
    _refuse_bombs(source)
    source.seek(0)
    try:
        book = openpyxl.load_workbook(source, read_only=True, data_only=True, keep_links=False)
    except Exception:  # noqa: BLE001  whatever the library raises for a file, the file is damaged
        raise UnreadableFeed(DAMAGED) from None
    try:
        yield from _read(book, report)
    finally:
        book.close()


def _refuse_bombs(source: IO[bytes]) -> None:
    try:
        members = zipfile.ZipFile(source).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise UnreadableFeed(DAMAGED) from None
    for member in members:
        limit = MAX_STRINGS if "worksheets/" not in member.filename else MAX_SHEET
        ratio = member.file_size > max(SMALL, MAX_RATIO * member.compress_size)
        if member.file_size > limit or ratio or len(members) > MAX_MEMBERS:
            raise UnreadableFeed("The Excel workbook unpacks to far more than a catalogue has. Save it as CSV UTF-8.")


def _read(book: Any, report: Report) -> Rows:
    header: list[str] = []
    read = count(1)
    for sheet in sheets_in_sight(book):
        rows = _cells(sheet, read)
        header, rows = _header(rows, report)
        if header:
            break
    else:
        raise UnreadableFeed("The Excel workbook has no header row: add one with the column names.")
    report.encoding = "UTF-8 (Excel)"
    if len(header) > MAX_COLUMNS:
        raise UnreadableFeed(
            f"The header has {len(header):,} columns; the maximum is {MAX_COLUMNS}. Remove unused columns."
        )
    shape = shape_of(header)
    report.format = f"Excel workbook, sheet {sheet.title[:31]}" + (f", {shape.name}" if shape is not PLAIN else "")
    if len(book.worksheets) > 1:
        report.note(f"The workbook has {len(book.worksheets)} sheets. Only {sheet.title[:31]} was read.")
    report.is_table = True
    plan = shape.plan(tuple(header), choose_columns(report, header))
    note_columns(report, plan)
    found = _rows(rows, header, report)
    if plan.missing:
        sample_only(found, report)
        raise UnreadableFeed(no_columns(plan.missing, header))
    yield from shape.group(sampled(found, report), plan, report)


def _header(rows: Iterator[tuple[int, list[Any]]], report: Report) -> tuple[list[str], Iterator[tuple[int, list[Any]]]]:
    """The first row that names what a listing needs, else the first one with names; and the rows under it."""
    above: list[tuple[int, list[Any]]] = []
    for number, cells in rows:
        if not (names := _names(cells)):
            continue
        above.append((number, cells))
        if (is_header(names) or is_chosen(names, report)) and all(
            len(_names(other)) < len(names) for _, other in above[:-1]
        ):
            if number > 1:
                report.note(f"{number - 1} rows above the header were skipped.")
            return names, rows
        if len(above) > MAX_ABOVE:
            break
    return (_names(above[0][1]), chain(above[1:], rows)) if above else ([], rows)


def _cells(sheet: Any, read: Iterator[int]) -> Iterator[tuple[int, list[Any]]]:
    try:
        for number, cells in filled_rows(sheet, read):
            yield number, list(cells)
    except Exception:  # noqa: BLE001  as above
        raise UnreadableFeed(DAMAGED) from None


def _names(cells: list[Any]) -> list[str]:
    names = [_text(cell) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names if len([name for name in names if name]) > 1 else []


def _rows(rows: Iterator[tuple[int, list[Any]]], header: list[str], report: Report) -> Rows:
    some = False
    for number, cells in rows:
        texts = [_text(cell) for cell in cells]
        if not any(texts):
            continue
        some = True
        if sum(map(len, texts)) > MAX_LINE:
            yield number, Complaint(f"row {number} is longer than {MAX_LINE:,} characters: shorten it", TOO_LONG)
        elif any(texts[len(header) :]):
            yield (
                number,
                Complaint(
                    f"row {number} has cells beyond the header's {len(header)} columns: name these columns or clear the cells",
                    CELLS,
                ),
            )
        elif texts[: len(header)] == header or is_second_header(header, texts):
            report.note(f"The header is repeated in row {number}. This row was skipped.")
        else:
            row: Row = {}
            for name, text in zip(header, texts, strict=False):
                if not row.get(name):
                    row[name] = text
            yield number, row
    if not some:
        raise UnreadableFeed("The workbook has a header but no rows. Export the catalogue again.")


def _text(cell: Any) -> str:
    """A cell as a person sees it: whole numbers without .0, dates as ISO."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else format(Decimal(repr(cell)), "f")
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell).strip()
