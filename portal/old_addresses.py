"""Addresses that pages had before: bookmarks and links in sent mails lead on to those of today, for good."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, re_path

MOVED = {
    r"innocents/": "/exclusions/",
    r"dead-letters/": "/failed-jobs/",
    r"first-steps/": "/getting-started/",
    r"namings/": "/public-listings/",
    r"named/": "/late-platforms/",
    r"board/wall/": "/board/wallboard/",
    r"takedowns/(?P<pk>[0-9]+)/look/": "/takedowns/{pk}/record-check/",
}
"""How an earlier address began → how it begins today; what follows stays. `{pk}` is the number in it."""


class PermanentRedirect(HttpResponse):
    """308: like 301, but a form that is sent to the earlier address is sent again to the new one, with all that is in it."""

    status_code = 308


def moved(request: HttpRequest, rest: str, to: str, **parts: str) -> HttpResponse:
    """Lead on to an address of this site; who may open it is decided there."""
    query = f"?{request.META['QUERY_STRING']}" if request.META.get("QUERY_STRING") else ""
    response = PermanentRedirect()
    response.headers["Location"] = f"{to.format(**parts)}{rest}{query}"
    return response


urlpatterns: list[URLPattern] = [
    re_path(rf"^{old}(?P<rest>[\w./-]*)$", moved, {"to": new}, name="moved") for old, new in MOVED.items()
]
