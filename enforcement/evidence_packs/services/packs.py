"""Evidence packs: what belongs to a case, and the two events that record who requested a pack of it and which one.

The content of a pack is fixed when it is started: the chain up to the newest seal at that time, and nothing later.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from enforcement.models import Takedown
from portal import audit
from portal.identity.actors import Actor
from portal.models import AuditSeal, Organisation
from recalls.models import Notice

MAX_TAKEDOWNS = 5_000  # of one platform and period


@dataclass(frozen=True)
class Pack:
    """A pack that was started: for whom, of which rows, up to which seal."""

    actor: Actor
    title: str
    filename: str
    scope: dict[str, Any]
    takedowns: tuple[int, ...]
    notices: tuple[int, ...]
    made_at: datetime
    head: int


def start_takedown_pack(*, takedown: Takedown, actor: Actor) -> Pack:
    """A pack of one takedown: its clock, flag, notice, checks, decisions and escalations."""
    title = f"Takedown {takedown.pk}: listing {takedown.flag.listing.external_id} on {takedown.platform}"
    own = Takedown.objects.visible_to(actor).filter(pk=takedown.pk)
    return _start(title, f"takedown-{takedown.pk}", {"takedown": takedown.pk}, own, [takedown.flag.notice_id], actor)


def start_notice_pack(*, notice: Notice, actor: Actor) -> Pack:
    """A pack of one notice and all takedowns under it."""
    title = f"Notice {notice.pk}: recall {notice.recall.number} to {notice.platform}"
    own = Takedown.objects.visible_to(actor).filter(flag__notice=notice)
    return _start(title, f"notice-{notice.pk}", {"notice": notice.pk}, own, [notice.pk], actor)


def start_period_pack(*, platform: Organisation, first: date, last: date, actor: Actor) -> Pack:
    """A pack of all takedowns of a platform whose clock started from `first` to `last`, days of the reader's zone.

    Raises as `takedowns_of_period` does.
    """
    rows = takedowns_of_period(platform=platform, first=first, last=last, actor=actor)
    notices = list(rows.order_by().values_list("flag__notice_id", flat=True).distinct())
    title = f"{platform}: takedowns started from {first} to {last}"
    begin, end = day_ends(first, last)
    scope = {"platform": platform.pk, "from": begin.isoformat(), "before": end.isoformat()}
    return _start(title, f"{platform.slug}-{first}-to-{last}", scope, rows, notices, actor)


def takedowns_of_period(*, platform: Organisation, first: date, last: date, actor: Actor) -> QuerySet[Takedown]:
    """The takedowns of a pack of a period. Raises ValidationError where there are none or too many."""
    if last < first:
        raise ValidationError({"last": gettext_noop("The last day must not be before the first day.")})
    begin, end = day_ends(first, last)
    rows = Takedown.objects.visible_to(actor).filter(platform=platform, started_at__gte=begin, started_at__lt=end)
    if (count := rows.count()) > MAX_TAKEDOWNS:
        detail = gettext_noop(
            "This period has %(count)s takedowns. A pack has up to %(most)s. Choose a shorter period."
        )
        params = {"count": f"{count:,}", "most": f"{MAX_TAKEDOWNS:,}"}
        raise ValidationError({"last": ValidationError(detail, params=params)})
    if not count:
        detail = gettext_noop("No clock of %(platform)s started from %(first)s to %(last)s. Choose another period.")
        days = {"first": f"{first:%d %b %Y}", "last": f"{last:%d %b %Y}"}
        raise ValidationError(detail, params={"platform": str(platform), **days})
    return rows


def day_ends(first: date, last: date) -> tuple[datetime, datetime]:
    """The start of the first day, and of the day after the last one."""
    begin, end = (
        timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001  made aware here
        for day in (first, last + timedelta(days=1))
    )
    return begin, end


def _start(
    title: str, name: str, scope: dict[str, Any], takedowns: QuerySet[Takedown], notices: list[int], actor: Actor
) -> Pack:
    actor.require("pack.make")
    keeper = keeper_of(actor)
    with transaction.atomic():
        ids = tuple(takedowns.order_by("pk").values_list("pk", flat=True))
        audit.record(actor=actor, action="pack.started", subject=keeper, after=scope, reason=title)
    audit.seal_events()
    newest = AuditSeal.objects.order_by("-position").first()
    now = timezone.now()
    return Pack(
        actor=actor,
        title=title,
        filename=f"offshelf-{name}-{now:%Y%m%dT%H%M%SZ}.zip",
        scope=scope,
        takedowns=ids,
        notices=tuple(sorted(notices)),
        made_at=now,
        head=newest.position if newest else 0,
    )


def keeper_of(actor: Actor) -> Organisation:
    """The organisation responsible for the copy: the events belong to the organisation that requested it, not to the
    case."""
    if actor.organisation_id is None:
        raise PermissionDenied(gettext_noop("Only people can create evidence packs."))
    return Organisation.objects.get(pk=actor.organisation_id)


def finish_pack(*, pack: Pack, manifest_sha256: str) -> int:
    """Record and seal which pack is sent; returns the event's position in the chain, with which the pack ends."""
    pack.actor.require("pack.make")
    keeper = keeper_of(pack.actor)
    with transaction.atomic():
        after = {**pack.scope, "manifest_sha256": manifest_sha256, "head": pack.head}
        made = audit.record(actor=pack.actor, action="pack.made", subject=keeper, after=after, reason=pack.title)
    audit.seal_events()
    return AuditSeal.objects.get(event=made).position
