"""Scheduled feeds: a platform's catalogue, fetched on a schedule and imported like an upload."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from listings.models import CatalogueImport, ScheduledFeed
from listings.services.imports import refuse_import, start_import
from listings.states import ImportStatus
from portal import audit
from portal.background.jobs import turn
from portal.http.addresses import Refused, place_of
from portal.http.fetching import FetchFailed, Limits, Wanted
from portal.identity.actors import Actor
from portal.identity.encryption import Unreadable, decrypt, encrypt
from portal.models import Organisation, User
from portal.services.fetching import Fetching, FileRefused, check_schedule, fetch_due, make_due, save_schedule
from portal.transitions import LostRace

MAX_FEEDS = 5  # of one platform
MAX_SWEEP = 120.0  # seconds; the rest is left to the next sweep, so that uploads wait for no slow server
MAX_CREDENTIAL = 2_000  # characters
TURN_LOCK = 0x0FF5_0011  # advisory lock class: one worker fetches catalogues, the others go on with imports
TAKEN = gettext_noop("There is already a scheduled feed for this address.")
_HEADER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,59}")
_NOT_OURS = frozenset(
    {
        *("host", "connection", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "expect", "range"),
        *("accept-encoding", "if-none-match", "if-modified-since", "user-agent"),
    }
)
_SETTINGS = ("name", "url", "kind", "interval_minutes", "enabled", "credential_name")


class CatalogueFetching(Fetching[ScheduledFeed]):
    """A new file becomes a catalogue import; one of the same feed that still waits for a person gives way to it."""

    action, permission, sweep = "scheduled_feed", "catalogue.import", "scheduled feeds"
    limits = Limits(max_bytes=1 << 30, max_seconds=180.0)

    def wanted(self, row: ScheduledFeed) -> Wanted:
        return Wanted(
            row.url, etag=row.etag, last_modified=row.last_modified, secrets=_headers_of(row), https_only=True
        )

    def take_in(self, row: ScheduledFeed, file: BinaryIO, *, actor: Actor) -> dict[str, Any]:
        if not file.read(1):
            raise FileRefused("The file is empty.")
        file.seek(0)
        name = urlsplit(row.url).path.rsplit("/", 1)[-1][:100] or "catalogue"
        for job in CatalogueImport.objects.filter(feed=row, status=ImportStatus.WAITING):
            with suppress(LostRace):
                refuse_import(job=job, reason="Replaced by a newer file of the scheduled feed.", actor=actor)
        job = start_import(
            platform=row.platform, file=File(file, name), filename=name, kind=row.kind, feed=row, actor=actor
        )
        return {"import": job.pk}

    def people(self, row: ScheduledFeed) -> QuerySet[User]:
        return User.objects.filter(organisation=row.platform_id, role="platform_manager", is_active=True)

    def page(self) -> str:
        return "listings:scheduled_feeds"

    def failing(self, row: ScheduledFeed) -> str:
        return f"Scheduled feed {row.name} could not be imported"


FETCHING = CatalogueFetching()


@dataclass(frozen=True, slots=True)
class FeedSettings:
    """What a person sets of a scheduled feed. `credential` is sent in the header `credential_name`; neither is needed."""

    name: str
    url: str
    kind: str
    interval_minutes: int
    enabled: bool = True
    credential_name: str = ""
    credential: str = field(default="", repr=False)


def create_scheduled_feed(*, platform: Organisation, chosen: FeedSettings, actor: Actor) -> ScheduledFeed:
    """A new scheduled feed, due at once. Its credential is never shown again.

    Raises ValidationError for an address that may not be fetched or already is one, a credential that cannot be sent, or
    one feed too many.
    """
    _require_own(platform, actor)
    if platform.is_sandbox:
        raise ValidationError(gettext_noop("A sandbox has no scheduled feeds. Upload a file instead."))
    check_schedule(chosen.url, chosen.interval_minutes, https_only=True)
    _check_credential(chosen, stored=False)
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=platform.pk)  # two at once are counted, too
        if platform.scheduled_feeds.count() >= MAX_FEEDS:
            detail = gettext_noop("A platform has at most %(number)s scheduled feeds. Change one that exists.")
            raise ValidationError(detail, params={"number": MAX_FEEDS})
        feed = ScheduledFeed(platform=platform, created_by_id=actor.user_id)
        _put(feed, chosen)
        if chosen.credential:
            feed.credential = encrypt(chosen.credential)
        save_schedule(feed, taken=TAKEN)
        audit.record(actor=actor, action="scheduled_feed.created", subject=feed, after=_told(feed))
    return feed


def edit_scheduled_feed(*, feed: ScheduledFeed, chosen: FeedSettings, actor: Actor) -> ScheduledFeed:
    """Change a scheduled feed; it is due at once. Without a new credential, the stored one is kept as long as header and
    server stay the same: nobody can have it sent to another server than it was entered for. Without a header it is deleted.
    """
    _require_own(feed.platform, actor)
    check_schedule(chosen.url, chosen.interval_minutes, https_only=True)
    with transaction.atomic():
        feed = ScheduledFeed.objects.select_for_update().get(pk=feed.pk)
        before = _told(feed)
        same = chosen.credential_name == feed.credential_name and _server(chosen.url) == _server(feed.url)
        kept = same and bool(feed.credential)
        _check_credential(chosen, stored=kept)
        if (chosen.url, chosen.kind) != (feed.url, feed.kind):
            feed.forget_file()
        _put(feed, chosen)
        if chosen.credential or not kept:
            feed.credential = encrypt(chosen.credential) if chosen.credential else ""
        feed.failures, feed.next_at = 0, timezone.now()
        save_schedule(feed, taken=TAKEN)
        after = _told(feed) | {"credential_changed": bool(chosen.credential)}
        audit.record(actor=actor, action="scheduled_feed.edited", subject=feed, before=before, after=after)
    return feed


def _put(feed: ScheduledFeed, chosen: FeedSettings) -> None:
    for name in _SETTINGS:
        setattr(feed, name, getattr(chosen, name))


def ask_for_scheduled_fetch(*, feed: ScheduledFeed, actor: Actor) -> ScheduledFeed:
    """Fetch at the next sweep, whatever the schedule; a file whose last import came to nothing is imported again.

    Raises ValidationError if it is paused.
    """
    _require_own(feed.platform, actor)
    last = feed.imports.first()
    if last is not None and last.status in {ImportStatus.FAILED, ImportStatus.CANCELLED}:
        feed.forget_file()
    paused = gettext_noop("This scheduled feed is paused. Edit it and select In use.")
    return make_due(feed, FETCHING, not_in_use=paused, actor=actor)


def fetch_scheduled_feeds_due() -> int:
    """Fetch the scheduled feeds that are due and whose last import is over; returns how many. One fails for itself alone."""
    with turn(TURN_LOCK, 1) as mine:
        if not mine:
            return 0
        due = ScheduledFeed.objects.due(timezone.now()).select_related("platform")
        return fetch_due(due, ScheduledFeed.objects.filter(enabled=True), FETCHING, seconds=MAX_SWEEP)


def _require_own(platform: Organisation, actor: Actor) -> None:
    actor.require(FETCHING.permission)
    if actor.platform_id not in (None, platform.pk) or not platform.is_platform:
        raise PermissionDenied(gettext_noop("You can schedule feeds only for your own platform."))


def _check_credential(chosen: FeedSettings, *, stored: bool) -> None:
    name, value = chosen.credential_name, chosen.credential
    if not name:
        if value:
            raise ValidationError(
                {"credential_name": gettext_noop("Enter the header in which the credential is sent.")}
            )
        return
    if not _HEADER.fullmatch(name) or name.lower() in _NOT_OURS:
        detail = gettext_noop("Enter the name of a header, such as Authorization or X-Api-Key.")
        raise ValidationError({"credential_name": detail})
    if not value and not stored:
        detail = gettext_noop("Enter the credential. It is needed again after a change of the header or the server.")
        raise ValidationError({"credential": detail})
    if len(value) > MAX_CREDENTIAL or not (value.isascii() and (value.isprintable() or not value)):
        detail = gettext_noop("Enter up to %(most)s characters in one line, without accents or symbols outside ASCII.")
        raise ValidationError({"credential": ValidationError(detail, params={"most": MAX_CREDENTIAL})})


def _server(url: str) -> object:
    try:
        return place_of(url, allowed_private=settings.FETCH_ALLOWED_PRIVATE)
    except Refused:
        return url


def _told(feed: ScheduledFeed) -> dict[str, Any]:
    """What the audit says of a feed: all but its credential."""
    return {name: getattr(feed, name) for name in _SETTINGS}


def _headers_of(feed: ScheduledFeed) -> dict[str, str]:
    """Raises FetchFailed where the credential was encrypted under a SECRET_KEY that is gone."""
    if not feed.credential:
        return {}
    try:
        return {feed.credential_name: decrypt(feed.credential)}
    except Unreadable:
        raise FetchFailed("The credential can no longer be read. Edit the scheduled feed and enter it again.") from None
