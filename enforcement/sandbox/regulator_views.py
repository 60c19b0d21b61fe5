"""The page on which a sandbox's regulator is made to act: only in the sandbox, for whoever opened it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from enforcement.forms import AnswerForm
from enforcement.models import Takedown
from enforcement.sandbox import regulator as services
from enforcement.sandbox.forms import MinutesForm, SampleForm, SampleVersionForm
from enforcement.sandbox.waiting import FLAG, waiting
from listings.forms import NoteForm
from portal.http.cursors import keyset_page
from portal.http.language import add_refusal, refusal_text
from portal.http.requests import ActingRequest
from portal.reason_forms import ReasonForm
from recalls.models import Notice

SHOWN = 25  # notices a page, and clocks
EXAMPLE = {
    "name": "Ceramic tower heater",
    "brand": "Hearthline",
    "model_numbers": "HL-200R",
    "hazard": "It can overheat.",
}


def regulator(request: ActingRequest) -> HttpResponse:
    """What can be tried (GET); publish and send a made-up recall (POST)."""
    form = SampleForm(request.POST or None, initial=EXAMPLE)
    if request.method == "POST" and form.is_valid():
        try:
            services.publish_sample(sample=form.sample(), actor=request.actor)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext_noop("The recall was published and its notice sent."))
            return redirect("enforcement:sandbox_regulator")
    clocks = Takedown.objects.visible_to(request.actor).open().filter(paused_at=None)
    context = {
        "form": form,
        "waiting": waiting(request.actor),
        "minutes": MinutesForm(),
        "page": keyset_page(_notices(request), request, ordering=["-pk"], size=SHOWN),
        "clocks": clocks.select_related("flag__listing", "flag__recall").order_by("due_at", "pk")[:SHOWN],
    }
    return render(request, "enforcement/sandbox/regulator.html", context, status=422 if form.errors else 200)


def version(request: ActingRequest, pk: int) -> HttpResponse:
    """What the next version of a recall says (GET), and its publication (POST)."""
    notice = get_object_or_404(_notices(request), pk=pk)
    product = notice.version.products.first()
    said = {
        "name": product.name, "brand": product.brand, "model_numbers": "\n".join(product.model_numbers),
        "gtins": "\n".join(product.gtins), "sizes": "\n".join(product.sizes), "units": product.units,
    } if product else {}  # fmt: skip
    form = SampleVersionForm(request.POST or None, initial={**said, "hazard": notice.version.hazard})
    if request.method == "POST" and form.is_valid():
        services.publish_next_version(
            notice=notice, sample=form.sample(), change_note=form.cleaned_data["change_note"], actor=request.actor
        )
        messages.success(request, gettext_noop("The new version was published. The notice follows it."))
        return redirect("enforcement:sandbox_regulator")
    context = {
        "form": form,
        "title": gettext("New version of recall %(number)s") % {"number": notice.recall.number},
        "text": gettext("One that covers more is matched again. One that covers less closes flags."),
        "submit": gettext("Publish version"),
        "back": reverse("enforcement:sandbox_regulator"),
        "translated": True,
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)


def withdraw(request: ActingRequest, pk: int) -> HttpResponse:
    """Ask for the reason (GET), then withdraw the notice (POST)."""
    notice = get_object_or_404(_notices(request), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.withdraw_sample(notice=notice, reason=form.cleaned_data["reason"], actor=request.actor)
        messages.success(request, gettext_noop("The notice is withdrawn and its clocks are stopped."))
        return redirect("enforcement:sandbox_regulator")
    title = gettext("Withdraw the notice of recall %(number)s to %(platform)s")
    context = {
        "form": form,
        "title": title % {"number": notice.recall.number, "platform": notice.platform},
        "text": gettext("Its clocks stop and its open flags close. You cannot undo this."),
        "submit": gettext("Withdraw notice"),
        "back": reverse("enforcement:sandbox_regulator"),
        "translated": True,
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)


def answer(request: ActingRequest, kind: str, pk: int) -> HttpResponse:
    """What the platform asked the regulator for (GET), and its answer (POST)."""
    row = next((each for each in waiting(request.actor, only=kind) if each.row.pk == pk), None)
    if row is None:
        raise Http404
    made = NoteForm if kind == FLAG else AnswerForm
    form = made(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            row.answer(form.cleaned_data, request.actor)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext_noop("Answer saved."))
            return redirect("enforcement:sandbox_regulator")
    context = {
        "form": form,
        "title": gettext("Answer for %(listing)s") % {"listing": row.flag.listing.external_id},
        "text": row.asked,
        "submit": gettext("Send answer"),
        "back": reverse("enforcement:sandbox_regulator"),
        "translated": True,
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)


@require_POST
def time(request: ActingRequest, pk: int) -> HttpResponse:
    """Let the minutes pass that the form names."""
    form = MinutesForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("enforcement:sandbox_regulator")
    return _of_clock(
        request,
        pk,
        lambda row: services.let_time_pass(takedown=row, actor=request.actor, **form.cleaned_data),
        gettext_noop("The time passed. What was due has happened."),
    )


@require_POST
def miss(request: ActingRequest, pk: int) -> HttpResponse:
    return _of_clock(
        request,
        pk,
        lambda row: services.miss_deadline(takedown=row, actor=request.actor),
        gettext_noop("The deadline was missed."),
    )


def _of_clock(request: ActingRequest, pk: int, act: Callable[[Takedown], Any], done: str) -> HttpResponse:
    takedown = get_object_or_404(Takedown.objects.visible_to(request.actor), pk=pk)
    try:
        act(takedown)
    except ValidationError as error:
        messages.error(request, refusal_text(error))
    else:
        messages.success(request, done)
    return redirect("enforcement:sandbox_regulator")


def _notices(request: ActingRequest) -> Any:
    return Notice.objects.visible_to(request.actor).select_related("recall", "version", "platform")
