"""Pages of policies, each with its ladder for a notice sent now."""

from functools import cache

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from enforcement import services
from enforcement.forms import PolicyForm
from enforcement.models import Policy
from enforcement.services.calendars import special_days
from enforcement.views.send import preview_of, zones_of
from portal.http import ActingRequest
from portal.models import Organisation


def policy_list(request: ActingRequest) -> HttpResponse:
    now, days = timezone.now(), cache(special_days)
    rows = Policy.objects.visible_to(request.actor).prefetch_related("steps").select_related("regulator")
    return render(
        request,
        "enforcement/policies.html",
        {
            "previews": [preview_of(policy, now, days) for policy in rows],
            "zones": zones_of(request.user.organisation, Organisation.objects.visible_to(request.actor).platforms()),
            "may_edit": request.actor.may("policy.edit"),
        },
    )


def policy_add(request: ActingRequest) -> HttpResponse:
    form = PolicyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.create_policy(regulator=request.user.organisation, content=form.content(), actor=request.actor)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "The policy can be chosen for notices now.")
            return redirect("enforcement:policies")
    return render(
        request,
        "portal/form.html",
        {"form": form, "title": "New policy", "submit": "Save"},
        status=422 if form.errors else 200,
    )


def policy_edit(request: ActingRequest, pk: int) -> HttpResponse:
    policy = get_object_or_404(Policy.objects.visible_to(request.actor), pk=pk)
    form = PolicyForm(request.POST or None, instance=policy)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_policy(policy=Policy.objects.get(pk=pk), content=form.content(), actor=request.actor)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Saved for notices to come. Running clocks keep the terms they started with.")
            return redirect("enforcement:policies")
    return render(
        request,
        "portal/form.html",
        {"form": form, "title": f"Edit {policy}", "submit": "Save"},
        status=422 if form.errors else 200,
    )
