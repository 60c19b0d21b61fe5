"""What became of listings under recalls, by platform: what other regulators of an incident are shown."""

from collections.abc import Iterable

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, Subquery

from enforcement.models import Observation
from enforcement.states import Verdict
from listings.models import Decision, Flag
from listings.states import CLOCK_RUNS, CLOSED, PROVED, DecisionKind
from recalls.removals import Removals


def removals_of(recalls: Iterable[int]) -> list[Removals]:
    """One row for each recall and platform with listings that nobody dismissed. The caller acts as the system, and has made
    sure that the reader may see the counts."""
    said = (DecisionKind.REMOVED, DecisionKind.GEO_RESTRICTED)
    by_platform = Decision.objects.filter(flag=OuterRef("pk"), kind__in=said).exclude(finalized_at=None)
    seen = Observation.objects.filter(takedown__flag=OuterRef("pk")).order_by("-pk").values("verdict")[:1]
    proved, runs = Q(status__in=PROVED), Q(status__in=CLOCK_RUNS)
    rows = (
        Flag.objects.filter(recall__in=list(recalls))
        .exclude(status__in=CLOSED)
        .annotate(was_removed=Exists(by_platform), last_seen=Subquery(seen))
        .order_by()
        .values("recall_id", "platform__name")
        .annotate(
            found=Count("pk"),
            removed=Count("pk", filter=proved & Q(was_removed=True)),
            found_gone=Count("pk", filter=proved & Q(was_removed=False)),
            seen_online=Count("pk", filter=runs & Q(last_seen=Verdict.LIVE)),
            all_open=Count("pk", filter=runs),
            first_found_at=Min("opened_at"),
            last_gone_at=Max("takedown__met_at", filter=proved),
        )
        .order_by("recall_id", "platform__name")
    )
    return [
        Removals(
            recall_id=row["recall_id"],
            platform=row["platform__name"],
            found=row["found"],
            removed=row["removed"],
            found_gone=row["found_gone"],
            seen_online=row["seen_online"],
            open=row["all_open"] - row["seen_online"],
            first_found_at=row["first_found_at"],
            last_gone_at=row["last_gone_at"],
        )
        for row in rows
    ]
