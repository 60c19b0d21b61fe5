"""A flag's clock: started with it, stopped and resumed with it, explained in one sentence."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from enforcement import rules
from enforcement.models import Takedown
from enforcement.states import OPEN, TakedownStatus
from listings import services as listings
from listings.models import Flag
from listings.states import CLAIMED, PROVED, FlagStatus
from portal import audit
from portal.actors import Actor
from portal.models import User
from portal.outbox import tell
from portal.transitions import move
from recalls.models import Notice


def start_clock(*, flag: Flag) -> Takedown:
    """Start the clock of a new flag under the terms of its notice, frozen from here on. Same transaction as the flag."""
    notice = flag.notice
    terms = rules.Terms.from_json(notice.terms)
    start, because = _start(terms, notice, flag.opened_at)
    due, due_because = rules.due_at(terms, start)
    rung = rules.rung_after(terms, due, 0, start=start)
    with transaction.atomic():
        takedown = Takedown.objects.create(
            flag=flag,
            platform_id=flag.platform_id,
            terms=terms.as_json(),
            started_at=start,
            started_because=because,
            due_at=due,
            due_because=due_because,
            next_rung=rung.rung if rung else None,
            next_step_at=rung.at if rung else None,
        )
        listings.set_due(flag=flag, due_at=due)
        audit.record(
            actor=Actor.system("clock"),
            action="takedown.started",
            subject=takedown,
            after={"status": takedown.status, "started_at": start, "due_at": due, "policy": terms.policy},
            reason=f"The clock starts because {because}; it ends {due_because}.",
        )
        if flag.relisted_from_id:
            _tell_of_relisting(flag, takedown)
    return takedown


def _start(terms: rules.Terms, notice: Notice, opened_at: datetime) -> tuple[datetime, str]:
    return rules.clock_start(
        terms,
        sent_at=notice.sent_at,
        delivered_at=notice.delivered_at,
        acknowledged_at=notice.acknowledged_at,
        opened_at=opened_at,
    )


def _tell_of_relisting(flag: Flag, takedown: Takedown) -> None:
    people = User.objects.filter(organisation_id=flag.platform_id, is_active=True)
    officers = User.objects.filter(organisation_id=flag.recall.regulator_id, role="regulator_staff", is_active=True)
    tell(
        people=[*people, *officers],
        key=f"flag:{flag.pk}:relisted",
        subject=f"Relisted: {flag.listing.title}"[:200],
        body=f"Listing {flag.listing.external_id} repeats one that was taken down ({flag.relisted_why}). Due {takedown.due_at:%d %b %Y %H:%M} UTC.",
        link=reverse("listings:flag", args=[flag.pk]),
    )


def retime_for_notice(*, notice: Notice) -> int:
    """Count again from delivery or acknowledgement where the terms say so; returns how many clocks moved.

    A clock that runs from "not acknowledged within 24 hours" moves earlier when the acknowledgement comes; none ever
    moves later, and no rung that was raised is taken back.
    """
    moved, actor = 0, Actor.system("clock")
    running = Takedown.objects.open().filter(flag__notice=notice).select_related("flag")
    for takedown in running:
        terms = rules.Terms.from_json(takedown.terms)
        if terms.starts_on == "sent":
            continue
        start, because = _start(terms, notice, takedown.flag.opened_at)
        due, due_because = rules.due_at(terms, start)
        if due >= takedown.due_at:
            continue
        raised = takedown.escalations.order_by("-rung").values_list("rung", flat=True).first() or 0
        rung = rules.rung_after(terms, due, raised, start=start)
        with transaction.atomic():
            changed = Takedown.objects.filter(pk=takedown.pk, status__in=OPEN, due_at=takedown.due_at).update(
                started_at=start,
                started_because=because,
                due_at=due,
                due_because=due_because,
                next_rung=rung.rung if rung else None,
                next_step_at=rung.at if rung else None,
            )
            if changed:
                listings.set_due(flag=takedown.flag, due_at=due)
                audit.record(
                    actor=actor, action="takedown.retimed", subject=takedown, before={"due_at": takedown.due_at}, after={"due_at": due},
                    reason=f"The clock starts because {because}.",
                )  # fmt: skip
                moved += 1
    return moved


def follow_flag(*, flag: Flag, before: str, actor: Actor) -> None:
    """Bring a flag's clock in line with its new status, in the flag's own transaction."""
    takedown = Takedown.objects.select_for_update().get(flag=flag)
    if flag.status in CLAIMED:
        _look_now(takedown)
    elif flag.status in PROVED:
        if takedown.status in OPEN:
            meet_deadline(takedown=takedown)
    elif flag.status in {FlagStatus.DISMISSED, FlagStatus.WITHDRAWN}:
        _cancel(takedown, actor, flag)
    elif before in PROVED or before == FlagStatus.DISMISSED:
        _resume(takedown, actor, reopened=before in PROVED)
    elif before in CLAIMED:
        Takedown.objects.filter(pk=takedown.pk).update(next_look_at=None)


def _look_now(takedown: Takedown) -> None:
    Takedown.objects.filter(pk=takedown.pk).update(
        next_look_at=timezone.now(), unknown_looks=0, look_attempts=0, looks_after_proof=0
    )


def meet_deadline(*, takedown: Takedown) -> Takedown:
    """The removal is proved: the ladder ends, the widening rescans begin."""
    terms, now = rules.Terms.from_json(takedown.terms), timezone.now()
    next_look = rules.next_look(
        terms, now=now, last_verdict="gone", unknown_in_a_row=0, proved_at=now, looks_after_proof=0
    )
    changes: dict[str, Any] = {
        "met_at": now,
        "next_rung": None,
        "next_step_at": None,
        "next_look_at": next_look,
        "looks_after_proof": 0,
    }
    return move(takedown, TakedownStatus.MET, actor=Actor.system("proof"), **changes)


def _cancel(takedown: Takedown, actor: Actor, flag: Flag) -> None:
    if takedown.status in OPEN:
        reason = f"The flag is {flag.get_status_display().lower()}."
        system = Actor.system(f"clock, after {actor.label}")
        move(
            takedown,
            TakedownStatus.CANCELLED,
            actor=system,
            reason=reason,
            next_rung=None,
            next_step_at=None,
            next_look_at=None,
        )


def _resume(takedown: Takedown, actor: Actor, *, reopened: bool) -> None:
    """Go on with the deadline there was, and with the ladder where it stood: neither restarted nor stopped."""
    if takedown.status in OPEN:
        return
    terms = rules.Terms.from_json(takedown.terms)
    raised = takedown.escalations.order_by("-rung").values_list("rung", flat=True).first() or 0
    rung = rules.rung_after(terms, takedown.due_at, raised, start=takedown.started_at)
    missed = takedown.missed_at is not None
    reason = "The listing is on sale again." if reopened else "The dismissal was overruled."
    changes = {
        "met_at": None,
        "next_rung": rung.rung if rung else None,
        "next_step_at": rung.at if rung else None,
        "next_look_at": None,
        "looks_after_proof": 0,
    }
    system = Actor.system(f"clock, after {actor.label}")
    move(takedown, TakedownStatus.MISSED if missed else TakedownStatus.RUNNING, actor=system, reason=reason, **changes)
