"""Reading ahead: while PostgreSQL stores one chunk of a feed, threads read the next, so that both work at the same time.

The threads never ask the database: connections belong to threads, and nobody acts in these
(portal/database/acting.py), so a statement that names a table with tenants would fail.
"""

from collections import deque
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Step = TypeVar("Step")
Made = TypeVar("Made")


def read_ahead(
    steps: Iterator[Step], prepare: Callable[[Step], Callable[[], Made]], threads: int = 1
) -> Generator[tuple[Step, Made], None, None]:
    """Each of `steps` in their order, read in a thread while the caller is busy with those before.

    `prepare` is called in the caller's thread, and returns what one of `threads` more threads then makes of the step. At
    most one step for each of these and one more are read ahead. What breaks in a thread is raised here, once the caller
    had every step before it. Close this where it is left before its end: it waits for the threads, so that what `steps`
    read from can be closed.
    """
    reader = ThreadPoolExecutor(1, thread_name_prefix="reading ahead")
    makers = ThreadPoolExecutor(threads, thread_name_prefix="reading ahead")
    read: deque[tuple[Step, Future[Made]]] = deque()
    try:
        following = reader.submit(next, steps, None)
        while True:
            error = following.exception()
            step = None if error is not None else following.result()
            if step is not None:
                read.append((step, makers.submit(prepare(step))))
                following = reader.submit(next, steps, None)
            while len(read) > (threads if step is not None else 0):
                before, made = read.popleft()
                yield before, made.result()
            if error is not None:
                raise error
            if step is None:
                return
    finally:
        makers.shutdown(cancel_futures=True)
        reader.shutdown(cancel_futures=True)
