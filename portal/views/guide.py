"""The user guide in the product: its list with a search, its pages, and single paragraphs for the "?" of a page."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from portal.guide import ENGLISH, guide_pages, search_guide
from portal.http.requests import ActingRequest
from portal.tour_stops import TOURS

MAX_WORDS = 200
"""Characters of a search, as in the field."""


@require_safe
def guide(request: ActingRequest) -> HttpResponse:
    """Pages of one's own role first; with `q`, the paragraphs that hold its words."""
    words = request.GET.get("q", "").strip()[:MAX_WORDS]
    language = get_language() or ENGLISH
    pages, role = guide_pages(language).values(), request.user.role
    context = {
        "words": words,
        "hits": search_guide(words, language),
        "is_whole": all(page.language == language for page in pages),
        "stops": TOURS.get(role, ()),
        "own": [page for page in pages if page.is_for(role)],
        "others": [page for page in pages if not page.is_for(role)],
    }
    return render(request, "portal/guide.html", context)


@require_safe
def guide_page(request: ActingRequest, slug: str) -> HttpResponse:
    """One page; with `paragraph`, that paragraph alone, without the page around it. Raises Http404 for either."""
    page = guide_pages(get_language() or ENGLISH).get(slug)
    if page is None:
        raise Http404
    if "paragraph" not in request.GET:
        return render(request, "portal/guide_page.html", {"page": page})
    one = page.paragraph(request.GET["paragraph"])
    if one is None:
        raise Http404
    return render(request, "portal/_guide_paragraph.html", {"page": page, "one": one})
