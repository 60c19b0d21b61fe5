"""Recall feeds: fetched on a schedule, each independently. New recalls wait as an import for a person."""

import hashlib
from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import audit
from portal.background import sweeping
from portal.http.addresses import Refused, place_of
from portal.identity.actors import Actor
from portal.models import Organisation, User
from portal.notifications.outbox import notify
from portal.transitions import LostRace
from recalls.importers.records import Reading, UnreadableFile
from recalls.importers.registry import read
from recalls.models import RecallFeed, RecallImport
from recalls.services.feed_fetch import Fetched, FetchFailed, fetch_file
from recalls.services.imports import cancel_recall_import, start_recall_import
from recalls.states import ImportStatus

MIN_MINUTES, MAX_MINUTES = 15, 60 * 24 * 31
FIRST_RETRY = timedelta(minutes=5)  # after the first failure; each further one doubles it
MAX_RETRY_DELAY = timedelta(days=1)
LEASE = timedelta(minutes=15)  # in which only one worker fetches a feed; longer than any fetch takes
MIN_SHARE = 0.8  # of the records of the last file: a file with fewer waits for a person
SWEEP = "recall feeds"
NOTIFY_AFTER = 3  # failures in a row, after which the staff are notified

Result = RecallFeed.Result


def create_feed(
    *, regulator: Organisation, name: str, url: str, interval_minutes: int, enabled: bool, actor: Actor
) -> RecallFeed:
    """A new feed, due at once. Raises ValidationError for an address that may not be fetched, or that already is a feed."""
    actor.require("recall.import")
    if actor.regulator_id not in (None, regulator.pk):
        raise PermissionDenied(gettext_noop("You can add feeds only for your own regulator."))
    _check(url, interval_minutes)
    with transaction.atomic():
        feed = RecallFeed(regulator=regulator, name=name, url=url, interval_minutes=interval_minutes, enabled=enabled)
        feed.created_by_id = actor.user_id
        _save(feed)
        after = {"name": name, "url": url, "interval_minutes": interval_minutes, "enabled": enabled}
        audit.record(actor=actor, action="feed.created", subject=feed, after=after)
    return feed


def edit_feed(
    *, feed: RecallFeed, name: str, url: str, interval_minutes: int, enabled: bool, accept_fewer: bool, actor: Actor
) -> RecallFeed:
    """Change a feed; it is due at once. `accept_fewer` accepts the next file whatever its number of records."""
    actor.require("recall.import")
    _check(url, interval_minutes)
    with transaction.atomic():
        feed = RecallFeed.objects.select_for_update().get(pk=feed.pk)
        names = ("name", "url", "interval_minutes", "enabled")
        before = {each: getattr(feed, each) for each in names}
        moved = url != feed.url
        feed.name, feed.url, feed.interval_minutes, feed.enabled = name, url, interval_minutes, enabled
        if moved or accept_fewer:
            feed.etag = feed.last_modified = feed.digest = ""
            feed.records = 0
        feed.failures, feed.next_at = 0, timezone.now()
        _save(feed)
        after = {each: getattr(feed, each) for each in names} | {"accept_fewer": accept_fewer}
        audit.record(actor=actor, action="feed.edited", subject=feed, before=before, after=after)
    return feed


def _check(url: str, interval_minutes: int) -> None:
    try:
        place_of(url, allowed_private=settings.FETCH_ALLOWED_PRIVATE)
    except Refused as error:
        raise ValidationError({"url": str(error)}) from None
    if not MIN_MINUTES <= interval_minutes <= MAX_MINUTES:
        raise ValidationError({"interval": gettext_noop("Choose a frequency from the list.")})


def _save(feed: RecallFeed) -> None:
    try:
        with transaction.atomic():
            feed.save()
    except IntegrityError:
        raise ValidationError({"url": gettext_noop("There is already a feed for this address.")}) from None


def ask_for_fetch(*, feed: RecallFeed, actor: Actor) -> RecallFeed:
    """Fetch a feed at the next sweep, whatever its schedule. Raises ValidationError if it is not in use."""
    actor.require("recall.import")
    if not feed.enabled:
        raise ValidationError(gettext_noop("This feed is not in use. Edit it and select In use."))
    with transaction.atomic():
        feed.next_at = timezone.now()
        RecallFeed.objects.filter(pk=feed.pk).update(next_at=feed.next_at)
        audit.record(actor=actor, action="feed.fetch_asked", subject=feed)
    return feed


def fetch_feeds_due() -> int:
    """Fetch the feeds that are due, one after the other; returns how many. A failed feed stops no other."""
    due = RecallFeed.objects.due(timezone.now()).order_by("next_at", "pk")
    sweeping.forget_others(RecallFeed.objects.filter(enabled=True), sweep=SWEEP)
    return sweeping.each(sweeping.ready(due, sweep=SWEEP), _fetch, sweep=SWEEP, atomic=False).done


def _fetch(feed: RecallFeed) -> None:
    fetch_feed(feed=feed, actor=Actor.system("recall feed"))


def fetch_feed(*, feed: RecallFeed, actor: Actor) -> RecallFeed | None:
    """Fetch one feed now and record the result; None if another worker is fetching it. A new file becomes an import and
    replaces an import of this feed that still waits for confirmation."""
    actor.require("recall.import")
    if not _leased(feed):
        return None
    try:
        fetched = fetch_file(feed.url, etag=feed.etag, last_modified=feed.last_modified)
    except FetchFailed as error:
        return _failed(feed, Result.FAILED, str(error), actor)
    digest = hashlib.sha256(fetched.data).hexdigest()
    if not fetched.changed or digest == feed.digest:
        return _noted(feed, Result.UNCHANGED, actor, fetched=fetched if fetched.changed else None)
    return _taken_in(feed, fetched, digest, actor)


def _taken_in(feed: RecallFeed, fetched: Fetched, digest: str, actor: Actor) -> RecallFeed:
    """Import a new file if it can be read and is plausible."""
    try:
        reading = read(fetched.data)
    except UnreadableFile as error:
        return _failed(feed, Result.REFUSED, str(error), actor)
    if reason := _suspicious(feed, reading):
        return _failed(feed, Result.REFUSED, reason, actor)
    return _imported(feed, fetched, reading, digest, actor)


def _leased(feed: RecallFeed) -> bool:
    """Whether this worker may fetch the feed: the first one sets the next time to after the longest fetch."""
    now = timezone.now()
    with transaction.atomic():
        taken = RecallFeed.objects.filter(pk=feed.pk, next_at=feed.next_at).update(next_at=now + LEASE)
    if taken:
        feed.next_at = now + LEASE
    return bool(taken)


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


def _imported(feed: RecallFeed, fetched: Fetched, reading: Reading, digest: str, actor: Actor) -> RecallFeed:
    name = urlsplit(feed.url).path.rsplit("/", 1)[-1][:100] or "feed"
    with transaction.atomic():
        for job in RecallImport.objects.filter(feed=feed, status=ImportStatus.WAITING):
            with suppress(LostRace):
                cancel_recall_import(job=job, actor=actor, reason="Replaced by a newer file of the feed.")
        start_recall_import(
            regulator=feed.regulator, file=ContentFile(fetched.data, name), filename=name, feed=feed, actor=actor
        )
        feed.digest, feed.records, feed.publisher = digest, reading.records, reading.publisher
        _noted(feed, Result.IMPORTED, actor, fetched=fetched)
    return feed


def _noted(feed: RecallFeed, result: str, actor: Actor, *, fetched: Fetched | None = None) -> RecallFeed:
    now = timezone.now()
    if fetched is not None:
        feed.etag, feed.last_modified = fetched.etag, fetched.last_modified
    feed.result, feed.detail, feed.failures, feed.fetched_at = result, "", 0, now
    feed.next_at = now + timedelta(minutes=feed.interval_minutes)
    with transaction.atomic():
        _store(feed)
        if result == Result.IMPORTED:
            audit.record(actor=actor, action="feed.imported", subject=feed, after={"records": feed.records})
    return feed


def _failed(feed: RecallFeed, result: str, reason: str, actor: Actor) -> RecallFeed:
    """Record why there is no new file, wait longer each time, and notify the staff if it keeps failing."""
    now = timezone.now()
    news = (feed.result, feed.detail) != (result, reason)
    feed.result, feed.detail, feed.fetched_at = result, reason[:2000], now
    feed.failures = min(feed.failures + 1, 1_000)
    wait = min(FIRST_RETRY * 2 ** min(feed.failures - 1, 12), MAX_RETRY_DELAY)
    feed.next_at = now + wait
    with transaction.atomic():
        _store(feed)
        if news:
            action = "feed.refused" if result == Result.REFUSED else "feed.failed"
            audit.record(actor=actor, action=action, subject=feed, after={"failures": feed.failures}, reason=reason)
        if feed.failures == NOTIFY_AFTER or (result == Result.REFUSED and news):
            _notify_staff(feed)
    return feed


def _store(feed: RecallFeed) -> None:
    """Store the result of a fetch; a fetch does not change whether the feed is in use, or its address."""
    names = (
        "result",
        "detail",
        "failures",
        "fetched_at",
        "next_at",
        "etag",
        "last_modified",
        "digest",
        "records",
        "publisher",
    )
    RecallFeed.objects.filter(pk=feed.pk).update(**{name: getattr(feed, name) for name in names})


def _notify_staff(feed: RecallFeed) -> None:
    staff = User.objects.filter(organisation=feed.regulator_id, role="regulator_staff", is_active=True)
    notify(
        people=staff,
        key=f"feed:{feed.pk}:{feed.result}:{timezone.now().timestamp()}",
        subject=f"Feed {feed.name} could not be imported",
        body=feed.detail,
        link=reverse("recalls:feeds"),
    )
