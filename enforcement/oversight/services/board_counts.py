"""The numbers of the board, for its pages and for programs: of each notice, and of each platform."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q

from enforcement.board_metrics import METRICS, TOTALS, metric, total
from enforcement.models import Takedown
from listings.models import Flag
from listings.states import CLOCK_RUNS
from portal.identity.actors import Actor
from recalls.models import Notice

_RUNS = Q(status__in=CLOCK_RUNS, takedown__paused_at=None)
_PAUSED = Q(status__in=CLOCK_RUNS, takedown__paused_at__isnull=False)


def counts_of_notices(notices: Iterable[Notice], now: datetime) -> dict[int, dict[str, Any]]:
    """By notice: how many of its flags each metric counts, how many clocks are `running` and `paused`, and when the next
    deadline of those that run is (`next_due`, None without one). A notice without flags has only zeros."""
    notices = list(notices)
    none: dict[str, Any] = {"next_due": None, "running": 0, "paused": 0, **dict.fromkeys(METRICS, 0)}
    counts = (
        Flag.objects.filter(notice__in=notices)
        .order_by()
        .values("notice_id")
        .annotate(
            next_due=Min("due_at", filter=_RUNS),
            running=Count("pk", filter=_RUNS),
            paused=Count("pk", filter=_PAUSED),
        )
        .annotate(**{name: Count("pk", filter=metric(name, now)) for name in METRICS})
    )
    found: dict[int, dict[str, Any]] = {row["notice_id"]: dict(row) for row in counts}
    return {notice.pk: found.get(notice.pk, none) for notice in notices}


def counts_of_platforms(actor: Actor, now: datetime) -> dict[int, dict[str, int]]:
    """By platform, of all that the actor can see: how many takedowns each total counts, without relistings, which are flags.
    takedown_list filters by the same conditions."""
    rows = Takedown.objects.visible_to(actor).order_by().values("platform_id")
    names = [name for name in TOTALS if name != "relisted"]
    counted: Any = rows.annotate(**{name: Count("pk", filter=total(name, now)) for name in names})
    return {row["platform_id"]: {name: row[name] for name in names} for row in counted}
