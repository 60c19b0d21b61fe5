"""Handling escalations: acknowledge, comment, hand over, resolve. None of this stops the escalation ladder."""

from collections import defaultdict
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from enforcement.models import Escalation
from portal import audit
from portal.identity.actors import Actor
from portal.identity.duty import Roster, who_gets
from portal.models import Organisation, User
from portal.notifications.nobody import report_nobody
from portal.notifications.outbox import notify

TWICE_WITHIN = timedelta(seconds=30)
_ASSIGNED, _UNASSIGNED = "Escalations assigned to you", "Escalations without an assignee"
MAX_LISTED = 20  # escalations named in one message


def acknowledge_escalation(*, escalation: Escalation, note: str, actor: Actor) -> Escalation:
    """Acknowledge an escalation and become its assignee. Only the first acknowledgement counts. The ladder continues
    until the removal is confirmed."""
    actor.require("escalation.acknowledge")
    with transaction.atomic():
        now = timezone.now()
        changes = {"acknowledged_at": now, "acknowledged_by": actor.label, "note": note}
        open_ones = Escalation.objects.filter(pk=escalation.pk, acknowledged_at=None)
        if open_ones.update(**changes, assigned_to_id=actor.user_id):
            audit.record(actor=actor, action="escalation.acknowledged", subject=escalation, after=changes, reason=note)
            escalation.refresh_from_db()
    return escalation


def comment_escalation(*, escalation: Escalation, text: str, actor: Actor) -> None:
    """Add a comment to the history of an escalation and notify its assignee. Comments are audit events and never
    change.

    The same comment again within TWICE_WITHIN is ignored.
    """
    actor.require("escalation.acknowledge")
    if not text.strip():
        raise ValidationError({"text": gettext_noop("Enter a comment.")})
    with transaction.atomic():
        Escalation.objects.select_for_update(of=("self",)).get(
            pk=escalation.pk
        )  # simultaneous comments wait for each other
        if _commented_just_now(escalation, text, actor):
            return
        event = audit.record(actor=actor, action="escalation.commented", subject=escalation, reason=text)
        if escalation.assigned_to is not None and escalation.assigned_to_id != actor.user_id:
            _notify(escalation, [escalation.assigned_to], f"comment:{event.pk}", "Comment on an escalation", text)


def _commented_just_now(escalation: Escalation, text: str, actor: Actor) -> bool:
    """Whether the same person just made the same comment: a button pressed twice."""
    mine = {"user_id": actor.user_id, "actor_kind": actor.kind, "actor_label": actor.label[:300]}
    just_now = audit.events_about(escalation).filter(at__gt=timezone.now() - TWICE_WITHIN)
    return just_now.filter(action="escalation.commented", reason=text, **mine).exists()


def hand_over_escalation(*, escalation: Escalation, to: User, note: str, actor: Actor) -> Escalation:
    """Assign the escalation to someone else, or to whoever stands in for them while they are away, and notify them. Raises
    ValidationError where they may not or already handle it, or are away and nobody stands in."""
    actor.require("escalation.acknowledge")
    with transaction.atomic():
        to = who_gets(to)
        row = Escalation.objects.select_for_update(of=("self",)).get(pk=escalation.pk)
        if not (to.is_active and Actor.person(to).may("escalation.acknowledge")):
            raise ValidationError({"to": _refusal(gettext_noop("%(person)s may not handle escalations."), to)})
        if not Escalation.objects.visible_to(Actor.person(to)).filter(pk=row.pk).exists():
            raise ValidationError({"to": _refusal(gettext_noop("%(person)s cannot see this escalation."), to)})
        if row.assigned_to_id == to.pk:
            raise ValidationError(
                {"to": _refusal(gettext_noop("This escalation is already assigned to %(person)s."), to)}
            )
        before, row.assigned_to = row.assigned_to_id, to
        row.save(update_fields=["assigned_to"])
        audit.record(
            actor=actor, action="escalation.handed_over", subject=row, before={"assigned_to": before}, after={"assigned_to": to.pk}, reason=note
        )  # fmt: skip
        _notify(row, [to], f"handed:{row.pk}:{to.pk}:{timezone.now():%Y%m%d%H%M%S}", "Escalation assigned to you", note)
    return row


def pass_on_escalations(*, person: User, to: User | None, reason: str, key: str, actor: Actor) -> None:
    """A person left or is away: their open escalations go to `to`, and where there is none to everybody of the regulator
    who may handle them, or of the site: without an assignee, and all of them are notified."""
    held = Escalation.objects.select_for_update(of=("self",)).filter(assigned_to=person, resolved_at=None)
    rows = list(held.select_related("takedown__flag__recall__regulator").order_by("pk"))
    seen = Escalation.objects.visible_to(Actor.person(to)).filter(pk__in=[row.pk for row in rows]) if to else ()
    by_receiver: dict[tuple[User | None, Organisation], list[Escalation]] = defaultdict(list)
    for row in rows:
        row.assigned_to = to if row in seen else None
        row.save(update_fields=["assigned_to"])
        before, after = {"assigned_to": person.pk}, {"assigned_to": row.assigned_to_id}
        audit.record(
            actor=actor, action="escalation.handed_over", subject=row, before=before, after=after, reason=reason
        )
        by_receiver[row.assigned_to, row.takedown.flag.recall.regulator].append(row)
    for (assignee, regulator), mine in by_receiver.items():
        others = [each for each in Roster.of([regulator.pk]).everybody(regulator) if each.pk != person.pk]
        if assignee is None and not others:
            report_nobody(regulator)
        notify(
            people=[assignee] if assignee else others,
            key=f"{key}:escalations:{regulator.pk}",
            subject=f"{_ASSIGNED if assignee else _UNASSIGNED}: {len(mine)}",
            body="\n".join([reason, *(_line(row) for row in mine[:MAX_LISTED])]),
            link=reverse("enforcement:escalation", args=[mine[0].pk])
            if len(mine) == 1
            else reverse("enforcement:escalations"),
        )


def _line(row: Escalation) -> str:
    return f"{row.get_kind_display()}: {row.takedown.flag.recall.number} on {row.platform}"


def resolve_escalation(*, escalation: Escalation, note: str, actor: Actor) -> Escalation:
    """Close this step as done. Needs a note and cannot be undone. The clock is not affected."""
    actor.require("escalation.acknowledge")
    if not note.strip():
        raise ValidationError({"note": gettext_noop("Describe what was done.")})
    with transaction.atomic():
        row = Escalation.objects.select_for_update(of=("self",)).get(pk=escalation.pk)
        if row.resolved_at is not None:
            detail = gettext_noop("%(person)s already resolved this escalation.")
            raise _refusal(detail, row.resolved_by)
        row.resolved_at, row.resolved_by = timezone.now(), actor.label
        row.save(update_fields=["resolved_at", "resolved_by"])
        audit.record(
            actor=actor, action="escalation.resolved", subject=row, after={"resolved_at": row.resolved_at}, reason=note
        )
    return row


def _refusal(detail: str, person: object) -> ValidationError:
    return ValidationError(detail, params={"person": str(person)})


def _notify(escalation: Escalation, people: list[User], key: str, subject: str, body: str) -> None:
    notify(
        people=people,
        key=f"escalation:{key}",
        subject=f"{subject}: {escalation.get_kind_display().lower()}",
        body=body,
        link=reverse("enforcement:escalation", args=[escalation.pk]),
    )
