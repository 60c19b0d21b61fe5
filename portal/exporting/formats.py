"""The formats in which a table leaves: CSV, XLSX, JSON lines and Parquet. Rows go through one by one, whatever their number.

Every value leaves as text, so that leading zeros stay and what is read again is what was written.
"""

import itertools
import json
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_noop

from portal.cells import guarded
from portal.exporting.tables import csv_lines

PIECE = 1 << 16
IN_MEMORY = 8 << 20  # bytes; a larger file is kept on disk until it is whole
MAX_SHEET = 1_048_575  # rows below the header that Excel takes
MAX_CELL = 32_767  # characters that Excel takes in a cell
GROUP = 1_000  # rows of a Parquet row group
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_CUT = " … (cut)"

Header = Sequence[str]
Rows = Iterable[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Format:
    """How a table is written; `suffix` names the format and ends the file's name."""

    suffix: str
    content_type: str
    write: Callable[[Header, Rows], Iterator[bytes]]


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _csv(header: Header, rows: Rows) -> Iterator[bytes]:
    waiting: list[str] = []
    size = 0
    for line in csv_lines(header, rows, guarded):
        waiting.append(line)
        size += len(line)
        if size >= PIECE:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()


def _json_lines(header: Header, rows: Rows) -> Iterator[bytes]:
    for row in rows:
        line = json.dumps(dict(zip(header, map(_text, row), strict=True)), ensure_ascii=False)
        yield line.encode(errors="replace") + b"\n"


def _xlsx(header: Header, rows: Rows) -> Iterator[bytes]:
    """Every cell is a text: nothing in it can be a formula, so nothing has to be put in front of it."""
    import openpyxl  # noqa: PLC0415  few programs need it, and each start would pay for it
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415  likewise

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Export")

    def cell(value: Any) -> Any:
        text = _NOT_IN_XML.sub("", _text(value))
        made = WriteOnlyCell(sheet, text if len(text) <= MAX_CELL else text[: MAX_CELL - len(_CUT)] + _CUT)
        made.data_type = "s"
        return made

    sheet.append([cell(name) for name in header])
    for number, row in enumerate(rows, 1):
        if number > MAX_SHEET:
            sheet.close()
            raise ValidationError(
                gettext_noop("A worksheet has room for 1,048,575 rows. Set a filter, or choose another format.")
            )
        sheet.append([cell(value) for value in row])
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        book.save(file)
        yield from _pieces(file)


def _parquet(header: Header, rows: Rows) -> Iterator[bytes]:
    import pyarrow as pa  # noqa: PLC0415  with NumPy a tenth of a program's start, for what few programs write
    import pyarrow.parquet as pq  # noqa: PLC0415

    schema = pa.schema([(name, pa.string()) for name in header])
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        with pq.ParquetWriter(file, schema) as writer:
            source = iter(rows)
            while group := list(itertools.islice(source, GROUP)):
                columns = zip(
                    *([_text(value).encode(errors="replace").decode() for value in row] for row in group), strict=True
                )
                writer.write_table(pa.table([pa.array(column, pa.string()) for column in columns], schema=schema))
        yield from _pieces(file)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece


CSV = Format("csv", "text/csv; charset=utf-8", _csv)
FORMATS = {
    each.suffix: each
    for each in (
        CSV,
        Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
        Format("jsonl", "application/x-ndjson", _json_lines),
        Format("parquet", "application/vnd.apache.parquet", _parquet),
    )
}
