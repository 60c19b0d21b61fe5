"""What a file shows of itself to a person who chooses its columns: their names, and its first rows cut to sane lengths."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from decimal import Decimal
from itertools import islice
from typing import Any

from listings.ingest.columns import MAX_COLUMNS, add_columns, shown
from listings.ingest.outcome import BrokeOff, Chosen, Complaint, Report, Row, UnreadableFeed

SAMPLE_ROWS = 10
MAX_TEXT = 300  # characters of a cell in the sample
MAX_NARROW = 60  # columns
MAX_TEXT_WIDE = 60  # of a cell among more columns than that
MAX_PARTS = 10  # values of one cell, such as the GTINs of variants
Rows = Iterable[tuple[int, Row | Complaint]]


def choose_columns(report: Report, names: Iterable[str]) -> Chosen:
    """Put the file's columns in the report, and decide by them what was chosen."""
    add_columns(report, names)
    report.chosen = report.choose(report.columns)
    return report.chosen


def sampled(rows: Rows, report: Report) -> Iterator[tuple[int, Row | Complaint]]:
    """The rows as they come, the first of them also kept in the report."""
    rows = iter(rows)
    for line, row in rows:
        if not isinstance(row, Complaint):
            report.sample.append((line, _cut(row)))
        yield line, row
        if len(report.sample) >= SAMPLE_ROWS:
            break
    yield from rows


def sample_only(rows: Rows, report: Report) -> None:
    """Keep the first rows of a file that cannot be read before its columns are chosen."""
    with suppress(UnreadableFeed, BrokeOff):
        for _ in islice(sampled(rows, report), SAMPLE_ROWS):
            pass


def begun(rows: Rows, report: Report) -> Iterator[tuple[int, Row | Complaint]]:
    """Rows with keys of their own; the keys of the first are the columns by which `report` decides what was chosen."""
    first: list[tuple[int, Row | Complaint]] = []
    rows, broke = iter(rows), None
    try:
        for pair in islice(rows, SAMPLE_ROWS):
            first.append(pair)  # noqa: PERF402  those before a break stay
    except BrokeOff as error:
        broke = error
    choose_columns(report, (name for _, row in first if not isinstance(row, Complaint) for name in row))
    yield from first
    if broke is not None:
        raise broke
    yield from rows


def _cut(row: Row) -> Row:
    most = MAX_TEXT if len(row) <= MAX_NARROW else MAX_TEXT_WIDE
    texts: Row = {}
    for name, value in islice(row.items(), MAX_COLUMNS):
        parts = [_text(part)[:most] for part in (value[:MAX_PARTS] if isinstance(value, list) else [value])]
        if kept := [part for part in parts if part.strip()]:
            texts.setdefault(shown(name), kept if len(kept) > 1 else kept[0])
    return texts


def _text(value: Any) -> str:
    """A value as text that may be stored and shown; nothing for what is no single value."""
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        return ""
    with suppress(ValueError):  # an integer with more digits than Python can write
        return "".join(letter for letter in str(value)[: 2 * MAX_TEXT] if letter.isprintable() or letter in "\n\t ")
    return ""
