"""Pausing a clock, letting it go on, and extensions."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from enforcement import services
from enforcement.forms import AnswerForm, ExtensionForm, PauseForm, ResumeForm
from enforcement.models import Extension, Takedown
from portal.http import ActingRequest
from recalls.terms import amount_in_words


def pause(request: ActingRequest, pk: int) -> HttpResponse:
    row = _takedown(request, pk)
    asks = {
        "title": f"Pause the clock of {row.flag.listing.external_id}",
        "text": "No rung is raised while it stands. Hours are due as much later as it stood, working days as many later as ended meanwhile.",
        "submit": "Pause",
    }
    return _confirmed(request, row, PauseForm(_posted(request)), services.pause_clock, asks, "The clock stands.")


def resume(request: ActingRequest, pk: int) -> HttpResponse:
    row = _takedown(request, pk)
    asks = {
        "title": f"Let the clock of {row.flag.listing.external_id} go on",
        "text": "The due moment moves by the time it stood.",
        "submit": "Go on",
    }
    return _confirmed(request, row, ResumeForm(_posted(request)), services.resume_clock, asks, "The clock goes on.")


def extend(request: ActingRequest, pk: int) -> HttpResponse:
    row = _takedown(request, pk)
    second = row.terms.get("extension_needs_second", True)
    asks = {
        "title": f"Ask for more time for {row.flag.listing.external_id}",
        "text": f"In {row.terms['unit'].replace('_', ' ')}, counted from the due moment."
        + (" Another person of the regulator has to grant it." if second else ""),
        "submit": "Ask",
    }
    form = ExtensionForm(_posted(request))
    return _confirmed(
        request,
        row,
        form,
        services.ask_extension,
        asks,
        "The extension is asked for, or granted at once where the policy says so.",
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
            messages.success(request, "Answered: the history has it.")
            return redirect("enforcement:takedown", extension.takedown_id)
    more = amount_in_words(extension.amount, extension.takedown.terms["unit"])
    context = {
        "form": form,
        "title": f"Extension of {more} for {extension.takedown.flag.listing.external_id}",
        "text": f"{extension.asked_by} asks: {extension.reason}",
        "submit": "Answer",
        "back": reverse("enforcement:takedown", args=[extension.takedown_id]),
    }
    return render(request, "pieces/confirm.html", context, status=422 if form.errors else 200)


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
    context = {"form": form, "back": reverse("enforcement:takedown", args=[row.pk]), **asks}
    return render(request, "pieces/confirm.html", context, status=422 if form.errors else 200)
