"""GTINs that several unrelated listings carry, for the platform to correct."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from listings.models import CodeCheck, SharedCode
from portal.http.cursors import keyset_page
from portal.http.requests import ActingRequest
from portal.views.exports import export_begun


def shared_codes(request: ActingRequest) -> HttpResponse:
    """Those of the platform's own catalogue; for a regulator, those that its recalls name. Most listings first."""
    platform_id = request.actor.platform_id
    rows = SharedCode.objects.visible_to(request.actor).select_related("platform")
    context = {
        "page": keyset_page(rows, request, ordering=["-listings", "-pk"]),
        "is_platform": platform_id is not None,
        "check": CodeCheck.objects.filter(platform_id=platform_id).first() if platform_id is not None else None,
    }
    return render(request, "listings/shared_codes.html", context)


@require_POST
def export(request: ActingRequest) -> HttpResponse:
    """All rows of the page as CSV."""
    return export_begun(request, kind="shared_codes", arguments={}, stem="shared-gtins")
