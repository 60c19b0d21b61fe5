"""Addresses that pages had before: bookmarks and links in sent mails lead on to those of today, for good."""

import re

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

MOVED = {
    r"/innocents/": "/exclusions/",
    r"/dead-letters/": "/failed-jobs/",
    r"/first-steps/": "/getting-started/",
    r"/watchdog/": "/deadline-monitor/",
    r"/namings/": "/public-listings/",
    r"/named/": "/late-platforms/",
    r"/board/wall/": "/board/wallboard/",
    r"/takedowns/([0-9]+)/look/": r"/takedowns/\1/record-check/",
}
"""How an earlier address began → how it begins today; what follows, plain segments and the query, stays."""

_MOVED = [(re.compile(rf"{old}(?P<rest>(?:[\w-]+/)*)", re.ASCII), new) for old, new in MOVED.items()]


class PermanentRedirect(HttpResponse):
    """308: like 301, but a form that is sent to the earlier address is sent again to the new one, with all that is in it."""

    status_code = 308


class OldAddressMiddleware(MiddlewareMixin):
    """Leads on from the table above, before anything else is looked at: who may open a page is decided at its address of
    today."""

    def process_request(self, request: HttpRequest) -> HttpResponseBase | None:
        for old, new in _MOVED:
            if match := old.fullmatch(request.path_info):
                query = request.META.get("QUERY_STRING", "")
                response = PermanentRedirect()
                response.headers["Location"] = f"{match.expand(new)}{match['rest']}{f'?{query}' if query else ''}"
                return response
        return None
