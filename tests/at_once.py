"""Two things at once, each on a connection of its own: what one holds, and that the other waits for it.

Only what is committed is seen by the other one: such a test needs `django_db(transaction=True)`.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection

from portal.database.acting import SYSTEM, begin

T = TypeVar("T")
_WAITING = """
SELECT count(DISTINCT pid) FROM pg_locks waiting WHERE NOT granted AND EXISTS (
    SELECT FROM pg_locks has JOIN pg_database ON has.database = pg_database.oid
    WHERE has.pid = waiting.pid AND datname = current_database()
)
"""  # other workers of the run wait for locks of their own, on the same server


@contextmanager
def elsewhere() -> Iterator[Callable[[Callable[[], T]], Future[T]]]:
    """`do(act)` begins `act` beside the test, as the system unless it says who acts; its future has what came of it."""
    with ThreadPoolExecutor(4, initializer=begin, initargs=(SYSTEM,)) as pool:

        def do(act: Callable[[], T]) -> Future[T]:
            def run() -> T:
                try:
                    return act()
                finally:
                    connection.close()

            return pool.submit(run)

        yield do


def until_waiting(count: int = 1, *, seconds: float = 30.0) -> None:
    """Return as soon as `count` connections wait for a lock; fails where they do not."""
    until = time.monotonic() + seconds
    while _waiting() < count:
        assert time.monotonic() < until, f"Nobody waits: {_waiting()} of {count}."
        time.sleep(0.02)


def _waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        row: Any = cursor.fetchone()
    return int(row[0])
