"""What becomes of matches that were held back: flagged in turn, released or dismissed by the regulator, or gone."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum

from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Count, Exists, F, Min, OuterRef, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from listings.matching_texts import index_of, listing_text
from listings.models import HeldMatch
from listings.services.flags import weigh
from listings.services.intake import Found, flag_found, held_match, is_exact, limit_of, undecided_by_seller
from listings.services.removal_traces import joined, returned_under
from listings.services.rule_switches import switched_off
from portal import audit
from portal.background import sweeping
from portal.identity.actors import Actor
from portal.models import Role, User
from portal.notifications.outbox import notify
from portal.reasons import require_reason
from recalls import services as recalls
from recalls.models import Notice
from recalls.states import NoticeStatus

HELD_LOCK = 0x0FF5_2000  # advisory lock class; the notice is the key
SWEEP, ROWS = "notices with held-back listings", "held-back listings"
PIECE = 100  # rows in one transaction
LEASE = timedelta(minutes=2)
UNANSWERED_TOO_OLD = timedelta(days=3)


class _Why(Enum):
    RELEASED, CHANGED, TURN = range(3)


class _Result(Enum):
    FLAGGED, KEPT, GONE, BROKEN = range(4)


def follow_held(*, until: float | None = None) -> int:
    """Go on with the held-back listings of every notice, until a moment of time.monotonic; returns how many were
    flagged. A notice or a listing that breaks is set aside, and the others go on."""
    some = Exists(HeldMatch.objects.waiting().filter(notice=OuterRef("pk")))
    notices = Notice.objects.filter(some).select_related("recall", "version").order_by("pk")
    sweeping.forget_others(notices, sweep=SWEEP)
    sweeping.forget_others(HeldMatch.objects.waiting(), sweep=ROWS)
    flagged = 0

    def follow(notice: Notice) -> None:
        nonlocal flagged
        flagged += follow_notice(notice=notice, until=until)

    rows = sweeping.ready(notices, sweep=SWEEP)
    sweeping.each(rows, follow, sweep=SWEEP, until=until, atomic=False, lease=LEASE)
    return flagged


def follow_notice(*, notice: Notice, until: float | None = None) -> int:
    """Flag what was released, then as many by turns as the notice has room for; returns how many. What no longer matches
    is dropped. The regulator is notified when the first listings are held back. Safe to run again and by two workers."""
    actor, flagged = Actor.system("matching"), 0
    while True:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [HELD_LOCK, notice.pk])
            notice = Notice.objects.select_related("recall", "version", "platform").get(pk=notice.pk)
            rows, why = _next(notice)
            results = [_follow_row(row, why, notice, actor) for row in rows]
            flagged += results.count(_Result.FLAGGED)
            none_went_well = results.count(_Result.BROKEN) == len(rows)  # also where there are none
            is_over = none_went_well or (until is not None and time.monotonic() > until)
            if is_over:
                _count(notice, actor)
        if is_over:
            return flagged


def drop_held(*, notice: Notice, actor: Actor) -> int:
    """Forget the held-back listings of a notice that was withdrawn; returns how many there were."""
    count = HeldMatch.objects.filter(notice=notice).delete()[0]
    if count:
        recalls.count_held_back(notice=notice, count=0, actor=actor)
    return count


def release_held(*, notice: Notice, from_score: float = 0.0, reason: str = "", actor: Actor) -> int:
    """Have held-back listings of a score of at least `from_score` flagged whatever the limit; a sweep does so. Returns how
    many. Raises ValidationError where there are none, PermissionDenied for another regulator's notice. Not reversible."""
    rows = _own(notice, actor).filter(score__gte=from_score)
    with transaction.atomic():
        count = rows.update(released_at=timezone.now(), answered_by=actor.label)
        if not count:
            raise ValidationError({"from_score": gettext_noop("No listing with this score is held back.")})
        after = {"listings": count, "from_score": from_score}
        audit.record(actor=actor, action="held.released", subject=notice, after=after, reason=reason)
    return count


def dismiss_held(*, notice: Notice, below: float | None = None, reason: str, actor: Actor) -> int:
    """Decide that held-back listings, of a score under `below` or all of them, are not the product. Returns how many.

    One that later matches more strongly, because its text or the recall changed, is matched again. Raises as
    `release_held` does, and ValidationError without a reason.
    """
    rows = _own(notice, actor)
    require_reason(reason)
    if below is not None:
        rows = rows.filter(score__lt=below)
    with transaction.atomic():
        count = rows.update(dismissed_at=timezone.now(), answered_by=actor.label, reason=reason)
        if not count:
            raise ValidationError({"below": gettext_noop("No listing with this score is held back.")})
        after = {"listings": count, "below": below}
        audit.record(actor=actor, action="held.dismissed", subject=notice, after=after, reason=reason)
        _count(notice, actor)
    return count


def unanswered(*, now: datetime) -> sweeping.Backlog:
    """Held-back listings about which the regulator was asked more than UNANSWERED_TOO_OLD ago."""
    late = HeldMatch.objects.unanswered().filter(held_at__lt=now - UNANSWERED_TOO_OLD).order_by()
    return sweeping.Backlog(**late.aggregate(count=Count("pk"), oldest=Min("held_at")))


def _own(notice: Notice, actor: Actor) -> QuerySet[HeldMatch]:
    actor.require("held.answer")
    if actor.regulator_id not in (None, notice.recall.regulator_id):
        raise PermissionDenied(gettext_noop("Only the regulator of the recall can decide on its held-back listings."))
    return HeldMatch.objects.unanswered().filter(notice=notice)


def _next(notice: Notice) -> tuple[Sequence[HeldMatch], _Why]:
    """The next rows to deal with, and why it is theirs."""
    waiting = HeldMatch.objects.waiting().filter(notice=notice).select_related("listing")
    ready = sweeping.ready(waiting, sweep=ROWS)
    if released := list(ready.exclude(released_at=None).order_by("-score", "pk")[:PIECE]):
        return released, _Why.RELEASED
    changed = ready.exclude(version=notice.version_id, listing_digest=F("listing__digest"), listing__present=True)
    if rows := list(changed.order_by("pk")[:PIECE]):
        return rows, _Why.CHANGED
    return _by_turns(notice, ready), _Why.TURN


def _by_turns(notice: Notice, ready: QuerySet[HeldMatch]) -> Sequence[HeldMatch]:
    """As many as there is room for: of each seller the strongest first, then the second strongest of each. Flags that a
    seller has undecided count as turns already taken."""
    limit, undecided = limit_of(notice.recall.regulator_id), undecided_by_seller(notice)
    room = min(PIECE, limit - undecided.total())
    if room <= 0:
        return []
    turn = Window(RowNumber(), partition_by=[F("seller")], order_by=[F("score").desc(), F("pk").asc()])
    rows = ready.annotate(turn=turn).order_by("turn", "-score", "pk").values_list("pk", "seller", "score", "turn")
    # At most `limit` sellers have turns taken, so the next ones are among twice as many rows.
    order = sorted(rows[: 2 * limit], key=lambda row: (row[3] + undecided[row[1]], -row[2], row[0]))
    found = ready.in_bulk([pk for pk, *_ in order[:room]])
    return [found[pk] for pk, *_ in order[:room] if pk in found]


def _follow_row(row: HeldMatch, why: _Why, notice: Notice, actor: Actor) -> _Result:
    """Flag the listing of a row, bring the row up to date, or drop it. One that breaks is set aside."""
    try:
        with transaction.atomic():
            found = _found_again(row, notice)
            if found is None:
                row.delete()
                return _Result.GONE
            if why == _Why.CHANGED and found.takes_room:
                _update(row, held_match(notice, row.listing, found.match))
                return _Result.KEPT
            flag = flag_found(found, notice=notice, actor=actor)
            return _Result.GONE if flag is None else _Result.FLAGGED
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        if sweeping.database_is_gone(error):
            raise
        sweeping.set_aside(row, sweep=ROWS, error=error)
        return _Result.BROKEN


def _found_again(row: HeldMatch, notice: Notice) -> Found | None:
    """The match of a row's listing with the notice as both are now; None where there is none any more."""
    if notice.status != NoticeStatus.ACTIVE or not row.listing.present:
        return None
    text, without = listing_text(row.listing), switched_off()
    again = returned_under(notice, row.listing, text, without)
    own = index_of((notice.version_id,)).match(text, without)
    if not own and again is None:
        return None
    match = own[0] if again is None else joined(own[0], again) if own else again.match
    weighed = weigh(notice=notice, listing=row.listing, match=match)
    if weighed is None:
        return None
    takes_room = row.released_at is None and not is_exact(weighed)
    return Found(row.listing, match, takes_room, again.earlier if again else None)


def _update(row: HeldMatch, now: HeldMatch) -> None:
    row.version_id, row.listing_digest = now.version_id, now.listing_digest
    row.score, row.band, row.signals = now.score, now.band, now.signals
    row.save(update_fields=["version", "listing_digest", "score", "band", "signals"])


def _count(notice: Notice, actor: Actor) -> None:
    before = notice.held_back
    count = HeldMatch.objects.waiting().filter(notice=notice).count()
    recalls.count_held_back(notice=notice, count=count, actor=actor)
    if count and not before:
        people = User.objects.filter(organisation=notice.recall.regulator_id, role=Role.REGULATOR_STAFF, is_active=True)
        notify(
            people=people,
            key=f"held:{notice.pk}:{timezone.now():%Y%m%d}",
            subject=f"Recall {notice.recall.number} matches too many listings on {notice.platform}",
            body=(
                f"{count:,} matching listings are held back from the queue. The terms of the recall may be too wide. "
                "Release the listings, dismiss them, or narrow the recall with a new version."
            ),
            link=reverse("listings:held", args=[notice.pk]),
        )
