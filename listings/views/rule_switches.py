"""The matching engine's rules: how often each was right, and a switch for each."""

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
from portal.http.requests import ActingRequest


def rules(request: ActingRequest) -> HttpResponse:
    off = {switch.signal: switch for switch in RuleSwitch.objects.all()}
    rows = [{"rule": row, "off": off.get(row.signal)} for row in rule_precisions()]
    return render(request, "listings/rule_switches.html", {"rows": rows, "off": len(off)})


def switch(request: ActingRequest, signal: str) -> HttpResponse:
    """Asks for the reason first; then the signal is off, or on again."""
    if signal not in services.SIGNALS:
        raise Http404
    is_off = signal in services.switched_off()
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.switch_rule(signal=signal, on=is_off, reason=form.cleaned_data["reason"], actor=request.actor)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            on = gettext("%(signal)s is on for every match from now on.")
            off = gettext("%(signal)s is off for every match from now on.")
            messages.success(request, (on if is_off else off) % {"signal": signal})
            return redirect("listings:rules")
    title = gettext("Switch %(signal)s on") if is_off else gettext("Switch %(signal)s off")
    context = {
        "form": form,
        "title": title % {"signal": signal},
        "text": gettext("It counts again in every match from now on.")
        if is_off
        else gettext("Matches from now on are scored without it. Flags that are there keep their evidence."),
        "submit": gettext("Switch on") if is_off else gettext("Switch off"),
        "translated": True,
        "back": reverse("listings:rules"),
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)
