"""New rows of a feed that match no active notice: they are stored with their keys, and need not be matched.

The rows are read by threads that have no part in the transaction which stores them, against the notices of that moment.
What they found counts if the same notices are active under the lock of a batch (listings/services/matches.py); if they
changed, the rows are read again.

A long feed is read by processes (listings/services/settling_process.py), so that Python takes more than one core. The
rows of a process that dies or hangs are left to matching, which finds the one that did it and sets it aside.
"""

import logging
import os
from collections.abc import Callable, Collection, Mapping
from functools import partial
from queue import Empty, SimpleQueue
from typing import NamedTuple

from listings.ingest.rows import ListingRow
from listings.matching.settling import Sought, array_literal, settled_keys
from listings.row_texts import row_fields, row_text
from listings.services.matches import Active, active_recalls, lock_shared
from listings.services.settling_process import SettlingFailed, SettlingProcess

MAX_PROCESSES = 2  # more of them would wait for PostgreSQL
ROWS_ALONE = 10_000  # of a feed, which are read sooner than a process has started
MAX_FAILURES = 3  # of processes: then nothing more of the feed is settled, and all of it is left to matching

logger = logging.getLogger(__name__)


class Settled(NamedTuple):
    """External id → stored keys, as `array_literal` writes them, of rows that match none of the notices of `active`."""

    active: Active
    keys: Mapping[str, str]


def processes() -> int:
    """How many processes read a long feed: none on a single core, which they would share with the import."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(MAX_PROCESSES, cores - 1)


class Settling:
    """Settles the new rows of one platform's feed, with a process for each thread that calls what `prepare` returns.

    Close it before whoever calls these: that ends the processes for which they wait.
    """

    def __init__(self, platform_id: int) -> None:
        self._platform_id = platform_id
        self._active = active_recalls(platform_id)
        self._processes, self._is_closed = processes(), False
        self._rows = self._failures = 0
        self._started: list[SettlingProcess] = []
        self._idle: SimpleQueue[SettlingProcess] = SimpleQueue()

    @property
    def threads(self) -> int:
        """How many threads should call what `prepare` returns."""
        return max(1, self._processes)

    def prepare(self, rows: Collection[ListingRow]) -> Callable[[], Settled]:
        """What a thread then calls to read the next rows of the feed. It asks no database."""
        self._rows += len(rows)
        read = self._read_apart if self._processes and self._rows > ROWS_ALONE else self.read
        return partial(read, rows)

    def read(self, rows: Collection[ListingRow]) -> Settled:
        """Those that match nothing; the others, and those that break, are left to their batch. Asks no database."""
        active, settled = self._active, {}
        sought = _sought(active)
        for row in rows:
            try:
                keys = settled_keys(row_text(row), sought)
            except Exception:
                logger.exception("a new row of platform %s could not be read for matching", self._platform_id)
            else:
                if keys is not None:
                    settled[row.external_id] = array_literal(keys)
        return Settled(active, settled)

    def _read_apart(self, rows: Collection[ListingRow]) -> Settled:
        """The same in another process; nothing of these rows is settled where it fails."""
        active, settled = self._active, {}
        if not rows or self._failures >= MAX_FAILURES:
            return Settled(active, {})
        try:
            process = self._process()
            answers = process.settle([row_fields(row) for row in rows], _sought(active))
        except (SettlingFailed, OSError) as error:
            if not self._is_closed:
                self._failures += 1
                logger.warning(
                    "%s new rows of platform %s, lines %s to %s, are left to matching, since their process failed: %s",
                    len(rows), self._platform_id, min(row.line for row in rows), max(row.line for row in rows), error,
                )  # fmt: skip
            return Settled(active, {})
        self._idle.put(process)
        for row, answer in zip(rows, answers, strict=True):
            if isinstance(answer, str):
                settled[row.external_id] = answer
            elif answer is not None:
                detail = "a new row of platform %s could not be read for matching: %s"
                logger.error(detail, self._platform_id, *answer)
        return Settled(active, settled)

    def _process(self) -> SettlingProcess:
        """One that is idle, or a new one. Raises SettlingFailed once all are closed, OSError where none starts."""
        try:
            return self._idle.get_nowait()
        except Empty:
            process = SettlingProcess()
        self._started.append(process)
        if self._is_closed:  # meanwhile, perhaps before it was among those that are ended
            process.close()
            raise SettlingFailed("the import has ended")
        return process

    def close(self) -> None:
        """End the processes."""
        self._is_closed = True
        for process in self._started:
            process.close()

    def confirmed(self, settled: Settled, rows: Mapping[str, ListingRow]) -> Mapping[str, str]:
        """The keys of the rows that match no notice that is active now, among `rows` as they are about to be stored.

        Holds the lock of a batch to the end of the transaction, so that what is stored so is found by every notice that
        is matched later; so call it before any row is locked.
        """
        lock_shared(self._platform_id)
        self._active = active_recalls(self._platform_id)
        if not settled.active.is_like(self._active):
            settled = self.read([rows[external_id] for external_id in settled.keys if external_id in rows])
        return settled.keys


def _sought(active: Active) -> Sought:
    return Sought(active.recalls if active.notices else None, active.without, active.traces.keys)
