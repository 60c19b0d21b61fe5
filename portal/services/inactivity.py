"""Accounts that nobody signs in to are locked: a forgotten account is one that nobody misses when it is misused."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from portal import audit
from portal.background import sweeping
from portal.identity.actors import Actor
from portal.identity.managing import require_managed_person
from portal.models import Role, User
from portal.signals import person_away

SWEEP = "inactive people"


def lock_inactive_people() -> int:
    """Lock who did not sign in for INACTIVE_DAYS; returns how many. The last admin of a regulator who can sign in stays one, and so
    does the last operator."""
    due = _overdue() if settings.INACTIVE_DAYS else User.objects.filter(pk=0)
    sweeping.forget_others(due, sweep=SWEEP)
    return sweeping.each(sweeping.ready(due, sweep=SWEEP), _lock, sweep=SWEEP).done


def lock_if_inactive(person: User) -> bool:
    """Whether a person who wants to sign in is locked; who is overdue is, although the sweep has not come by yet."""
    if person.locked_at is None and settings.INACTIVE_DAYS and _overdue().filter(pk=person.pk).exists():
        _lock(person)
    return person.locked_at is not None


def unlock_person(*, person: User, actor: Actor) -> None:
    """Open a locked account again; the days count from now. A second time changes nothing."""
    require_managed_person(person, actor)
    with transaction.atomic():
        now = timezone.now()
        if User.objects.filter(pk=person.pk).exclude(locked_at=None).update(locked_at=None, unlocked_at=now):
            audit.record(actor=actor, action="person.unlocked", subject=person, before={"locked_at": person.locked_at})
            person.locked_at, person.unlocked_at = None, now


def _overdue() -> QuerySet[User]:
    since = timezone.now() - timedelta(days=settings.INACTIVE_DAYS)
    signed_in_before = Q(last_login=None) | Q(last_login__lt=since)
    unlocked_before = Q(unlocked_at=None) | Q(unlocked_at__lt=since)
    people = User.objects.filter(signed_in_before, unlocked_before, is_active=True, locked_at=None)
    return people.filter(date_joined__lt=since).order_by("pk")


def _lock(person: User) -> None:
    with transaction.atomic():
        if person.role in {Role.ADMIN, Role.OPERATOR}:
            same = User.objects.select_for_update().filter(role=person.role, is_active=True, locked_at=None)
            alike = same if person.role == Role.OPERATOR else same.filter(organisation=person.organisation_id)
            if {row.pk for row in alike.order_by("pk")} <= {person.pk}:
                return
        now = timezone.now()
        if User.objects.filter(pk=person.pk, locked_at=None).update(locked_at=now):
            after = {"locked_at": now, "last_in_use": person.last_in_use, "days": settings.INACTIVE_DAYS}
            actor = Actor.system("lock of unused accounts")
            audit.record(actor=actor, action="person.locked", subject=person, after=after)
            person.locked_at = now
            reason = f"{person.name} was locked, because the account was not used."
            key = f"locked:{person.pk}:{now:%Y%m%d}"
            person_away.send(sender=None, person=person, stand_in=None, reason=reason, key=key, actor=actor)
