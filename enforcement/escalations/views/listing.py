"""The list of escalations."""

from django.http import HttpResponse
from django.shortcuts import render

from enforcement.escalations.filters import EscalationFilter
from enforcement.models import Escalation
from portal.http.cursors import keyset_page_of_parts
from portal.http.requests import ActingRequest

MAX_COUNTED = 999  # the heading counts no further: counting all would read all rows


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
    page = keyset_page_of_parts(found.qs.in_order(), request)
    open_count = found.qs.waiting().order_by().values("pk")[: MAX_COUNTED + 1].count()
    context = {
        "page": page,
        "filter": found,
        "is_platform": one,
        "open_count": open_count,
        "most_counted": MAX_COUNTED,
        "may_acknowledge": request.actor.may("escalation.acknowledge"),
    }
    return render(request, "enforcement/escalations/escalations.html", context)
