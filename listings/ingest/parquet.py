"""A catalogue as Parquet; how such a file is read safely: portal/parquet.py."""

from collections.abc import Iterator
from typing import IO

from listings.ingest.columns import MAX_COLUMNS, usual_plan
from listings.ingest.delimited import no_columns
from listings.ingest.lines import MAX_LINE, TOO_LONG
from listings.ingest.outcome import BrokeOff, Complaint, Report, Row, UnreadableFeed
from listings.ingest.samples import choose_columns, sample_only
from listings.ingest.unpacking import MAX_RATIO, SMALL
from portal.parquet import BadRow, ParquetFile, UnreadableParquet

_TOO_MUCH = "The Parquet file unpacks to far more than a catalogue has. Upload a smaller file."


def read_parquet(source: IO[bytes], size: int, report: Report) -> Iterator[tuple[int, Row | Complaint]]:
    """The rows of a Parquet file by its columns, counted from 1. Raises UnreadableFeed, or BrokeOff after some rows."""
    report.format, report.encoding = "Parquet", "UTF-8 (Parquet)"
    try:
        file = ParquetFile(source)
    except UnreadableParquet as error:
        raise UnreadableFeed(_said(error)) from None
    names = file.names
    if len(names) > MAX_COLUMNS:
        raise UnreadableFeed(
            f"The file has {len(names):,} columns; the maximum is {MAX_COLUMNS}. Remove unused columns."
        )
    if file.unpacked > max(SMALL, size * MAX_RATIO):
        raise UnreadableFeed(_TOO_MUCH)
    chosen = choose_columns(report, names) if file.is_flat else ()
    if file.is_flat and (missing := usual_plan(tuple(names), chosen).missing):
        sample_only(_rows(file), report)
        raise UnreadableFeed(no_columns(missing, names))
    if not file.count:
        raise UnreadableFeed("The file has columns but no rows. Export the catalogue again.")
    yield from _rows(file)


def _rows(file: ParquetFile) -> Iterator[tuple[int, Row | Complaint]]:
    number = 0
    try:
        for number, row in enumerate(file.rows(), 1):
            if isinstance(row, BadRow):
                yield number, Complaint(row, "unreadable value")
            elif sum(len(value) for value in row.values() if isinstance(value, str)) > MAX_LINE:
                yield number, Complaint(f"row {number} is longer than {MAX_LINE:,} characters: shorten it", TOO_LONG)
            else:
                yield number, row
    except UnreadableParquet as error:
        raise (BrokeOff if number else UnreadableFeed)(_said(error)) from None


def _said(error: UnreadableParquet) -> str:
    return _TOO_MUCH if error.too_much else str(error)
