"""What work costs: processor time of this process, of those that it starts and of the PostgreSQL that it asks, beside
wall-clock time, which others' load blurs; and memory."""

import contextlib
import os
import threading
import time
from pathlib import Path
from typing import NamedTuple, Self

from django.db import connection

_TICK, _PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")


class Spent(NamedTuple):
    """Seconds: by the clock, of this process with its threads and of those that it started and that ended, and of all
    processes of PostgreSQL."""

    clock: float
    python: float
    postgres: float

    def __sub__(self, before: "Spent") -> "Spent":
        return Spent(*(now - then for now, then in zip(self, before, strict=True)))

    def __str__(self) -> str:
        return f"{self.clock:.1f} s ({self.python:.1f} s of Python, {self.postgres:.1f} s of PostgreSQL)"


def spent() -> Spent:
    """Since these processes began; only differences say something."""
    children = os.times()
    python = time.process_time() + children.children_user + children.children_system
    return Spent(time.perf_counter(), python, sum(map(_seconds, _servers())))


class PeakMemory:
    """Meanwhile looks ten times a second how much memory this process and all that it started take together.

    The kernel's own peak does not do: that of a child begins with what its parent had.
    """

    def __init__(self) -> None:
        self.megabytes = 0.0
        self._is_over = threading.Event()
        self._looking = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._looking.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over.set()
        self._looking.join()

    def _look(self) -> None:
        while True:
            self.megabytes = max(
                self.megabytes, sum(map(_resident, [os.getpid(), *_children(os.getpid())])) / (1 << 20)
            )
            if self._is_over.wait(0.1):
                return


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile
        return 0


def _children(pid: int) -> list[int]:
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # the thread ended meanwhile
            found += [int(child) for child in path.read_text(encoding="ascii").split()]
    return found


def _servers() -> list[int]:
    """The processes of PostgreSQL: the postmaster, which counts those that ended, and all that it has started."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    postmaster = int(_fields(backend)[1])
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text(encoding="ascii").split()
    return [postmaster, *map(int, children)]


def _fields(pid: int) -> list[str]:
    """What /proc says of a process, from its state on."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()


def _seconds(pid: int) -> float:
    try:
        fields = _fields(pid)
    except (FileNotFoundError, ProcessLookupError):  # it ended meanwhile, and its parent counts it
        return 0.0
    own = int(fields[11]) + int(fields[12])
    of_ended = int(fields[13]) + int(fields[14])
    return (own + of_ended) / _TICK
