"""The catalogue, and one listing with its history."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from listings.filters import ListingFilter
from listings.models import Flag, Listing
from listings.presenters import picture_of
from portal.http.cursors import keyset_page
from portal.http.requests import ActingRequest
from portal.views.pictures import picture_response


def catalogue(request: ActingRequest) -> HttpResponse:
    found = ListingFilter(request.GET, Listing.objects.visible_to(request.actor).select_related("platform"))
    rows = found.qs
    exact = rows.filter(found.typed.is_numbered()) if found.typed.value else None
    page = keyset_page(rows, request, ordering=["-pk"], exact=exact)
    return render(
        request,
        "listings/catalogue.html",
        {
            "page": page,
            "filter": found,
            "may_import": request.actor.may("catalogue.import"),
            "is_platform": request.actor.platform_id is not None,
        },
    )


def listing(request: ActingRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Listing.objects.visible_to(request.actor).select_related("platform", "seen_in"), pk=pk)
    flags = Flag.objects.visible_to(request.actor).filter(listing=row).select_related("recall")
    changes = [(change, sorted(change.before.items())) for change in row.changes.all()[:50]]
    context = {"listing": row, "flags": flags, "changes": changes, "picture": picture_of(row)}
    return render(request, "listings/listing.html", context)


@require_safe
def picture(request: ActingRequest, pk: int) -> HttpResponseBase:
    row = get_object_or_404(Listing.objects.visible_to(request.actor).only("image_link"), pk=pk)
    return picture_response(request, row.image_link)
