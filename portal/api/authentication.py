"""Sign-in of programs: `Authorization: Bearer ofs_…`."""

import math
from datetime import timedelta
from typing import NoReturn

from django.db.models import Q
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from portal.database import acting
from portal.database.acting import as_system
from portal.identity import throttle
from portal.identity.actors import Actor
from portal.identity.api_keys import digest_of
from portal.identity.client_address import client_address, network_of
from portal.identity.throttle import KEYS_FROM_PLACE
from portal.models import ApiKey


class ApiKeyAuthentication(BaseAuthentication):
    """Finds the key by its digest; unknown, expired and revoked keys all get a 401, with different messages."""

    def authenticate(self, request: Request) -> tuple[Actor, ApiKey] | None:
        parts = get_authorization_header(request).decode("latin-1").split()
        if not parts:
            return None
        if len(parts) != 2 or parts[0].lower() != "bearer":
            raise AuthenticationFailed("Send the key as 'Authorization: Bearer ofs_…'.")
        with as_system("a key proves who asks by being known, before anybody acts"):
            key = (
                ApiKey.objects.select_related("organisation__sandbox_of", "created_by__organisation")
                .filter(digest=digest_of(parts[1]))
                .first()
            )
        if key is None:
            self._unknown(request)
        if not key.is_usable:
            raise AuthenticationFailed("This key has expired or was revoked. Create a new one under Keys.")
        if (key.organisation.sandbox_of or key.organisation).suspended_at is not None:
            raise AuthenticationFailed("The organisation of this key is suspended. Ask the operator of this site.")
        actor = Actor.api_client(key)
        if actor.regulator_id is not None and actor.user_id is None:
            raise AuthenticationFailed("The person who made this key has left. It acted as them, and no longer works.")
        acting.begin(actor.principal)  # to the end of the request (portal/http/middleware.py)
        now = timezone.now()
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - timedelta(minutes=1))
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
        request._request.actor = actor  # type: ignore[attr-defined]
        return actor, key

    @staticmethod
    def _unknown(request: Request) -> NoReturn:
        """Valid keys always pass, however many others are tried from the same address."""
        taken = throttle.take(KEYS_FROM_PLACE, network_of(client_address(request._request)))
        if not taken.allowed:
            raise Throttled(math.ceil((taken.until - timezone.now()).total_seconds()))
        raise AuthenticationFailed("Unknown API key. Check that it is complete, or create a new one under Keys.")

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """How the schema describes the keys."""

    target_class = ApiKeyAuthentication
    name = "apiKey"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key of your organisation: Authorization: Bearer ofs_…",
        }
