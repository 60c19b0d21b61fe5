"""One search for everything a person can view: recalls, flags, listings and sellers."""

from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render

from listings.models import Flag, Listing
from listings.search import flags_found, flags_numbered, is_numbered, listings_found
from portal.http.requests import ActingRequest
from portal.identity.actors import Actor
from portal.models import Organisation
from recalls.models import Recall

M = TypeVar("M", bound=Model)

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
    platforms = Organisation.objects.visible_to(actor).platforms().values("pk")
    listings_here = Listing.objects.visible_to(actor).order_by()
    found = listings_found(value).visible_to(actor).order_by()
    exact = list(listings_here.filter(is_numbered(value)).values_list("pk", flat=True)[:CANDIDATES])
    candidates = list(found.values_list("pk", flat=True)[:CANDIDATES])
    own = Listing.objects.visible_to(actor).filter(platform__in=platforms, seller=value)
    return {
        "recalls": _exact_first(recalls.filter(number=value), recalls),
        "flags": _exact_first(flags_numbered(flags, value), flags_found(flags, value)),
        "listings": _exact_first(listings.filter(pk__in=exact), listings.filter(pk__in=candidates)),
        "seller_listings": own.count(),
        "seller_flags": Flag.objects.visible_to(actor).filter(listing__in=own.values("pk")).count(),
    }


def _exact_first(exact: QuerySet[M], found: QuerySet[M]) -> list[M]:
    """The newest of what is just what was asked for, and then of what else was found."""
    first = list(exact.order_by("-pk")[: SHOWN + 1])
    rest = found.exclude(pk__in=[row.pk for row in first]).order_by("-pk")
    return [*first, *rest[: SHOWN + 1 - len(first)]]
