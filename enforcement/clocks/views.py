"""Pausing a clock, letting it go on, and extensions."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, ngettext

from enforcement import services
from enforcement.clocks.forms import ExtensionForm, PauseForm, ResumeForm
from enforcement.forms import AnswerForm
from enforcement.models import Extension, Takedown
from portal.http.language import shown
from portal.http.requests import ActingRequest


def pause(request: ActingRequest, pk: int) -> HttpResponse:
    row = _takedown(request, pk)
    asks = {
        "title": gettext("Pause the clock of %(listing)s") % {"listing": row.flag.listing.external_id},
        "text": gettext(
            "No rung is raised while it stands. Hours are due as much later as it stood, working days as many later as ended meanwhile."
        ),
        "submit": gettext("Pause"),
    }
    return _confirmed(
        request, row, PauseForm(_posted(request)), services.pause_clock, asks, gettext_noop("The clock stands.")
    )


def resume(request: ActingRequest, pk: int) -> HttpResponse:
    row = _takedown(request, pk)
    asks = {
        "title": gettext("Let the clock of %(listing)s go on") % {"listing": row.flag.listing.external_id},
        "text": gettext("The due moment moves by the time it stood."),
        "submit": gettext("Go on"),
    }
    return _confirmed(
        request, row, ResumeForm(_posted(request)), services.resume_clock, asks, gettext_noop("The clock goes on.")
    )


def extend(request: ActingRequest, pk: int) -> HttpResponse:
    row = _takedown(request, pk)
    second = row.terms.get("extension_needs_second", True)
    asks = {
        "title": gettext("Ask for more time for %(listing)s") % {"listing": row.flag.listing.external_id},
        "text": gettext("In %(unit)s, counted from the due moment.")
        % {"unit": shown(row.terms["unit"].replace("_", " "))}
        + (" " + gettext("Another person of the regulator has to grant it.") if second else ""),
        "submit": gettext("Ask"),
    }
    form = ExtensionForm(_posted(request))
    return _confirmed(
        request,
        row,
        form,
        services.ask_extension,
        asks,
        gettext_noop("The extension is asked for, or granted at once where the policy says so."),
    )


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
            form.add_error(None, error)
        else:
            messages.success(request, gettext_noop("Answered: the history has it."))
            return redirect("enforcement:takedown", extension.takedown_id)
    asked = {
        "more": _amount(extension.amount, extension.takedown.terms["unit"]),
        "listing": extension.takedown.flag.listing.external_id,
    }
    context = {
        "form": form,
        "title": gettext("Extension of %(more)s for %(listing)s") % asked,
        "text": gettext("%(person)s asks: %(reason)s") % {"person": extension.asked_by, "reason": extension.reason},
        "submit": gettext("Answer"),
        "translated": True,
        "back": reverse("enforcement:takedown", args=[extension.takedown_id]),
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)


def _amount(amount: int, unit: str) -> str:
    """For example "6 hours", as the reader's language counts."""
    return {
        "seconds": ngettext("%(count)d second", "%(count)d seconds", amount),
        "minutes": ngettext("%(count)d minute", "%(count)d minutes", amount),
        "hours": ngettext("%(count)d hour", "%(count)d hours", amount),
        "working_days": ngettext("%(count)d working day", "%(count)d working days", amount),
    }[unit] % {"count": amount}


def _posted(request: ActingRequest) -> QueryDict | None:
    """What was posted, also where that is nothing; a form without it asks first."""
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
            form.add_error(None, error)
        else:
            messages.success(request, done)
            return redirect("enforcement:takedown", row.pk)
    context = {"form": form, "back": reverse("enforcement:takedown", args=[row.pk]), "translated": True, **asks}
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)
