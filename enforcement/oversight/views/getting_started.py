"""The first tasks of a role: what is done and what comes next. Shown as the home page until done or hidden."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop

from enforcement import services
from portal.http.requests import ActingRequest
from portal.services import hide_getting_started


def getting_started(request: ActingRequest) -> HttpResponse:
    """The steps; a POST hides them from the person's home page."""
    if request.method == "POST":
        hide_getting_started(person=request.user)
        messages.success(
            request, gettext_noop("Getting started is hidden. You can find it again on your account page.")
        )
        return redirect("portal:home")
    steps = services.getting_started(person=request.user, actor=request.actor)
    upcoming = next((step for step in steps if not step.done), None)
    context = {"steps": steps, "upcoming": upcoming, "done": sum(step.done for step in steps)}
    return render(request, "enforcement/oversight/getting_started.html", context)
