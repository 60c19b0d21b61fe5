"""Hosts that did not answer in time lately: they are not asked for a while, so that their silence costs no one else.

Whoever asks a silent host waits for the whole deadline, and a hundred listings of one shop would keep all threads waiting.
Kept by each process for itself.
"""

import threading
import time

MAX_IN_A_ROW = 5  # times out of time without an answer between
REST = 20.0  # seconds
MAX_HOSTS = 1_000  # that are remembered; then all are forgotten

_lock = threading.Lock()
_silent: dict[str, tuple[int, float]] = {}


def rests(host: str) -> bool:
    """Whether `host` was silent so often that it is not asked now. After a rest, one more silence begins the next."""
    times, last = _silent.get(host, (0, 0.0))
    return times >= MAX_IN_A_ROW and time.monotonic() < last + REST


def was_silent(host: str) -> None:
    """It did not answer within the deadline."""
    with _lock:
        if len(_silent) >= MAX_HOSTS:
            _silent.clear()
        _silent[host] = (_silent.get(host, (0, 0.0))[0] + 1, time.monotonic())


def answered(host: str) -> None:
    """It did."""
    if host in _silent:
        with _lock:
            _silent.pop(host, None)
