"""In whose name the database is asked at the moment: it shows rows to who was named, and to nobody else.

The middleware names the person of a request, the API the key's organisation, a worker the system for each task, and
`manage.py` for its command. Where nobody was named, no row of any tenant is there (portal/database/row_security.py).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
PLATFORM, REGULATOR, OPERATOR, ALL = "platform", "regulator", "operator", "all"


@dataclass(frozen=True, slots=True)
class Principal:
    """A side of the wall: one platform, one regulator or the operator (`tenant` is its id), or all, which has no tenant."""

    kind: str
    tenant: int | None = None


SYSTEM = Principal(ALL)
"""The machine itself. A process says so (`begin`); nothing is it by default."""
_PRINCIPAL: ContextVar[Principal | None] = ContextVar("principal", default=None)


def current() -> Principal | None:
    """Who is asked for in this thread; None where nobody was named."""
    return _PRINCIPAL.get()


def begin(principal: Principal | None) -> None:
    """From now on this thread asks as `principal`, until it is told otherwise."""
    _PRINCIPAL.set(principal)


@contextmanager
def acting(principal: Principal | None) -> Iterator[None]:
    """Meanwhile this thread asks as `principal`."""
    token = _PRINCIPAL.set(principal)
    try:
        yield
    finally:
        _PRINCIPAL.reset(token)


@contextmanager
def as_system(why: str) -> Iterator[None]:
    """Meanwhile, or as a decorator: the system asks, for what a person causes on the other side of the wall and does not
    see: who is notified there, which clock moves. What it finds is shown to nobody who may not see it.

    `why` says so to who reads the code; tests/architecture/test_row_security.py lists the modules that may.
    """
    if not why:
        raise ValueError("Say why the system has to ask for this.")
    with acting(SYSTEM):
        yield


def drawn(parts: Iterable[T], principal: Principal | None) -> Iterator[T]:
    """`parts`, each made as `principal` whenever it is asked for: what is streamed is made after whoever asked has left."""
    steps = iter(parts)
    while True:
        with acting(principal):
            part = next(steps, None)
        if part is None:
            return
        yield part
