"""Parquet from strangers: read in small batches, so that neither a row group nor a page of a hostile file fills the memory.

What a file declares about its sizes is checked first, but a page may be larger than declared. So while pyarrow reads, the
process may take only MAX_MEMORY more; what needs more is refused. Pure.
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

BATCH = 500  # rows
BUFFER = 1 << 20  # bytes of a column that are read at once
MAX_MEMORY = 3 << 30  # bytes of address space: the library's threads reserve one gigabyte of it, used or not
MAX_THRIFT = 64_000_000  # bytes of the footer's texts and lists
_DAMAGED = "The Parquet file is damaged, cut off or encrypted: export it again."
_PAGE = resource.getpagesize()

pa.set_memory_pool(pa.system_memory_pool())  # the others reserve a gigabyte at a time, which `_bounded` would count


class UnreadableParquet(ValueError):
    """Why the file, or the rest of it, cannot be read, and what to do. `too_much`: it would fill the memory."""

    def __init__(self, message: str, *, too_much: bool = False) -> None:
        self.too_much = too_much
        super().__init__(message)


class BadRow(str):
    """Why one row cannot be read."""

    __slots__ = ()


class ParquetFile:
    """A file that was opened. `unpacked` are the bytes that it declares. Raises UnreadableParquet."""

    def __init__(self, source: IO[bytes]) -> None:
        with _bounded(_DAMAGED):
            self._file = pq.ParquetFile(
                source,
                buffer_size=BUFFER,
                pre_buffer=False,
                thrift_string_size_limit=MAX_THRIFT,
                thrift_container_size_limit=MAX_THRIFT,
            )
            metadata = self._file.metadata
            self.names = list(self._file.schema_arrow.names)
            self.unpacked = sum(metadata.row_group(n).total_byte_size for n in range(metadata.num_row_groups))
            self.is_flat = not any(pa.types.is_nested(kind) for kind in self._file.schema_arrow.types)
            self.count = metadata.num_rows

    def rows(self) -> Iterator[dict[str, Any] | BadRow]:
        """The rows by their columns, values as JSON has them. Raises UnreadableParquet where it cannot go on."""
        number = 0
        batches = self._file.iter_batches(batch_size=BATCH, use_threads=False)
        while True:
            with _bounded(f"The Parquet file cannot be read after row {number:,}: export it again."):
                batch = next(batches, None)
            if batch is None:
                return
            for place in range(batch.num_rows):
                number += 1
                yield self._row(batch, place, number)

    def _row(self, batch: pa.RecordBatch, place: int, number: int) -> dict[str, Any] | BadRow:
        cells = [column[place] for column in batch.columns]
        try:
            return {name: _value(cell.as_py()) for name, cell in zip(self.names, cells, strict=True)}
        except (ValueError, OverflowError, pa.ArrowException) as error:
            return BadRow(f"row {number} has a value that cannot be read ({str(error)[:100]}): correct it")


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
    """Let this process take at most MAX_MEMORY more; whatever pyarrow raises for a file becomes UnreadableParquet."""
    before, most = resource.getrlimit(resource.RLIMIT_AS)
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * _PAGE if Path("/proc/self/statm").exists() else 0
    if taken:
        limit = taken + MAX_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit if before < 0 else min(before, limit), most))
    try:
        yield
    except (MemoryError, pa.ArrowMemoryError):
        raise UnreadableParquet(message, too_much=True) from None
    except (pa.ArrowException, OSError, ValueError, TypeError, NotImplementedError, KeyError):
        raise UnreadableParquet(message) from None
    finally:
        if taken:
            resource.setrlimit(resource.RLIMIT_AS, (before, most))
