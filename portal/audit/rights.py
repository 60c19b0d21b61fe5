"""Whether whoever acts may still do what they could when they were let in.

A request acts with the rights that it began with, and it can take long: it waits for somebody's lock, or its body
comes a byte at a time. So its rights are read again in the transaction that changes something, where its event is
written; by then it holds the locks of what it changes.
"""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_noop

from portal.database.acting import as_system
from portal.database.noted import is_noted, note
from portal.identity.actors import Actor
from portal.models.accounts import ApiKey, Organisation, User

NO_LONGER = gettext_noop("Your access has changed since you sent this, so no changes were made. Reload the page.")


def require_current(actor: Actor) -> None:
    """Raise PermissionDenied where a person or a key has lost a right since `actor` was made: the account was closed,
    moved or given another role, the organisation suspended, the key revoked.

    Once in a transaction: whoever takes a right from themselves can finish that.
    """
    if actor.kind not in {"person", "api"} or not actor.permissions or is_noted(actor):
        return
    now = _as_of_now(actor)
    if now is None or now.organisation_id != actor.organisation_id or not actor.permissions <= now.permissions:
        raise PermissionDenied(NO_LONGER)
    note(actor)


@as_system("whose account or key it is, is looked up whatever they may see")
def _as_of_now(actor: Actor) -> Actor | None:
    """The same actor as they would be let in now; None where they would not be."""
    if actor.api_key_id is not None:
        known = ApiKey.objects.select_related("organisation__sandbox_of", "created_by__organisation")
        key = known.filter(pk=actor.api_key_id).first()
        if key is None or (key.organisation.sandbox_of or key.organisation).suspended_at is not None:
            return None
        return Actor.api_client(key)
    person = User.objects.select_related("organisation").filter(pk=actor.user_id).first()
    if person is None or person.organisation.suspended_at is not None:
        return None
    if actor.sandbox_id is None:
        return Actor.person(person)
    sandbox = Organisation.objects.filter(pk=actor.sandbox_id, sandbox_of=person.organisation_id).first()
    return Actor.person(person, sandbox=sandbox) if sandbox is not None else None
