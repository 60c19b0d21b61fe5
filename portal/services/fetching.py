"""Fetching files on a schedule: the one way of doing it. What a file is and what becomes of it is told by a `Fetching`.

Each address costs itself alone: only one worker fetches it at a time, a failure makes its next fetch wait longer, and so
does a server that is slow.
"""

import tempfile
import time
from abc import ABC, abstractmethod
from datetime import timedelta
from typing import Any, BinaryIO, ClassVar, Generic, TypeVar, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import audit
from portal.background import sweeping
from portal.http.addresses import Refused, place_of
from portal.http.fetching import Fetched, FetchFailed, Limits, Wanted, fetch_file, is_encrypted
from portal.identity.actors import Actor
from portal.models import User
from portal.models.fetching import FetchSchedule
from portal.notifications.outbox import notify

MIN_MINUTES, MAX_MINUTES = 15, 60 * 24 * 31
FIRST_RETRY = timedelta(minutes=5)  # after the first failure; each further one doubles it
MAX_RETRY_DELAY = timedelta(days=1)
LEASE = timedelta(minutes=15)  # in which only one worker fetches an address; longer than any fetch takes
NOTIFY_AFTER = 3  # failures in a row, after which people are notified
REST = 10  # times as long as its fetch took, an address waits for the next one: it has a tenth of a worker at most
IN_MEMORY = 8 << 20  # bytes; a larger file is kept on disk while it arrives

S = TypeVar("S", bound=FetchSchedule)
Result = FetchSchedule.Result


class FileRefused(Exception):
    """A file that arrived and is not to be imported; the message says why."""


class Fetching(ABC, Generic[S]):
    """How schedules of one kind are fetched. `action` begins the names of their audit actions."""

    action: ClassVar[str]
    permission: ClassVar[str]
    sweep: ClassVar[str]
    limits: ClassVar[Limits]
    stored: ClassVar[tuple[str, ...]] = ()
    """Fields that `take_in` changes."""

    @abstractmethod
    def take_in(self, row: S, file: BinaryIO, *, actor: Actor) -> dict[str, Any]:
        """Import a new file, in the transaction of the caller; returns what the audit event says of it. Raises FileRefused."""

    @abstractmethod
    def people(self, row: S) -> QuerySet[User]:
        """Who is notified of an address that keeps failing."""

    @abstractmethod
    def page(self) -> str:
        """The name of the page of all schedules."""

    @abstractmethod
    def failing(self, row: S) -> str:
        """The subject of that notification."""

    def wanted(self, row: S) -> Wanted:
        return Wanted(row.url, etag=row.etag, last_modified=row.last_modified)

    def fetch(self, row: S, *, actor: Actor) -> S | None:
        """Fetch one address now and record the result; None if another worker is fetching it."""
        actor.require(self.permission)
        if not _leased(row):
            return None
        began = time.monotonic()
        settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY, dir=str(settings.MEDIA_ROOT)) as file:
            arrived = cast("BinaryIO", file)
            try:
                fetched = fetch_file(self.wanted(row), arrived, self.limits)
            except FetchFailed as error:
                return self._failed(row, Result.FAILED, str(error), actor, rest=_rest_since(began))
            rest = _rest_since(began)
            if not fetched.changed or fetched.digest == row.digest:
                return self._noted(row, Result.UNCHANGED, fetched, rest=rest)
            try:
                with transaction.atomic():
                    if not _still_asked_for(row):
                        return row
                    after = self.take_in(row, arrived, actor=actor)
                    row.digest = fetched.digest
                    self._noted(row, Result.IMPORTED, fetched, rest=rest)
                    audit.record(actor=actor, action=f"{self.action}.imported", subject=row, after=after)
            except FileRefused as error:
                return self._failed(row, Result.REFUSED, str(error), actor, rest=rest)
        return row

    def _noted(self, row: S, result: str, fetched: Fetched, *, rest: timedelta) -> S:
        now = timezone.now()
        if fetched.changed:
            row.etag, row.last_modified = fetched.etag, fetched.last_modified
        row.result, row.detail, row.failures, row.fetched_at = result, "", 0, now
        row.next_at = now + max(timedelta(minutes=row.interval_minutes), rest)
        self._store(row)
        return row

    def _failed(self, row: S, result: str, reason: str, actor: Actor, *, rest: timedelta) -> S:
        """Record why there is no new file, wait longer each time, and notify people if it keeps failing."""
        now = timezone.now()
        news = (row.result, row.detail) != (result, reason[:2000])
        row.result, row.detail, row.fetched_at = result, reason[:2000], now
        row.failures = min(row.failures + 1, 1_000)
        row.next_at = now + max(min(FIRST_RETRY * 2 ** min(row.failures - 1, 12), MAX_RETRY_DELAY), rest)
        with transaction.atomic():
            self._store(row)
            if news:
                action = f"{self.action}.{'refused' if result == Result.REFUSED else 'failed'}"
                audit.record(actor=actor, action=action, subject=row, after={"failures": row.failures}, reason=reason)
            if row.failures == NOTIFY_AFTER or (result == Result.REFUSED and news):
                notify(
                    people=self.people(row),
                    key=f"{self.action}:{row.pk}:{row.result}:{now.timestamp()}",
                    subject=self.failing(row),
                    body=row.detail,
                    link=reverse(self.page()),
                )
        return row

    def _store(self, row: S) -> None:
        """Store the result of a fetch; a fetch does not change whether the schedule is in use, or its address. Nor does it
        write over a schedule that was edited in the meantime: that one is due at once and fetched again."""
        names = ("result", "detail", "failures", "fetched_at", "next_at", "etag", "last_modified", "digest")
        changes = {name: getattr(row, name) for name in (*names, *self.stored)}
        type(row)._base_manager.filter(pk=row.pk, url=row.url).update(**changes)


def _rest_since(began: float) -> timedelta:
    """How long an address rests after a fetch that began then (of time.monotonic): one that fails slowly rests too."""
    return timedelta(seconds=REST * (time.monotonic() - began))


def _leased(row: FetchSchedule) -> bool:
    """Whether this worker may fetch: the first one sets the next time to after the longest fetch."""
    until = timezone.now() + LEASE
    with transaction.atomic():
        taken = type(row)._base_manager.filter(pk=row.pk, next_at=row.next_at).update(next_at=until)
    if taken:
        row.next_at = until
    return bool(taken)


def _still_asked_for(row: FetchSchedule) -> bool:
    """Whether its file is wanted as when it was asked for: a fetch takes minutes, in which somebody may stop the
    schedule or give it another address, perhaps because of what the old one sends. Whoever does so waits from here on.
    """
    now = type(row)._base_manager.select_for_update().filter(pk=row.pk).first()
    return now is not None and now.enabled and all(getattr(now, name) == getattr(row, name) for name in row.ASKED)


def fetch_due(due: QuerySet[S], every: QuerySet[S], fetching: Fetching[S], *, seconds: float) -> int:
    """Fetch the `due` ones among `every` one in use, those first that waited longest; returns how many. One that fails or
    breaks stops no other, and after `seconds` the rest is left to the next sweep."""
    actor = Actor.system(fetching.sweep.removesuffix("s"))
    sweeping.forget_others(every, sweep=fetching.sweep)
    return sweeping.each(
        sweeping.ready(due.order_by("next_at", "pk"), sweep=fetching.sweep),
        lambda row: fetching.fetch(row, actor=actor),
        sweep=fetching.sweep,
        until=time.monotonic() + seconds,
        atomic=False,
    ).done


def check_schedule(url: str, interval_minutes: int, *, https_only: bool = False) -> None:
    """Raises ValidationError for an address that may not be fetched, or a frequency that is not offered."""
    try:
        place_of(url, allowed_private=settings.FETCH_ALLOWED_PRIVATE)
    except Refused as error:
        raise ValidationError({"url": str(error)}) from None
    if https_only and not is_encrypted(url):
        raise ValidationError({"url": gettext_noop("Enter an address that begins with https://.")})
    if not MIN_MINUTES <= interval_minutes <= MAX_MINUTES:
        raise ValidationError({"interval": gettext_noop("Choose a frequency from the list.")})


def save_schedule(row: FetchSchedule, *, taken: str) -> None:
    """Save; raises ValidationError with the sentence `taken` where there is one for this address."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise ValidationError({"url": taken}) from None


def make_due(row: S, fetching: Fetching[S], *, not_in_use: str, actor: Actor) -> S:
    """Fetch at the next sweep, whatever the schedule. Raises ValidationError with `not_in_use` if it is not in use."""
    actor.require(fetching.permission)
    if not row.enabled:
        raise ValidationError(not_in_use)
    with transaction.atomic():
        row.next_at = timezone.now()
        type(row)._base_manager.filter(pk=row.pk).update(
            next_at=row.next_at, etag=row.etag, last_modified=row.last_modified, digest=row.digest
        )
        audit.record(actor=actor, action=f"{fetching.action}.fetch_asked", subject=row)
    return row
