"""The links of a flag for its seller: giving one, seeing what became of each, revoking."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from listings import services
from listings.forms import SellerLinkForm
from listings.models import Flag, SellerLink
from listings.seller_addresses import address_of
from listings.states import CLOSED
from portal.http.language import add_refusal
from portal.http.requests import ActingRequest
from portal.identity.actors import Actor


def links_of(flag: Flag, actor: Actor) -> QuerySet[SellerLink]:
    """The links of a flag, newest first, as far as the actor may see the case."""
    rows = SellerLink.objects.visible_to(actor).filter(flag=flag).select_related("flag")
    return rows.order_by("-pk")


def may_give(flag: Flag, actor: Actor) -> bool:
    return actor.may("seller_link.give") and actor.organisation_id == flag.platform_id and flag.status not in CLOSED


@never_cache
def seller_links(request: ActingRequest, pk: int) -> HttpResponse:
    """Every link of a flag; POST gives one. The address of one that is handed over is shown once, and is kept nowhere."""
    rows = Flag.objects.visible_to(request.actor).select_related("platform", "listing", "recall")
    flag = get_object_or_404(rows, pk=pk)
    form = SellerLinkForm(request.POST if request.method == "POST" else None, initial={"language": "en"})
    shown: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            given = services.give_seller_link(flag=flag, actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            if not given.token:
                messages.success(request, gettext_noop("The link was queued and leaves by mail."))
                return redirect("listings:flag_seller_links", pk)
            shown = {"address_once": address_of(given), "form": SellerLinkForm(initial={"language": "en"})}
    context = {
        "flag": flag,
        "links": links_of(flag, request.actor),
        "may_give": may_give(flag, request.actor),
        "form": form,
        **shown,
    }
    return render(request, "listings/seller_links.html", context, status=422 if context["form"].errors else 200)


@require_POST
def revoke(request: ActingRequest, pk: int) -> HttpResponse:
    link = get_object_or_404(SellerLink.objects.visible_to(request.actor), pk=pk)
    services.revoke_seller_link(link=link, actor=request.actor)
    messages.success(request, gettext_noop("The link was revoked. It opens nothing any more."))
    return redirect("listings:flag_seller_links", link.flag_id)
