"""Several recalls at once: which ones, and submitting them for review. Sending them has its own page, with a preview."""

from django.http import HttpResponse
from django.shortcuts import render

from portal.http.language import refusal_text
from portal.http.requests import ActingRequest, keys_in
from recalls import services
from recalls.models import Recall


def export(request: ActingRequest) -> HttpResponse:
    """The selected recalls, and the export of them in a format."""
    keys = keys_in(request.GET.getlist("recall"), refusal="recall is the number of a row, several times.")
    rows = Recall.objects.visible_to(request.actor).filter(pk__in=keys[: services.MAX_SUBMITTED])
    return render(request, "recalls/export.html", {"chosen": rows.order_by("number", "pk")})


def bulk(request: ActingRequest) -> HttpResponse:
    """The selected recalls, for a confirmation; posted, what became of each of them."""
    given = (request.POST if request.method == "POST" else request.GET).getlist("recall")
    keys = keys_in(given, refusal="recall is the number of a row, several times.")
    rows = Recall.objects.visible_to(request.actor).filter(pk__in=keys).order_by("number", "pk")
    chosen = list(rows[: services.MAX_SUBMITTED])
    done = services.submit_many(recalls=chosen, actor=request.actor) if request.method == "POST" else []
    context = {
        "chosen": chosen,
        "results": [(each, refusal_text(each.refusal) if each.refusal else "") for each in done],
        "submitted": sum(each.refusal is None for each in done),
        "left_out": max(0, len(set(keys)) - len(chosen)),
    }
    return render(request, "recalls/bulk.html", context)
