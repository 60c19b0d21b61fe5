"""API keys: made once, shown once, stored as a digest, revocable at any time."""

import hashlib
import secrets
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import audit
from portal.database.acting import PLATFORM, Principal, acting, as_system
from portal.identity.access import PLATFORM_SCOPES, REGULATOR_SCOPES
from portal.identity.actors import Actor
from portal.models import ApiKey, Organisation, User
from portal.texts import plain_name

MAX_DAYS = 366
REAL, SANDBOX = "ofs_", "ofs_sandbox_"
"""How keys begin. Whoever reads one sees whether it opens real cases or test data."""
MAX_SANDBOX_KEYS = 10  # that work at the same time


def digest_of(key: str) -> str:
    """SHA-256 of a key in hex. Keys carry 256 random bits, so a fast digest is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def organisations_for(actor: Actor) -> QuerySet[Organisation]:
    """For whom somebody can make keys: their own organisation."""
    return Organisation.objects.filter(pk=actor.organisation_id or 0)


def create_key(
    *, organisation: Organisation, name: str, scopes: list[str], days: int, actor: Actor
) -> tuple[ApiKey, str]:
    """Make a key for `organisation` that expires in `days`; returns the row and the key itself, never to be had again.

    A platform's key acts for the platform. A regulator's key acts as whoever makes it, so that each person makes their own.
    A key of a sandbox begins in another way than all others.
    """
    actor.require("key.manage")
    if actor.kind != "person" or actor.user_id is None or not _may_have_key(organisation, actor):
        raise PermissionDenied(gettext_noop("Only a person can create a key, and only for their own organisation."))
    offered = PLATFORM_SCOPES if organisation.is_platform else REGULATOR_SCOPES
    if not scopes or not set(scopes) <= set(offered):
        detail, params = gettext_noop("Choose scopes from %(scopes)s."), {"scopes": ", ".join(offered)}
        raise ValidationError({"scopes": ValidationError(detail, params=params)})
    if not 1 <= days <= MAX_DAYS:
        detail = gettext_noop("Enter a number of days from 1 to %(most)s.")
        raise ValidationError({"days": ValidationError(detail, params={"most": MAX_DAYS})})
    kind = SANDBOX if organisation.is_sandbox else REAL
    secret = f"{kind}{secrets.token_urlsafe(32)}"
    with _in_name_of(organisation), transaction.atomic():
        # Whoever is deactivated or moved at this moment makes no key any more (services/accounts.py locks the row, too).
        maker = User.objects.select_for_update(no_key=True).filter(pk=actor.user_id, is_active=True)
        if not maker.filter(organisation_id=actor.organisation_id).exists():
            raise PermissionDenied(gettext_noop("Only a person can create a key, and only for their own organisation."))
        if organisation.is_sandbox:
            _require_room(organisation)
        key = ApiKey.objects.create(
            organisation=organisation,
            name=plain_name(name),
            prefix=secret[: len(kind) + 8],
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


def _may_have_key(organisation: Organisation, actor: Actor) -> bool:
    if not organisation.is_sandbox:
        return organisations_for(actor).filter(pk=organisation.pk).exists()
    is_theirs = organisation.sandbox_of_id == actor.organisation_id
    is_open = organisation.is_platform and organisation.sandbox_closed_at is None
    return is_open and is_theirs and actor.may("sandbox.enter")


def _in_name_of(organisation: Organisation) -> AbstractContextManager[None]:
    """A sandbox's keys are rows of the sandbox, which its platform does not see as itself."""
    return acting(Principal(PLATFORM, organisation.pk)) if organisation.is_sandbox else nullcontext()


def _require_room(sandbox: Organisation) -> None:
    """Refuse a key too many, and one of a sandbox that is closed at this moment: whoever closes it holds the row, too."""
    still_open = Organisation.objects.select_for_update(no_key=True).filter(pk=sandbox.pk, sandbox_closed_at=None)
    if still_open.first() is None:
        raise PermissionDenied(gettext_noop("The sandbox was removed. Reload the page."))
    usable = ApiKey.objects.filter(organisation=sandbox, revoked_at=None, expires_at__gt=timezone.now())
    if usable.count() >= MAX_SANDBOX_KEYS:
        detail = gettext_noop("A sandbox has at most %(most)s keys that work. Revoke one first.")
        raise ValidationError(detail, params={"most": MAX_SANDBOX_KEYS})


@as_system("whoever has somebody leave ends their keys, also those of a side that they do not see")
def usable_keys_of(person: User) -> list[ApiKey]:
    """The keys that a person made and that still open something: they know them, and keys outlive whoever made them."""
    made = ApiKey.objects.filter(created_by=person, revoked_at=None, expires_at__gt=timezone.now())
    return list(made.select_related("organisation").order_by("pk"))


def revoke_key(*, key: ApiKey, actor: Actor, reason: str = "") -> ApiKey:
    """Make a key useless from now on; a second time changes nothing. Cannot be undone: make a new key instead."""
    actor.require("key.manage")
    return _revoked(key, actor, reason)


@as_system("whoever has somebody leave ends their keys, also those of a side that they do not see")
def revoke_key_of_leaver(*, key: ApiKey, actor: Actor, reason: str) -> ApiKey:
    """As `revoke_key`, for whoever may have the person who made it leave their place (portal/services/accounts.py)."""
    actor.require("person.manage")
    return _revoked(key, actor, reason)


def _revoked(key: ApiKey, actor: Actor, reason: str) -> ApiKey:
    with _in_name_of(key.organisation), transaction.atomic():
        now = timezone.now()
        if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
            key.revoked_at = now
            audit.record(actor=actor, action="key.revoked", subject=key, after={"revoked_at": now}, reason=reason)
    return key
