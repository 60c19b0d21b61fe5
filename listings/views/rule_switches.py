"""Matching rules: how often each was right, what it means with an example, a trial without it for
admins, and a switch for each for operators."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from listings import services
from listings.example_fields import shown_fields
from listings.models import RuleSwitch
from listings.rule_examples import judged_example
from listings.rule_pictures import precision_chart
from listings.rule_precision import rule_precisions
from listings.rule_words import WORDS
from listings.signal_titles import TITLES
from portal.http.language import add_refusal, shown
from portal.http.requests import ActingRequest
from portal.reason_forms import ReasonForm


def rules(request: ActingRequest) -> HttpResponse:
    off = {switch.signal: switch for switch in RuleSwitch.objects.all()}
    found = rule_precisions(everywhere=request.actor.is_operator)
    rows = [
        {"rule": row, "title": TITLES[row.signal], "words": WORDS[row.signal], "off": off.get(row.signal)}
        for row in found
    ]
    context = {
        "rows": rows,
        "off": len(off),
        "chart": precision_chart(found),
        "may_limit": request.actor.may("flag_limit.set"),
        "may_switch": request.actor.may("rule.switch"),
    }
    return render(request, "listings/rule_switches.html", context)


@require_safe
def rule(request: ActingRequest, signal: str) -> HttpResponse:
    """One rule in words, with an example; with `try`, what switching it would change."""
    if signal not in services.SIGNALS:
        raise Http404
    judged, found = judged_example(signal), rule_precisions(everywhere=request.actor.is_operator)
    may_try = request.actor.may("rule.try")
    recall_fields, listing_fields = shown_fields(judged) if judged else ([], [])
    context = {
        "signal": signal,
        "title": TITLES[signal],
        "words": WORDS[signal],
        "precision": next(row for row in found if row.signal == signal),
        "off": RuleSwitch.objects.filter(signal=signal).first(),
        "judged": judged,
        "recall_fields": recall_fields,
        "listing_fields": listing_fields,
        "trial": services.try_switch(signal=signal, actor=request.actor)
        if judged and may_try and "try" in request.GET
        else None,
        "may_try": may_try,
        "may_switch": request.actor.may("rule.switch"),
    }
    return render(request, "listings/rule.html", context)


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
