"""The request as our views get it: with the acting party on it."""

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from portal.actors import Actor
from portal.models import User


class ActingRequest(HttpRequest):
    """A request that passed the access rule: `actor` acts, `user` is the person behind it."""

    actor: Actor
    user: User
    htmx: HtmxDetails
