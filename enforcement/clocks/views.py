"""Pause a clock, resume it, and extend it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from enforcement import services
from enforcement.clocks.forms import ExtensionForm, PauseForm, ResumeForm
from enforcement.forms import AnswerForm
from enforcement.models import Extension, Takedown
from portal.http.language import add_refusal, shown
from portal.http.requests import ActingRequest
from portal.units import UNITS, in_units


def pause(request: ActingRequest, pk: int) -> HttpResponse:
    row = _takedown(request, pk)
    asks = {
        "title": gettext("Pause the clock of %(listing)s") % {"listing": row.flag.listing.external_id},
        "text": gettext(
            "No escalation step is raised while the clock is paused. A deadline in hours moves by the length of the pause, "
            "one in working days by the working days that end during the pause."
        ),
        "submit": gettext("Pause the clock"),
    }
    return _confirmed(
        request, row, PauseForm(_posted(request)), services.pause_clock, asks, gettext_noop("The clock is paused.")
    )


def resume(request: ActingRequest, pk: int) -> HttpResponse:
    row = _takedown(request, pk)
    asks = {
        "title": gettext("Resume the clock of %(listing)s") % {"listing": row.flag.listing.external_id},
        "text": gettext("The deadline moves by the working days that ended during the pause.")
        if row.terms.get("unit") == "working_days"
        else gettext("The deadline moves by the length of the pause."),
        "submit": gettext("Resume the clock"),
    }
    return _confirmed(
        request,
        row,
        ResumeForm(_posted(request)),
        services.resume_clock,
        asks,
        gettext_noop("The clock is running again."),
    )


def extend(request: ActingRequest, pk: int) -> HttpResponse:
    row = _takedown(request, pk)
    at_once, listing = services.extends_at_once(takedown=row, actor=request.actor), row.flag.listing.external_id
    unit = gettext("In %(unit)s, counted from the deadline.") % {"unit": shown(UNITS[row.terms["unit"]])}
    if at_once:
        title, text, submit = gettext("Extend the deadline of %(listing)s"), unit, gettext("Extend the deadline")
        done = gettext_noop("The deadline is extended.")
    else:
        title, submit = gettext("Request an extension for %(listing)s"), gettext("Request extension")
        needs_other = gettext("Another person at the regulator must grant it.")
        text = f"{unit} {needs_other}"
        done = gettext_noop("Extension requested. The regulator is notified.")
    asks = {"title": title % {"listing": listing}, "text": text, "submit": submit}
    form = ExtensionForm(_posted(request))
    return _confirmed(request, row, form, services.ask_extension, asks, done)


def answer(request: ActingRequest, pk: int) -> HttpResponse:
    """Grant or refuse an extension."""
    own = Extension.objects.visible_to(request.actor).select_related("takedown__flag__listing")
    extension = get_object_or_404(own.filter(status="asked"), pk=pk)
    form = AnswerForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_extension(
                extension=extension,
                grant=form.cleaned_data["decision"] == "grant",
                answer=form.cleaned_data["answer"],
                actor=request.actor,
            )
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext_noop("Answer saved."))
            return redirect("enforcement:takedown", extension.takedown_id)
    asked = {
        "more": in_units(extension.amount, extension.takedown.terms["unit"]),
        "listing": extension.takedown.flag.listing.external_id,
    }
    context = {
        "form": form,
        "title": gettext("Extension of %(more)s for %(listing)s") % asked,
        "text": gettext("%(person)s requests: %(reason)s") % {"person": extension.asked_by, "reason": extension.reason},
        "submit": gettext("Send answer"),
        "translated": True,
        "back": reverse("enforcement:takedown", args=[extension.takedown_id]),
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)


def _posted(request: ActingRequest) -> QueryDict | None:
    """The posted data, even if empty; None shows an empty form."""
    return request.POST if request.method == "POST" else None


def _takedown(request: ActingRequest, pk: int) -> Takedown:
    return get_object_or_404(Takedown.objects.visible_to(request.actor).select_related("flag__listing"), pk=pk)


def _confirmed(
    request: ActingRequest,
    row: Takedown,
    form: forms.Form,
    service: Callable[..., Any],
    asks: dict[str, str],
    done: str,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            service(takedown=row, actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, done)
            return redirect("enforcement:takedown", row.pk)
    context = {"form": form, "back": reverse("enforcement:takedown", args=[row.pk]), "translated": True, **asks}
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)
