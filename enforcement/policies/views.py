"""Policy pages, each with its timeline for a notice sent now; the form can preview a policy before it is saved."""

import zoneinfo
from dataclasses import asdict
from datetime import datetime, time
from functools import cache
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from enforcement import rules, services
from enforcement.calendars.services.special_days import special_days
from enforcement.models import Policy
from enforcement.policies.forms import PolicyForm
from enforcement.policies.presets import BEGINNINGS, beginning
from enforcement.policies.previews import Preview, preview_of, preview_of_terms, zones_of
from enforcement.policies.steps import StepFormSet, rows_of, steps_of
from portal.http.language import add_refusal
from portal.http.requests import ActingRequest
from portal.models import Organisation
from portal.places import regions
from portal.texts import key_in

ANOTHER = "another"
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
            "saved": key_in(request.GET.get("saved", "")),
        },
    )


def policy_add(request: ActingRequest) -> HttpResponse:
    """A new policy, which begins with one of BEGINNINGS (`?from=`)."""
    regulator = request.user.organisation
    begun = beginning(request.GET.get("from", ""), regulator)
    form, rows = _forms_of(request, begun, Policy())
    if _is_to_save(request) and form.is_valid() and rows.is_valid():
        try:
            policy = services.create_policy(
                regulator=regulator, content=form.content(steps_of(rows)), actor=request.actor
            )
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext_noop("Policy created. You can now choose it for notices."))
            return _in_sight(policy)
    beginnings = [(key, label, key == request.GET.get("from", "")) for key, label, _ in BEGINNINGS]
    return _page(request, form, rows, regulator, begun, {"title": gettext("New policy"), "beginnings": beginnings})


def policy_edit(request: ActingRequest, pk: int) -> HttpResponse:
    policy = get_object_or_404(Policy.objects.visible_to(request.actor).select_related("regulator"), pk=pk)
    begun = services.content_of(policy)
    form, rows = _forms_of(request, begun, policy)
    if _is_to_save(request) and form.is_valid() and rows.is_valid():
        try:
            content = form.content(steps_of(rows))
            services.edit_policy(policy=Policy.objects.get(pk=pk), content=content, actor=request.actor)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(
                request,
                gettext(
                    "Policy “%(policy)s” is saved for future notices. Running clocks keep the terms they started with."
                )
                % {"policy": policy},
            )
            return _in_sight(policy)
    return _page(
        request, form, rows, policy.regulator, begun, {"title": gettext("Edit %(policy)s") % {"policy": policy}}
    )


def _in_sight(policy: Policy) -> HttpResponse:
    """The list at the policy that was saved, which stands out there: the list is longer than a screen."""
    return redirect(f"{reverse('enforcement:policies')}?saved={policy.pk}#policy-{policy.pk}")


def _forms_of(request: ActingRequest, content: services.PolicyContent, policy: Policy) -> tuple[PolicyForm, Any]:
    """The form and the rows of its steps: with what was sent, else with `content`."""
    given = request.POST.copy() if request.method == "POST" else None
    values = asdict(content)
    form = PolicyForm(given, instance=policy, initial=values)
    if given is not None and ANOTHER in given:
        given["steps-TOTAL_FORMS"] = str(StepFormSet(given, prefix="steps").total_form_count() + 1)
    if given is not None:  # a row that was sent counts, even if it equals the one the page began with
        return form, StepFormSet(given, prefix="steps")
    return form, StepFormSet(initial=rows_of(content.steps), prefix="steps")


def _is_to_save(request: ActingRequest) -> bool:
    return request.method == "POST" and not request.htmx and not {"preview", ANOTHER} & set(request.POST)


def _page(
    request: ActingRequest,
    form: PolicyForm,
    rows: Any,
    regulator: Organisation,
    begun: services.PolicyContent,
    more: dict[str, Any],
) -> HttpResponse:
    """The editor with what its policy would do; while somebody edits, only that (`#drawn`). Nothing is saved here."""
    if request.method == "POST" and ANOTHER in request.POST:
        for errors in (form.errors, rows.non_form_errors(), *(row.errors for row in rows.forms)):
            errors.clear()  # no one asked to save yet
    context = more | {
        "form": form,
        "rows": rows,
        "preview": None if ANOTHER in request.POST else _preview(request, form, rows, regulator, begun),
        "zones": _zones(form, regulator),
        "regions": regions(str(form["country"].value() or "")),
    }
    if request.htmx:
        return render(request, "enforcement/policies/_drawn.html", context)
    wrong = bool(form.errors or rows.total_error_count())
    return render(request, "enforcement/policies/policy.html", context, status=422 if wrong else 200)


def _zones(form: PolicyForm, regulator: Organisation) -> list[str]:
    """Beside the form there is room for two: the regulator's time zone, and the one in which the policy counts days."""
    return list(dict.fromkeys([regulator.time_zone, str(form["time_zone"].value() or regulator.time_zone)]))


def _preview(
    request: ActingRequest, form: PolicyForm, rows: Any, regulator: Organisation, begun: services.PolicyContent
) -> Preview | None:
    """The effect of what was sent or, before anything is, of what the form begins with; None where it cannot be."""
    if request.method != "POST":
        content = begun
    elif form.is_valid() and rows.is_valid():
        content = form.content(steps_of(rows))
    else:
        return None
    zone = zoneinfo.ZoneInfo(content.time_zone)
    sent = datetime.combine(timezone.now().astimezone(zone).date(), EXAMPLE, zone)
    try:
        terms = services.draft_terms(content=content, regulator=regulator)
        return preview_of_terms(Policy(name=content.name), terms, sent)
    except (ValidationError, rules.NoWorkingDay, OverflowError) as error:
        if not isinstance(error, ValidationError):
            form.add_error(None, str(error))
        elif not form.errors:
            add_refusal(form, error)
        return None
