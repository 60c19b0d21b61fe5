"""How many calls of one organisation a process answers at the same time: the others of its threads are for the others.

Calls that wait (for a lock, for a slow sender) or work long each hold a thread of the web server, whatever a minute allows.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from portal.api.problems import CallRefused

MAX_AT_ONCE = 4  # of the 8 threads of a process (Dockerfile, deploy/systemd/offshelf-web.service)
WAIT_SECONDS = 1

_counting = threading.Lock()
_going_on: Counter[int] = Counter()


@contextmanager
def place(organisation_id: int) -> Iterator[None]:
    """One of the organisation's places in this process. Raises CallRefused (throttled) where all are taken."""
    with _counting:
        if _going_on[organisation_id] >= MAX_AT_ONCE:
            detail = f"Your organisation has {MAX_AT_ONCE} calls going on here. Wait for one of them to end."
            raise CallRefused("throttled", detail, wait=WAIT_SECONDS)
        _going_on[organisation_id] += 1
    try:
        yield
    finally:
        with _counting:
            _going_on[organisation_id] -= 1
            if not _going_on[organisation_id]:
                del _going_on[organisation_id]
