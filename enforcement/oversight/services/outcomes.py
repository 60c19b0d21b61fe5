"""How deadlines ended: in time, late, or still late; by week or month of the deadline, and of one platform in all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    Exists,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Cast, TruncMonth, TruncWeek
from django.utils import timezone

from enforcement.board_metrics import total
from enforcement.models import Takedown
from enforcement.oversight.services.durations import TOOK, Within, running_time
from enforcement.states import TakedownStatus
from listings.models import Decision
from listings.states import DecisionKind
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation

PERIODS = 12
REOPENED = ("takedown.reopened", "takedown.reopened_late")
_LED = FilteredRelation(
    "flag__decisions",
    condition=Q(
        flag__decisions=Subquery(
            Decision.objects.filter(
                flag=OuterRef("flag"),
                kind__in=[DecisionKind.REMOVED, DecisionKind.GEO_RESTRICTED],
                at__lte=OuterRef("met_at"),
            )
            .order_by("-pk")
            .values("pk")[:1]
        )
    ),
)
"""The decision that a confirmed removal followed. Joined, it is looked for once for a takedown and not in each of its spans."""
_SPANS = {"deciding": running_time("started_at", "decided"), "confirming": running_time("decided", "met_at")}


def _with_spans(takedowns: QuerySet[Takedown]) -> QuerySet[Takedown]:
    """With when that decision was taken (`decided`), and the time before it (`deciding`) and after it (`confirming`)."""
    return takedowns.annotate(led_by=_LED).annotate(decided=F("led_by__at")).annotate(**_SPANS)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Takedowns whose deadline fell into the week or month that begins on `start`, or into any time that is asked for."""

    start: date
    in_time: int = 0
    late: int = 0
    still_late: int = 0

    @property
    def missed(self) -> int:
        return self.late + self.still_late

    @property
    def ended(self) -> int:
        return self.in_time + self.missed

    @property
    def in_time_share(self) -> float | None:
        return self.in_time / self.ended if self.ended else None


@dataclass(frozen=True, slots=True)
class PlatformRecord:
    """What became of the deadlines of one platform since a day; the times are from clock start to confirmed removal, without
    pauses, of the removals that were confirmed since that day, as the comparison of platforms has them.

    `to_decide` and `to_confirm` are the medians of its two parts, before and after the decision that led to the
    removal; they need not add up to `median`. A removal without a decision counts in neither.
    """

    outcome: Outcome
    running: int
    late_now: int
    reopened: int
    quarter: timedelta | None
    median: timedelta | None
    three_quarters: timedelta | None
    to_decide: timedelta | None
    to_confirm: timedelta | None

    @property
    def waits_for_decision(self) -> bool | None:
        """Whether the larger part passes before the platform decides; None where nothing was decided and confirmed."""
        if self.to_decide is None or self.to_confirm is None:
            return None
        return self.to_decide >= self.to_confirm


def outcomes(takedowns: QuerySet[Takedown], *, by: str, missed_only: bool = False) -> list[Outcome]:
    """The outcomes of the last PERIODS weeks or months (`by`: week or month) of the reader's zone, the current one last.

    One query. With `missed_only`, `in_time` stays 0 and its rows are not read.
    """
    now, starts = timezone.now(), _starts(by)
    first = datetime.combine(starts[0], datetime.min.time(), timezone.get_current_timezone())
    ended = _ended(now)
    rows = takedowns.order_by().filter(due_at__gte=first, due_at__lt=now)
    rows = rows.filter(ended["late"] | ended["still_late"]) if missed_only else rows
    trunc = TruncMonth("due_at") if by == "month" else TruncWeek("due_at")
    counts = {name: Count("pk", filter=condition) for name, condition in ended.items()}
    counted: Any = rows.annotate(start=trunc).values("start").annotate(**counts)
    found = {
        row["start"].date(): Outcome(row["start"].date(), row["in_time"], row["late"], row["still_late"])
        for row in counted
    }
    return [found.get(start, Outcome(start)) for start in starts]


def platform_record(*, actor: Actor, platform: Organisation, days: int) -> PlatformRecord:
    """The record of one platform, of the takedowns that the actor can see and that were due in the last `days`."""
    actor.require("takedown.view")
    now = timezone.now()
    since = now - timedelta(days=days)
    takedowns = Takedown.objects.visible_to(actor).filter(platform=platform).order_by()
    due, ended = Q(due_at__gte=since, due_at__lt=now), _ended(now)
    met = Q(status=TakedownStatus.MET, met_at__gte=since)
    found = _with_spans(takedowns.annotate(took=TOOK)).aggregate(
        running=Count("pk", filter=total("running", now)),
        late_now=Count("pk", filter=total("late", now)),
        **{f"ended_{name}": Count("pk", filter=due & condition) for name, condition in ended.items()},
        quarter=Within("took", share=0.25, filter=met),
        median=Within("took", share=0.5, filter=met),
        three_quarters=Within("took", share=0.75, filter=met),
        **_parts(met),
    )
    outcome = Outcome(since.date(), *(found.pop(f"ended_{name}") for name in ended))
    return PlatformRecord(outcome=outcome, reopened=_reopened(takedowns, platform, since), **found)


def parts_elsewhere(*, actor: Actor, platform: Organisation, days: int) -> dict[str, timedelta | None]:
    """`to_decide` and `to_confirm`, as a platform's record has them, of all other platforms together."""
    actor.require("takedown.view")
    met = Q(status=TakedownStatus.MET, met_at__gte=timezone.now() - timedelta(days=days))
    others = Takedown.objects.visible_to(actor).filter(met).exclude(platform=platform).order_by()
    return _with_spans(others).aggregate(**_parts(met))


def _parts(met: Q) -> dict[str, Within]:
    decided = met & Q(decided__isnull=False)
    return {
        "to_decide": Within("deciding", share=0.5, filter=decided),
        "to_confirm": Within("confirming", share=0.5, filter=decided),
    }


def _ended(now: datetime) -> dict[str, Q]:
    """How a deadline that has passed can have ended, in the order of Outcome."""
    met = Q(status=TakedownStatus.MET)
    return {
        "in_time": met & Q(met_at__lte=F("due_at")),
        "late": met & Q(met_at__gt=F("due_at")),
        "still_late": total("late", now),
    }


def _reopened(takedowns: QuerySet[Takedown], platform: Organisation, since: datetime) -> int:
    """How often a confirmed takedown was opened again: it keeps no trace of that itself, the audit log does."""
    events = AuditEvent.objects.filter(action__in=REOPENED, organisation=platform, at__gte=since)
    events = events.annotate(number=Cast("subject_id", BigIntegerField()))
    return events.filter(Exists(takedowns.filter(pk=OuterRef("number")))).count()


def _starts(by: str) -> Sequence[date]:
    if by == "month":
        today = timezone.localdate()
        months = [today.year * 12 + today.month - 1 - ago for ago in reversed(range(PERIODS))]
        return [date(month // 12, month % 12 + 1, 1) for month in months]
    return last_weeks(PERIODS)


def last_weeks(number: int) -> list[date]:
    """The Mondays on which the last weeks begin in the reader's zone, that of the current week last."""
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=ago) for ago in reversed(range(number))]
