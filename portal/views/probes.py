"""Addresses for programs that watch: health checks, open to all and telling nobody's data, and metrics for whom settings allow."""

import hmac
import ipaddress

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from portal.identity.client_address import client_address
from portal.monitoring import exposition, probes


def live(_request: HttpRequest) -> HttpResponse:
    """200 when this process answers at all. Asks nothing else: a database that is down is no reason to restart it."""
    return _answer({})


def ready(_request: HttpRequest) -> HttpResponse:
    """200 when pages can be answered: the database is there, and has the schema of this version. Else 503."""
    return _answer(probes.web_state())


def work(_request: HttpRequest) -> HttpResponse:
    """200 when everything in the background is done in time; else 503, and the parts that are not."""
    return _answer(probes.work_state())


def metrics(request: HttpRequest) -> HttpResponse:
    """Metrics for Prometheus. 404 for everybody where METRICS_TOKEN and METRICS_FROM are off, and for whom they do not allow."""
    if not _may_measure(request):
        raise Http404
    return HttpResponse(exposition.exposition(), content_type=exposition.KIND, headers={"Cache-Control": "no-store"})


def _answer(parts: dict[str, str]) -> HttpResponse:
    status = next((state for state in parts.values() if state != probes.OK), probes.OK)
    return JsonResponse(
        {"status": status, "parts": parts},
        status=200 if status == probes.OK else 503,
        headers={"Cache-Control": "no-store"},
    )


def _may_measure(request: HttpRequest) -> bool:
    """Each of the two settings that is set must agree."""
    if not (settings.METRICS_TOKEN or settings.METRICS_FROM):
        return False
    return _has_token(request) and _comes_from_there(request)


def _has_token(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").encode(errors="replace")
    return not settings.METRICS_TOKEN or hmac.compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode())


def _comes_from_there(request: HttpRequest) -> bool:
    if not settings.METRICS_FROM:
        return True
    try:
        address = ipaddress.ip_address(client_address(request))
    except ValueError:
        return False
    return any(address in network for network in settings.METRICS_FROM)
