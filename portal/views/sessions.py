"""Where people are signed in: everyone's own on the account page, anybody's for admins."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from portal import services
from portal.http.requests import ActingRequest
from portal.models import User
from portal.reason_forms import ReasonForm
from portal.views.duty import absences_of

ERASING = {"ask_erasure", "confirm_erasure", "refuse_erasure"}


def sessions_of(person: User, request: ActingRequest) -> dict[str, Any]:
    """What `pieces/sessions.html` shows: the sessions that live, and which of them is the reader's."""
    rows = person.sessions.filter(expire_date__gt=timezone.now()).order_by("-used_at")
    return {"sessions": list(rows), "this_session": request.session.session_key}


@require_POST
def session_end(request: ActingRequest) -> HttpResponse:
    """End one of one's own sessions, or all but this one."""
    _end(request, request.user)
    return redirect("portal:account")


def person_sessions(request: ActingRequest, pk: int) -> HttpResponse:
    """A person's sessions; a POST ends one or all."""
    person = get_object_or_404(User.objects.visible_to(request.actor), pk=pk)
    if request.method == "POST":
        _end(request, person)
        return redirect("portal:person_sessions", pk)
    context = {
        "person": person,
        "absences": absences_of(person),
        "asked": services.open_reset_of(person),
        "has_factor": services.has_factor(person),
        "invited": person.is_active and not person.has_usable_password(),
        "reason": ReasonForm(),
        "erasure": services.open_erasure_of(person),
        "erased": services.is_erased(person),
        "may_export": request.actor.may("person.export"),
        **sessions_of(person, request),
    }
    return render(request, "portal/person_sessions.html", context)


@require_POST
def person_sign_in(request: ActingRequest, pk: int) -> HttpResponse:
    """What an admin does about how a person signs in; `act` says what."""
    person = get_object_or_404(User.objects.visible_to(request.actor), pk=pk)
    try:
        act = request.POST.get("act", "")
        done = (_erase if act in ERASING else _act)(request, person, act)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, done)
    return redirect("portal:person_sessions", pk)


def _act(request: ActingRequest, person: User, act: str) -> str:
    actor, asked = request.actor, services.open_reset_of(person)
    if act == "invite":
        services.invite_again(person=person, actor=actor)
        return gettext_noop("The invitation was sent.")
    if act == "new_password":
        services.require_new_password(person=person, actor=actor)
        return gettext_noop("This person must now choose a new password.")
    if act == "unlock":
        services.unlock_person(person=person, actor=actor)
        return gettext_noop("The account is unlocked.")
    if act == "ask_reset":
        form = ReasonForm(request.POST)
        if not form.is_valid():
            raise ValidationError(gettext_noop("Enter the reason for the reset."))
        services.ask_factor_reset(person=person, reason=form.cleaned_data["reason"], actor=actor)
        return gettext_noop("Another admin must now confirm the reset.")
    if act in {"confirm_reset", "refuse_reset"} and asked is not None:
        if act == "confirm_reset":
            services.confirm_factor_reset(asked=asked, actor=actor)
            return gettext_noop("The second factor was removed.")
        services.refuse_factor_reset(asked=asked, actor=actor)
        return gettext_noop("The request was refused.")
    raise ValidationError(gettext_noop("This is no longer possible. Reload the page."))


def _erase(request: ActingRequest, person: User, act: str) -> str:
    actor, asked = request.actor, services.open_erasure_of(person)
    if act == "ask_erasure":
        form = ReasonForm(request.POST)
        if not form.is_valid():
            raise ValidationError(gettext_noop("Enter a reason."))
        services.ask_erasure(person=person, reason=form.cleaned_data["reason"], actor=actor)
        return gettext_noop("Another admin must now confirm the erasure.")
    if asked is None:
        raise ValidationError(gettext_noop("This is no longer possible. Reload the page."))
    if act == "refuse_erasure":
        services.refuse_erasure(asked=asked, actor=actor)
        return gettext_noop("The request was refused.")
    if request.POST.get("sure") != "yes":
        raise ValidationError(gettext_noop("Tick the box to confirm that this cannot be undone."))
    services.confirm_erasure(asked=asked, actor=actor)
    return gettext_noop("The person is erased. The audit log follows within minutes.")


def _end(request: ActingRequest, person: User) -> None:
    if handle := request.POST.get("session", ""):
        services.end_session(person=person, handle=handle, actor=request.actor)
        messages.success(request, gettext_noop("The session has ended."))
    else:
        besides = request.session.session_key if person == request.user else None
        services.end_sessions(person=person, actor=request.actor, besides=besides)
        messages.success(request, gettext_noop("The sessions have ended."))
