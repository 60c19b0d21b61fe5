"""Pages of shared incidents: a lead to decide, and taking a recall out of its incident."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from portal.http.requests import ActingRequest
from portal.reason_forms import ReasonForm
from recalls import services
from recalls.forms import LeadForm
from recalls.models import IncidentLead, Recall
from recalls.presenters import evidence_of


def lead(request: ActingRequest, pk: int) -> HttpResponse:
    """Two recalls beside each other, why they may be about one product, and the answer of a person."""
    row = get_object_or_404(IncidentLead.objects.visible_to(request.actor), pk=pk)
    own, shown = services.shown_lead(row, request.actor)
    form = LeadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        is_same = form.cleaned_data["answer"] == IncidentLead.Answer.SAME
        services.decide_lead(lead=row, is_same=is_same, reason=form.cleaned_data["reason"], actor=request.actor)
        done = gettext("The recalls are linked as the same product.") if is_same else gettext("The lead is rejected.")
        messages.success(request, done)
        return redirect("recalls:detail", own.pk)
    context = {
        "form": form,
        "own": own,
        "products": own.current.products.all()[:50] if own.current else (),
        "lead": shown,
        "is_decided": shown.answer == IncidentLead.Answer.SAME,
        "evidence": evidence_of(shown.evidence),
        "submit": gettext_noop("Save answer"),
    }
    return render(request, "recalls/lead.html", context, status=422 if form.errors else 200)


def leave(request: ActingRequest, pk: int) -> HttpResponse:
    recall = get_object_or_404(Recall.objects.visible_to(request.actor), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.leave_incident(recall=recall, reason=form.cleaned_data["reason"], actor=request.actor)
        messages.success(request, gettext("The recall is out of the shared incident."))
        return redirect("recalls:detail", pk)
    context = {
        "form": form,
        "title": gettext("Take recall %(number)s out of its shared incident") % {"number": recall.number},
        "text": gettext("The other regulators are notified. You can link the recalls again from the rejected leads."),
        "submit": gettext_noop("Take out"),
        "back": reverse("recalls:detail", args=[pk]),
        "translated": True,
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)
