"""Processor time of this process and of the PostgreSQL that it asks, beside wall-clock time, which others' load blurs."""

import os
import time
from pathlib import Path
from typing import NamedTuple

from django.db import connection

_TICK = os.sysconf("SC_CLK_TCK")


class Spent(NamedTuple):
    """Seconds: by the clock, of this process with its threads, and of all processes of PostgreSQL."""

    clock: float
    python: float
    postgres: float

    def __sub__(self, before: "Spent") -> "Spent":
        return Spent(*(now - then for now, then in zip(self, before, strict=True)))

    def __str__(self) -> str:
        return f"{self.clock:.1f} s ({self.python:.1f} s of Python, {self.postgres:.1f} s of PostgreSQL)"


def spent() -> Spent:
    """Since these processes began; only differences say something."""
    return Spent(time.perf_counter(), time.process_time(), sum(map(_seconds, _servers())))


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
    except FileNotFoundError:  # it ended meanwhile, and its parent counts it
        return 0.0
    own = int(fields[11]) + int(fields[12])
    of_ended = int(fields[13]) + int(fields[14])
    return (own + of_ended) / _TICK
