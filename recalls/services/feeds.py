"""Recall feeds: fetched on a schedule, each independently. New recalls wait as an import for a person."""

from contextlib import suppress
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import audit
from portal.background.jobs import turn
from portal.http.fetching import Limits
from portal.identity.actors import Actor
from portal.models import Organisation, User
from portal.services.fetching import Fetching, FileRefused, check_schedule, fetch_due, make_due, save_schedule
from portal.transitions import LostRace
from recalls.importers.records import Reading, UnreadableFile
from recalls.importers.registry import read
from recalls.models import RecallFeed, RecallImport
from recalls.services.imports import cancel_recall_import, start_recall_import
from recalls.states import ImportStatus

MIN_SHARE = 0.8  # of the records of the last file: a file with fewer waits for a person
TURN_LOCK = 0x0FF5_0014  # advisory lock class: one worker fetches recalls, the others go on with files
MAX_SWEEP = 600.0  # seconds; the rest is left to the next sweep
TAKEN = gettext_noop("There is already a feed for this address.")


class RecallFetching(Fetching[RecallFeed]):
    """A new file becomes an import, if it can be read and is plausible; it replaces an import of its feed that still waits
    for confirmation."""

    action, permission, sweep = "feed", "recall.import", "recall feeds"
    limits = Limits(max_bytes=100 << 20, max_seconds=120.0)  # the importers bound what it unpacks to
    stored = ("records", "publisher")

    def take_in(self, row: RecallFeed, file: BinaryIO, *, actor: Actor) -> dict[str, Any]:
        data = file.read()
        try:
            reading = read(data)
        except UnreadableFile as error:
            raise FileRefused(str(error)) from None
        if reason := _suspicious(row, reading):
            raise FileRefused(reason)
        name = urlsplit(row.url).path.rsplit("/", 1)[-1][:100] or "feed"
        for job in RecallImport.objects.filter(feed=row, status=ImportStatus.WAITING):
            with suppress(LostRace):
                cancel_recall_import(job=job, actor=actor, reason="Replaced by a newer file of the feed.")
        start_recall_import(regulator=row.regulator, file=ContentFile(data, name), filename=name, feed=row, actor=actor)
        row.records, row.publisher = reading.records, reading.publisher
        return {"records": row.records}

    def people(self, row: RecallFeed) -> QuerySet[User]:
        return User.objects.filter(organisation=row.regulator_id, role="regulator_staff", is_active=True)

    def page(self) -> str:
        return "recalls:feeds"

    def failing(self, row: RecallFeed) -> str:
        return f"Feed {row.name} could not be imported"


FETCHING = RecallFetching()


def create_feed(
    *, regulator: Organisation, name: str, url: str, interval_minutes: int, enabled: bool, actor: Actor
) -> RecallFeed:
    """A new feed, due at once. Raises ValidationError for an address that may not be fetched, or that already is a feed."""
    actor.require("recall.import")
    if actor.regulator_id not in (None, regulator.pk):
        raise PermissionDenied(gettext_noop("You can add feeds only for your own regulator."))
    check_schedule(url, interval_minutes)
    with transaction.atomic():
        feed = RecallFeed(regulator=regulator, name=name, url=url, interval_minutes=interval_minutes, enabled=enabled)
        feed.created_by_id = actor.user_id
        save_schedule(feed, taken=TAKEN)
        after = {"name": name, "url": url, "interval_minutes": interval_minutes, "enabled": enabled}
        audit.record(actor=actor, action="feed.created", subject=feed, after=after)
    return feed


def edit_feed(
    *, feed: RecallFeed, name: str, url: str, interval_minutes: int, enabled: bool, accept_fewer: bool, actor: Actor
) -> RecallFeed:
    """Change a feed; it is due at once. `accept_fewer` accepts the next file whatever its number of records."""
    actor.require("recall.import")
    check_schedule(url, interval_minutes)
    with transaction.atomic():
        feed = RecallFeed.objects.select_for_update().get(pk=feed.pk)
        names = ("name", "url", "interval_minutes", "enabled")
        before = {each: getattr(feed, each) for each in names}
        moved = url != feed.url
        feed.name, feed.url, feed.interval_minutes, feed.enabled = name, url, interval_minutes, enabled
        if moved or accept_fewer:
            feed.forget_file()
            feed.records = 0
        feed.failures, feed.next_at = 0, timezone.now()
        save_schedule(feed, taken=TAKEN)
        after = {each: getattr(feed, each) for each in names} | {"accept_fewer": accept_fewer}
        audit.record(actor=actor, action="feed.edited", subject=feed, before=before, after=after)
    return feed


def ask_for_fetch(*, feed: RecallFeed, actor: Actor) -> RecallFeed:
    """Fetch a feed at the next sweep, whatever its schedule. Raises ValidationError if it is not in use."""
    not_in_use = gettext_noop("This feed is not in use. Edit it and select In use.")
    return make_due(feed, FETCHING, not_in_use=not_in_use, actor=actor)


def fetch_feeds_due() -> int:
    """Fetch the feeds that are due, one after the other and in one worker at a time; returns how many. A failed feed stops
    no other, and slow servers never hold more than that worker."""
    with turn(TURN_LOCK, 1) as mine:
        if not mine:
            return 0
        due = RecallFeed.objects.due(timezone.now())
        return fetch_due(due, RecallFeed.objects.filter(enabled=True), FETCHING, seconds=MAX_SWEEP)


def fetch_feed(*, feed: RecallFeed, actor: Actor) -> RecallFeed | None:
    """Fetch one feed now and record the result; None if another worker is fetching it."""
    return FETCHING.fetch(feed, actor=actor)


def _suspicious(feed: RecallFeed, reading: Reading) -> str:
    """Why a readable file is not plausible: it is cut off, or it has far fewer records than the last one."""
    if reading.broke_off:
        return f"The file is incomplete: {reading.broke_off}."
    if reading.records < feed.records * MIN_SHARE:
        return (
            f"The file has {reading.records:,} records; the last one had {feed.records:,}. "
            "If this is correct, edit the feed and select “Accept a smaller file once”."
        )
    return ""
