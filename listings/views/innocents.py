"""What is remembered as not a recalled product."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from listings import services
from listings.forms import ReasonForm
from listings.models import KnownInnocent
from portal.http import ActingRequest
from portal.keyset import keyset_page

SHOWN = 50


def innocents(request: ActingRequest) -> HttpResponse:
    """Newest first; those that hold, or all."""
    rows = KnownInnocent.objects.visible_to(request.actor).select_related("recall", "platform", "listing", "flag")
    everything = request.GET.get("show") == "all"
    if not everything:
        rows = rows.holding()
    if q := request.GET.get("q", "").strip():
        rows = rows.filter(
            Q(recall__number__icontains=q)
            | Q(listing__external_id__icontains=q)
            | Q(listing__title__icontains=q)
            | Q(gtin__endswith=q)
            | Q(seller__icontains=q)
        )
    page = keyset_page(rows, request, ordering=["-pk"], size=SHOWN)
    context = {"page": page, "q": q, "everything": everything, "may_withdraw": request.actor.may("innocent.withdraw")}
    return render(request, "listings/innocents.html", context)


def withdraw(request: ActingRequest, pk: int) -> HttpResponse:
    known = get_object_or_404(KnownInnocent.objects.visible_to(request.actor), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.forget_innocent(known=known, reason=form.cleaned_data["reason"], actor=request.actor)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Withdrawn: what it covered is matched again.")
            return redirect("listings:innocents")
    context = {
        "form": form,
        "title": "Withdraw what is remembered",
        "text": f"{known}. What it covers is matched again and may be flagged.",
        "submit": "Withdraw",
        "back": reverse("listings:innocents"),
    }
    return render(request, "pieces/confirm.html", context, status=422 if form.errors else 200)
