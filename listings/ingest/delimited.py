"""Tables with a separator: CSV, TSV and their dialects. A quote that is never closed costs its own row.

Python's reader alone would swallow the rest of a file with it. So records are read strictly, line by line from a
buffer: where a record with line breaks in it turns out to be none (the file ends inside, it grows without end, its
quotes or its cells do not add up), its first line is refused and reading goes on with the second.
"""

import csv
import re
from collections.abc import Iterator

from listings.ingest.columns import KNOWN, note_columns, squeezed
from listings.ingest.lines import MAX_LINE, Lines
from listings.ingest.outcome import Complaint, Report, Row, UnreadableFeed
from listings.ingest.shapes import PLAIN, Rows, shape_of

MAX_COLUMNS = 300
SEPARATORS = {"\t": "tab", ";": "semicolon", ",": "comma", "|": "bar"}
_SEP_LINE = re.compile(r'"?sep=(.)"?', re.IGNORECASE)
UNCLOSED, METRICS = "a quote is never closed", "wrong number of cells"

csv.field_size_limit(max(csv.field_size_limit(), MAX_LINE))


class _TooFar(Exception):
    """A record goes on for longer than any row does."""


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

    def __init__(self, lines: Lines, separator: str) -> None:
        self._lines, self._separator = lines, separator
        self.width = 0  # of the header, once it is known
        self.quotes_well = False  # whether the writer was seen to quote what needs it
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
            metrics = next(csv.reader(taking, delimiter=self._separator, strict=True))
        except (csv.Error, _TooFar) as error:
            return number, self._recovered(number, line, taking, error)
        if len(taking.taken) == 1:
            self.quotes_well = self.quotes_well or any(self._separator in metric or '"' in metric for metric in metrics)
            return number, metrics
        if self.width and self._is_swallowed(metrics, taking):
            return number, self._recovered(number, line, taking, None)
        return number, metrics

    def _is_swallowed(self, metrics: list[str], taking: _Taking) -> bool:
        """Whether a record of several lines is rather several rows, the first with an open quote."""
        if len(_trimmed(metrics, self.width)) != self.width:
            return True
        first, *inner = [str(text) for _, text in taking.taken]
        alike = sum(self._width_of(text) == self.width for text in inner)
        enough = alike * 2 >= len(inner) if self.width > 2 else alike == len(inner) > 2
        if first.count(self._separator) + 1 != self.width or not enough:
            return False
        if self.quotes_well:  # then its quotes are meant, whatever a seller wrote into the text
            self.doubtful += 1
            return False
        return True

    def _width_of(self, line: str) -> int:
        return len(next(csv.reader([line], delimiter=self._separator), []))

    def _recovered(self, number: int, line: str, taking: _Taking, error: Exception | None) -> list[str] | Complaint:
        """The cells of the first line alone, read leniently, or why it is refused; the other lines are put back."""
        self._lines.put_back(taking.taken[1:])
        if len(taking.taken) == 1 and isinstance(error, csv.Error) and "unexpected end" not in str(error):
            return next(csv.reader([line], delimiter=self._separator))
        return Complaint(
            f"a quote opened in line {number} is never closed: close it, or write a quote inside a text twice", UNCLOSED
        )


def read_table(lines: Lines, report: Report) -> Rows:
    """The rows of a table by field. Raises UnreadableFeed where no column is an id or a title."""
    separator, header_line = _separator(lines)
    lines.put_back([header_line])
    records = _Records(lines, separator)
    _, found = next(records)
    if isinstance(found, Complaint):
        raise UnreadableFeed(f"The header cannot be read: {found}.")
    header = [metric.strip().lstrip("\ufeff") for metric in found]
    while header and not header[-1]:
        header.pop()
    if len(header) > MAX_COLUMNS:
        raise UnreadableFeed(f"The header has {len(header):,} columns; {MAX_COLUMNS} are the most that is read.")
    shape = shape_of(header)
    report.format = shape.name if shape is not PLAIN else "TSV" if separator == "\t" else "CSV"
    report.format += f", separated by {SEPARATORS.get(separator, repr(separator))}"
    plan = shape.plan(tuple(header))
    note_columns(report, plan)
    if plan.missing:
        raise UnreadableFeed(no_columns(plan.missing, header))
    records.width = len(header)
    yield from shape.group(_rows(records, header, report, lines), plan, report)
    if records.doubtful:
        report.note(
            f"{records.doubtful:,} quoted texts hold lines that look like rows of the file: they were read as texts."
        )


def _rows(records: _Records, header: list[str], report: Report, lines: Lines) -> Rows:
    folded, any_row = [metric.lower() for metric in header], False
    alone = len(set(header)) == len(header)
    for number, found in records:
        any_row = True
        if isinstance(found, Complaint):
            if lines.breaks_off_at(number):
                report.broke_off = f"The file breaks off in line {number}, inside a quoted text."
            yield number, found
            continue
        metrics = _trimmed(found, len(header))
        if len(metrics) != len(header):
            if lines.breaks_off_at(number):
                report.broke_off = (
                    f"The file breaks off in line {number}: it has {len(metrics)} cells of {len(header)}."
                )
            yield (
                number,
                Complaint(
                    f"{len(metrics)} cells where the header has {len(header)}: quote cells that hold the separator",
                    METRICS,
                ),
            )
        elif [metric.strip().lower() for metric in metrics] == folded:
            report.note(f"The header stands again in line {number}: it was skipped.")
        else:
            yield number, dict(zip(header, metrics, strict=True)) if alone else _merged(header, metrics)
    if not any_row:
        raise UnreadableFeed("Only a header was found: no row follows it.")


def _trimmed(metrics: list[str], width: int) -> list[str]:
    """The cells without empty ones past the header, as a separator at the end of each line makes them."""
    while len(metrics) > width and not metrics[-1].strip():
        metrics = metrics[:-1]
    return metrics


def _merged(header: list[str], metrics: list[str]) -> Row:
    row: Row = {}
    for name, metric in zip(header, metrics, strict=True):
        if not row.get(name):
            row[name] = metric
    return row


def _separator(lines: Lines) -> tuple[str, tuple[int, str | Complaint]]:
    """The separator: the one that a line `sep=` names, else the one under which the header has the most known columns."""
    try:
        number, line = next(lines)
        if (named := _SEP_LINE.fullmatch(line.strip("\ufeff\r\n "))) is not None:
            return named[1], next(lines)
    except StopIteration:
        raise UnreadableFeed("The file is empty.") from None
    if isinstance(line, Complaint):
        raise UnreadableFeed(f"The header cannot be read: {line}.")

    def known(separator: str) -> tuple[int, int]:
        metrics = next(csv.reader([line], delimiter=separator), [])
        return sum(squeezed(metric) in KNOWN for metric in metrics) if len(metrics) > 1 else 0, len(metrics)

    best = max(SEPARATORS, key=known)
    if known(best)[1] < 2:
        raise UnreadableFeed(
            "The file is neither JSON, XML, XLSX nor CSV: its first line must be a header with the names of the columns."
        )
    return best, (number, line)


def no_columns(missing: list[str], header: list[str]) -> str:
    words = {
        "external_id": "the listing's id (such as id, sku or Artikelnummer)",
        "title": "its title (such as title, name or Bezeichnung)",
    }
    shown = ", ".join(metric[:40] for metric in header[:12] if metric) + (" …" if len(header) > 12 else "")
    return f"No column could be read as {' or as '.join(words[field] for field in missing)}: found {shown}. Rename one."
