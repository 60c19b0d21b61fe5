"""Policy pages, each with its timeline for a notice sent now; the form can preview a policy before it is saved."""

import zoneinfo
from datetime import datetime, time
from functools import cache

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from enforcement import services
from enforcement.calendars.services.special_days import special_days
from enforcement.models import Policy
from enforcement.policies.forms import PolicyForm
from enforcement.policies.previews import Preview, preview_of, preview_of_terms, zones_of
from portal.http.language import add_refusal
from portal.http.requests import ActingRequest
from portal.models import Organisation

EXAMPLE = time(10)  # the time of day at which the previewed notice is sent


def policy_list(request: ActingRequest) -> HttpResponse:
    now, days = timezone.now(), cache(special_days)
    rows = Policy.objects.visible_to(request.actor).prefetch_related("steps").select_related("regulator")
    return render(
        request,
        "enforcement/policies/policies.html",
        {
            "previews": [preview_of(policy, now, days) for policy in rows],
            "zones": zones_of(str(request.user.zone), Organisation.objects.visible_to(request.actor).platforms()),
            "may_edit": request.actor.may("policy.edit"),
        },
    )


def policy_add(request: ActingRequest) -> HttpResponse:
    form = PolicyForm(request.POST or None)
    if _is_to_save(request) and form.is_valid():
        try:
            services.create_policy(regulator=request.user.organisation, content=form.content(), actor=request.actor)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext_noop("Policy created. You can now choose it for notices."))
            return redirect("enforcement:policies")
    return _form(request, form, request.user.organisation, gettext("New policy"))


def policy_edit(request: ActingRequest, pk: int) -> HttpResponse:
    policy = get_object_or_404(Policy.objects.visible_to(request.actor), pk=pk)
    form = PolicyForm(request.POST or None, instance=policy)
    if _is_to_save(request) and form.is_valid():
        try:
            services.edit_policy(policy=Policy.objects.get(pk=pk), content=form.content(), actor=request.actor)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(
                request,
                gettext_noop("Policy saved for future notices. Running clocks keep the terms they started with."),
            )
            return redirect("enforcement:policies")
    return _form(request, form, policy.regulator, gettext("Edit %(policy)s") % {"policy": policy})


def _is_to_save(request: ActingRequest) -> bool:
    return request.method == "POST" and "preview" not in request.POST


def _form(request: ActingRequest, form: PolicyForm, regulator: Organisation, title: str) -> HttpResponse:
    """The form; after Preview, also the effect of the unsaved content."""
    preview = _preview(form, regulator) if "preview" in request.POST and form.is_valid() else None
    context = {
        "form": form,
        "title": title,
        "preview": preview,
        "zones": zones_of(regulator.time_zone, Organisation.objects.visible_to(request.actor).platforms()),
    }
    return render(request, "enforcement/policies/policy.html", context, status=422 if form.errors else 200)


def _preview(form: PolicyForm, regulator: Organisation) -> Preview | None:
    content = form.content()
    zone = zoneinfo.ZoneInfo(content.time_zone)
    sent = datetime.combine(timezone.now().astimezone(zone).date(), EXAMPLE, zone)
    try:
        terms = services.draft_terms(content=content, regulator=regulator)
    except ValidationError as error:
        add_refusal(form, error)
        return None
    return preview_of_terms(Policy(name=content.name), terms, sent)
