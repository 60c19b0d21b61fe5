"""Tables from untrusted sources: CSV with any separator, and Excel workbooks. A bad row costs only itself."""

import csv
import io
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any

from portal.cells import unguarded
from portal.workbooks import filled_rows, sheets_in_sight
from recalls.importers.jsonfile import problem_in
from recalls.importers.records import Reject, UnreadableFile
from recalls.importers.text import show

MAX_CELL = 131_072  # characters
MAX_COLUMNS = 500
MAX_HEADER = 100  # characters of a column's name
MAX_BAD_ROWS = 200  # with wrong quotes; with more, the file is not CSV
MAX_BYTES = 400 << 20  # characters of a Parquet file's cells
MAX_RATIO, MIN_PARQUET = 200, 50_000_000  # of the bytes that it declares to its size, and what it may always have
_TOO_MUCH = "The Parquet file unpacks to far more than a list of recalls has. Upload a smaller file."
_SEPARATORS = (",", ";", "\t", "|")


@dataclass(slots=True)
class Table:
    """`rows` are (line in the file, cells); every row has as many cells as the header."""

    header: list[str]
    rows: list[tuple[int, list[str]]] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    separator: str = ","


def from_csv(text: str) -> Table:
    """Raises UnreadableFile if there is no header with rows under it."""
    csv.field_size_limit(MAX_CELL)
    lines = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    lines = [line for line in lines if line]
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        raise UnreadableFile("The file is empty: export it again.")
    if declared := re.fullmatch(r'"?sep=(.)"?', lines[first].strip()):
        separator, first = declared[1], first + 1  # the line that Excel writes for itself
    else:
        separator = max(_SEPARATORS, key=lambda each: _outside_quotes(lines[first], each))
    table = Table([], separator=separator)
    for line, cells in _rows(lines, first, separator, table.rejects):
        if not any(cell.strip() for cell in cells):
            continue
        if not table.header:
            table.header = _header(cells)
        else:
            _add(table, line, [unguarded(cell) for cell in cells])
    return _checked(table)


def from_workbook(data: bytes) -> Table:
    """The first sheet that is not empty. Formulas count as the values that were stored with them."""
    import openpyxl  # noqa: PLC0415  few programs need it, and each start would pay for it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which are not read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            table, read = Table([]), count(1)
            for sheet in sheets_in_sight(book):
                for line, cells in filled_rows(sheet, read):
                    texts = [_cell(cell) for cell in cells[: MAX_COLUMNS + 1]]
                    if not any(texts):
                        continue
                    if not table.header:
                        table.header = _header(texts)
                    else:
                        _add(table, line, texts)
                if table.header:
                    break
            book.close()
    except UnreadableFile:
        raise
    except Exception:  # noqa: BLE001  whatever the library raises for a file, the file is damaged
        raise UnreadableFile(
            "The workbook cannot be read. Open it in Excel and save it again, or save it as CSV UTF-8."
        ) from None
    return _checked(table)


def from_parquet(data: bytes) -> Table:
    """A flat Parquet file, as our own lists leave. Raises UnreadableFile."""
    from portal.parquet import BadRow, ParquetFile, UnreadableParquet  # noqa: PLC0415  a tenth of a program's start

    table, size = Table([]), 0
    try:
        file = ParquetFile(io.BytesIO(data))
        if not file.is_flat:
            raise UnreadableFile("The Parquet file has columns with columns inside. Export a flat table.")
        if file.unpacked > max(MIN_PARQUET, MAX_RATIO * len(data)):
            raise UnreadableFile(_TOO_MUCH)
        table.header = _header(file.names)
        for number, row in enumerate(file.rows(), 1):
            if isinstance(row, BadRow):
                table.rejects.append(Reject(number, "", str(row), ""))
                continue
            cells = [_cell(value) for value in row.values()]
            size += sum(map(len, cells))
            if size > MAX_BYTES:
                raise UnreadableFile(_TOO_MUCH)
            if any(cells):
                table.rows.append((number, cells))
    except UnreadableParquet as error:
        raise UnreadableFile(_TOO_MUCH if error.too_much else str(error)) from None
    return _checked(table)


def from_objects(header: list[str], values: Iterable[Any]) -> Table:
    """Objects with the names of `header`, as our own lists leave in JSON Lines. A bad object costs only itself."""
    table = Table(header)
    for number, value in enumerate(values, 1):
        problem = problem_in(value) or ("" if isinstance(value, dict) else "it is not an object")
        if not problem and (wrong := next((name for name, each in value.items() if isinstance(each, dict | list)), "")):
            problem = f"{wrong} is not a text"
        if problem:
            table.rejects.append(
                Reject(number, "", f"record {number}: {problem}: write it as it was exported", show(value))
            )
        else:
            table.rows.append((number, [_cell(value.get(name)) for name in header]))
    return table


def _cell(value: object) -> str:
    """A cell as a person sees it: 51141405278.0 is a number that Excel made of digits, and a day has no midnight."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).removesuffix(" 00:00:00").strip()[:MAX_CELL]


def _outside_quotes(line: str, separator: str) -> int:
    return re.sub(r'"[^"]*"', "", line).count(separator)


def _rows(lines: list[str], first: int, separator: str, rejects: list[Reject]) -> list[tuple[int, list[str]]]:
    """Rows with the line they begin on. A row with wrong quotes is rejected, and reading continues after its first line:
    an unclosed quote must not hide the rows that follow."""
    found: list[tuple[int, list[str]]] = []
    start = first
    while start < len(lines):
        reader = csv.reader(islice(lines, start, None), delimiter=separator, strict=True)
        begin = start
        try:
            for cells in reader:
                found.append((begin + 1, cells))
                begin = start + reader.line_num
            break
        except csv.Error as error:
            reason = "a quote is not closed" if "end of data" in str(error) else str(error)
            reason = f"a cell is longer than {MAX_CELL:,} characters" if "field limit" in reason else reason
            if len(rejects) >= MAX_BAD_ROWS:
                raise UnreadableFile(
                    f"More than {MAX_BAD_ROWS:,} rows are not valid CSV. The first one, {rejects[0].reason}."
                ) from None
            reason = f"line {begin + 1}: {reason}: put quotes around the whole cell and double those inside"
            rejects.append(Reject(begin + 1, "", reason, show(lines[begin])))
            start = begin + 1
    return found


def _header(cells: list[str]) -> list[str]:
    names = [" ".join(cell.replace("\ufeff", "").split())[:MAX_HEADER] for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise UnreadableFile(f"The header has more than {MAX_COLUMNS} columns. Export fewer columns.")
    seen: dict[str, int] = {}
    for place, name in enumerate(names):
        seen[name] = seen.get(name, 0) + 1
        if not name or seen[name] > 1:
            names[place] = f"{name or 'column'} ({place + 1})"
    return names


def _add(table: Table, line: int, cells: list[str]) -> None:
    width = len(table.header)
    extra = [cell for cell in cells[width:] if cell.strip()]
    if [" ".join(cell.replace("\ufeff", "").split())[:MAX_HEADER] for cell in cells[:width]] == table.header:
        return  # the header again, as exports of several pages have it
    if extra or len(cells) < min(width, 2):
        detail = f"line {line} has {len(cells)} cells but the header has {width}: check its quotes and separators"
        table.rejects.append(Reject(line, "", detail, show(table.separator.join(cells))))
        return
    table.rows.append((line, [*cells[:width], *[""] * (width - len(cells))]))


def _checked(table: Table) -> Table:
    if len(table.header) == 1:
        raise UnreadableFile(
            f"The file is not JSON, XML or a table with columns. Its first line is {table.header[0][:80]!r}. Upload a file from "
            "CPSC, Safety Gate, OPSS, Health Canada, RappelConso, openFDA or NHTSA, or a table as CSV or XLSX."
        )
    if not table.rows and not table.rejects:
        raise UnreadableFile(
            "The table has a header but no rows. Export it again."
            if table.header
            else "The file contains no table. Export it again."
        )
    return table
