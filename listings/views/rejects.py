"""The rejects of all imports of one's own organisation: of recalls for admins, of catalogues for managers."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from listings import services
from portal.http.cursors import keyset_page
from portal.http.requests import ActingRequest
from portal.views.exports import export_begun


def rejects(request: ActingRequest) -> HttpResponse:
    """Newest first, after those with just the number or id that was asked for."""
    words = request.GET.get("q", "").strip()
    found = services.rejects_of(request.actor, words)
    page = keyset_page(found, request, ordering=["-pk"], exact=services.exact_rejects(found, words))
    return render(request, "listings/rejects.html", {"page": page, "q": words})


@require_POST
def export(request: ActingRequest) -> HttpResponse:
    """What the page lists, as CSV with the content of the rows."""
    words = request.GET.get("q", "").strip()
    return export_begun(request, kind="rejects", arguments={"words": words}, stem="rejects", detail=words)
