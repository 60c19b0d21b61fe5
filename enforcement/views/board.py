"""The board: for each notice and platform how many listings were found, decided, proved gone, are late, came back."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import (
    Case,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from enforcement.filters import TakedownFilter
from enforcement.models import Takedown
from enforcement.states import OPEN, TakedownStatus
from listings.models import Flag
from listings.states import CLAIMED, CLOCK_RUNS, UNDECIDED, FlagStatus
from portal.charts import BarChart, bar_chart
from portal.http import ActingRequest
from portal.keyset import keyset_page
from recalls.filters import NoticeFilter
from recalls.models import Notice

COUNTED = ("found", "undecided", "claimed", "removed", "restricted", "dismissed", "late", "relisted")
HOURS = ((1, "under 1 h"), (6, "1–6 h"), (24, "6–24 h"), (48, "1–2 d"), (168, "2–7 d"))


def _rank() -> Case:
    """Of a notice in the board's order: late listings first, then what is to decide, then what is claimed.

    Asked by existence, which stops at the first flag: counts of all notices would read all flags for one page of rows.
    """
    flags = Flag.objects.filter(notice=OuterRef("pk"))
    late = flags.filter(status__in=CLOCK_RUNS, due_at__lt=timezone.now(), takedown__paused_at=None)
    return Case(
        When(Exists(late), then=Value(0)),
        When(Exists(flags.filter(status__in=UNDECIDED)), then=Value(1)),
        When(Exists(flags.filter(status__in=CLAIMED)), then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )


def _count(notices: Sequence[Notice]) -> None:
    """Give each of these notices its counts."""
    now = timezone.now()
    open_ = Q(takedown__status__in=OPEN)
    counts = (
        Flag.objects.filter(notice__in=notices)
        .order_by()
        .values("notice_id")
        .annotate(
            found=Count("pk"),
            undecided=Count("pk", filter=Q(status__in=UNDECIDED)),
            claimed=Count("pk", filter=Q(status__in=CLAIMED)),
            removed=Count("pk", filter=Q(status=FlagStatus.REMOVED)),
            restricted=Count("pk", filter=Q(status=FlagStatus.RESTRICTED)),
            dismissed=Count("pk", filter=Q(status=FlagStatus.DISMISSED)),
            late=Count("pk", filter=open_ & Q(takedown__paused_at=None, takedown__due_at__lt=now)),
            relisted=Count("pk", filter=Q(relisted_from__isnull=False)),
            next_due=Min("takedown__due_at", filter=open_),
        )
    )
    found = {row["notice_id"]: row for row in counts}
    for notice in notices:
        row = found.get(notice.pk)
        for name in (*COUNTED, "next_due"):
            setattr(notice, name, row[name] if row else None if name == "next_due" else 0)  # type: ignore[literal-required]


def board(request: ActingRequest) -> HttpResponse:
    """Every active notice with its counts; those with late listings first."""
    own = Notice.objects.visible_to(request.actor).active()
    found = NoticeFilter(request.GET, own)
    rows = found.qs.select_related("recall", "platform", "version").annotate(rank=_rank())
    page = keyset_page(rows, request, ordering=["rank", "-pk"])
    _count(page.rows)
    takedowns = Takedown.objects.visible_to(request.actor)
    totals = takedowns.aggregate(
        running=Count("pk", filter=Q(status__in=OPEN)),
        late=Count("pk", filter=Q(status__in=OPEN, paused_at=None, due_at__lt=timezone.now())),
        met=Count("pk", filter=Q(status=TakedownStatus.MET)),
        in_time=Count("pk", filter=Q(status=TakedownStatus.MET, met_at__lte=F("due_at"))),
    )
    totals["relisted"] = Flag.objects.visible_to(request.actor).filter(relisted_from__isnull=False).count()
    return render(
        request,
        "enforcement/board.html",
        {"page": page, "filter": found, "totals": totals, "may_send": request.actor.may("notice.send")},
    )


def notice_board(request: ActingRequest, pk: int) -> HttpResponse:
    """All takedowns of one notice, late ones first."""
    notice = get_object_or_404(
        Notice.objects.visible_to(request.actor).select_related("recall", "platform", "version"), pk=pk
    )
    rows = (
        Takedown.objects.visible_to(request.actor)
        .filter(flag__notice=notice)
        .select_related("flag__listing", "flag__recall", "platform")
    )
    page = keyset_page(rows, request, ordering=["due_at", "pk"])
    return render(request, "enforcement/notice_board.html", {"notice": notice, "page": page})


def takedown_list(request: ActingRequest) -> HttpResponse:
    one = request.actor.platform_id is not None
    own = Takedown.objects.visible_to(request.actor).select_related("flag__listing", "flag__recall", "platform")
    found = TakedownFilter(request.GET, own, one_platform=one)
    page = keyset_page(found.qs, request, ordering=["due_at", "pk"])
    return render(
        request,
        "enforcement/takedowns.html",
        {"page": page, "filter": found, "is_platform": one, "may_pack": request.actor.may("pack.make")},
    )


def time_to_takedown(takedowns: QuerySet[Takedown]) -> BarChart:
    """A chart of how long proved takedowns took, from the start of the clock to the proof."""
    took = F("met_at") - F("started_at")
    up_to = {
        f"under_{most}": Count("pk", filter=Q(took__lt=timedelta(hours=most)))  # cumulative: told apart below
        for most, _ in HOURS
    }
    proved = takedowns.filter(met_at__isnull=False).annotate(took=ExpressionWrapper(took, DurationField()))
    found = proved.order_by().aggregate(all=Count("pk"), **up_to)
    counts, before = {}, 0
    for most, label in HOURS:
        counts[label] = found[f"under_{most}"] - before
        before = found[f"under_{most}"]
    counts["over 7 d"] = found["all"] - before
    total = sum(counts.values())
    quick = sum(counts[label] for _, label in HOURS[:3])
    finding = (
        f"{quick} of {total} listings were proved gone within 24 hours." if total else "No takedown is proved yet."
    )
    return bar_chart(
        list(counts.items()),
        title="Time from the start of the clock to the proof",
        finding=finding,
        unit="Time",
        over_from=3,
    )
