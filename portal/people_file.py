"""The rows of a file with people, CSV or an Excel workbook, as they were typed. Whether they make sense is for
portal/services/people_import.py."""

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_noop

from portal.archives import HEAD, archive_named, packing_of
from portal.cells import unguarded
from portal.workbooks import sheets_in_sight

MAX_BYTES = 1_000_000
MAX_ROWS = 500
COLUMNS = ("name", "email", "role", "organisation", "active")
NEEDED = ("email",)
_SEPARATORS = (",", ";", "\t", "|")
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OTHER_NAMES = {"e-mail": "email", "email address": "email", "organization": "organisation"}

PACKED = gettext_noop("This is %(what)s. Unpack it and upload the CSV file inside.")
MAX_UNPACKED = 30_000_000  # bytes of a workbook's parts together: openpyxl keeps texts in memory
MAX_LINES, MAX_CELLS = 10_000, 100  # of a sheet that are read
OLD_WORKBOOK = gettext_noop("This is an old or protected Excel workbook. Save it as .xlsx without a password.")
DAMAGED = gettext_noop("The workbook cannot be read. Open it in Excel and save it again, or save it as CSV UTF-8.")
UNPACKS_TOO_FAR = gettext_noop("The workbook unpacks to far more than 500 people need. Save it as CSV UTF-8.")
NOT_TEXT = gettext_noop("The file is not UTF-8 text. Save it as CSV UTF-8 and upload it again.")
NOT_CSV = gettext_noop(
    "Line %(line)s is not valid CSV. Put quotes around the whole cell, double the quotes inside, and shorten long cells."
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file; `cells` by column, without those that are not there or are empty."""

    line: int
    cells: dict[str, str] = field(default_factory=dict)
    too_long: bool = False


def read_people(data: bytes) -> list[Row]:
    """The rows of a file. Raises ValidationError, with what to do, where it has no table with the columns that are needed."""
    if len(data) > MAX_BYTES:
        raise ValidationError(gettext_noop("The file is larger than 1 MB. Split it into several files."))
    header: list[str] = []
    rows: list[Row] = []
    for line, cells in _lines(data):
        if not any(cell.strip() for cell in cells):
            continue
        if not header:
            header = _header(cells)
            continue
        if len(rows) == MAX_ROWS:
            raise ValidationError(gettext_noop("The file has more than 500 people. Split it into several files."))
        named = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name and cell.strip()}
        extra = len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :])
        rows.append(Row(line, named, too_long=extra))
    if not rows:
        raise ValidationError(gettext_noop("The file has no rows with people. Add one row for each person."))
    return rows


def _lines(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each line with its number, counted from 1."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise ValidationError(OLD_WORKBOOK)
    return _of_workbook(data) if data.startswith(b"PK\x03\x04") else _of_csv(data)


def _of_csv(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Cells that an export made inert for spreadsheets are what they were before."""
    text = _text(data)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, [unguarded(cell) for cell in cells]
            begins = reader.line_num + 1
    except csv.Error:
        raise ValidationError(ValidationError(NOT_CSV, params={"line": begins})) from None


def _of_workbook(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The first sheet with something in it. Of a formula counts the value that was stored with it."""
    try:
        unpacked = sum(member.file_size for member in zipfile.ZipFile(io.BytesIO(data)).infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise ValidationError(DAMAGED) from None
    if unpacked > MAX_UNPACKED:
        raise ValidationError(UNPACKS_TOO_FAR)
    import openpyxl  # noqa: PLC0415  few programs need it, and each start would pay for it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which are not read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            for sheet in sheets_in_sight(book):
                rows = sheet.iter_rows(values_only=True, max_row=MAX_LINES, max_col=MAX_CELLS)
                if lines := [(line, _cells(row)) for line, row in enumerate(rows, 1) if any(_cells(row))]:
                    break
            else:
                lines = []
    except Exception:  # noqa: BLE001  whatever the library raises for a file, the file is damaged
        raise ValidationError(DAMAGED) from None
    return iter(lines)


def _cells(row: Iterable[object]) -> list[str]:
    """As a person sees them; empty ones at the end do not count."""
    cells = ["" if cell is None else str(cell) for cell in row]
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _text(data: bytes) -> str:
    head = data[:HEAD]
    packing, what = packing_of(head), archive_named(head)
    if packing or what:
        raise ValidationError(ValidationError(PACKED, params={"what": what or f"packed with {packing}"}))
    encoding = next((name for mark, name in _BOMS if data.startswith(mark)), "utf-8-sig")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise ValidationError(NOT_TEXT) from None
    if "\x00" in text:
        raise ValidationError(NOT_TEXT)
    return text


def _separator(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=first.count)


def _header(cells: list[str]) -> list[str]:
    """The columns that are known, under their names, and "" for the others."""
    names = [" ".join(cell.split()).lower() for cell in cells]
    names = [_OTHER_NAMES.get(name, name) for name in names]
    known = [name if name in COLUMNS else "" for name in names]
    if missing := [name for name in NEEDED if name not in known]:
        detail = gettext_noop("The first row has no column %(column)s. The columns are: %(columns)s.")
        params = {"column": missing[0], "columns": ", ".join(COLUMNS)}
        raise ValidationError(ValidationError(detail, params=params))
    if twice := next((name for name in known if name and known.count(name) > 1), ""):
        detail = gettext_noop("The first row has the column %(column)s twice. Delete one of them.")
        raise ValidationError(ValidationError(detail, params={"column": twice}))
    return known
