"""One takedown with all that proves or delays it; escalations; the watchdog."""

import zlib

from django.contrib import messages
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from enforcement import rules, services
from enforcement.filters import EscalationFilter
from enforcement.forms import LookForm
from enforcement.models import Escalation, Heartbeat, Observation, Takedown
from enforcement.states import OPEN, PLATFORM_RUNGS, RungKind
from portal import audit
from portal.http.cursors import keyset_page
from portal.http.requests import ActingRequest
from portal.texts import key_in

UNITS = {
    "seconds": gettext_noop("seconds"),
    "minutes": gettext_noop("minutes"),
    "hours": gettext_noop("hours"),
    "working_days": gettext_noop("working days"),
}
PICTURES = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


def takedown(request: ActingRequest, pk: int) -> HttpResponse:
    rows = Takedown.objects.visible_to(request.actor).select_related(
        "flag__listing__platform", "flag__recall", "flag__notice", "platform"
    )
    row = get_object_or_404(rows, pk=pk)
    terms = rules.Terms.from_json(row.terms)
    raised = {
        escalation.rung: escalation for escalation in Escalation.objects.visible_to(request.actor).filter(takedown=row)
    }
    is_platform = request.actor.platform_id is not None
    rungs = [
        (rung, RungKind(rung.kind).label, raised.get(rung.rung))
        for rung in rules.ladder(terms, row.due_at)
        if not is_platform or rung.kind in PLATFORM_RUNGS
    ]
    looks = list(
        row.observations.defer("body")
        .select_related("control")
        .defer("control__impossible_body", "control__live_body", "body")
        .order_by("-at", "-pk")[:50]
    )
    context = {
        "takedown": row,
        "flag": row.flag,
        "terms": terms,
        "rungs": rungs,
        "looks": looks,
        "events": audit.events_about(row, row.flag, *row.extensions.all(), *row.appeals.all(), *looks[:20]).order_by(
            "-id"
        )[:40],
        "may_check": request.actor.may("check.ask") and row.status in OPEN and bool(row.flag.listing.page_url),
        "may_look": request.actor.may("observation.record"),
        "extensions": row.extensions.all(),
        "appeals": row.appeals.all(),
        "may_contest": request.actor.may("appeal.make") and row.status != "cancelled",
        "more": UNITS[terms.unit],
        "may_pause": request.actor.may("clock.pause"),
        "may_extend": request.actor.may("extension.ask"),
        "may_answer": request.actor.may("extension.answer"),
        "may_pack": request.actor.may("pack.make"),
        "may_audit": request.actor.may("audit.view"),
        "form": LookForm(),
    }
    return render(request, "enforcement/takedown.html", context)


def look(request: ActingRequest, pk: int) -> HttpResponse:
    """Record what a person saw (POST), or download the page a look captured (GET with ?observation=)."""
    row = get_object_or_404(Takedown.objects.visible_to(request.actor), pk=pk)
    if request.method != "POST":
        if (wanted := key_in(request.GET.get("observation", ""))) is None:
            raise BadRequest("Say which observation.")
        seen = get_object_or_404(Observation.objects.visible_to(request.actor), pk=wanted, takedown=row)
        body = zlib.decompress(bytes(seen.body)) if seen.body else b""
        kind = seen.headers.get("content-type", "") if seen.rule == "person_looked" else ""
        ending = PICTURES.get(kind, "txt")  # a shop's page is never served as what it says it is
        response = HttpResponse(body, content_type=kind if kind in PICTURES else "text/plain; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="observation-{seen.pk}.{ending}"'
        response["X-Content-Type-Options"] = "nosniff"
        return response
    form = LookForm(request.POST, request.FILES)
    if not form.is_valid():
        context = {"form": form, "title": gettext_noop("Record a look"), "submit": gettext_noop("Record")}
        return render(request, "portal/form.html", context, status=422)
    services.record_person_look(takedown=row, actor=request.actor, **form.cleaned_data)
    messages.success(request, gettext_noop("Your look is recorded."))
    return redirect("enforcement:takedown", pk)


@require_POST
def check_now(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Takedown.objects.visible_to(request.actor), pk=pk)
    try:
        services.check_now(takedown=row, actor=request.actor)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, gettext_noop("The listing is checked within a minute."))
    return redirect("enforcement:takedown", pk)


MOST_COUNTED = 999  # of the heading's number: a count of all would read all


def escalation_list(request: ActingRequest) -> HttpResponse:
    one = request.actor.platform_id is not None
    own = Escalation.objects.visible_to(request.actor).select_related(
        "takedown__flag__listing", "takedown__flag__recall", "platform", "letter", "assigned_to"
    )
    own = own.defer(
        "takedown__terms",
        "takedown__flag__evidence",
        "takedown__flag__listing_as_flagged",
        "takedown__flag__listing__description",
        "takedown__flag__listing__keys",
        "letter__body",
    )
    found = EscalationFilter(request.GET, own, one_platform=one)
    page = keyset_page(found.qs, request, ordering=["-pk"])
    open_count = found.qs.filter(acknowledged_at=None).order_by().values("pk")[: MOST_COUNTED + 1].count()
    context = {
        "page": page,
        "filter": found,
        "is_platform": one,
        "open_count": open_count,
        "most_counted": MOST_COUNTED,
        "may_acknowledge": request.actor.may("escalation.acknowledge"),
    }
    return render(request, "enforcement/escalations.html", context)


def watchdog(request: ActingRequest) -> HttpResponse:
    context = {"beats": Heartbeat.objects.all(), "unreadable": services.unreadable_hosts()}
    return render(request, "enforcement/watchdog.html", context)
