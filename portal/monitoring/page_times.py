"""How long answers take, by the name of the page. Kept in memory-mapped files that all processes of a web server share.

gunicorn's hooks (portal/webserver.py) make the folder for them; without it each process knows its own answers only.
"""

import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase
from prometheus_client import Counter, Histogram

SECONDS = Histogram(
    "offshelf_page_seconds",
    "Seconds until an answer began, by the name of its page.",
    ["page"],
    buckets=(0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5, 10, 30),  # 0.15: what `make bench-pages` asks for
    registry=None,
)
ANSWERS = Counter("offshelf_answers", "Answers by the class of their status, like 2xx.", ["status"], registry=None)
NO_PAGE = "none"  # static files, and addresses that nothing answers


class PageTimesMiddleware:
    """Counts and times every answer. Its labels are names of our own, whatever a stranger asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not (settings.METRICS_TOKEN or settings.METRICS_FROM):
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        page = request.resolver_match.view_name if request.resolver_match else NO_PAGE
        SECONDS.labels(page).observe(time.perf_counter() - began)
        ANSWERS.labels(f"{response.status_code // 100}xx").inc()
        return response
