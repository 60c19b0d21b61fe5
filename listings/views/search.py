"""One search for everything a person can view: recalls, flags, listings and sellers."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render

from listings.models import Flag, Listing
from listings.search import flags_found, listings_found
from portal.http.requests import ActingRequest
from portal.identity.actors import Actor
from portal.models import Organisation
from portal.texts import key_in
from recalls.models import Recall

SHOWN = 10
CANDIDATES = 2_000  # listings that this search considers; the catalogue's search has all of them


def search(request: ActingRequest) -> HttpResponse:
    """What `q` finds, a few of each kind; a number that is exactly one recall's opens it at once."""
    value = request.GET.get("q", "").strip()[:200]
    found = _found(value, request.actor) if value else {}
    recalls = found.get("recalls", [])
    if len(recalls) == 1 and recalls[0].number == value and not found["listings"]:
        return redirect("recalls:detail", recalls[0].pk)
    context = {"q": value, "shown": SHOWN, "is_platform": request.actor.platform_id is not None, **found}
    return render(request, "listings/search.html", context)


def _found(value: str, actor: Actor) -> dict[str, Any]:
    """One row more than is shown of each kind, so that the page can say that there are more."""
    words = Q()
    for word in value.lower().split():
        words &= Q(search__contains=word)
    recalls = Recall.objects.visible_to(actor).filter(Q(number=value) | words)
    listings = Listing.objects.visible_to(actor).select_related("platform")
    flags = Flag.objects.visible_to(actor).select_related("recall", "listing", "platform")
    number = key_in(value)
    by_number = list(flags.filter(pk=number)) if number is not None else []
    platforms = Organisation.objects.visible_to(actor).platforms().values("pk")
    candidates = list(listings_found(value).visible_to(actor).order_by().values_list("pk", flat=True)[:CANDIDATES])
    own = Listing.objects.visible_to(actor).filter(platform__in=platforms, seller=value)
    return {
        "recalls": list(recalls.order_by("-pk")[: SHOWN + 1]),
        "flags": [*by_number, *flags_found(flags, value).order_by("-pk")[: SHOWN + 1]],
        "listings": list(listings.filter(pk__in=candidates).order_by("-pk")[: SHOWN + 1]),
        "seller_listings": own.count(),
        "seller_flags": Flag.objects.visible_to(actor).filter(listing__in=own.values("pk")).count(),
    }
