"""Telling the workers that there is work now. Only that: without it the next sweep finds the same work in the database.

So no one waits for the broker, and no one fails with it: a thread of this process notifies the broker, what goes wrong is
logged, and after a failure it rests for a while, in which nothing is sent.
"""

import contextlib
import logging
import os
import threading
import time
from dataclasses import dataclass
from functools import lru_cache, partial
from queue import Full, Queue
from typing import Any

from django.db import transaction

from portal import correlation

logger = logging.getLogger(__name__)
MAX_WAITING = 200
REST = 5.0  # seconds without an attempt after a failure


def hurry(task: Any, *arguments: Any, expires: float = 30.0) -> None:
    """Have a worker run `task` soon, after the transaction at work commits; perhaps not, where the broker is out of reach.

    Takes no time and raises nothing. Not started within `expires` seconds, it is dropped.
    """
    transaction.on_commit(partial(_queue, _Call(task, arguments, expires, correlation.current())))


@dataclass(frozen=True, slots=True)
class _Call:
    task: Any
    arguments: tuple[Any, ...]
    expires: float
    trace: correlation.Trace


def _queue(call: _Call) -> None:
    with contextlib.suppress(Full):
        _queue_of(os.getpid()).put_nowait(call)


@lru_cache(maxsize=1)
def _queue_of(_process: int) -> "Queue[_Call]":
    """What the thread of this process has to tell; a forked process gets its own."""
    waiting: Queue[_Call] = Queue(MAX_WAITING)
    threading.Thread(target=_notify, args=(waiting,), name="hurry", daemon=True).start()
    return waiting


def _notify(waiting: "Queue[_Call]") -> None:
    rests_until = 0.0
    while True:
        call = waiting.get()
        if time.monotonic() < rests_until:
            continue
        with correlation.working_on(call.trace):
            try:
                call.task.apply_async(call.arguments, expires=call.expires, retry=False)
            except Exception as error:  # noqa: BLE001  the sweep finds the work
                logger.warning("%s could not be hurried along: %s: %s", call.task.name, type(error).__name__, error)
                rests_until = time.monotonic() + REST
