"""How long data is kept, as operators choose, and legal holds: one admin places one, two of the same regulator release it.

Operators do so for organisations and people, and see no other hold."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import audit
from portal.identity.actors import Actor
from portal.models import LegalHold, Organisation, RetentionRule, Role, User
from portal.notifications.outbox import notify_personally
from portal.reasons import require_reason
from portal.retention.registry import HOLDABLE, KINDS, MAX_DAYS, chosen_days, is_held
from portal.retention.running import HOLD_LOCK

MAY, MAY_HOLD = "retention.manage", "hold.manage"
MAX_KEY = 2**63 - 1
NOT_FOUND = gettext_noop("There is no such object. Check the number, name or address.")
SEVERAL = gettext_noop("Several objects are called this. Use its number in the address of its page.")
HELD = gettext_noop("This is already under a legal hold.")
NOT_ASKED = gettext_noop("This is no longer possible. Reload the page.")
SAME = gettext_noop("Another admin must confirm the release: not the one who requested it.")


def change_retention(*, days: Mapping[str, int], actor: Actor) -> list[str]:
    """Choose for how many days kinds of data are kept; returns the names of those that changed.

    The next run deletes by it, which cannot be undone. Raises ValidationError, by kind, for days that are too few or many.
    """
    actor.require(MAY)
    wrong = {}
    for name, number in days.items():
        if not KINDS[name].min_days <= number <= MAX_DAYS:
            detail = gettext_noop("Enter a number of days from %(least)d to %(most)d.")
            params = {"least": KINDS[name].min_days, "most": MAX_DAYS}
            wrong[name] = ValidationError(detail, params=params)
    if wrong:
        raise ValidationError(wrong)
    with transaction.atomic():
        before = chosen_days()
        changed = [name for name, number in days.items() if before[name] != number]
        for name in changed:
            rule, _ = RetentionRule.objects.update_or_create(kind=name, defaults={"days": days[name]})
            former, chosen = {"days": before[name]}, {"days": days[name]}
            audit.record(actor=actor, action="retention.changed", subject=rule, before=former, after=chosen)
    return changed


def place_hold(*, label: str, named: str, reason: str, actor: Actor) -> LegalHold:
    """Put an object under a legal hold: nothing of it is deleted from now on. Waits for a chunk that is being deleted.

    `label` is a kind of object that can be held, `named` how a person calls one. Raises ValidationError where there is
    none, or it is held already, or there is no reason.
    """
    actor.require(MAY_HOLD)
    if actor.user_id is None:
        raise PermissionDenied("Only a person can place a legal hold.")
    require_reason(reason)
    if label not in HOLDABLE:
        raise ValidationError({"label": NOT_FOUND})
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [HOLD_LOCK])
        subject = _subject(label, named.strip(), actor)
        if is_held(subject):
            raise ValidationError({"named": HELD})
        hold = LegalHold.objects.create(
            subject_type=label,
            subject_id=subject.pk,
            subject_label=audit.name_of(subject),
            reason=reason,
            placed_by_id=actor.user_id,
        )
        after = {"subject": [label, subject.pk]}
        audit.record(actor=actor, action="hold.placed", subject=hold, after=after, reason=reason)
    return hold


def _subject(label: str, named: str, actor: Actor) -> models.Model:
    rows: Any = apps.get_model(label).objects
    found = rows.managed_by(actor) if label == Organisation._meta.label_lower else rows.visible_to(actor)
    lookup = HOLDABLE[label].lookup
    if lookup == "pk" and not (named.isascii() and named.isdecimal() and int(named) <= MAX_KEY):
        raise ValidationError({"named": NOT_FOUND})
    named_so: list[models.Model] = list(found.filter(**{lookup: named})[:2])
    if len(named_so) != 1:
        raise ValidationError({"named": SEVERAL if named_so else NOT_FOUND})
    return named_so[0]


def ask_release(*, hold: LegalHold, reason: str, actor: Actor) -> None:
    """Ask that a hold is released; another admin has to confirm. Nothing is released yet."""
    actor.require(MAY_HOLD)
    if actor.user_id is None:
        raise PermissionDenied("Only a person can ask for this.")
    if not reason.strip():
        raise ValidationError(gettext_noop("Enter a reason."))
    with transaction.atomic():
        asked = {"release_reason": reason, "release_asked_by": actor.user_id, "release_asked_at": timezone.now()}
        if not LegalHold.objects.filter(pk=hold.pk, released_at=None, release_asked_by=None).update(**asked):
            raise ValidationError(NOT_ASKED)
        audit.record(actor=actor, action="hold.release_requested", subject=hold, reason=reason)
        alike = User.objects.filter(role__in=(Role.ADMIN, Role.OPERATOR), organisation=actor.organisation_id)
        others = alike.filter(is_active=True).exclude(pk=actor.user_id)
        notify_personally(
            people=[*others.select_related("organisation")],
            key=f"hold-release:{hold.pk}:{asked['release_asked_at']:%s}",
            subject=f"Confirm or refuse: release of the legal hold {hold}"[:200],
            body=f"{actor.label} asks to release it: {reason}",
            link=f"/retention/holds/{hold.pk}/",
        )


def release_hold(*, hold: LegalHold, actor: Actor) -> None:
    """Confirm a release that another admin asked for: the next run deletes what is past its days. Not reversible."""
    actor.require(MAY_HOLD)
    waiting = LegalHold.objects.filter(pk=hold.pk, released_at=None).exclude(release_asked_by=None)
    with transaction.atomic():
        found = waiting.select_for_update().first()
        if found is None:
            raise ValidationError(NOT_ASKED)
        if actor.user_id in {None, found.release_asked_by_id}:
            raise PermissionDenied(SAME)
        waiting.update(released_by=actor.user_id, released_at=timezone.now())
        audit.record(actor=actor, action="hold.released", subject=hold, reason=found.release_reason)


def refuse_release(*, hold: LegalHold, actor: Actor) -> None:
    """Leave the hold as it is; any admin may, who asked as well."""
    actor.require(MAY_HOLD)
    waiting = LegalHold.objects.filter(pk=hold.pk, released_at=None).exclude(release_asked_by=None)
    with transaction.atomic():
        if not waiting.update(release_reason="", release_asked_by=None, release_asked_at=None):
            raise ValidationError(NOT_ASKED)
        audit.record(actor=actor, action="hold.release_refused", subject=hold)
