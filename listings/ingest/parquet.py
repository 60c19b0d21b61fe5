"""Parquet: read in small batches, so that neither a row group nor a page of a hostile file fills the memory.

What a file declares about its sizes is checked first, but a page may be larger than declared. So while pyarrow reads, the
process may take only MAX_MEMORY more; what needs more is refused.
"""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from math import isnan
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from listings.ingest.columns import MAX_COLUMNS, usual_plan
from listings.ingest.delimited import no_columns
from listings.ingest.lines import MAX_LINE, TOO_LONG
from listings.ingest.outcome import BrokeOff, Complaint, Report, Row, UnreadableFeed
from listings.ingest.samples import choose_columns, sample_only
from listings.ingest.unpacking import MAX_RATIO, SMALL

BATCH = 500  # rows
BUFFER = 1 << 20  # bytes of a column that are read at once
MAX_MEMORY = 3 << 30  # bytes of address space: the library's threads reserve one gigabyte of it, used or not
MAX_THRIFT = 64_000_000  # bytes of the footer's texts and lists
_DAMAGED = "The Parquet file is damaged, cut off or encrypted: export it again."
_TOO_MUCH = "The Parquet file unpacks to far more than a catalogue has. Upload a smaller file."
_PAGE = resource.getpagesize()

pa.set_memory_pool(pa.system_memory_pool())  # the others reserve a gigabyte at a time, which `_bounded` would count


def read_parquet(source: IO[bytes], size: int, report: Report) -> Iterator[tuple[int, Row | Complaint]]:
    """The rows of a Parquet file by its columns, counted from 1. Raises UnreadableFeed, or BrokeOff after some rows."""
    report.format, report.encoding = "Parquet", "UTF-8 (Parquet)"
    with _bounded(_DAMAGED):
        file = pq.ParquetFile(
            source,
            buffer_size=BUFFER,
            pre_buffer=False,
            thrift_string_size_limit=MAX_THRIFT,
            thrift_container_size_limit=MAX_THRIFT,
        )
        names = list(file.schema_arrow.names)
        unpacked = sum(file.metadata.row_group(n).total_byte_size for n in range(file.metadata.num_row_groups))
    if len(names) > MAX_COLUMNS:
        raise UnreadableFeed(
            f"The file has {len(names):,} columns; the maximum is {MAX_COLUMNS}. Remove unused columns."
        )
    if unpacked > max(SMALL, size * MAX_RATIO):
        raise UnreadableFeed(_TOO_MUCH)
    flat = not any(pa.types.is_nested(kind) for kind in file.schema_arrow.types)
    chosen = choose_columns(report, names) if flat else ()
    if flat and (missing := usual_plan(tuple(names), chosen).missing):
        sample_only(_rows(file, names), report)
        raise UnreadableFeed(no_columns(missing, names))
    if not file.metadata.num_rows:
        raise UnreadableFeed("The file has columns but no rows. Export the catalogue again.")
    yield from _rows(file, names)


def _rows(file: pq.ParquetFile, names: list[str]) -> Iterator[tuple[int, Row | Complaint]]:
    number = 0
    batches = file.iter_batches(batch_size=BATCH, use_threads=False)
    while (batch := _next(batches, number)) is not None:
        for place in range(batch.num_rows):
            number += 1
            yield number, _row(names, batch, place, number)


def _next(batches: Iterator[pa.RecordBatch], number: int) -> pa.RecordBatch | None:
    try:
        with _bounded(f"The Parquet file cannot be read after row {number:,}: export it again."):
            return next(batches, None)
    except UnreadableFeed as error:
        if number:
            raise BrokeOff(str(error)) from None
        raise


def _row(names: list[str], batch: pa.RecordBatch, place: int, number: int) -> Row | Complaint:
    cells = [column[place] for column in batch.columns]
    try:
        row = {name: _value(cell.as_py()) for name, cell in zip(names, cells, strict=True)}
    except (ValueError, OverflowError, pa.ArrowException) as error:
        return Complaint(
            f"row {number} has a value that cannot be read ({str(error)[:100]}): correct it", "unreadable value"
        )
    if sum(len(value) for value in row.values() if isinstance(value, str)) > MAX_LINE:
        return Complaint(f"row {number} is longer than {MAX_LINE:,} characters: shorten it", TOO_LONG)
    return row


def _value(value: Any) -> Any:
    """A cell as JSON has it; NaN, which dataframes write for nothing, is nothing."""
    if isinstance(value, float):
        return None if isnan(value) else int(value) if value.is_integer() and abs(value) < 1e15 else str(value)
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list):
        return [_value(each) for each in value]
    if isinstance(value, dict):
        return {name: _value(each) for name, each in value.items()}
    return value


@contextmanager
def _bounded(message: str) -> Iterator[None]:
    """Let this process take at most MAX_MEMORY more; whatever pyarrow raises for a file becomes UnreadableFeed."""
    before, most = resource.getrlimit(resource.RLIMIT_AS)
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * _PAGE if Path("/proc/self/statm").exists() else 0
    if taken:
        limit = taken + MAX_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit if before < 0 else min(before, limit), most))
    try:
        yield
    except (MemoryError, pa.ArrowMemoryError):
        raise UnreadableFeed(_TOO_MUCH) from None
    except (pa.ArrowException, OSError, ValueError, TypeError, NotImplementedError, KeyError):
        raise UnreadableFeed(message) from None
    finally:
        if taken:
            resource.setrlimit(resource.RLIMIT_AS, (before, most))
