"""The request as our views get it, with the acting party on it; and what static/offshelf/enhance.js asks for."""

from collections.abc import Iterable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from portal.identity.actors import Actor
from portal.models import Organisation, User
from portal.texts import key_in


class ActingRequest(HttpRequest):
    """A request that passed the access rule: `actor` acts, `user` is the person behind it, in `organisation`: their own,
    or its sandbox."""

    actor: Actor
    user: User
    organisation: Organisation
    htmx: HtmxDetails


HTMX_STOP_POLLING = 286  # an answer with this status is shown, and the page asks no more


def keys_in(texts: Iterable[str], *, refusal: str) -> list[int]:
    """The primary keys that a form or an address names. Raises BadRequest (400) with `refusal` where one is none."""
    found = [key_in(text) for text in texts]
    if None in found:
        raise BadRequest(refusal)
    return [key for key in found if key is not None]


def is_enhanced(request: HttpRequest) -> bool:
    """Whether enhance.js asks, which changes the page by itself, rather than a browser that shows what it gets."""
    return "X-Enhance" in request.headers


def go_on(address: str) -> HttpResponse:
    """Done: go on to `address`, which enhance.js may hold already."""
    return HttpResponse(status=204, headers={"X-Go-On": address})
