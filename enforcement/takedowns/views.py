"""The list of takedowns, and one with its clock, checks, escalation steps and history."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from enforcement import rules, services
from enforcement.board_metrics import TOTALS
from enforcement.checks.forms import RecordCheckForm
from enforcement.models import Escalation, Takedown
from enforcement.states import OPEN, PLATFORM_STEPS, StepKind
from enforcement.takedowns.filters import RegulatorTakedownFilter, TakedownFilter
from enforcement.takedowns.pictures import picture_of
from listings.states import PROVED
from listings.views.seller_links import links_of, may_give
from portal import audit
from portal.http.cursors import keyset_page_of_parts
from portal.http.requests import ActingRequest
from portal.units import in_units


def takedown(request: ActingRequest, pk: int) -> HttpResponse:
    rows = Takedown.objects.visible_to(request.actor).select_related(
        "flag__listing__platform", "flag__recall", "flag__notice", "platform"
    )
    row = get_object_or_404(rows.prefetch_related("extensions", "appeals"), pk=pk)
    terms = rules.Terms.from_json(row.terms)
    raised = {
        escalation.step: escalation for escalation in Escalation.objects.visible_to(request.actor).filter(takedown=row)
    }
    is_platform = request.actor.platform_id is not None
    steps = [
        (step, StepKind(step.kind).label, raised.get(step.step))
        for step in rules.ladder(terms, row.due_at)
        if not is_platform or step.kind in PLATFORM_STEPS
    ]
    checks = list(
        row.observations.select_related("control")
        .defer("control__impossible_body", "control__live_body", "body", "picture")
        .order_by("-at", "-pk")[:50]
    )
    context = {
        "takedown": row,
        "flag": row.flag,
        "terms": terms,
        "steps": steps,
        "picture": picture_of(row, steps, now=timezone.now()),
        "checks": checks,
        "events": audit.events_about(row, row.flag, *row.extensions.all(), *row.appeals.all(), *checks[:20]).order_by(
            "-id"
        )[:40],
        "may_check": request.actor.may("check.ask")
        and (row.status in OPEN or row.flag.status in PROVED)
        and bool(row.flag.listing.page_url),
        "sees_plan": not is_platform,
        "may_record": request.actor.may("observation.record"),
        "extensions": [(each, in_units(each.amount, terms.unit)) for each in row.extensions.all()],
        "check_interval": in_units(*rules.largest_unit(terms.check_interval_seconds)),
        "appeals": row.appeals.all(),
        "may_appeal": request.actor.may("appeal.make") and row.status != "cancelled",
        "may_pause": request.actor.may("clock.pause"),
        "may_extend": request.actor.may("extension.ask"),
        "extends_at_once": services.extends_at_once(takedown=row, actor=request.actor),
        "may_answer": request.actor.may("extension.answer"),
        "may_pack": request.actor.may("pack.make"),
        "may_audit": request.actor.may("audit.view"),
        "form": RecordCheckForm(),
        "seller_links": links_of(row.flag, request.actor),
        "may_give_link": may_give(row.flag, request.actor),
    }
    return render(request, "enforcement/takedowns/takedown.html", context)


def takedown_list(request: ActingRequest) -> HttpResponse:
    one = request.actor.platform_id is not None
    own = Takedown.objects.visible_to(request.actor).select_related("flag__listing", "flag__recall", "platform")
    kind = TakedownFilter if one else RegulatorTakedownFilter
    found = kind(request.GET, own, one_platform=one)
    context = {
        "page": keyset_page_of_parts(found.qs.in_order(), request),
        "filter": found,
        "chosen": TOTALS.get(request.GET.get("total", "")),
        "is_platform": one,
        "may_pack": request.actor.may("pack.make"),
        "may_state": request.actor.may("statement.make"),
    }
    return render(request, "enforcement/takedowns/takedowns.html", context)
