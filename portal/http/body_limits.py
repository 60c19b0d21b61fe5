"""How much a request may bring, decided before any of it is read: what is larger never reaches memory or disk.

Whoever is not known gets what a sign-in needs. A person or a program gets what a large form needs, and what a file needs
only on a page that takes files, and only with the permission that the page asks for.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext, gettext_noop

from portal.http.errors import refuse
from portal.identity.access import PUBLIC, SIGNED_IN, rule_for
from portal.identity.actors import Actor

KB, MB, GB = 1 << 10, 1 << 20, 1 << 30
MAX_ANONYMOUS = 64 * KB
MAX_FORM = 8 * MB
MAX_UPLOAD = {
    "enforcement:record_check": 9 * MB,  # a screenshot has up to 8 MB
    "listings:message_post": 20 * MB,  # three files of 5 MB
    "enforcement:seller_page": 20 * MB,  # the same
    "api:seller_answers": 20 * MB,
    "listings:import_add": 2 * GB + MB,
    "listings:upload": 64 * MB,  # one part
    "api:upload": 64 * MB,
    "recalls:import_add": 201 * MB,  # a file of 200 MB (recalls/import_forms.py)
    "api:recall_imports": 200 * MB,  # the file as it is
    "api:messages": 20 * MB,
    "api:listings_bulk": 32 * MB,  # 10,000 listings of 3 KB
}
"""Bytes, of the whole request with its other fields. Everything else is a form or a call: MAX_FORM."""
GUESTS: dict[str, Callable[[HttpRequest], bool]] = {}
"""Addresses that take files from someone without an account, and what tells whether this is such a guest. Each app adds its
own (registration.py)."""


class BodyMiddleware:
    """Refuses what is too large (413), and what does not say how large it is (411). Stands before whatever reads a form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponseBase | None:
        if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
            detail = gettext_noop("Send the length of the request (Content-Length). Chunked requests are not accepted.")
            return refuse(request, 411, gettext_noop("Length required"), detail)
        limit = _limit(request)
        if _length(request) <= limit:
            return None
        size = f"{limit // KB} KB" if limit < MB else f"{limit // MB:,} MB"
        detail = gettext(
            "This address accepts up to %(size)s per request. Nothing was read. Send less, or send several requests."
        )
        detail %= {"size": size}
        return refuse(request, 413, gettext_noop("Too large"), detail)


def _length(request: HttpRequest) -> int:
    """As the request tells it; one that tells nonsense brings nothing, as nothing of it is read then."""
    told = request.META.get("CONTENT_LENGTH") or "0"
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 19 else 0 if len(told) < 19 else 1 << 63


def _limit(request: HttpRequest) -> int:
    match = request.resolver_match
    name = match.view_name if match else ""
    if match and match.namespace == "api":  # DRF asks for the key before it reads a body
        return MAX_UPLOAD.get(name, MAX_FORM) if "Authorization" in request.headers else MAX_ANONYMOUS
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        is_guest = GUESTS.get(name)
        return MAX_UPLOAD[name] if is_guest is not None and is_guest(request) else MAX_ANONYMOUS
    rule = rule_for(name)
    permitted = rule in {PUBLIC, SIGNED_IN} or (rule is not None and actor.may(rule))
    return MAX_UPLOAD.get(name, MAX_FORM) if permitted else MAX_FORM
