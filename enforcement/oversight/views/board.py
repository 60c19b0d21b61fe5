"""The board: for each notice and platform, how many listings were found, decided, proved gone, late and relisted."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    IntegerField,
    Min,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from enforcement import services
from enforcement.board_metrics import METRICS, TOTALS, metric
from enforcement.models import Takedown
from enforcement.oversight.filters import BoardFilter
from enforcement.oversight.pictures import states_by_platform, states_of_notice
from enforcement.oversight.trends import late_trend
from listings.models import Flag
from portal.database.replica import may_be_seconds_old
from portal.http.cursors import keyset_page, keyset_page_of_parts
from portal.http.requests import ActingRequest
from portal.identity.actors import Actor
from portal.models import Organisation
from recalls.filters import exact_notices
from recalls.models import Notice

FAR = datetime(9999, 1, 1, tzinfo=UTC)
ORDERS = {
    "": ["rank", "-pk"],
    "due": ["first_due", "pk"],
    "recall": ["recall__number", "pk"],
    "platform": ["platform__name", "-pk"],
}
UNSORTED = ("unknown",)  # metrics that take too long to count for all notices, so the board cannot sort by them
MAX_ON_WALLBOARD = 7
LISTED = ("status", "matched_at", "recall__number", "platform__name", "version__title")
"""What a row shows. A version's texts, and the terms that a notice froze, are long."""


def _rank(now: datetime) -> Case:
    """The rank of a notice on the board: late listings first, then undecided, then claimed.

    Uses EXISTS, which stops at the first flag: counting would read the flags of all notices for one page of rows.
    """
    flags = Flag.objects.filter(notice=OuterRef("pk"))
    # As the metric counts, but without a row of each takedown.
    late = flags.in_play().filter(due_at__lt=now).exclude(pk__in=_paused())
    return Case(
        When(Exists(late), then=Value(0)),
        When(Exists(flags.filter(metric("undecided", now))), then=Value(1)),
        When(Exists(flags.filter(metric("claimed", now))), then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )


def _ordered(notices: QuerySet[Notice], sort: str, now: datetime) -> tuple[QuerySet[Notice], list[str]]:
    """The notices with their sort values, and the order: one of ORDERS, or a metric with the largest number first."""
    if sort in METRICS:
        flags = Flag.objects.filter(metric(sort, now), notice=OuterRef("pk")).order_by().values("notice")
        number = flags.annotate(number=Count("pk")).values("number")
        return notices.annotate(number=Coalesce(Subquery(number), 0)), ["-number", "-pk"]
    if sort == "due":
        notices = notices.annotate(first_due=_first_due())
    elif not sort:
        notices = notices.annotate(rank=_rank(now))
    return notices, ORDERS[sort]


def _paused() -> QuerySet[Takedown, Any]:
    """The flags whose clocks are paused: few, and read once for all notices."""
    return Takedown.objects.filter(paused_at__isnull=False).values("flag")


def _first_due() -> Coalesce:
    """The first deadline of a notice's clocks that run, past or future; FAR if none does."""
    flags = Flag.objects.in_play().exclude(pk__in=_paused()).filter(notice=OuterRef("pk")).order_by().values("notice")
    return Coalesce(Subquery(flags.annotate(due=Min("due_at")).values("due")), Value(FAR))


def _count(notices: Sequence[Notice], now: datetime) -> None:
    """Give each of these notices its metrics, as (name, label, number), its next deadline, and how many clocks are paused."""
    found = services.counts_of_notices(notices, now)
    for notice in notices:
        row = found[notice.pk]
        for name in ("next_due", "paused", "found", "gone"):
            setattr(notice, name, row[name])
        notice.metrics = [(name, label, row[name]) for name, (label, _) in METRICS.items()]  # type: ignore[attr-defined]


def _totals(actor: Actor, now: datetime, by_platform: dict[int, dict[str, int]]) -> dict[str, int]:
    """The totals above the board: the sums of `by_platform`, and how many listings came back."""
    totals = {name: sum(row[name] for row in by_platform.values()) for name in TOTALS if name != "relisted"}
    relisted = Flag.objects.visible_to(actor).filter(metric("relisted", now))  # each flag has one takedown
    return {**totals, "relisted": relisted.count()}


@may_be_seconds_old
def board(request: ActingRequest) -> HttpResponse:
    """Every active notice with its metrics; notices with late listings first, or in the requested order."""
    now = timezone.now()
    own = Notice.objects.visible_to(request.actor).active()
    found = BoardFilter(request.GET, own)
    sort = request.GET.get("sort", "")
    if sort not in {*ORDERS, *METRICS} - {*UNSORTED}:
        sort = ""
    rows, order = _ordered(found.qs.select_related("recall", "platform", "version").only(*LISTED), sort, now)
    page = keyset_page(rows, request, ordering=order, exact=exact_notices(rows, request.GET.get("q", "")))
    _count(page.rows, now)
    by_platform = services.counts_of_platforms(request.actor, now)
    names = Organisation.objects.in_bulk(by_platform)
    own_takedowns = Takedown.objects.visible_to(request.actor)
    kept = request.GET.copy()
    for name in ("sort", "after", "before"):
        kept.pop(name, None)
    return render(
        request,
        "enforcement/oversight/board.html",
        {
            "page": page,
            "filter": found,
            "totals": _totals(request.actor, now, by_platform),
            "trend": late_trend(services.outcomes(own_takedowns, by="week", missed_only=True)),
            "states": states_by_platform([(names[pk].name, row) for pk, row in by_platform.items()]),
            "metrics": [(name, label, detail) for name, (label, detail) in METRICS.items()],
            "sort": sort,
            "unsorted": UNSORTED,
            "kept": kept.urlencode(),
            "may_send": request.actor.may("notice.send"),
        },
    )


@may_be_seconds_old
def wallboard(request: ActingRequest) -> HttpResponse:
    """The board for a large screen: the most urgent notices in large type, refreshed automatically."""
    now = timezone.now()
    own = Notice.objects.visible_to(request.actor).active().select_related("recall", "platform", "version")
    notices = own.only(*LISTED)
    ordered = notices.annotate(rank=_rank(now), first_due=_first_due()).order_by("rank", "first_due", "pk")
    shown = list(ordered[: MAX_ON_WALLBOARD + 1])
    more, shown = len(shown) > MAX_ON_WALLBOARD, shown[:MAX_ON_WALLBOARD]
    _count(shown, now)
    undecided = Flag.objects.visible_to(request.actor).filter(metric("undecided", now), due_at__isnull=False)
    takedowns = reverse("enforcement:takedowns")
    totals = _totals(request.actor, now, services.counts_of_platforms(request.actor, now))
    context = {
        "rows": shown,
        "more": more,
        "totals": [
            ("late", TOTALS["late"][0], totals["late"], f"{takedowns}?total=late"),
            ("undecided", METRICS["undecided"][0], undecided.count(), f"{reverse('listings:queue')}?view=undecided"),
            *((name, TOTALS[name][0], totals[name], f"{takedowns}?total={name}") for name in ("running", "met")),
        ],
        "now": now,
        "shown_metrics": ("late", "found", "undecided", "gone"),
    }
    return render(
        request,
        "enforcement/oversight/wallboard.html#wallboard" if request.htmx else "enforcement/oversight/wallboard.html",
        context,
    )


@may_be_seconds_old
def notice_board(request: ActingRequest, pk: int) -> HttpResponse:
    """The takedowns of one notice, late ones first and closed ones last: all of them, or those that one metric counts."""
    notice = get_object_or_404(
        Notice.objects.visible_to(request.actor).select_related("recall", "platform", "version"), pk=pk
    )
    now, chosen = timezone.now(), request.GET.get("metric", request.GET.get("cell", "found"))
    if chosen not in METRICS:
        raise Http404
    _count([notice], now)
    rows = (
        Takedown.objects.visible_to(request.actor)
        .filter(flag__in=Flag.objects.filter(metric(chosen, now), notice=notice))
        .select_related("flag__listing", "flag__recall", "platform")
    )
    page = keyset_page_of_parts(rows.in_order(), request)
    context = {"notice": notice, "page": page, "chosen": chosen, "detail": METRICS[chosen][1]}
    counts = {name: number for name, _, number in notice.metrics}  # type: ignore[attr-defined]
    context["states"] = states_of_notice(str(notice.platform), counts)
    return render(request, "enforcement/oversight/notice_board.html", context)
