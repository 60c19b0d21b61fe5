"""Changes to a running clock: a late event, pauses, extensions, an explicit recount. Each records its reason."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from enforcement import rules
from enforcement.models import Extension, Pause, Takedown
from enforcement.rules.reasons import in_utc
from enforcement.states import OPEN, ExtensionStatus, TakedownStatus
from listings import services as listings
from listings.models import Flag
from listings.states import FlagStatus
from portal import audit
from portal.database.acting import as_system
from portal.identity.actors import Actor
from portal.identity.duty import Roster
from portal.models import Role, User
from portal.notifications.nobody import report_nobody
from portal.notifications.outbox import notify
from portal.reasons import require_reason
from portal.transitions import IllegalTransition, move
from recalls.models import Notice

MAX_EXTRA = 10_000  # of one extension, and of all of a takedown: a deadline stays a date that can be counted
LONGEST_PASSED = timedelta(days=366)  # of a sandbox's clock


def begun(terms: rules.Terms, notice: Notice, opened_at: datetime) -> tuple[datetime, rules.Reason]:
    """When the clock of a flag opened at `opened_at` under `notice` starts, and why."""
    return rules.clock_start(
        terms,
        sent_at=notice.sent_at,
        delivered_at=notice.delivered_at,
        acknowledged_at=notice.acknowledged_at,
        opened_at=opened_at,
    )


def due_of(takedown: Takedown, terms: rules.Terms, start: datetime) -> tuple[datetime, rules.Reason]:
    """The deadline of a takedown started at `start` under `terms`, with its ended pauses and its extensions."""
    pauses = [rules.Pause(row.started_at, row.ended_at) for row in takedown.pauses.all() if row.ended_at is not None]
    return rules.due_at(terms, start, pauses=pauses, extra=takedown.extra)


def retime_for_notice(*, notice: Notice) -> int:
    """Count again from delivery or acknowledgement where the terms say so; returns how many clocks moved.

    A clock that runs from "not acknowledged within 24 hours" moves earlier when the acknowledgement arrives. No clock
    ever moves later, and no step that was raised is withdrawn.
    """
    moved = 0
    running = Takedown.objects.open().filter(flag__notice=notice).select_related("flag").prefetch_related("pauses")
    for takedown in running:
        if (terms := readable_terms(takedown)) is None or terms.starts_on == "sent":
            continue
        start, because = begun(terms, notice, takedown.flag.opened_at)
        due, _ = due_of(takedown, terms, start)
        if due < takedown.due_at:
            reason = f"The clock started because {because}."
            cause = {"kind": "started", "start": because.data}
            changes = _started(start, because)
            moved += _retime(takedown, terms, actor=Actor.system("clock"), reason=reason, cause=cause, **changes)
    return moved


def _started(start: datetime, because: rules.Reason) -> dict[str, Any]:
    return {"started_at": start, "start_reason": because.text, "start_data": because.data}


def readable_terms(takedown: Takedown) -> rules.Terms | None:
    """The terms of a takedown; None where they cannot be read. Such a row does not block others: its next step is set
    aside by the sweep and raises an alarm."""
    try:
        return rules.Terms.from_json(takedown.terms)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def pause_clock(*, takedown: Takedown, reason: str, actor: Actor) -> Pause:
    """Pause a running clock until `resume_clock`: no step is raised in the meantime.

    Raises ValidationError without a reason, IllegalTransition where the clock does not run, is already paused, or is
    past its deadline: a pause cannot excuse a missed deadline (an extension can).
    """
    actor.require("clock.pause")
    require_reason(reason)
    with transaction.atomic():
        row = _locked(takedown)
        now = timezone.now()
        if row.status != TakedownStatus.RUNNING or row.due_at <= now:
            raise IllegalTransition(gettext_noop("You can pause only a running clock before its deadline."))
        if row.paused_at is not None:
            raise IllegalTransition(gettext_noop("The clock is already paused."))
        pause = Pause.objects.create(takedown=row, started_at=now, reason=reason, started_by=actor.label)
        Takedown.objects.filter(pk=row.pk).update(paused_at=now, next_step=None, next_step_at=None)
        audit.record(
            actor=actor, action="takedown.paused", subject=row, before={"due_at": row.due_at}, after={"paused_at": now}, reason=reason
        )  # fmt: skip
    return pause


def resume_clock(*, takedown: Takedown, reason: str = "", actor: Actor) -> Takedown:
    """Resume a paused clock. A deadline in hours moves by the exact length of the pause; one in working days by the
    number of working days that ended during the pause. Raises IllegalTransition where the clock is not paused."""
    actor.require("clock.pause")
    with transaction.atomic():
        row = _locked(takedown)
        if row.paused_at is None:
            raise IllegalTransition(gettext_noop("The clock is not paused."))
        now = max(timezone.now(), row.paused_at)  # the machine's clock may have been set back
        Pause.objects.filter(takedown=row, ended_at=None).update(ended_at=now, ended_by=actor.label)
        paused_since, row.paused_at = row.paused_at, None
        audit.record(
            actor=actor, action="takedown.unpaused", subject=row, before={"paused_at": paused_since}, after={"ended_at": now}, reason=reason
        )  # fmt: skip
        reason = f"The clock was paused from {paused_since:%d %b %Y %H:%M:%S} to {now:%d %b %Y %H:%M:%S} UTC."
        cause = {"kind": "paused", "from": in_utc(paused_since), "to": in_utc(now)}
        _retime(row, rules.Terms.from_json(row.terms), actor=actor, reason=reason, cause=cause, paused_at=None)
    return row


def leave_out_time(*, takedown: Takedown, reason: str, actor: Actor) -> Takedown:
    """Before a clock that had ended runs again: the time since it was cancelled, or since the removal was confirmed, does not
    count, as if it had been paused."""
    row = _locked(takedown)
    cancelled = row.status == TakedownStatus.CANCELLED
    ended = ("takedown.cancelled",) if cancelled else ("takedown.met", "takedown.met_late")
    event = audit.events_about(row).filter(action__in=ended).order_by("-id").first()
    if row.status in OPEN or event is None:
        return row
    since, now = event.at, max(timezone.now(), event.at)
    by = {"started_by": event.actor_label, "ended_by": actor.label}
    Pause.objects.create(takedown=row, started_at=since, ended_at=now, reason=reason, **by)
    cause = {"kind": "paused", "from": in_utc(since), "to": in_utc(now)}
    _retime(row, rules.Terms.from_json(row.terms), actor=actor, reason=reason, cause=cause)
    return row


def ask_extension(*, takedown: Takedown, amount: int, reason: str, actor: Actor) -> Extension:
    """Request an extension by `amount` in the unit of the terms, before or after the deadline; it is counted from
    there.

    Granted at once where the terms need no second person and the actor may grant it; else the regulator is notified.
    Raises ValidationError for a missing amount or reason, IllegalTransition where the takedown has ended or an
    extension is already requested.
    """
    actor.require("extension.ask")
    errors = {}
    if not 1 <= amount <= MAX_EXTRA:
        detail = gettext_noop("Enter a number from 1 to %(most)s.")
        errors["amount"] = ValidationError(detail, params={"most": MAX_EXTRA})
    if not reason.strip():
        errors["reason"] = ValidationError(gettext_noop("Explain why you need more time."))
    if errors:
        raise ValidationError(errors)
    with transaction.atomic():
        row = _locked(takedown)
        if row.status not in OPEN:
            raise IllegalTransition(gettext_noop("The takedown has ended and cannot be extended."))
        if row.extra + amount > MAX_EXTRA:
            detail = gettext_noop("All extensions together can be up to %(most)s.")
            raise ValidationError({"amount": ValidationError(detail, params={"most": MAX_EXTRA})})
        try:
            with transaction.atomic():
                extension = Extension.objects.create(
                    takedown=row, amount=amount, reason=reason, asked_by=actor.label, asked_by_user_id=actor.user_id
                )
        except IntegrityError:
            raise IllegalTransition(
                gettext_noop("An extension is already requested. It must be answered first.")
            ) from None
        after = {"amount": amount, "unit": row.terms["unit"]}
        audit.record(actor=actor, action="extension.asked", subject=extension, after=after, reason=reason)
        if extends_at_once(takedown=row, actor=actor):
            _grant(extension, row, reason, actor)
        else:
            _tell_regulator(extension, row)
    return extension


def extends_at_once(*, takedown: Takedown, actor: Actor) -> bool:
    """Whether an extension that the actor asks for is granted in the same step, as the terms need no second person."""
    return actor.may("extension.answer") and not rules.Terms.from_json(takedown.terms).extension_needs_second


@as_system("a request goes to people of the other side")
def _tell_regulator(extension: Extension, row: Takedown) -> None:
    """Of a request that waits for an answer, so that it lands on somebody who is there."""
    regulator = row.regulator
    if regulator.is_sandbox:
        return  # nobody belongs to it
    staff = User.objects.filter(organisation=regulator, role=Role.REGULATOR_STAFF, is_active=True)
    people = Roster.of([regulator.pk]).reach(list(staff), regulator)
    if not people:
        report_nobody(regulator)
    _tell(extension, row, people, "requested", extension.reason)


@as_system("an answer goes to people of the other side")
def _tell_platform(extension: Extension, row: Takedown) -> None:
    people = User.objects.filter(organisation_id=row.platform_id, is_active=True)
    _tell(extension, row, people, extension.status, extension.answer)


def _tell(extension: Extension, row: Takedown, people: Iterable[User], what: str, text: str) -> None:
    flag = row.flag
    line = (
        f"Listing {flag.listing.external_id} on {row.platform}, recall {flag.recall.number}. Deadline: "
        f"{row.due_at:%d %b %Y %H:%M} UTC. Status: {FlagStatus(flag.status).label.lower()}."
    )
    notify(
        people=people,
        key=f"extension:{extension.pk}:{what}",
        subject=f"Extension {what}: {flag.listing.title}"[:200],
        body=f"{line}\n\n{text}".strip(),
        link=reverse("enforcement:takedown", args=[row.pk]),
    )


def answer_extension(*, extension: Extension, grant: bool, answer: str, actor: Actor) -> Extension:
    """Grant or refuse an extension. A refusal needs a reason; where the terms need a second person, the person who
    requested it may not answer. A grant moves the deadline; a missed clock runs again if the new deadline is in the
    future. The platform's people are notified."""
    actor.require("extension.answer")
    if not grant and not answer.strip():
        raise ValidationError({"answer": gettext_noop("Explain why you refuse the extension.")})
    with transaction.atomic():
        row = _locked(extension.takedown)
        extension = Extension.objects.select_for_update().get(pk=extension.pk)
        needs_second, asker = rules.Terms.from_json(row.terms).extension_needs_second, extension.asked_by_user_id
        if needs_second and asker is not None and asker == actor.user_id:
            raise PermissionDenied(gettext_noop("You requested this extension. Another person must answer it."))
        if grant:
            return _grant(extension, row, answer, actor)
        changes = {"answered_by": actor.label, "answered_at": timezone.now(), "answer": answer}
        move(extension, ExtensionStatus.REFUSED, actor=actor, reason=answer, **changes)
        _tell_platform(extension, row)
    return extension


def _grant(extension: Extension, row: Takedown, answer: str, actor: Actor) -> Extension:
    if row.status not in OPEN:
        raise IllegalTransition(gettext_noop("The takedown has ended and cannot be extended."))
    changes = {"answered_by": actor.label, "answered_at": timezone.now(), "answer": answer}
    move(extension, ExtensionStatus.GRANTED, actor=actor, reason=answer or extension.reason, **changes)
    row.extra += extension.amount
    reason, cause = f"Extended: {extension.reason}", {"kind": "extended", "text": extension.reason}
    _retime(row, rules.Terms.from_json(row.terms), actor=actor, reason=reason, cause=cause, extra=row.extra)
    _run_again(row, reason, actor)
    _tell_platform(extension, row)
    return extension


def _run_again(row: Takedown, reason: str, actor: Actor) -> None:
    """A missed deadline that was moved and now lies ahead was not missed."""
    if row.status == TakedownStatus.MISSED and row.due_at > timezone.now():
        move(row, TakedownStatus.RUNNING, actor=actor, reason=reason, missed_at=None)


def recount(*, takedown: Takedown, terms: rules.Terms, reason: str, actor: Actor) -> bool:
    """Give a takedown new terms and count its clock again from the same facts; whether its deadline moved. `reason` is
    what the person who recounts wrote. A missed deadline that then lies ahead counts as running again."""
    with transaction.atomic():
        row = _locked(takedown)
        start, because = begun(terms, row.flag.notice, row.flag.opened_at)
        changes = {"terms": terms.as_json(), **_started(start, because)}
        cause = {"kind": "recounted", "text": reason}
        moved = _retime(row, terms, actor=actor, reason=f"Recounted: {reason}", cause=cause, **changes)
        _run_again(row, f"Recounted: {reason}", Actor.system(f"clock, after {actor.label}"))
        return moved


def pass_time(*, takedown: Takedown, minutes: int, actor: Actor) -> Takedown:
    """In a sandbox, where time is test data too: count an open clock as if so many minutes more had gone by. What is then
    due is raised as always, by the sweep or by `escalate`.

    Raises PermissionDenied anywhere else, IllegalTransition where the clock has ended or is paused.
    """
    with transaction.atomic():
        row = _locked(takedown)
        if actor.sandbox_id is None or actor.sandbox_id != row.platform_id or not row.platform.is_sandbox:
            raise PermissionDenied(gettext_noop("You can let time pass only in your own sandbox."))
        if row.status not in OPEN or row.paused_at is not None:
            raise IllegalTransition(gettext_noop("The clock does not run."))
        span = timedelta(minutes=minutes)
        if timezone.now() - row.started_at + span > LONGEST_PASSED:
            raise IllegalTransition(gettext_noop("More than a year has passed for this clock. Reset the sandbox."))
        Pause.objects.filter(takedown=row).update(started_at=F("started_at") - span, ended_at=F("ended_at") - span)
        cause = {"kind": "passed", "amount": minutes, "unit": "minutes"}
        reason = f"Time passed in the sandbox: {rules.duration(minutes, 'minutes')}."
        terms, started = rules.Terms.from_json(row.terms), row.started_at - span
        _retime(row, terms, actor=actor, reason=reason, cause=cause, started_at=started)
    return row


def step_of(takedown: Takedown, terms: rules.Terms, due: datetime, start: datetime) -> dict[str, Any]:
    """The next step of a takedown and its time, as changes; none while the clock is paused or when the ladder is done.

    Where no step is left up to the deadline, `next_step_at` is that deadline without a step: it can be missed then.
    """
    if takedown.paused_at is not None:
        return {"next_step": None, "next_step_at": None}
    step, at = rules.next_moment(terms, due, last_raised(takedown), start=start, now=timezone.now())
    return {"next_step": step, "next_step_at": at, "ladder_done": at is None}


def missed_reason(due: datetime) -> str:
    """Why a deadline counts as missed, for the audit log."""
    return f"The deadline was {due:%d %b %Y %H:%M:%S} UTC."


def last_raised(takedown: Takedown) -> int:
    """The highest step that was raised; 0 for none."""
    return takedown.escalations.order_by("-step").values_list("step", flat=True).first() or 0


def _locked(takedown: Takedown) -> Takedown:
    """The takedown as it is now, locked after its flag: whoever decides holds the flag and then wants the clock."""
    Flag.objects.select_for_update(of=("self",)).get(takedown=takedown.pk)
    rows = Takedown.objects.select_for_update(of=("self",)).select_related("flag__notice")
    return rows.prefetch_related("pauses").get(pk=takedown.pk)


def _retime(
    takedown: Takedown, terms: rules.Terms, /, *, actor: Actor, reason: str, cause: dict[str, Any], **changes: Any
) -> bool:
    """Count the deadline again, with `changes` to the row first; whether it moved. An audit event records it, with
    `reason` in English and `cause`, the same as data."""
    before = takedown.due_at
    for name, value in changes.items():
        setattr(takedown, name, value)
    with transaction.atomic():
        due, because = due_of(_fresh_pauses(takedown), terms, takedown.started_at)
        changes |= {"due_at": due, "deadline_reason": because.text, "deadline_data": because.data}
        changes |= step_of(takedown, terms, due, takedown.started_at)
        listings.set_due(flags=[Flag.objects.get(pk=takedown.flag_id)], due_at=due)  # flags are locked before clocks
        Takedown.objects.filter(pk=takedown.pk).update(**changes)
        takedown.due_at, takedown.deadline_reason, takedown.deadline_data = due, because.text, because.data
        if due != before:
            audit.record(
                actor=actor,
                action="takedown.retimed",
                subject=takedown,
                before={"due_at": before},
                after={"due_at": due, "cause": cause, "deadline_data": because.data},
                reason=f"{reason} Deadline: {because}.",
            )
    return due != before


def _fresh_pauses(takedown: Takedown) -> Takedown:
    getattr(takedown, "_prefetched_objects_cache", {}).pop("pauses", None)
    return takedown
