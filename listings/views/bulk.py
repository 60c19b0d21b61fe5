"""Many flags at once: which ones, claim them, or take one decision on all of them."""

from collections.abc import Iterable, Sequence

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from listings import services
from listings.forms import CHOICES, BulkDecisionForm
from listings.models import Flag
from listings.services.bulk import MAX_COUNT, BulkResult
from listings.views.queue import filtered
from portal.http.language import add_refusal, refusal_text
from portal.http.requests import ActingRequest, keys_in


def bulk(request: ActingRequest) -> HttpResponse:
    """The chosen flags, or all that match the filters, with what can be done to them. Changes nothing."""
    every = request.GET.get("all") == "yes"
    _, flags, _ = filtered(request, request.GET)
    if not every:
        flags = flags.filter(pk__in=_numbers(request.GET.getlist("flags")))
    total = flags.count() if every else 0
    rows = list(flags.order_by("due_at", "pk").prefetch_related("decisions")[:MAX_COUNT])
    kept = request.GET.copy()
    for name in ("flags", "all", "after", "before", "flag"):
        kept.pop(name, None)
    return _page(request, rows, BulkDecisionForm(every=every), kept=kept.urlencode(), every=every, total=total)


@require_POST
def bulk_claim(request: ActingRequest) -> HttpResponse:
    rows = [flag for flag, _ in _chosen(request)]
    result = services.claim_many(flags=rows, actor=request.actor)
    return _done(request, result, "claimed")


@require_POST
def bulk_decide(request: ActingRequest) -> HttpResponse:
    """One decision on exactly the flags that the page showed, in the state it showed."""
    chosen = _chosen(request)
    every = request.POST.get("all") == "yes"
    form = BulkDecisionForm(request.POST, every=every)
    if form.is_valid() and chosen:
        try:
            result = services.decide_many(flags=chosen, actor=request.actor, **form.decision())
        except ValidationError as error:
            add_refusal(form, error)
        else:
            return _done(request, result, "decided")
    rows = [flag for flag, _ in chosen]
    return _page(request, rows, form, kept=request.POST.get("kept", ""), every=every, total=len(rows), status=422)


def _chosen(request: ActingRequest) -> list[tuple[Flag, str]]:
    """The flags of the page that was sent, most urgent first, each with what the page showed of it."""
    seen = dict(value.split("|", 1) for value in request.POST.getlist("chosen")[:MAX_COUNT] if "|" in value)
    _, flags, _ = filtered(request, QueryDict("view=all"))
    by_number = dict(zip(_numbers(seen), seen.values(), strict=True))
    rows = flags.filter(pk__in=by_number).order_by("due_at", "pk").prefetch_related("decisions")
    return [(row, by_number[row.pk]) for row in rows]


def _numbers(texts: Iterable[str]) -> list[int]:
    return keys_in(texts, refusal="No valid flag numbers. Select the flags in the queue again.")


def _page(
    request: ActingRequest,
    rows: Sequence[Flag],
    form: BulkDecisionForm,
    *,
    kept: str,
    every: bool,
    total: int,
    status: int = 200,
) -> HttpResponse:
    context = {
        "flags": [(row, f"{row.pk}|{services.seen_token(row)}") for row in rows],
        "form": form,
        "kept": kept,
        "every": every,
        "left_out": max(0, total - len(rows)),
        "choices": [(number, kind, label, hint) for number, (kind, label, hint) in enumerate(CHOICES, 1)],
        "is_platform": request.actor.platform_id is not None,
    }
    return render(request, "listings/bulk.html", context, status=status)


def _done(request: ActingRequest, result: BulkResult, what: str) -> HttpResponse:
    kept = request.POST.get("kept", "")
    back = f"{reverse('listings:queue')}{f'?{kept}' if kept else ''}"
    count = len(result.done)
    if not result.refused:
        if what == "claimed":
            detail = ngettext("%(count)d flag claimed.", "%(count)d flags claimed.", count)
        else:
            detail = ngettext("%(count)d flag decided.", "%(count)d flags decided.", count)
        messages.success(request, detail % {"count": count})
        return redirect(back)
    refused = [(flag, refusal_text(error)) for flag, error in result.refused]
    context = {"refused": refused, "count": count, "what": what, "back": back}
    return render(request, "listings/bulk_done.html", context, status=200 if count else 409)
