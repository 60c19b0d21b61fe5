"""The public listing of late platforms, and the decisions behind it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from enforcement import services
from enforcement.models import PublicListing
from portal.database.acting import as_system
from portal.http.cursors import keyset_page, keyset_page_of_parts
from portal.http.requests import ActingRequest
from portal.reason_forms import ReasonForm

SHOWN = 50


def public_listing_list(request: ActingRequest) -> HttpResponse:
    """Proposed and agreed public listings, then published and withdrawn ones."""
    rows = PublicListing.objects.visible_to(request.actor).select_related(
        "platform", "escalation__takedown__flag__listing", "escalation__takedown__flag__recall"
    )
    page = keyset_page_of_parts(rows.in_order(), request, size=SHOWN)
    context = {"page": page, "may_agree": request.actor.may("public_listing.agree"), "me": request.user.pk}
    return render(request, "enforcement/letters/public_listing_decisions.html", context)


def public_listing_agree(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(PublicListing.objects.visible_to(request.actor).select_related("platform"), pk=pk)
    second = row.status == "agreed"
    text = (
        gettext("%(person)s agreed. If you agree too, %(platform)s appears on the public page at once.")
        if second
        else gettext("%(platform)s appears on the public page when another person agrees too.")
    ) % {"person": row.first_by, "platform": row.platform}
    title = gettext("Name %(platform)s publicly") % {"platform": row.platform}
    return _public_listing(request, row, services.agree_to_public_listing, title, text, gettext("Agree"))


def public_listing_withdraw(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(PublicListing.objects.visible_to(request.actor).select_related("platform"), pk=pk)
    text = gettext("It will not appear on the public page. It cannot be published again for this escalation step.")
    title = gettext("Withdraw the public naming of %(platform)s") % {"platform": row.platform}
    return _public_listing(request, row, services.withdraw_public_listing, title, text, gettext("Withdraw"))


def _public_listing(
    request: ActingRequest,
    row: PublicListing,
    service: Callable[..., PublicListing],
    title: str,
    text: str,
    submit: str,
) -> HttpResponse:
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        service(public_listing=row, reason=form.cleaned_data["reason"], actor=request.actor)
        messages.success(request, gettext_noop("Saved in the audit log."))
        return redirect("enforcement:public_listings")
    context = {
        "form": form,
        "title": title,
        "text": text,
        "submit": submit,
        "back": reverse("enforcement:public_listings"),
        "translated": True,
    }
    return render(request, "components/confirm.html", context, status=422 if form.errors else 200)


def late_platforms(request: HttpRequest) -> HttpResponse:
    """For the public: platforms named for listings of recalled products, and whether these listings are gone."""
    rows = (
        PublicListing.objects.published()
        .outside_sandboxes()
        .select_related(
            "platform", "escalation__takedown__flag__listing", "escalation__takedown__flag__recall__regulator"
        )
    )
    with as_system("what is published is for everybody, whoever they are"):
        page = keyset_page(rows, request, ordering=["-published_at", "-pk"], size=SHOWN)
    return render(request, "enforcement/letters/public_listing.html", {"page": page})
