"""The same table of access rules for programs as for people (portal/identity/access.py)."""

from typing import Any

from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from portal.identity.access import ANY_KEY, PLATFORM_SCOPES, PUBLIC, REGULATOR_SCOPES, rule_for, scopes_for
from portal.identity.actors import Actor
from portal.models import ApiKey


def actor_of(request: Request) -> Actor:
    """The program that acts: ApiKeyAuthentication sets it in place of a user."""
    if not isinstance(request.user, Actor):
        raise NotAuthenticated
    return request.user


class HasAccess(BasePermission):
    """The rule of the address. A refusal names the scopes that are enough for the call."""

    message = "No key may make this call."

    def has_permission(self, request: Request, view: Any) -> bool:
        match = request.resolver_match
        rule = rule_for(match.view_name) if match else None
        if rule is None:
            return False
        if rule == PUBLIC:
            return True
        if not isinstance(request.user, Actor):
            return False
        if rule == ANY_KEY or request.user.may(rule):
            return True
        self.message = what_lacks(request.user, request.auth, {rule, view.needs.get(str(request.method), rule)})
        return False


def what_lacks(actor: Actor, key: object, needed: set[str]) -> str:
    """Which scopes are enough for a call that takes all permissions `needed`, or why none is."""
    offered = PLATFORM_SCOPES if actor.platform_id is not None else REGULATOR_SCOPES
    ways = scopes_for(offered, needed)
    held = set(key.scopes) if isinstance(key, ApiKey) else set()
    if not ways:
        side = "platforms" if actor.platform_id is None else "regulators"
        return f"This call is for {side} alone."
    enough = " or ".join(" and ".join(way) for way in ways)
    if any(set(way) <= held for way in ways):
        return (
            f"This key's scopes are enough ({enough}), but the role of the person who made it does not allow this call."
        )
    return f"This call needs a key with the scope {enough}. This key has {', '.join(sorted(held)) or 'none'}."
