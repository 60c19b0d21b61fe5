"""Absences, deputies and duty hours: one's own, and anybody's for admins."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import services
from portal.duty_forms import AbsenceForm, DutyHoursForm
from portal.http.language import add_refusal, refusal_text
from portal.http.requests import ActingRequest
from portal.models import Absence, User


def duty(request: ActingRequest) -> HttpResponse:
    """One's own absences and duty hours."""
    return _page(request, request.user, reverse("portal:duty"), reverse("portal:account"))


def person_duty(request: ActingRequest, pk: int) -> HttpResponse:
    """Those of somebody else, for admins."""
    person = get_object_or_404(User.objects.visible_to(request.actor).select_related("organisation"), pk=pk)
    return _page(
        request, person, reverse("portal:person_duty", args=[pk]), reverse("portal:person_sessions", args=[pk])
    )


def absences_of(person: User) -> list[Absence]:
    """Those that go on or are to come, the next one first."""
    found = person.absences.to_come(timezone.now()).filter(organisation=person.organisation_id)
    return list(found.select_related("deputy").order_by("starts_at"))


def _page(request: ActingRequest, person: User, url: str, back: str) -> HttpResponse:
    act = request.POST.get("act", "")
    absence = AbsenceForm(request.POST if act == "absence" else None, people=services.deputies_for(person))
    hours = DutyHoursForm(request.POST if act == "hours" else None, hours=person.duty_hours)
    if request.method == "POST" and _done(request, person, act, absence, hours):
        return redirect(url)
    context: dict[str, Any] = {
        "person": person,
        "own": person == request.user,
        "absences": absences_of(person),
        "form": absence,
        "hours": hours,
        "zone": timezone.get_current_timezone_name(),
        "back": back,
    }
    status = 422 if absence.errors or hours.errors else 200
    return render(request, "portal/duty.html", context, status=status)


def _done(request: ActingRequest, person: User, act: str, absence: AbsenceForm, hours: DutyHoursForm) -> bool:
    """Whether a POST is dealt with; a form that is to be shown again is not."""
    if act == "end":
        _end(request, person)
        return True
    form = hours if act == "hours" else absence
    if not form.is_valid():
        return False
    try:
        if act == "hours":
            services.set_duty_hours(person=person, hours=hours.hours, actor=request.actor)
        else:
            services.add_absence(person=person, actor=request.actor, **absence.cleaned_data)
    except ValidationError as error:
        add_refusal(form, error)
        return False
    messages.success(request, gettext_noop("Saved."))
    return True


def _end(request: ActingRequest, person: User) -> None:
    number = request.POST.get("absence", "")
    row = get_object_or_404(person.absences.select_related("person"), pk=int(number) if number.isdecimal() else 0)
    try:
        services.end_absence(absence=row, actor=request.actor)
    except ValidationError as error:
        messages.error(request, refusal_text(error))
    else:
        messages.success(request, gettext_noop("The absence has ended."))
