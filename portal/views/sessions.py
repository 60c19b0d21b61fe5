"""Where people are signed in: everyone's own on the account page, anybody's for admins."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from portal import services
from portal.http.requests import ActingRequest
from portal.models import User


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
    return render(request, "portal/person_sessions.html", {"person": person, **sessions_of(person, request)})


def _end(request: ActingRequest, person: User) -> None:
    if handle := request.POST.get("session", ""):
        services.end_session(person=person, handle=handle, actor=request.actor)
        messages.success(request, gettext_noop("The session has ended."))
    else:
        besides = request.session.session_key if person == request.user else None
        services.end_sessions(person=person, actor=request.actor, besides=besides)
        messages.success(request, gettext_noop("The sessions have ended."))
