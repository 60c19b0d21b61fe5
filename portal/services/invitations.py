"""Inviting people: they choose their own password through a mailed link, so nobody else ever knows it."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_noop

from portal import audit
from portal.identity import email_addresses
from portal.identity.actors import Actor
from portal.identity.managing import require_entry, require_managed_person
from portal.models import AccountLink, Organisation, User
from portal.services.account_links import give_link

ACCEPTED = gettext_noop("This person already has a password. They can use “Forgot password?” on the sign-in page.")


def invite_person(*, email: str, name: str, role: str, organisation: Organisation, actor: Actor) -> User:
    """A new account without a password, and the invitation to it. Raises ValidationError where the address is taken, the
    role does not fit the organisation, or it is for its own admin to invite somebody."""
    actor.require("person.manage")
    require_entry(organisation, actor)
    person = User(email=email_addresses.normal(email), name=name, role=role, organisation=organisation)
    person.set_unusable_password()
    person.full_clean()
    with transaction.atomic():
        person.save()
        after = {"email": person.email, "role": role, "organisation": organisation.pk}
        audit.record(actor=actor, action="person.created", subject=person, after=after)
        _invite(person, actor)
    return person


def invite_again(*, person: User, actor: Actor) -> None:
    """Send another invitation; the one before opens nothing any more. Raises ValidationError for who has a password."""
    require_managed_person(person, actor)
    if person.has_usable_password() or not person.is_active:
        raise ValidationError(ACCEPTED)
    with transaction.atomic():
        _invite(person, actor)


def _invite(person: User, actor: Actor) -> None:
    link = give_link(
        person=person,
        kind=AccountLink.Kind.INVITATION,
        subject="Your invitation to Offshelf",
        body=f"{person.name}, you have an account at Offshelf for {person.organisation}. Your address for signing in is "
        f"{person.email}.\n\nChoose your password here within 7 days. The link works once:",
    )
    audit.record(actor=actor, action="person.invited", subject=person, after={"expires_at": link.expires_at})
