"""Reads that may be some seconds old, from a second server that follows the first: it draws the pages with the most to count.

The primary stays the truth: everything is written there, every right is asked for there, and so is every other page. A
page asks the replica only while it is at most `REPLICA_LAG_SECONDS` behind, and for as long after somebody wrote
something their own pages come from the primary, so that nobody misses what they did themselves. Where the replica does
not answer, refuses a statement or lacks a row, the primary is asked, and the replica rests for a while.
"""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

logger = logging.getLogger(__name__)
PRIMARY, REPLICA = "default", "replica"
WROTE = "offshelf_wrote"
"""The cookie of who wrote something a moment ago. It decides nothing but which of two servers is asked."""
REST_SECONDS = 30
READS = frozenset({"GET", "HEAD"})
_READING: ContextVar[bool] = ContextVar("reading from the replica", default=False)
_BEHIND = """
SELECT CASE
  WHEN NOT pg_is_in_recovery() THEN NULL
  WHEN pg_last_wal_replay_lsn() >= %s::pg_lsn THEN 0
  WHEN pg_last_xact_replay_timestamp() IS NULL THEN NULL
  ELSE greatest(0, %s - extract(epoch FROM pg_last_xact_replay_timestamp()))
END
"""


class Router:
    """Sends reads to the replica inside a page that `may_be_seconds_old`; everything else, always, to the primary."""

    def db_for_read(self, _model: type, **_hints: Any) -> str:
        return REPLICA if _READING.get() else PRIMARY

    def db_for_write(self, _model: type, **_hints: Any) -> str:
        return PRIMARY  # said out loud: otherwise a row would be written to where it was read

    def allow_relation(self, _one: Any, _other: Any, **_hints: Any) -> bool:
        return True

    def allow_migrate(self, database: str, _app: str, **_hints: Any) -> bool:
        return database == PRIMARY


class _Rest:
    """Until when this process leaves the replica alone."""

    until = 0.0

    def begin(self) -> None:
        self.until = time.monotonic() + REST_SECONDS

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.until


rest = _Rest()


def is_configured() -> bool:
    return REPLICA in connections.settings


def seconds_behind() -> float | None:
    """How much of the primary's past seconds the replica may lack; 0 where it has all of them. None: it follows nobody, or
    replayed nothing yet.

    Both servers' words are compared by the primary's clock and its place in the log, so neither a replica that was cut
    off nor one with a wrong clock passes for one that is up to date. Raises DatabaseError where one does not answer.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn()::text, extract(epoch FROM clock_timestamp())")
        written = cursor.fetchone()
    with connections[REPLICA].cursor() as cursor:
        cursor.execute(_BEHIND, written)
        (behind,) = cursor.fetchone()
    return None if behind is None else float(behind)


def may_be_seconds_old(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page that only reads, and that the replica may draw. It is drawn before it is returned: nothing of it is streamed."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method in READS and WROTE not in request.COOKIES and _follows():
            try:
                with _reading():
                    return view(request, *args, **kwargs)
            except Http404:
                pass  # perhaps it is not there yet
            except DatabaseError as error:
                rest.begin()
                logger.warning("The replica did not answer a page, so the primary does: %s", type(error).__name__)
        return view(request, *args, **kwargs)

    return answered


@contextmanager
def _reading() -> Iterator[None]:
    token = _READING.set(True)
    try:
        yield
    finally:
        _READING.reset(token)


def _follows() -> bool:
    if not is_configured() or not rest.is_over:
        return False
    try:
        behind = seconds_behind()
    except DatabaseError as error:
        rest.begin()
        logger.warning("The replica does not answer, so the primary draws all pages: %s", type(error).__name__)
        return False
    return behind is not None and behind <= settings.REPLICA_LAG_SECONDS


class WroteMiddleware:
    """Gives who wrote something the cookie that has the primary draw their pages until the replica has it, too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method not in READS and is_configured():
            response.set_cookie(
                WROTE,
                "yes",
                max_age=settings.REPLICA_LAG_SECONDS + 1,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response
