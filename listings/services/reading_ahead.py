"""Reading ahead: while PostgreSQL stores one chunk of a feed, a thread reads the next, so that both work at the same time.

The thread never asks the database: connections belong to threads, and nobody acts in this one
(portal/database/acting.py), so a statement that names a table with tenants would fail.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Step = TypeVar("Step")
Made = TypeVar("Made")


def read_ahead(
    steps: Iterator[Step], prepare: Callable[[Step], Callable[[], Made]]
) -> Generator[tuple[Step, Made], None, None]:
    """Each of `steps` in their order, read in a thread while the caller is busy with those before, at most two ahead.

    `prepare` is called in the caller's thread, and returns what the thread then makes of the step. What breaks in the
    thread is raised here, once the caller had every step before it. Close this where it is left before its end: it
    waits for the thread, so that what `steps` read from can be closed.
    """
    thread = ThreadPoolExecutor(1, thread_name_prefix="reading ahead")
    read: deque[tuple[Step, Future[Made]]] = deque()
    try:
        following = thread.submit(next, steps, None)
        while True:
            error = following.exception()
            step = None if error is not None else following.result()
            if step is not None:
                read.append((step, thread.submit(prepare(step))))
                following = thread.submit(next, steps, None)
            while len(read) > (step is not None):
                before, made = read.popleft()
                yield before, made.result()
            if error is not None:
                raise error
            if step is None:
                return
    finally:
        thread.shutdown(cancel_futures=True)
