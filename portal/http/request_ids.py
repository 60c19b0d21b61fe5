"""The id of a request: what all that is logged, started and sent because of it has in common."""

import ipaddress
import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from portal import correlation, tracing

logger = logging.getLogger("portal.requests")
HEADER = "X-Request-ID"


class RequestIdMiddleware:
    """Takes the id of a trusted proxy (see TRUSTED_PROXIES), else makes one; answers with it, and logs how the request went.

    Logged are method, name of the page and status: no address, and nothing that was typed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get(HEADER, "") if _comes_from_a_proxy(request) else ""
        trace, began = correlation.Trace(correlation.accepted(given)), time.perf_counter()
        with correlation.working_on(trace), tracing.span("request", "SERVER") as span:
            response = self.get_response(request)
            response.headers[HEADER] = trace.id
            span.add(http__response__status_code=response.status_code, failed=response.status_code >= 500)
            if request.resolver_match is not None:  # not each of a page's static files
                fields = {
                    "method": request.method if request.method in _METHODS else "other",
                    "page": request.resolver_match.view_name,
                    "status": response.status_code,
                    "milliseconds": round(1000 * (time.perf_counter() - began)),
                }
                span.add(
                    f"{fields['method']} {fields['page']}",
                    http__request__method=str(fields["method"]),
                    http__route=str(fields["page"]),
                )
                logger.info("%(method)s %(page)s %(status)s in %(milliseconds)s ms", fields, extra={"fields": fields})
        return response


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _comes_from_a_proxy(request: HttpRequest) -> bool:
    """Whether our own proxy handed the request on. As a number of proxies, the setting says that nobody else reaches us."""
    trusted = settings.TRUSTED_PROXIES
    if isinstance(trusted, int):
        return trusted > 0
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return bool(trusted) and not request.META.get("REMOTE_ADDR")  # a socket of our own machine
    return any(address in network for network in trusted)
