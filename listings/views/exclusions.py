"""Exclusions: what is known not to be a recalled product."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from listings import services
from listings.filters import ExclusionFilter, names_exclusion
from listings.forms import ExclusionForm
from listings.models import Exclusion
from portal.http.cursors import keyset_page
from portal.http.language import add_refusal, shown
from portal.http.requests import ActingRequest
from portal.reason_forms import ReasonForm

SHOWN = 50


def exclusions(request: ActingRequest) -> HttpResponse:
    """Newest first, after those of just the recall, listing, GTIN or seller that was asked for."""
    rows = Exclusion.objects.visible_to(request.actor).select_related("recall", "platform", "listing", "flag")
    found = ExclusionFilter(request.GET, rows)
    asked = request.GET.get("q", "").strip()
    exact = found.qs.filter(names_exclusion(asked)) if asked else None
    context = {
        "page": keyset_page(found.qs, request, ordering=["-pk"], size=SHOWN, exact=exact),
        "filter": found,
        "is_platform": request.actor.platform_id is not None,
        "may_add": request.actor.may("exclusion.add"),
        "may_withdraw": request.actor.may("exclusion.withdraw"),
    }
    return render(request, "listings/exclusions.html", context)


def add(request: ActingRequest) -> HttpResponse:
    """Exclude a GTIN, a listing or a seller's product before it is flagged."""
    form = ExclusionForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_exclusion(actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext_noop("Exclusion added. Open flags stay open."))
            return redirect("listings:exclusions")
    context = {
        "form": form,
        "title": gettext("Add exclusion"),
        "submit": gettext("Add"),
        "back": reverse("listings:exclusions"),
    }
    return render(request, "portal/form.html", context, status=422 if form.errors else 200)


def withdraw(request: ActingRequest, pk: int) -> HttpResponse:
    known = get_object_or_404(Exclusion.objects.visible_to(request.actor), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_exclusion(known=known, reason=form.cleaned_data["reason"], actor=request.actor)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            messages.success(request, gettext_noop("Exclusion withdrawn. What it covered is matched again."))
            return redirect("listings:exclusions")
    context = {
        "form": form,
        "title": gettext("Withdraw exclusion"),
        "text": gettext("%(scope)s: %(covers)s. These listings are matched again and may be flagged.")
        % {"scope": shown(known.get_scope_display()), "covers": known.covers},
        "submit": gettext("Withdraw"),
        "translated": True,
        "back": reverse("listings:exclusions"),
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)
