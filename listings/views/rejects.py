"""The rejects of all catalogue and recall imports, for admins."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from listings import services
from portal.http.cursors import keyset_page
from portal.http.requests import ActingRequest
from portal.views.exports import export_begun


def _asked(request: ActingRequest) -> tuple[str, str]:
    of = services.RECALLS if request.GET.get("of") == services.RECALLS else services.CATALOGUES
    return of, request.GET.get("q", "").strip()


def rejects(request: ActingRequest) -> HttpResponse:
    """Newest first; of catalogues, or of recalls with ?of=recalls."""
    of, words = _asked(request)
    page = keyset_page(services.rejects_of(of, words), request, ordering=["-pk"])
    return render(request, "listings/rejects.html", {"page": page, "of": of, "q": words})


@require_POST
def export(request: ActingRequest) -> HttpResponse:
    """What the page lists, as CSV with the content of the rows."""
    of, words = _asked(request)
    detail = f"{of}: {words}" if words else of
    return export_begun(
        request, kind="rejects", arguments={"of": of, "words": words}, stem=f"rejects-of-{of}", detail=detail
    )
