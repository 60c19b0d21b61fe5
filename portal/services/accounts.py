"""People and organisations: permission, validation and audit in one transaction."""

from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import audit
from portal.identity import api_keys, email_addresses
from portal.identity.actors import Actor
from portal.identity.managing import require_entry, require_managed
from portal.models import Organisation, PersonErasure, Role, User
from portal.notifications.outbox import drop_mail_for, notify_personally
from portal.services.account_links import withdraw_links
from portal.services.saved_views import MAY_SUBSCRIBE, drop_subscribed_mail, forget_views
from portal.services.sessions import end_sessions
from portal.signals import contact_changed, person_left
from portal.texts import reading_of

ONLY_ADMIN = gettext_noop(
    "This is the only active admin of the regulator, and someone must be able to manage its people. Make someone else an "
    "admin first."
)
ONLY_OPERATOR = gettext_noop(
    "This is the only active operator, and someone must be able to manage organisations. Make someone else an operator first."
)

SAME_NAME = gettext_noop("The name reads like that of another organisation, %(name)s. Choose another name.")
ERASED = gettext_noop("This person was erased. The account cannot be changed or used again: create a new one.")


def is_erased(person: User) -> bool:
    """Whether an erasure was confirmed, even if the log is not through yet."""
    return PersonErasure.objects.filter(person=person, confirmed=True).exists()


def create_person(*, email: str, name: str, role: str, organisation: Organisation, password: str, actor: Actor) -> User:
    """A new account. Raises ValidationError where the address is taken or the role does not fit the organisation."""
    actor.require("person.manage")
    require_entry(organisation, actor)
    person = User(email=email_addresses.normal(email), name=name, role=role, organisation=organisation)
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


def edit_person(
    *,
    person: User,
    actor: Actor,
    keep_keys: Collection[int] = (),
    require: Callable[[User], object] = lambda _person: None,
    **changes: Any,
) -> User:
    """Change name, address, role, organisation or whether the account is active.

    Who is deactivated or moved leaves their place: all their sessions end, the keys that they made are revoked but for
    those in `keep_keys`, mail that waits for them is dropped, and what they hold there is let go (signal person_left).
    `require` is called with the account as it is now, which nobody changes meanwhile, and raises what refuses.

    Raises ValidationError, and changes nothing, where a regulator would be left without an active admin (an operator may
    leave it so, and invites the next one), or the site without an operator; and where the person was erased.
    """
    actor.require("person.manage")
    with transaction.atomic():
        managing = Q(role__in=(Role.ADMIN, Role.OPERATOR), is_active=True) | Q(pk=person.pk)
        # Two admins do not deactivate each other at once. Whoever writes a row that names one of them does not wait.
        # Nor are organisations joined: a row that moved while it was waited for would not be found.
        rows = User.objects.select_for_update(of=("self",), no_key=True).filter(managing)
        stored = {row.pk: row for row in rows.order_by("pk")}
        was = stored.pop(person.pk)
        require_managed(was.organisation, actor)
        require(was)
        if changes != {"is_active": False} and is_erased(was):
            raise ValidationError(ERASED)
        person.refresh_from_db()  # what somebody else changed since it was read stays as they left it
        before = {name: getattr(was, name) for name in changes}
        for name, value in changes.items():
            setattr(person, name, value)
        person.full_clean()
        if any(getattr(was, name) != getattr(person, name) for name in _LETS_IN):
            require_entry(person.organisation, actor)
        _keep_someone(was, person, stored.values(), actor)
        audit.require_current(actor)  # before whoever changes themselves has less rights
        person.save(update_fields=[*changes])
        if leaves(was, **changes) or was.email != person.email:
            withdraw_links(person=person)
        if not Actor.person(person).may(MAY_SUBSCRIBE):
            drop_subscribed_mail(person, address=was.email)
        if was.email != person.email and (was.has_usable_password() or was.last_login is not None):  # not an invitation
            _tell_of_address(person, before=was.email, actor=actor)
        if leaves(was, **changes):
            _leave(was, person, keep_keys, actor)
        after = {name: getattr(person, name) for name in changes}
        audit.record(actor=actor, action="person.edited", subject=person, before=before, after=after)
    return person


def _tell_of_address(person: User, *, before: str, actor: Actor) -> None:
    """Whoever has the new address can choose a new password: so whoever had the account hears of it where they had mail."""
    notify_personally(
        people=[person],
        mail_to=[before, person.email],
        key=f"address:{person.pk}:{timezone.now().timestamp()}",
        subject="Your address for signing in to Offshelf was changed",
        body=f"{actor.label} changed it from {before} to {person.email}. If you did not want this, tell another admin now: "
        "whoever reads mail to the new address can choose a new password.",
    )


def leaves(person: User, **changes: Any) -> bool:
    """Whether a person would leave their place by such changes: to another one, or for good."""
    goes_on, place = changes.get("is_active", True), changes.get("organisation", person.organisation)
    return place != person.organisation or (person.is_active and not goes_on)


_LETS_IN = ("email", "role", "organisation_id")
"""What decides who gets in where; a name and whether the account is active do not."""


def _keep_someone(was: User, person: User, others: Iterable[User], actor: Actor) -> None:
    """Raise ValidationError where nobody would be left who manages a regulator's people, or the site."""
    stays = person.is_active and person.role == was.role and person.organisation_id == was.organisation_id
    if not was.is_active or stays:
        return
    if was.role == Role.OPERATOR and not any(other.role == Role.OPERATOR for other in others):
        raise ValidationError(ONLY_OPERATOR)
    own = (other for other in others if other.role == Role.ADMIN and other.organisation_id == was.organisation_id)
    if was.role == Role.ADMIN and not actor.is_operator and not any(own):
        raise ValidationError(ONLY_ADMIN)


def _leave(was: User, person: User, keep_keys: Collection[int], actor: Actor) -> None:
    moved = was.organisation_id != person.organisation_id
    reason = f"{person.name} moved to {person.organisation}." if moved else f"{person.name} was deactivated."
    end_sessions(person=person, actor=actor, reason=reason)
    for key in api_keys.usable_keys_of(person):
        if key.pk not in keep_keys:
            api_keys.revoke_key_of_leaver(key=key, actor=actor, reason=reason)
    drop_mail_for(person, address=was.email, organisation_id=was.organisation_id)
    if moved:
        forget_views(person=person, organisation_id=was.organisation_id)
    person_left.send(sender=None, person=person, organisation_id=was.organisation_id, moved=moved, actor=actor)


def choose_preferences(*, person: User, language: str, time_zone: str, mail_me: str) -> None:
    """What a person chooses for themselves alone; like a saved view it is not audited. Nothing else of the account is
    written: the form may have been under way for long."""
    person.language, person.time_zone, person.mail_me = language, time_zone, mail_me
    person.save(update_fields=["language", "time_zone", "mail_me"])


def hide_getting_started(*, person: User) -> None:
    """Leave "getting started" off a person's first page; like a saved view it is theirs alone, and not audited."""
    person.getting_started_hidden_at = timezone.now()
    person.save(update_fields=["getting_started_hidden_at"])


def create_organisation(*, actor: Actor, **fields: Any) -> Organisation:
    """A new regulator, platform or site operator. Raises ValidationError for a taken name or nonsense."""
    actor.require("organisation.manage")
    organisation = Organisation(**fields)
    organisation.full_clean()
    _require_own_name(organisation)
    with transaction.atomic():
        organisation.save()
        audit.record(actor=actor, action="organisation.created", subject=organisation, after=fields)
    return organisation


def _require_own_name(organisation: Organisation) -> None:
    """Raise ValidationError where another organisation's name reads the same: notices and letters name them to people."""
    others = Organisation.objects.exclude(pk=organisation.pk).values_list("name", flat=True)
    same = next((name for name in others if reading_of(name) == reading_of(organisation.name)), None)
    if same is not None:
        raise ValidationError({"name": ValidationError(SAME_NAME, params={"name": same})})


def edit_organisation(*, organisation: Organisation, actor: Actor, **changes: Any) -> Organisation:
    """Change an organisation's contact, zone, country or address pattern. A new contact address is taken to work until
    mail to it comes back. Raises ValidationError for nonsense, and for what is for a regulator's own admin to change."""
    actor.require("organisation.edit")
    require_managed(organisation, actor)
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        organisation.refresh_from_db()  # what somebody else changed since it was read stays as they left it
        before = {name: getattr(organisation, name) for name in changes}
        has_new_contact = changes.get("contact_email", before.get("contact_email")) != before.get("contact_email")
        if has_new_contact:
            require_entry(organisation, actor)  # escalations and notices are mailed there
            organisation.contact_problem = ""
        for name, value in changes.items():
            setattr(organisation, name, value)
        organisation.full_clean()
        if "name" in changes:
            _require_own_name(organisation)
        organisation.save(update_fields=[*changes, *(["contact_problem"] if has_new_contact else [])])
        audit.record(actor=actor, action="organisation.edited", subject=organisation, before=before, after=changes)
        if has_new_contact:
            contact_changed.send(sender=Organisation, organisation=organisation, before=before["contact_email"])
    return organisation
