"""Who lost their second factor and their recovery codes: one admin asks, another one confirms, and the person hears of it.

An operator counts as one, for people of every organisation."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import audit
from portal.identity.actors import Actor
from portal.identity.managing import require_managed_person
from portal.models import FactorReset, SecondFactor, User
from portal.notifications.outbox import notify_personally
from portal.services.sessions import end_sessions

OPEN_FOR = timedelta(days=1)
NOTHING = gettext_noop("This person has no second factor.")
ASKED = gettext_noop("A reset is already waiting for another admin.")
OVER = gettext_noop("This request is closed or has expired. Request the reset again.")
SAME = "Another admin must confirm this: neither who requested it nor the person concerned can."


def open_reset_of(person: User) -> FactorReset | None:
    """The request that waits for another admin, if there is one."""
    found = FactorReset.objects.filter(person=person, closed_at=None, expires_at__gt=timezone.now())
    return found.select_related("asked_by").first()


def ask_factor_reset(*, person: User, reason: str, actor: Actor) -> FactorReset:
    """Ask that a person's second factors are removed; the other admins are told. Nothing of theirs changes yet.

    Raises ValidationError where they have none, or another request waits.
    """
    require_managed_person(person, actor)
    if actor.user_id is None:
        raise PermissionDenied("Only a person can ask for this.")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        if open_reset_of(person) is not None:
            raise ValidationError(ASKED)
        if not SecondFactor.objects.filter(person=person).exists():
            raise ValidationError(NOTHING)
        now = timezone.now()
        FactorReset.objects.filter(person=person, closed_at=None).update(closed_at=now)  # those that nobody confirmed
        asked = FactorReset.objects.create(
            person=person, reason=reason, asked_by_id=actor.user_id, expires_at=now + OPEN_FOR
        )
        audit.record(actor=actor, action="person.factor_reset_requested", subject=person, reason=reason)
        others = User.objects.managing(person.organisation_id).exclude(pk__in=[actor.user_id, person.pk])
        notify_personally(
            people=[*others.select_related("organisation")],
            key=f"factor-reset:{asked.pk}",
            subject=f"Confirm or refuse: second factor reset of {person}",
            body=f"{actor.label} asks to remove the second factors of {person}, {person.organisation}: {reason}\n"
            "Make sure that it is really them before you confirm, by a call to a number you already had.",
            link=f"/people/{person.pk}/sessions/",
        )
        notify_personally(
            people=[person],
            mail_to=[person.email],
            key=f"factor-reset-asked:{asked.pk}",
            subject="Somebody asked to remove your second factor at Offshelf",
            body=f"{actor.label} asked for it. If you did not want this, tell an admin now.",
        )
    return asked


def confirm_factor_reset(*, asked: FactorReset, actor: Actor) -> None:
    """Remove the person's second factors and end their sessions. They set up new ones where their organisation asks for it.

    Raises PermissionDenied for the admin who asked and for the person, ValidationError where the request is over.
    """
    require_managed_person(asked.person, actor)
    if actor.user_id in {None, asked.asked_by_id, asked.person_id}:
        raise PermissionDenied(SAME)
    with transaction.atomic():
        _close(asked, actor)
        person = asked.person
        SecondFactor.objects.filter(person=person).delete()
        audit.record(actor=actor, action="person.factor_reset", subject=person, reason=asked.reason)
        end_sessions(person=person, actor=actor, reason="The second factor was reset.")
        notify_personally(
            people=[person],
            mail_to=[person.email],
            key=f"factor-reset-done:{asked.pk}",
            subject="Your second factor at Offshelf was removed",
            body="Two admins removed it. If you did not want this, tell an admin now.",
        )


def refuse_factor_reset(*, asked: FactorReset, actor: Actor) -> None:
    """Close a request without doing it; any admin may, who asked as well. Raises ValidationError where it is over."""
    require_managed_person(asked.person, actor)
    with transaction.atomic():
        _close(asked, actor)
        audit.record(actor=actor, action="person.factor_reset_refused", subject=asked.person)


def _close(asked: FactorReset, actor: Actor) -> None:
    now = timezone.now()
    waiting = FactorReset.objects.filter(pk=asked.pk, closed_at=None, expires_at__gt=now)
    if not waiting.update(closed_at=now, closed_by_id=actor.user_id):
        raise ValidationError(OVER)
