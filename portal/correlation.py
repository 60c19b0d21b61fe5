"""What belongs together in the logs: an id that goes with a request, with the tasks that it starts, and with what they send."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

_ID = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Trace:
    """`id` is the correlation id; `task` and `task_id` say which background task is at work, if one is."""

    id: str = ""
    task: str = ""
    task_id: str = ""


_NOTHING = Trace()
_TRACE: ContextVar[Trace] = ContextVar("trace", default=_NOTHING)


def current() -> Trace:
    """What this thread works on."""
    return _TRACE.get()


def current_id() -> str:
    """The correlation id, empty where there is none; the default of a row that leaves later."""
    return _TRACE.get().id


def begin(trace: Trace) -> None:
    """From now on this thread works on `trace`, until it is told otherwise."""
    _TRACE.set(trace)


def new_id() -> str:
    return uuid.uuid4().hex


def accepted(given: str) -> str:
    """`given` where it can be an id, else a new one: letters, digits, - and _, 8 to 64 of them."""
    return given if _ID.fullmatch(given) else new_id()


@contextmanager
def working_on(trace: Trace) -> Iterator[None]:
    """What is logged, started and sent meanwhile belongs to `trace`."""
    token = _TRACE.set(trace)
    try:
        yield
    finally:
        _TRACE.reset(token)
