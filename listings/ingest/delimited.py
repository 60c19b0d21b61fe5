"""Tables with a separator: CSV, TSV and their dialects. An unclosed quote costs only its own row.

Python's reader alone would lose the rest of a file to it. So records are read strictly, line by line from a buffer. If
a record with line breaks turns out to be invalid (the file ends inside it, it grows without end, its quotes or its
cells do not add up), its first line is refused and reading continues with the second.
"""

import csv
from collections.abc import Iterator
from typing import Any

from listings.ingest.columns import MAX_COLUMNS, note_columns
from listings.ingest.headers import SEPARATORS, Dialect, find_header, is_second_header
from listings.ingest.lines import MAX_LINE, Lines
from listings.ingest.outcome import Complaint, Report, Row, UnreadableFeed
from listings.ingest.samples import choose_columns, sample_only, sampled
from listings.ingest.shapes import PLAIN, Rows, shape_of
from portal.cells import unguarded

UNCLOSED, CELLS = "unclosed quote", "wrong number of cells"

csv.field_size_limit(max(csv.field_size_limit(), MAX_LINE))


class _TooFar(Exception):
    """A record is longer than any row may be."""


class _Taking:
    """Hands lines to csv.reader and remembers them, so that they can be put back."""

    def __init__(self, first: tuple[int, str], lines: Lines) -> None:
        self.taken: list[tuple[int, str | Complaint]] = [first]
        self._first: str | None = first[1]
        self._lines, self._size = lines, len(first[1])

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self._first is not None:
            line, self._first = self._first, None
            return line
        number, text = self._lines.any()
        self.taken.append((number, text))
        self._size += len(text)
        if isinstance(text, Complaint) or self._size > MAX_LINE:
            raise _TooFar
        return text


class _Records:
    """The records of a table: (line of its start, cells or Complaint)."""

    def __init__(self, lines: Lines, dialect: Dialect) -> None:
        self._lines, self._separator = lines, dialect.separator
        self._reading: dict[str, Any] = {"delimiter": dialect.separator, "skipinitialspace": dialect.skips_blanks}
        self.width = 0  # of the header, once it is known
        self.quotes_well = False  # whether the file quotes the texts that need it
        self.doubtful = 0

    def __iter__(self) -> Iterator[tuple[int, list[str] | Complaint]]:
        return self

    def __next__(self) -> tuple[int, list[str] | Complaint]:
        number, line = next(self._lines)
        if isinstance(line, Complaint):
            return number, line
        if '"' not in line:
            return number, line.rstrip("\r\n").split(self._separator)
        taking = _Taking((number, line), self._lines)
        try:
            cells = next(csv.reader(taking, strict=True, **self._reading))
        except (csv.Error, _TooFar) as error:
            return number, self._recovered(number, line, taking, error)
        if len(taking.taken) == 1:
            self.quotes_well = self.quotes_well or any(self._separator in cell or '"' in cell for cell in cells)
            return number, cells
        if self.width and self._is_swallowed(cells, taking):
            return number, self._recovered(number, line, taking, None)
        return number, cells

    def _is_swallowed(self, cells: list[str], taking: _Taking) -> bool:
        """Whether a record of several lines is really several rows, the first with an unclosed quote."""
        if len(_trimmed(cells, self.width)) != self.width:
            return True
        first, *inner = [str(text) for _, text in taking.taken]
        alike = sum(self._width_of(text) == self.width for text in inner)
        enough = alike * 2 >= len(inner) if self.width > 2 else alike == len(inner) > 2
        if first.count(self._separator) + 1 != self.width or not enough:
            return False
        if self.quotes_well:  # then its quotes are intended, whatever a seller wrote into the text
            self.doubtful += 1
            return False
        return True

    def _width_of(self, line: str) -> int:
        return len(next(csv.reader([line], **self._reading), []))

    def _recovered(self, number: int, line: str, taking: _Taking, error: Exception | None) -> list[str] | Complaint:
        """The cells of the first line alone, read leniently, or why it is refused; the other lines are put back."""
        self._lines.put_back(taking.taken[1:])
        if len(taking.taken) == 1 and isinstance(error, csv.Error) and "unexpected end" not in str(error):
            return next(csv.reader([line], **self._reading))
        return Complaint(
            f"the quote opened in line {number} is not closed: close it, and double every quote inside a text", UNCLOSED
        )


def read_table(lines: Lines, report: Report) -> Rows:
    """The rows of a table by field. Raises UnreadableFeed if no column is an id or a title."""
    dialect = find_header(lines, report)
    separator, records = dialect.separator, _Records(lines, dialect)
    _, found = next(records)
    if isinstance(found, Complaint):
        raise UnreadableFeed(f"The header cannot be read: {found}.")
    header = [cell.strip().lstrip("\ufeff") for cell in found]
    while header and not header[-1]:
        header.pop()
    if len(header) > MAX_COLUMNS:
        raise UnreadableFeed(
            f"The header has {len(header):,} columns; the maximum is {MAX_COLUMNS}. Remove unused columns."
        )
    shape = shape_of(header)
    report.format = shape.name if shape is not PLAIN else "TSV" if separator == "\t" else "CSV"
    report.format += f", separated by {SEPARATORS.get(separator, repr(separator))}"
    report.is_table = True
    plan = shape.plan(tuple(header), choose_columns(report, header))
    note_columns(report, plan)
    records.width = len(header)
    rows = _rows(records, header, report, lines)
    if plan.missing:
        sample_only(rows, report)
        raise UnreadableFeed(no_columns(plan.missing, header))
    yield from shape.group(sampled(rows, report), plan, report)
    if records.doubtful:
        report.note(f"{records.doubtful:,} quoted texts contain lines that look like rows. They were read as text.")


def _rows(records: _Records, header: list[str], report: Report, lines: Lines) -> Rows:
    folded, any_row = [cell.lower() for cell in header], False
    alone = len(set(header)) == len(header)
    for number, found in records:
        any_row = True
        if isinstance(found, Complaint):
            if lines.breaks_off_at(number):
                report.broke_off = f"The file is cut off in line {number}, inside a quoted text."
            yield number, found
            continue
        cells = _trimmed(found, len(header))
        if len(cells) != len(header):
            if lines.breaks_off_at(number):
                report.broke_off = f"The file is cut off in line {number}: it has {len(cells)} of {len(header)} cells."
            yield (
                number,
                Complaint(
                    f"the row has {len(cells)} cells but the header has {len(header)}: put quotes around every cell that contains "
                    "the separator",
                    CELLS,
                ),
            )
        elif [cell.strip("\ufeff ").lower() for cell in cells] == folded or is_second_header(header, cells):
            report.note(f"The header is repeated in line {number}. This line was skipped.")
        else:
            cells = [unguarded(cell) for cell in cells]
            yield number, dict(zip(header, cells, strict=True)) if alone else _merged(header, cells)
    if not any_row:
        raise UnreadableFeed("The file has a header but no rows. Export the catalogue again.")


def _trimmed(cells: list[str], width: int) -> list[str]:
    """The cells without empty ones past the header, which a separator at the end of each line creates."""
    while len(cells) > width and not cells[-1].strip():
        cells = cells[:-1]
    return cells


def _merged(header: list[str], cells: list[str]) -> Row:
    row: Row = {}
    for name, cell in zip(header, cells, strict=True):
        if not row.get(name):
            row[name] = cell
    return row


def no_columns(missing: list[str], header: list[str]) -> str:
    words = {
        "external_id": "the listing's id (such as id, sku or Artikelnummer)",
        "title": "its title (such as title, name or Bezeichnung)",
    }
    shown = ", ".join(cell[:40] for cell in header[:12] if cell) + (" …" if len(header) > 12 else "")
    return f"No column was recognised as {' or as '.join(words[field] for field in missing)}. Found: {shown}. Rename a column, or choose the columns on the page of the import."
