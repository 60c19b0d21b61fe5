"""Matching rules: how often each was right, and a switch for each."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from listings import services
from listings.forms import ReasonForm
from listings.models import RuleSwitch
from listings.rule_precision import rule_precisions
from listings.signal_titles import TITLES
from portal.http.language import add_refusal, shown
from portal.http.requests import ActingRequest


def rules(request: ActingRequest) -> HttpResponse:
    off = {switch.signal: switch for switch in RuleSwitch.objects.all()}
    rows = [{"rule": row, "title": TITLES[row.signal], "off": off.get(row.signal)} for row in rule_precisions()]
    return render(request, "listings/rule_switches.html", {"rows": rows, "off": len(off)})


def switch(request: ActingRequest, signal: str) -> HttpResponse:
    """Asks for a reason, then switches the signal off, or on again."""
    if signal not in services.SIGNALS:
        raise Http404
    is_off = signal in services.switched_off()
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.switch_rule(signal=signal, on=is_off, reason=form.cleaned_data["reason"], actor=request.actor)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            on = gettext("%(rule)s is on for all new matches.")
            off = gettext("%(rule)s is off for all new matches.")
            messages.success(request, (on if is_off else off) % {"rule": shown(TITLES[signal])})
            return redirect("listings:rules")
    title = gettext("Switch on: %(rule)s") if is_off else gettext("Switch off: %(rule)s")
    context = {
        "form": form,
        "title": title % {"rule": shown(TITLES[signal])},
        "text": gettext("This rule counts in all new matches.")
        if is_off
        else gettext("New matches are scored without this rule. Existing flags keep their evidence."),
        "submit": gettext("Switch on") if is_off else gettext("Switch off"),
        "translated": True,
        "back": reverse("listings:rules"),
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)
