"""People and organisations: permission, validation and audit in one transaction."""

import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal import audit
from portal.actors import Actor
from portal.models import Organisation, User
from portal.signals import contact_changed


def create_person(*, email: str, name: str, role: str, organisation: Organisation, password: str, actor: Actor) -> User:
    """A new account. Raises ValidationError where the address is taken or the role does not fit the organisation."""
    actor.require("person.manage")
    person = User(email=email.lower(), name=name, role=role, organisation=organisation)
    person.set_password(password)
    person.full_clean()
    with transaction.atomic():
        person.save()
        audit.record(
            actor=actor,
            action="person.created",
            subject=person,
            after={"email": email, "role": role, "organisation": organisation.pk},
        )
    return person


def edit_person(*, person: User, actor: Actor, **changes: Any) -> User:
    """Change name, role, organisation or whether the account is active. Deactivating ends all sessions at once."""
    actor.require("person.manage")
    before = {name: getattr(person, name) for name in changes}
    for name, value in changes.items():
        setattr(person, name, value)
    person.full_clean()
    with transaction.atomic():
        person.save()
        if not person.is_active:
            person.sessions.all().delete()
        audit.record(actor=actor, action="person.edited", subject=person, before=before, after=changes)
    return person


def hide_first_steps(*, person: User) -> None:
    """Leave a person's first steps off their first page; like a saved view it is theirs alone, and not audited."""
    person.first_steps_hidden_at = timezone.now()
    person.save(update_fields=["first_steps_hidden_at"])


def create_organisation(*, actor: Actor, **fields: Any) -> Organisation:
    """A new regulator or platform. Raises ValidationError for a taken name or nonsense."""
    actor.require("organisation.manage")
    organisation = Organisation(**fields)
    _sign_webhook(organisation)
    organisation.full_clean()
    with transaction.atomic():
        organisation.save()
        audit.record(actor=actor, action="organisation.created", subject=organisation, after=fields)
    return organisation


def edit_organisation(*, organisation: Organisation, actor: Actor, **changes: Any) -> Organisation:
    """Change an organisation's contact, zone, country, webhook or address pattern. A new contact address is taken to work
    until mail to it comes back; a webhook gets a secret that signs what is sent there."""
    actor.require("organisation.manage")
    before = {name: getattr(organisation, name) for name in changes}
    has_new_contact = changes.get("contact_email", before.get("contact_email")) != before.get("contact_email")
    if has_new_contact:
        organisation.contact_problem = ""
    for name, value in changes.items():
        setattr(organisation, name, value)
    _sign_webhook(organisation)
    organisation.full_clean()
    with transaction.atomic():
        organisation.save()
        audit.record(actor=actor, action="organisation.edited", subject=organisation, before=before, after=changes)
        if has_new_contact:
            contact_changed.send(sender=Organisation, organisation=organisation, before=before["contact_email"])
    return organisation


def _sign_webhook(organisation: Organisation) -> None:
    if organisation.webhook_url and not organisation.webhook_secret:
        organisation.webhook_secret = secrets.token_hex(32)
