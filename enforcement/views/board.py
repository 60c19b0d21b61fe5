"""The board: for each notice and platform how many listings were found, decided, proved gone, are late, came back."""

from django.db.models import Case, Count, F, IntegerField, Min, Q, QuerySet, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from enforcement.filters import TakedownFilter
from enforcement.models import Takedown
from enforcement.states import OPEN, TakedownStatus
from listings.states import CLAIMED, UNDECIDED, FlagStatus
from portal.charts import BarChart, bar_chart
from portal.http import ActingRequest
from portal.keyset import keyset_page
from recalls.filters import NoticeFilter
from recalls.models import Notice

HOURS = ((1, "under 1 h"), (6, "1–6 h"), (24, "6–24 h"), (48, "1–2 d"), (168, "2–7 d"))


def _open_late() -> Q:
    return Q(
        flags__takedown__status__in=OPEN, flags__takedown__paused_at=None, flags__takedown__due_at__lt=timezone.now()
    )


def board(request: ActingRequest) -> HttpResponse:
    """Every active notice with its counts; those with late listings first."""
    own = Notice.objects.visible_to(request.actor).active()
    found = NoticeFilter(request.GET, own)
    rows = found.qs.select_related("recall", "platform", "version").annotate(
        found=Count("flags"),
        undecided=Count("flags", filter=Q(flags__status__in=UNDECIDED)),
        claimed=Count("flags", filter=Q(flags__status__in=CLAIMED)),
        removed=Count("flags", filter=Q(flags__status=FlagStatus.REMOVED)),
        restricted=Count("flags", filter=Q(flags__status=FlagStatus.RESTRICTED)),
        dismissed=Count("flags", filter=Q(flags__status=FlagStatus.DISMISSED)),
        late=Count("flags", filter=_open_late()),
        relisted=Count("flags", filter=Q(flags__relisted_from__isnull=False)),
        next_due=Min("flags__takedown__due_at", filter=Q(flags__takedown__status__in=OPEN)),
    )
    rows = rows.annotate(
        rank=Case(
            When(late__gt=0, then=Value(0)),
            When(undecided__gt=0, then=Value(1)),
            When(claimed__gt=0, then=Value(2)),
            default=Value(3),
            output_field=IntegerField(),
        )
    )
    page = keyset_page(rows, request, ordering=["rank", "-pk"])
    takedowns = Takedown.objects.visible_to(request.actor)
    totals = takedowns.aggregate(
        running=Count("pk", filter=Q(status__in=OPEN)),
        late=Count("pk", filter=Q(status__in=OPEN, paused_at=None, due_at__lt=timezone.now())),
        met=Count("pk", filter=Q(status=TakedownStatus.MET)),
        in_time=Count("pk", filter=Q(status=TakedownStatus.MET, met_at__lte=F("due_at"))),
        relisted=Count("pk", filter=Q(flag__relisted_from__isnull=False)),
    )
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
    counts = dict.fromkeys([label for _, label in HOURS] + ["over 7 d"], 0)
    for started, met in takedowns.filter(met_at__isnull=False).values_list("started_at", "met_at").iterator():
        if met is None:
            continue
        hours = (met - started).total_seconds() / 3600
        label = next((label for most, label in HOURS if hours < most), "over 7 d")
        counts[label] += 1
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
