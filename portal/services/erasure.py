"""Erasing a person: name and address go for good, what they did stays under a pseudonym. Two admins, and no way back.

What an account is known by is replaced at once. The audit log follows in the background (portal/audit/erasure.py).
Texts that people wrote, and captures of checks, which are sealed as a whole, stay as they are.
"""

from datetime import timedelta
from functools import reduce
from operator import or_

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import audit
from portal.audit.erasure import Names, erase_payloads
from portal.background import sweeping
from portal.database.acting import as_system
from portal.database.roles import append_only_tables
from portal.identity.actors import Actor
from portal.identity.managing import require_managed_person
from portal.models import (
    AuditEvent,
    Export,
    Mail,
    Notification,
    PasswordRequest,
    PersonErasure,
    Role,
    SecondFactor,
    SignOnAccount,
    User,
)
from portal.notifications.outbox import notify_personally
from portal.retention.registry import is_held
from portal.retention.running import wait_for_holds
from portal.services.accounts import edit_person, is_erased
from portal.services.exports import delete_export
from portal.services.sessions import end_sessions

OPEN_FOR = timedelta(days=1)
SWEEP = "erasures"
HELD = gettext_noop("A legal hold names this person. Nothing of theirs can be erased until it is released.")
ASKED = gettext_noop("An erasure is already waiting for another admin.")
ERASED = gettext_noop("This person was erased already.")
OVER = gettext_noop("This request is closed or has expired. Request the erasure again.")
ONLY_ONE = gettext_noop("This is the only active person with this role. Add another one first.")
SAME = gettext_noop("Another admin must confirm this: neither who requested it nor the person concerned can.")


def open_erasure_of(person: User) -> PersonErasure | None:
    """The request that waits for another admin, if there is one."""
    found = PersonErasure.objects.filter(person=person, closed_at=None, expires_at__gt=timezone.now())
    return found.select_related("asked_by").first()


def ask_erasure(*, person: User, reason: str, actor: Actor) -> PersonErasure:
    """Ask that a person is erased; the other admins are told. Nothing changes yet.

    Raises ValidationError where a hold names them, they are the only admin, or it was asked or done before.
    """
    require_managed_person(person, actor)
    if actor.user_id is None or actor.user_id == person.pk:
        raise PermissionDenied(SAME)
    if not reason.strip():
        raise ValidationError(gettext_noop("Enter a reason."))
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        _refuse(person)
        if open_erasure_of(person) is not None:
            raise ValidationError(ASKED)
        now = timezone.now()
        PersonErasure.objects.filter(person=person, closed_at=None).update(closed_at=now)  # those nobody confirmed
        asked = PersonErasure.objects.create(
            person=person, reason=reason, asked_by_id=actor.user_id, expires_at=now + OPEN_FOR
        )
        audit.record(actor=actor, action="person.erasure_requested", subject=person, reason=reason)
        others = User.objects.managing(person.organisation_id).exclude(pk__in=[actor.user_id, person.pk])
        notify_personally(
            people=[*others.select_related("organisation")],
            key=f"erasure:{asked.pk}",
            subject="Confirm or refuse: erasure of a person",
            body="Another admin asks to erase a person for good. Open the page to see whom, and why.",
            link=f"/people/{person.pk}/sessions/",
        )
    return asked


def refuse_erasure(*, asked: PersonErasure, actor: Actor) -> None:
    """Close a request without doing it; any admin may, who asked as well."""
    require_managed_person(asked.person, actor)
    with transaction.atomic():
        _close(asked, actor, confirmed=False)
        audit.record(actor=actor, action="person.erasure_refused", subject=asked.person)


def confirm_erasure(*, asked: PersonErasure, actor: Actor) -> None:
    """Erase the person: they can never sign in again, and are a pseudonym everywhere. Not reversible.

    Raises PermissionDenied for the admin who asked and for the person, ValidationError as `ask_erasure` does.
    """
    require_managed_person(asked.person, actor)
    if actor.user_id in {None, asked.asked_by_id, asked.person_id}:
        raise PermissionDenied(SAME)
    with transaction.atomic():
        wait_for_holds()
        person = User.objects.select_for_update(no_key=True).get(pk=asked.person_id)
        _refuse(person)
        _close(asked, actor, confirmed=True)
        if person.is_active:
            edit_person(person=person, actor=actor, is_active=False)
        end_sessions(person=person, actor=actor, reason="The person was erased.")
        with as_system("what names a person is on every side"):
            _forget(person, asked)
        audit.record(actor=actor, action="person.erased", subject=person, reason=asked.reason)


def _forget(person: User, asked: PersonErasure) -> None:
    names, labels = _names_of(person), _labels_of(person)
    _forget_sign_in(person)
    _forget_messages(person, names)
    _replace_labels(labels, names)
    User.objects.filter(pk=person.pk).update(
        name=names.pseudonym,
        email=names.address,
        password=make_password(None),
        time_zone="",
        language="",
        mail_me="never",
    )
    kept = {"names": list(names.names), "addresses": list(names.addresses)}
    PersonErasure.objects.filter(pk=asked.pk).update(names=kept)
    person.refresh_from_db()
    for export in Export.objects.filter(person=person).exclude(file=""):
        delete_export(export=export, actor=Actor.system("erasure"))
    about = Export.objects.filter(kind="person", arguments__person=person.pk).exclude(file="")
    for export in about.exclude(person=person):
        delete_export(export=export, actor=Actor.system("erasure"))


def erase_people_due() -> int:
    """Erase confirmed people from the payloads of the audit log; returns how many are done. Goes on where it broke off."""
    due = PersonErasure.objects.filter(confirmed=True, done_at=None).order_by("pk")
    sweeping.forget_others(due, sweep=SWEEP)
    return sweeping.each(sweeping.ready(due, sweep=SWEEP), _erase_payloads, sweep=SWEEP, atomic=False).done


def _erase_payloads(erasure: PersonErasure) -> None:
    audit.seal_events()
    actor, kept = Actor.system("erasure"), erasure.names
    names = _pseudonym(erasure.person_id, kept["names"], kept["addresses"])

    def record(payloads: dict[str, str]) -> AuditEvent:
        return audit.record(actor=actor, action="audit.payloads_erased", subject=erasure, after={"payloads": payloads})

    count = erase_payloads(names, record=record)
    with transaction.atomic():
        now = timezone.now()
        reason = names.redactor(own=True)(erasure.reason)
        PersonErasure.objects.filter(pk=erasure.pk).update(done_at=now, names={}, reason=reason)
        audit.record(actor=actor, action="person.erasure_done", subject=erasure, after={"erased_in_last_run": count})


def _refuse(person: User) -> None:
    if is_erased(person):
        raise ValidationError(ERASED)
    if is_held(person):
        raise ValidationError(HELD)
    others = User.objects.filter(role=person.role, is_active=True, locked_at=None).exclude(pk=person.pk)
    if person.role == Role.ADMIN:
        others = others.filter(organisation=person.organisation_id)
    if person.role in {Role.ADMIN, Role.OPERATOR} and person.is_active and not others.exists():
        raise ValidationError(ONLY_ONE)


def _close(asked: PersonErasure, actor: Actor, *, confirmed: bool) -> None:
    now = timezone.now()
    waiting = PersonErasure.objects.filter(pk=asked.pk, closed_at=None, expires_at__gt=now)
    if not waiting.update(closed_at=now, closed_by_id=actor.user_id, confirmed=confirmed):
        raise ValidationError(OVER)


def _pseudonym(pk: int, names: list[str], addresses: list[str]) -> Names:
    return Names(pk, names, addresses, f"Erased person {pk}", f"erased-{pk}@erased.invalid")


def _names_of(person: User) -> Names:
    """Every name and address that the account had, as the audit log knows them."""
    found = {"name": {person.name}, "email": {person.email}}
    events = AuditEvent.objects.filter(subject_type="portal.user", subject_id=str(person.pk))
    for event in events.filter(action__in=["person.created", "person.edited"]):
        for told in (event.before, event.after):
            for field, values in found.items():
                if isinstance(told.get(field), str) and told[field]:
                    values.add(told[field])
    return _pseudonym(person.pk, sorted(found["name"]), sorted(found["email"]))


def _labels_of(person: User) -> set[str]:
    """How the person was named wherever they acted: with the organisation that they belonged to then."""
    used = AuditEvent.objects.filter(user=person).values_list("actor_label", flat=True).distinct()
    return {*used, Actor.person(person).label}


def label_fields() -> list[tuple[type[models.Model], str]]:
    """Where rows name who did something, as a text: all such fields, but those that are sealed or only ever added to."""
    append_only = set(append_only_tables())
    return [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField)
        and (field.name.endswith("_by") or field.name == "actor_label")
        and model._meta.db_table not in append_only
        and field.name not in getattr(model, "SEALED", ())
    ]


def _replace_labels(labels: set[str], names: Names) -> None:
    for model, field in label_fields():
        model._base_manager.filter(**{f"{field}__in": labels}).update(**{field: names.pseudonym})


def _forget_sign_in(person: User) -> None:
    SecondFactor.objects.filter(person=person).delete()
    SignOnAccount.objects.filter(person=person).delete()
    person.account_links.all().delete()
    PasswordRequest.objects.filter(account=person.email).delete()


def _forget_messages(person: User, names: Names) -> None:
    """Their inbox goes, mail to them loses address and text, and what others were told names a pseudonym."""
    Notification.objects.filter(person=person).delete()
    redact = names.redactor(own=False)
    to_them = reduce(or_, (Q(to__iexact=address) for address in names.addresses))
    for mail in Mail.objects.filter(to_them):
        Mail.objects.filter(pk=mail.pk).update(
            to=names.address, subject="", body="", error="", key=f"erased:{mail.pk}", account_link=None
        )
    words = [*names.addresses, *names.unmistakable]
    for model in (Mail, Notification):
        named = reduce(or_, (Q(subject__icontains=word) | Q(body__icontains=word) for word in words))
        for row in model._base_manager.filter(named).iterator(chunk_size=500):
            model._base_manager.filter(pk=row.pk).update(subject=redact(row.subject)[:200], body=redact(row.body))
