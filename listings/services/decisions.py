"""Deciding flags. A decision is a row of its own: what, why, on which evidence, by whom, and what it overrides."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from listings.models import Decision, Exclusion, Flag
from listings.services.claims import require_not_held
from listings.services.exclusions import remember_exclusion, withdraw_exclusion
from listings.services.finalizing import finalize, keep_decision
from listings.services.flags import change_status
from listings.states import DECISION_TARGET, DecisionKind, DismissReason, FlagStatus
from portal import audit
from portal.identity.actors import Actor
from portal.models import Role, User
from portal.notifications.outbox import notify
from portal.transitions import IllegalTransition, LostRace

MODERATORS = frozenset({
    DecisionKind.REMOVED, DecisionKind.GEO_RESTRICTED, DecisionKind.NOT_THE_PRODUCT, DecisionKind.ASK_SELLER,
    DecisionKind.SELLER_ANSWERED, DecisionKind.ESCALATE,
})  # fmt: skip
"""The decisions that a moderator can ask for."""

SELLER_HOURS, MAX_SELLER_HOURS = 24, 240


class Stale(LostRace):
    """The page showed another state than the flag is in now; the message says who did what when."""


def seen_token(flag: Flag) -> str:
    """What a page shows of a flag's state, to be sent back with the decision: status and last decision."""
    last = max((decision.pk for decision in flag.decisions.all()), default=0)
    return f"{flag.status}:{last}"


def decide(  # noqa: PLR0913  each is a part of the decision, as the form has it
    *,
    flag: Flag,
    kind: str,
    reason: str = "",
    note: str = "",
    remember: str = "",
    until: datetime | None = None,
    seller_hours: int = SELLER_HOURS,
    seen: str,
    actor: Actor,
) -> Decision:
    """Take a moderator's decision: removed, geo_restricted, not_the_product, ask_seller, seller_answered or escalate.

    Not the product is remembered, so that it does not come back: the listing as it is, or what `remember` says (a scope
    of Exclusion), for good or `until` a time. Where the terms ask for a second person, the first one's dismissal only
    asks for theirs. A seller who is asked has `seller_hours`, but never longer than the flag's own deadline.

    "Removed" is a claim that a look has yet to prove. Raises Stale where the flag is not as `seen` says, Held where
    somebody else holds it, ValidationError where a reason, a note or the second person is missing, IllegalTransition and
    PermissionDenied as `move` does. A person can undo it for UNDO_SECONDS, in which nothing leaves; then it is reversible
    by overruling.
    """
    actor.require("flag.decide")
    check_decision(kind=kind, reason=reason, note=note, seller_hours=seller_hours)
    with transaction.atomic():
        flag = Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
        if seen != seen_token(flag):
            raise Stale(_what_happened(flag))
        require_not_held(flag, actor)
        if kind == DecisionKind.ASK_SELLER:
            due = _answer_until(flag, seller_hours)
            return record_decision(flag, DecisionKind.ASK_SELLER, note=note, actor=actor, seller_due_at=due)
        if kind != DecisionKind.NOT_THE_PRODUCT:
            return record_decision(flag, DecisionKind(kind), note=note, actor=actor)
        if flag.needs_second and flag.status != FlagStatus.SECOND_ASKED:
            return record_decision(flag, DecisionKind.ASK_SECOND, reason=reason, note=note, actor=actor)
        if flag.status == FlagStatus.SECOND_ASKED:
            _require_another(flag, actor)
        decision = record_decision(flag, DecisionKind.NOT_THE_PRODUCT, reason=reason, note=note, actor=actor)
        said = f"{DismissReason(reason).label}. {note}".strip()
        scope = remember or Exclusion.Scope.LISTING
        remember_exclusion(flag=flag, scope=scope, reason=said, until=until, actor=actor)
        return decision


def _answer_until(flag: Flag, hours: int) -> datetime:
    """Asking wins no time: a seller's answer is due before the removal is."""
    wanted = timezone.now() + timedelta(hours=hours)
    return min(wanted, flag.due_at) if flag.due_at and flag.due_at > timezone.now() else wanted


def _require_another(flag: Flag, actor: Actor) -> None:
    """Raise ValidationError where the actor is no second person: who asked for one, or a program."""
    asked = flag.decisions.filter(kind=DecisionKind.ASK_SECOND).order_by("-pk").first()
    if actor.user_id is None:
        raise ValidationError({"kind": "A person has to confirm the dismissal, not a program."})
    if asked is not None and asked.user_id == actor.user_id:
        raise ValidationError({"kind": "You asked for a second person: somebody else has to confirm the dismissal."})


def check_decision(*, kind: str, reason: str, note: str, seller_hours: int = SELLER_HOURS) -> None:
    """Raise ValidationError by field where a decision is not complete, whatever flag it is about."""
    if kind not in MODERATORS:
        raise ValidationError({"kind": "Choose a decision."})
    errors = {}
    if kind == DecisionKind.NOT_THE_PRODUCT and reason not in DismissReason.values:
        errors["reason"] = "Choose why it is not the product."
    if kind == DecisionKind.NOT_THE_PRODUCT and reason == DismissReason.OTHER and not note.strip():
        errors["note"] = "Say the reason in the note."
    if kind == DecisionKind.ESCALATE and not note.strip():
        errors["note"] = "Say what the regulator should look at."
    if kind == DecisionKind.SELLER_ANSWERED and not note.strip():
        errors["note"] = "Say what the seller answered."
    if kind == DecisionKind.ASK_SELLER and not 1 <= seller_hours <= MAX_SELLER_HOURS:
        errors["seller_hours"] = f"Give the seller 1 to {MAX_SELLER_HOURS} hours."
    if errors:
        raise ValidationError(errors)


def answer_referral(*, flag: Flag, note: str, actor: Actor) -> Decision:
    """The regulator's answer to a flag that a moderator escalated; it goes back to the platform's queue."""
    actor.require("flag.answer")
    if not note.strip():
        raise ValidationError({"note": "Write the answer."})
    with transaction.atomic():
        flag = Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
        return record_decision(flag, DecisionKind.ANSWER, note=note, actor=actor)


def asked_to_overrule(flag: Flag) -> Decision | None:
    """Who asked that the flag's dismissal be overruled, where that waits for a second person."""
    last = flag.decisions.order_by("-pk").first()
    return last if last is not None and last.kind == DecisionKind.ASK_OVERRULE else None


def overrule(*, flag: Flag, note: str, actor: Actor) -> Decision:
    """An admin opens a dismissed flag again; its clock goes on with the deadline it had.

    Where the terms ask for a second person, the first one only asks, and the other admins are told; the flag stays
    dismissed until one of them overrules too. Raises ValidationError for a missing note or the same person again.
    """
    actor.require("flag.overrule")
    if not note.strip():
        raise ValidationError({"note": "Say why the decision is overruled."})
    with transaction.atomic():
        flag = Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
        if flag.status != FlagStatus.DISMISSED:
            raise IllegalTransition(f"Flag {flag.pk} is not dismissed: there is nothing to overrule.")
        asked = asked_to_overrule(flag)
        if flag.overrule_needs_second and asked is None:
            return _ask_to_overrule(flag, note, actor)
        if asked is not None and asked.user_id == actor.user_id:
            raise ValidationError({"note": "You asked for it: another person has to overrule too."})
        for known in flag.exclusions.holding():
            withdraw_exclusion(known=known, reason=note, actor=actor)
        return record_decision(flag, DecisionKind.OVERRULE, note=note, actor=actor)


def _ask_to_overrule(flag: Flag, note: str, actor: Actor) -> Decision:
    decision = keep_decision(flag, DecisionKind.ASK_OVERRULE, actor=actor, note=note, before=flag.status)
    audit.record(actor=actor, action="flag.overrule_asked", subject=flag, reason=note)
    admins = User.objects.filter(organisation=flag.regulator_id, role=Role.ADMIN, is_active=True)
    notify(
        people=admins.exclude(pk=actor.user_id),
        key=f"decision:{decision.pk}",
        subject=f"{actor.label} asks to overrule a dismissal: {flag.listing.title}",
        body=f"{note} It takes your agreement, as the policy says.",
        link=reverse("listings:flag", args=[flag.pk]),
    )
    return decision


def dismiss_on_appeal(*, flag: Flag, note: str, actor: Actor) -> Decision:
    """An appeal was granted: it is not the product after all, whatever was decided before. The listing, as it is, is known
    to be innocent from now on. Undone by overruling."""
    actor.require("appeal.answer")
    with transaction.atomic():
        flag = Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
        appeal = Actor.system(f"appeal, answered by {actor.label}")  # who answers need not be who may decide flags
        decision = record_decision(flag, DecisionKind.APPEAL_GRANTED, note=note, actor=appeal)
        remember_exclusion(flag=flag, scope=Exclusion.Scope.LISTING, reason=f"Appeal: {note}", actor=appeal)
        return decision


def record_decision(
    flag: Flag, kind: DecisionKind, *, reason: str = "", note: str = "", actor: Actor, **changes: Any
) -> Decision:
    """Move the flag where `kind` brings it, with `changes` to it, and keep the decision; the caller holds the flag's lock.

    What a person decides as a moderator can be undone for a while; everything else is final, and has its effects, at once.
    """
    target, before, now = DECISION_TARGET[kind], flag.status, timezone.now()
    last = flag.decisions.exclude(kind=DecisionKind.ASK_OVERRULE).order_by("-pk").first()
    said = f"{DismissReason(reason).label}. {note}".strip() if reason else note
    closed_at = now if target == FlagStatus.DISMISSED else None
    freed = {"claimed_by": None, "claim_expires_at": None, "closed_at": closed_at}
    change_status(flag, target, actor=actor, reason=said, **freed, **changes)
    undoable = actor.kind == "person" and kind in MODERATORS | {DecisionKind.ASK_SECOND}
    decision = keep_decision(
        flag,
        kind,
        actor=actor,
        reason=reason,
        note=note,
        overrides=last if kind == DecisionKind.OVERRULE else None,
        before=before,
        at=now,
        final_at=now + timedelta(seconds=settings.UNDO_SECONDS if undoable else 0),
        finalized_at=None,
    )
    if decision.final_at <= now:
        finalize(decision, flag)
    return decision


def _what_happened(flag: Flag) -> str:
    last = flag.decisions.order_by("-pk").first()
    state = flag.get_status_display().lower()
    if last is None:
        return f"Flag {flag.pk} is {state} now; the page you decided on was older."
    at = timezone.localtime(last.at)
    return f"{last.actor_label} decided flag {flag.pk} at {at:%H:%M on %d %B (%Z)}: {last.get_kind_display().lower()}. It is {state} now."
