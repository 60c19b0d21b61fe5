"""One escalation: acknowledge, comment, hand over, resolve."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from enforcement import services
from enforcement.escalations.forms import AcknowledgeForm, CommentForm, HandOverForm, ResolveForm
from enforcement.models import Escalation
from portal import audit
from portal.http.language import add_refusal, shown_inside
from portal.http.requests import ActingRequest
from portal.models import User


def escalation(request: ActingRequest, pk: int) -> HttpResponse:
    """The escalation, its assignee, and its history with comments; people with permission comment (POST)."""
    row = _escalation(request, pk)
    may_handle = request.actor.may("escalation.acknowledge")
    form = CommentForm(request.POST if request.method == "POST" and may_handle else None)
    if request.method == "POST" and may_handle and form.is_valid():
        services.comment_escalation(escalation=row, text=form.cleaned_data["text"], actor=request.actor)
        messages.success(request, gettext_noop("Comment added."))
        return redirect("enforcement:escalation", pk)
    context = {
        "escalation": row,
        "form": form,
        "may_handle": may_handle,
        "events": audit.events_about(row).order_by("-id"),
    }
    return render(request, "enforcement/escalations/escalation.html", context, status=422 if form.errors else 200)


def acknowledge(request: ActingRequest, pk: int) -> HttpResponse:
    row = _escalation(request, pk)
    form = AcknowledgeForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        services.acknowledge_escalation(escalation=row, note=form.cleaned_data["note"], actor=request.actor)
        messages.success(request, gettext_noop("Acknowledged. Escalation continues until the removal is confirmed."))
        return redirect("enforcement:escalations")
    text = gettext("The escalation is assigned to you. Escalation continues until the removal is confirmed.")
    title = gettext("Acknowledge: %(step)s") % {"step": shown_inside(row.get_kind_display())}
    return _asked(request, row, form, title, text, gettext("Acknowledge"))


def hand_over(request: ActingRequest, pk: int) -> HttpResponse:
    row = _escalation(request, pk)
    people = User.objects.filter(
        organisation_id=row.takedown.flag.recall.regulator_id, role__in=["regulator_staff", "admin"], is_active=True
    )
    form = HandOverForm(_posted(request), people=people)
    text = gettext("The person is notified and handles the escalation from then on.")
    title = gettext("Hand over: %(step)s") % {"step": shown_inside(row.get_kind_display())}
    return _done(request, row, form, services.hand_over_escalation, title, text, gettext("Hand over"))


def resolve(request: ActingRequest, pk: int) -> HttpResponse:
    row = _escalation(request, pk)
    text = gettext("Resolve it when this step needs no more work. The clock runs until the removal is confirmed.")
    title = gettext("Resolve: %(step)s") % {"step": shown_inside(row.get_kind_display())}
    return _done(
        request, row, ResolveForm(_posted(request)), services.resolve_escalation, title, text, gettext("Resolve")
    )


def _escalation(request: ActingRequest, pk: int) -> Escalation:
    related = ("takedown__flag__listing", "takedown__flag__recall", "platform", "assigned_to")
    return get_object_or_404(Escalation.objects.visible_to(request.actor).select_related(*related), pk=pk)


def _posted(request: ActingRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _done(
    request: ActingRequest,
    row: Escalation,
    form: forms.Form,
    service: Callable[..., object],
    title: str,
    text: str,
    submit: str,
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            service(escalation=row, actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext_noop("Escalation updated."))
            return redirect("enforcement:escalation", row.pk)
    return _asked(request, row, form, title, text, submit)


def _asked(
    request: ActingRequest, row: Escalation, form: forms.Form, title: str, text: str, submit: str
) -> HttpResponse:
    back = reverse("enforcement:escalation", args=[row.pk])
    context = {"form": form, "title": title, "text": text, "submit": submit, "back": back, "translated": True}
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)
