"""What can be exported. Each app registers its exporters; the ground makes, keeps and hands out the files.

An export is written by a worker, in the name of the person who asked for it: it holds what that person may see when it
is written (portal/services/exports.py).
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from portal.exporting.tables import csv_lines
from portal.identity.actors import Actor

HEARD_EVERY = 0.5  # seconds
PIECE = 1 << 16


class Tally:
    """How far a writer is. `total` steps there are (0: not known), `done` of them; `counted` is what its reader counts in.

    `hears` is called now and then, and may raise to stop the writer.
    """

    def __init__(self, hears: Callable[["Tally"], None] | None = None) -> None:
        self.total = self.done = self.counted = 0
        self._hears, self._next = hears, 0.0

    def step(self) -> None:
        self.done += 1
        if self._hears is not None and (now := time.monotonic()) >= self._next:
            self._next = now + HEARD_EVERY
            self._hears(self)

    @property
    def percent(self) -> int:
        """How much is done; 99 until the file is whole."""
        return min(99, 100 * self.done // self.total) if self.total else 0


@dataclass(frozen=True, slots=True)
class Exporter:
    """One kind of export: `title` as pages call it, what it counts in (Export.Unit), and `write`, which yields the file.

    `write(actor, arguments, tally)` sees what `actor` sees, who needs `permission`. `arguments` are plain data. It raises
    PermissionDenied, ValidationError or ObjectDoesNotExist where there is nothing to write any more. Where the export is
    about one object, `subject` is that object's kind (portal/subjects.py), and its key is the argument called `named`.
    """

    kind: str
    title: str
    permission: str
    unit: str
    suffix: str
    content_type: str
    write: Callable[[Actor, dict[str, Any], Tally], Iterator[bytes]]
    subject: str = ""
    named: str = ""


_EXPORTERS: dict[str, Exporter] = {}


def register(exporter: Exporter) -> None:
    if exporter.kind in _EXPORTERS:
        raise ValueError(f"There are two exporters of {exporter.kind}.")
    _EXPORTERS[exporter.kind] = exporter


def register_table(
    kind: str,
    title: str,
    permission: str,
    write: Callable[[Actor, dict[str, Any], Tally], Iterator[bytes]],
    *,
    subject: str = "",
    named: str = "",
) -> None:
    """An exporter of rows as CSV; `write` is best made with `table`."""
    register(Exporter(kind, title, permission, "rows", "csv", "text/csv; charset=utf-8", write, subject, named))


def exporter_of(kind: str) -> Exporter:
    """Raises KeyError for a kind that no one registered."""
    return _EXPORTERS[kind]


def table(header: Sequence[str], rows: Iterable[Sequence[Any]], *, total: int, tally: Tally) -> Iterator[bytes]:
    """The rows as CSV, in pieces; each row is a step."""

    def counted() -> Iterator[Sequence[Any]]:
        for row in rows:
            yield row
            tally.counted += 1
            tally.step()

    tally.total = total
    waiting: list[str] = []
    size = 0
    for line in csv_lines(header, counted()):
        waiting.append(line)
        size += len(line)
        if size >= PIECE:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()
