"""Escalation figures: how many clocks are late, how long takedowns took, how many deadlines were missed each week."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from enforcement.models import Escalation, Takedown
from enforcement.oversight.services.durations import TOOK, Within
from enforcement.oversight.services.outcomes import outcomes
from enforcement.states import OPEN, StepKind
from portal.identity.actors import Actor
from portal.models import Organisation

UP_TO_HOURS = (1, 6, 24, 48, 168)
"""The upper ends of the distribution's bars, in hours; one more bar counts takedowns that took longer."""


@dataclass
class OfPlatform:
    """One platform's figures; `proved`, `in_time` and the times cover the takedowns proved in the requested days."""

    platform: Organisation
    running: int = 0
    late: int = 0
    proved: int = 0
    in_time: int = 0
    median: timedelta | None = None
    quarter: timedelta | None = None
    three_quarters: timedelta | None = None
    steps: int = 0

    @property
    def late_share(self) -> float | None:
        return self.late / self.running if self.running else None

    @property
    def in_time_share(self) -> float | None:
        return self.in_time / self.proved if self.proved else None


@dataclass
class Figures:
    """The figures of all that the actor can see, in total and by platform. `took` counts takedowns by UP_TO_HOURS, `missed`
    the deadlines of each week that were missed, as the board does."""

    platforms: list[OfPlatform] = field(default_factory=list)
    steps: dict[str, int] = field(default_factory=dict)
    median: timedelta | None = None
    took: list[int] = field(default_factory=list)
    missed: list[tuple[date, int]] = field(default_factory=list)

    def total(self, name: str) -> int:
        return sum(getattr(each, name) for each in self.platforms)


def figures(*, actor: Actor, days: int, platform: Organisation | None = None) -> Figures:
    """The figures of what the actor can see in the last `days`, optionally of one platform."""
    actor.require("escalation.view")
    narrowed = {"platform": platform} if platform else {}
    takedowns = Takedown.objects.visible_to(actor).filter(**narrowed).order_by()
    escalations = Escalation.objects.visible_to(actor).filter(**narrowed).order_by()
    proved = takedowns.filter(met_at__gte=timezone.now() - timedelta(days=days)).annotate(took=TOOK)
    median, took = _distribution(proved)
    steps = _open_steps(escalations)
    by_kind: Counter[str] = Counter()
    for (_, kind), count in steps.items():
        by_kind[kind] += count
    return Figures(
        platforms=_by_platform(takedowns, proved, steps),
        steps={kind: by_kind[kind] for kind in StepKind.values if by_kind[kind]},
        median=median,
        took=took,
        missed=[(week.start, week.missed) for week in outcomes(takedowns, by="week", missed_only=True)],
    )


def _distribution(proved: QuerySet[Takedown]) -> tuple[timedelta | None, list[int]]:
    up_to = {f"under_{most}": Count("pk", filter=Q(took__lt=timedelta(hours=most))) for most in UP_TO_HOURS}
    found = proved.aggregate(all=Count("pk"), median=Within("took", share=0.5), **up_to)
    ends = [found[f"under_{most}"] for most in UP_TO_HOURS] + [found["all"]]  # cumulative
    return found["median"], [end - before for end, before in zip(ends, [0, *ends], strict=False)]


def _open_steps(escalations: QuerySet[Escalation]) -> dict[tuple[int, str], int]:
    """Unresolved escalation steps of running clocks, by platform and kind."""
    rows = escalations.filter(resolved_at=None, takedown__status__in=OPEN)
    counted = rows.values("platform_id", "kind").annotate(count=Count("pk"))
    return {(row["platform_id"], row["kind"]): row["count"] for row in counted}


def _by_platform(
    takedowns: QuerySet[Takedown], proved: QuerySet[Takedown], steps: dict[tuple[int, str], int]
) -> list[OfPlatform]:
    late = Q(paused_at=None, due_at__lt=timezone.now())
    running = (
        takedowns.filter(status__in=OPEN)
        .values("platform_id")
        .annotate(running=Count("pk"), late=Count("pk", filter=late))
    )
    done = proved.values("platform_id").annotate(
        proved=Count("pk"),
        in_time=Count("pk", filter=Q(met_at__lte=F("due_at"))),
        quarter=Within("took", share=0.25),
        median=Within("took", share=0.5),
        three_quarters=Within("took", share=0.75),
    )
    found: dict[int, dict[str, Any]] = {}
    for row in (*running, *done):
        counts: dict[str, Any] = dict(row)
        found.setdefault(counts.pop("platform_id"), {}).update(counts)
    for (platform_id, _), count in steps.items():
        counts = found.setdefault(platform_id, {})
        counts["steps"] = counts.get("steps", 0) + count
    platforms = Organisation.objects.in_bulk(found)
    rows = [OfPlatform(platforms[pk], **counts) for pk, counts in found.items()]
    return sorted(rows, key=lambda each: each.platform.name)
