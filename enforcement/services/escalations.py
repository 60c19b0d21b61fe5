"""Raising the rungs of the ladder: each exactly once, whatever restarts, races or hours without a worker there were."""

import logging
from datetime import timedelta

from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from enforcement import rules
from enforcement.models import Escalation, Takedown
from enforcement.services.timing import last_raised
from enforcement.states import OPEN, RungKind, TakedownStatus
from listings.states import FlagStatus
from portal import audit
from portal.actors import Actor
from portal.models import User
from portal.outbox import tell
from portal.transitions import move

logger = logging.getLogger(__name__)
BATCH = 50
MOST_ATTEMPTS = 5
PUSHED_FORWARD = timedelta(seconds=30)


def sweep_escalations() -> int:
    """Raise everything that is due by now, in batches that racing sweepers share; returns how many rungs were raised.

    A row that breaks is pushed forward with its error and, after five attempts, set aside (no next step): the
    watchdog reports it, and it never blocks the others.
    """
    raised = 0
    while True:
        with transaction.atomic():
            due = Takedown.objects.select_for_update(skip_locked=True, of=("self",)).filter(
                next_step_at__lte=timezone.now(), status__in=OPEN
            )
            batch = list(
                due.select_related("flag__recall__regulator", "flag__listing", "platform").order_by(
                    "next_step_at", "pk"
                )[:BATCH]
            )
            for takedown in batch:
                raised += _raise_or_set_aside(takedown)
        if len(batch) < BATCH:
            return raised


def _raise_or_set_aside(takedown: Takedown) -> int:
    try:
        with transaction.atomic():
            return int(escalate(takedown=takedown) is not None)
    except Exception as error:
        logger.exception("the rung of takedown %s could not be raised", takedown.pk)
        attempts = takedown.attempts + 1
        again = timezone.now() + PUSHED_FORWARD * attempts if attempts < MOST_ATTEMPTS else None
        Takedown.objects.filter(pk=takedown.pk).update(
            attempts=attempts, error=f"{type(error).__name__}: {error}"[:500], next_step_at=again
        )
        return 0


def escalate(*, takedown: Takedown) -> Escalation | None:
    """Raise the rung that is due, if it still is: compare-and-set on the rung and its moment, so a second sweeper that
    comes late does nothing (None). The next rung's moment is stored in the same transaction. A step without a rung is
    an extended deadline that is missed again (`rung_of`); that raises nothing (None)."""
    rung, step_at = takedown.next_rung, takedown.next_step_at
    if step_at is None or step_at > timezone.now():
        return None
    terms, actor = rules.Terms.from_json(takedown.terms), Actor.system("escalation sweep")
    with transaction.atomic():
        stood = Takedown.objects.filter(pk=takedown.pk, status__in=OPEN, next_rung=rung, next_step_at=step_at)
        raised = rung if rung is not None else last_raised(takedown)
        following = rules.rung_after(terms, takedown.due_at, raised, start=takedown.started_at)
        next_rung, next_at = (following.rung, following.at) if following else (None, None)
        if not stood.update(next_rung=next_rung, next_step_at=next_at, attempts=0, error=""):
            return None
        takedown.next_rung, takedown.next_step_at = next_rung, next_at
        if timezone.now() >= takedown.due_at and takedown.status == TakedownStatus.RUNNING:
            move(
                takedown,
                TakedownStatus.MISSED,
                actor=actor,
                missed_at=timezone.now(),
                reason=f"It was due at {takedown.due_at:%d %b %Y %H:%M:%S} UTC.",
            )
        if rung is None:
            return None
        step = next(step for step in terms.steps if step.rung == rung)
        escalation = Escalation.objects.create(
            takedown=takedown,
            platform_id=takedown.platform_id,
            rung=rung,
            kind=step.kind,
            due_at=step_at,
            letter=_letter(takedown) if step.kind == RungKind.LETTER else "",
        )
        audit.record(
            actor=actor, action="escalation.raised", subject=escalation, after={"rung": rung, "kind": step.kind, "takedown": takedown.pk, "flag": takedown.flag_id}
        )  # fmt: skip
        _tell(escalation)
    return escalation


def _letter(takedown: Takedown) -> str:
    flag = takedown.flag
    return render_to_string(
        "enforcement/letter.txt",
        {
            "takedown": takedown,
            "flag": flag,
            "recall": flag.recall,
            "listing": flag.listing,
            "platform": takedown.platform,
            "today": timezone.now(),
        },
    ).strip()


def _tell(escalation: Escalation) -> None:
    takedown, flag = escalation.takedown, escalation.takedown.flag
    platform = User.objects.filter(organisation_id=takedown.platform_id, is_active=True)
    officers = User.objects.filter(organisation_id=flag.recall.regulator_id, role="regulator_staff", is_active=True)
    regulator = flag.recall.regulator
    people, mail_to = {
        RungKind.REMINDER: (platform, []),
        RungKind.MISSED: (platform, [takedown.platform.contact_email]),
        RungKind.OFFICER: (officers, [regulator.contact_email]),
        RungKind.LETTER: (officers, []),
    }[RungKind(escalation.kind)]
    late = "" if escalation.kind == RungKind.REMINDER else "Late: "
    tell(
        people=people,
        key=f"escalation:{takedown.pk}:{escalation.rung}",
        subject=f"{late}{escalation.get_kind_display()}: {flag.listing.title}"[:200],
        body=(
            f"Listing {flag.listing.external_id} on {takedown.platform} (recall {flag.recall.number}) "
            f"{'is' if escalation.kind == RungKind.REMINDER else 'was'} due {takedown.due_at:%d %b %Y %H:%M} UTC. "
            f"It is {FlagStatus(flag.status).label.lower()}."
        ),
        link=reverse("listings:flag", args=[flag.pk]),
        mail_to=mail_to,
    )


def acknowledge_escalation(*, escalation: Escalation, note: str, actor: Actor) -> Escalation:
    """Somebody takes an escalation on. The ladder goes on all the same until the removal is proved."""
    actor.require("escalation.acknowledge")
    with transaction.atomic():
        now = timezone.now()
        changes = {"acknowledged_at": now, "acknowledged_by": actor.label, "note": note}
        if Escalation.objects.filter(pk=escalation.pk, acknowledged_at=None).update(**changes):
            audit.record(actor=actor, action="escalation.acknowledged", subject=escalation, after=changes, reason=note)
            escalation.refresh_from_db()
    return escalation
