"""API keys: made once, shown once, stored as a digest, revocable at any time."""

import hashlib
import secrets
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import audit
from portal.identity.access import SCOPE_PERMISSIONS
from portal.identity.actors import Actor
from portal.models import ApiKey, Organisation, User

MAX_DAYS = 366


def digest_of(key: str) -> str:
    """SHA-256 of a key in hex. Keys carry 256 random bits, so a fast digest is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def create_key(
    *, organisation: Organisation, name: str, scopes: list[str], days: int, actor: Actor
) -> tuple[ApiKey, str]:
    """Make a key for `organisation` that expires in `days`; returns the row and the key itself, never to be had again."""
    actor.require("key.manage")
    if actor.user_id is None or actor.platform_id not in (None, organisation.pk):
        raise PermissionDenied(gettext_noop("Only a person can create a key, and only for their own platform."))
    unknown = sorted(set(scopes) - set(SCOPE_PERMISSIONS))
    if unknown or not scopes:
        detail, params = gettext_noop("Choose scopes from %(scopes)s."), {"scopes": ", ".join(SCOPE_PERMISSIONS)}
        raise ValidationError({"scopes": ValidationError(detail, params=params)})
    if not 1 <= days <= MAX_DAYS:
        detail = gettext_noop("Enter a number of days from 1 to %(most)s.")
        raise ValidationError({"days": ValidationError(detail, params={"most": MAX_DAYS})})
    secret = f"ofs_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        # Whoever is deactivated or moved at this moment makes no key any more (services/accounts.py locks the row, too).
        maker = User.objects.select_for_update().filter(pk=actor.user_id, is_active=True)
        if not maker.filter(organisation_id=actor.organisation_id).exists():
            raise PermissionDenied(gettext_noop("Only a person can create a key, and only for their own platform."))
        key = ApiKey.objects.create(
            organisation=organisation,
            name=name,
            prefix=secret[:12],
            digest=digest_of(secret),
            scopes=sorted(scopes),
            created_by_id=actor.user_id,
            expires_at=timezone.now() + timedelta(days=days),
        )
        audit.record(
            actor=actor,
            action="key.created",
            subject=key,
            after={"scopes": key.scopes, "expires_at": key.expires_at, "organisation": organisation},
        )
    return key, secret


def usable_keys_of(person: User) -> QuerySet[ApiKey]:
    """The keys that a person made and that still open something: they know them, and keys outlive whoever made them."""
    made = ApiKey.objects.filter(created_by=person, revoked_at=None, expires_at__gt=timezone.now())
    return made.select_related("organisation").order_by("pk")


def revoke_key(*, key: ApiKey, actor: Actor, reason: str = "") -> ApiKey:
    """Make a key useless from now on; a second time changes nothing. Cannot be undone: make a new key instead."""
    actor.require("key.manage")
    with transaction.atomic():
        now = timezone.now()
        if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
            key.revoked_at = now
            audit.record(actor=actor, action="key.revoked", subject=key, after={"revoked_at": now}, reason=reason)
    return key
