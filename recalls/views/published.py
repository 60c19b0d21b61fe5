"""The published recalls for everybody, as feeds for programs (recalls/published.py)."""

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from portal.database.acting import as_system
from portal.http.cursors import keyset_page
from portal.models import Organisation
from recalls.models import Recall
from recalls.published import FeedPage, as_atom, as_json_ld

SHOWN = 50
KEPT = 300  # seconds, in any cache


@require_safe
def atom(request: HttpRequest) -> HttpResponseBase:
    return _answer(request, as_atom, "recalls:published_atom", "application/atom+xml; charset=utf-8")


@require_safe
def json_ld(request: HttpRequest) -> HttpResponseBase:
    return _answer(request, as_json_ld, "recalls:published_jsonld", "application/ld+json")


def _answer(request: HttpRequest, write: Callable[[FeedPage], bytes], name: str, content_type: str) -> HttpResponseBase:
    if not settings.PUBLISHED_FEED:
        raise Http404
    page = _page(request, f"{settings.BASE_URL}{reverse(name)}")
    content = write(page)
    response = HttpResponse(content, content_type=content_type)
    response["ETag"] = f'"{hashlib.sha256(content).hexdigest()}"'
    response["Cache-Control"] = f"public, max-age={KEPT}"
    response["X-Content-Type-Options"] = "nosniff"
    links = {"next": page.next, "prev": page.previous}
    if links := {relation: address for relation, address in links.items() if address}:
        response["Link"] = ", ".join(f'<{address}>; rel="{relation}"' for relation, address in links.items())
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


@as_system("what is published is for everybody, whoever they are")
def _page(request: HttpRequest, address: str) -> FeedPage:
    """The page that `after` or `before` asks for; `regulator` names one by its slug. Raises Http404 for one who is not there."""
    rows = Recall.objects.published().outside_sandboxes().filter(is_sample=False, current__published_at__isnull=False)
    first = address
    if slug := request.GET.get("regulator", ""):
        regulator = Organisation.objects.outside_sandboxes().filter(kind="regulator", slug=slug).first()
        if regulator is None:
            raise Http404
        rows = rows.filter(regulator=regulator)
        first = f"{address}?{urlencode({'regulator': slug})}"
    rows = rows.select_related("regulator", "current").prefetch_related("current__products")
    found = keyset_page(rows, request, ordering=["-current__published_at", "-pk"], size=SHOWN)
    here = f"{address}{'?' if request.GET else ''}{request.GET.urlencode()}"
    to = {
        name: f"{address}{query}" if query else ""
        for name, query in (("next", found.next_url), ("previous", found.previous_url))
    }
    return FeedPage(found.rows, here=here, first=first, **to)
