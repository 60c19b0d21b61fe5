"""One search for everything a person can view: recalls, their products, flags, listings, sellers and platforms."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.contrib.postgres.search import TrigramStrictWordSimilarity
from django.db.models import Count, Max, Model, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render

from listings.matching.identifiers import gtin14
from listings.models import Flag, Listing
from listings.search import Search, numbers_of
from portal.http.requests import ActingRequest
from portal.identity.actors import Actor
from portal.models import Organisation
from recalls.filters import is_exactly
from recalls.models import Product, Recall, RecallVersion

M = TypeVar("M", bound=Model)

SHOWN = 10
SIMILAR = 0.4  # trigrams that what was asked for shares with words of a title: .5 of "dormlu" and "Dormilu"
CANDIDATES = 2_000  # listings that this search considers; the catalogue's search has all of them


def search(request: ActingRequest) -> HttpResponse:
    """What `q` finds, a few of each kind; a number that is exactly one recall's opens it at once."""
    value = request.GET.get("q", "").strip()[:200]
    found = _found(value, request.actor) if value else {}
    recalls = found.get("recalls", [])
    if len(recalls) == 1 and recalls[0].number == value and not found["listings"]:
        return redirect("recalls:detail", recalls[0].pk)
    context = {
        "q": value,
        "shown": SHOWN,
        "is_platform": request.actor.platform_id is not None,
        **found,
    }
    return render(request, "listings/search.html", context)


def _found(value: str, actor: Actor) -> dict[str, Any]:
    """One row more than is shown of each kind, so that the page can say that there are more."""
    words = Q()
    for word in value.lower().split():
        words &= Q(search__contains=word)
    recalls = Recall.objects.visible_to(actor).filter(words | is_exactly(value))
    listings = Listing.objects.visible_to(actor).select_related("platform")
    flags = Flag.objects.visible_to(actor).select_related("recall", "listing", "platform")
    platforms = Organisation.objects.visible_to(actor).platforms().values("pk")
    listings_here = Listing.objects.visible_to(actor).order_by()
    typed = Search(value)
    found = typed.listings(Listing.objects.visible_to(actor)).order_by()
    exact = list(listings_here.filter(typed.is_numbered()).values_list("pk", flat=True)[:CANDIDATES])
    candidates = numbers_of(found, at_most=CANDIDATES)
    flags_here = flags.filter(pk__in=numbers_of(typed.flags(flags), at_most=CANDIDATES))
    own = Listing.objects.visible_to(actor).filter(platform__in=platforms, seller=value)
    sellers = list(
        own.values("platform__name").annotate(listing=Max("pk"), listings=Count("pk")).order_by("platform__name")
    )
    named = Organisation.objects.visible_to(actor).platforms().filter(name__icontains=value)
    shown_recalls = _exact_first(recalls.filter(is_exactly(value)), recalls)
    named_platforms = list(named[: SHOWN + 1])
    flagged = _exact_first(typed.flags_numbered(flags), flags_here)
    listed = _exact_first(listings.filter(pk__in=exact), listings.filter(pk__in=candidates))
    nothing = not (shown_recalls or named_platforms or flagged or listed or sellers)
    return {
        "nothing": nothing,
        "similar": _similar(value, actor) if nothing else [],
        "products": _products(shown_recalls, value, actor),
        "platforms": named_platforms,
        "recalls": shown_recalls,
        "flags": flagged,
        "listings": listed,
        "sellers": sellers,
        "seller_listings": sum(each["listings"] for each in sellers),
        "seller_flags": Flag.objects.visible_to(actor).filter(listing__in=own.values("pk")).count(),
    }


def _similar(value: str, actor: Actor) -> list[Recall]:
    """Recalls whose titles have words that are spelt nearly like these."""
    likeness = TrigramStrictWordSimilarity(value, "title")
    rows = Recall.objects.visible_to(actor).annotate(likeness=likeness).filter(likeness__gte=SIMILAR)
    return list(rows.order_by("-likeness", "-pk")[:SHOWN])


def _products(recalls: Sequence[Recall], value: str, actor: Actor) -> list[Product]:
    """The products of these recalls that `value` is a GTIN or model number of, or whose names have all of its words; each
    in the newest published version of its recall that the person may see."""
    versions = RecallVersion.objects.visible_to(actor).filter(recall__in=recalls, published_at__isnull=False)
    newest = dict(versions.order_by("version").values_list("recall", "pk"))
    rows = Product.objects.filter(version__in=newest.values()).select_related("version__recall").order_by("-pk")
    number, words = gtin14(value), value.casefold().split()
    exact, named = [], []
    for row in rows:
        if number in row.gtins or value.casefold() in map(str.casefold, row.model_numbers):
            exact.append(row)
        elif all(word in f"{row.brand} {row.name}".casefold() for word in words):
            named.append(row)
    return [*exact, *named][: SHOWN + 1]


def _exact_first(exact: QuerySet[M], found: QuerySet[M]) -> list[M]:
    """The newest of what is just what was asked for, and then of what else was found."""
    first = list(exact.order_by("-pk")[: SHOWN + 1])
    rest = found.exclude(pk__in=[row.pk for row in first]).order_by("-pk")
    return [*first, *rest[: SHOWN + 1 - len(first)]]
