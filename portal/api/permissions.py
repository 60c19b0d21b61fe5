"""The same table of access rules for programs as for people (portal/identity/access.py)."""

from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from portal.identity.access import PUBLIC, rule_for
from portal.identity.actors import Actor


def actor_of(request: Request) -> Actor:
    """The program that acts: ApiKeyAuthentication sets it in place of a user."""
    if not isinstance(request.user, Actor):
        raise NotAuthenticated
    return request.user


class HasAccess(BasePermission):
    message = (
        "This key's scopes, or its maker's role, do not cover this address. Create a key with more scopes under Keys."
    )

    def has_permission(self, request: Request, view: object) -> bool:
        match = request.resolver_match
        rule = rule_for(match.view_name) if match else None
        if rule is None:
            return False
        if rule == PUBLIC:
            return True
        return isinstance(request.user, Actor) and request.user.may(rule)
