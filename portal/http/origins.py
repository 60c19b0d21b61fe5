"""Pages that lend no address to anyone, and whose forms are accepted all the same.

Under "Referrer-Policy: no-referrer" a browser sends a form, even to the site that it came from, with "Origin: null", which
the CSRF check refuses. Where the browser attests in Sec-Fetch-Site, which no page can set, that the form is our own, its
origin is ours. The form's token is checked as everywhere.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase


class OriginMiddleware:
    """Says whose form it is that comes from a page without an address of its own. Stands before the CSRF check."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.headers.get("Origin") == "null" and request.headers.get("Sec-Fetch-Site") == "same-origin":
            request.META["HTTP_ORIGIN"] = f"{request.scheme}://{request.get_host()}"
        return self.get_response(request)
