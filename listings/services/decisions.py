"""Deciding flags. A decision is a row of its own: what, why, on which evidence, by whom, and what it overrides."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from listings.models import Decision, Flag, KnownInnocent
from listings.services.claims import require_not_held
from listings.services.flags import change_status
from listings.services.innocents import forget_innocent, remember_innocent
from listings.states import CLAIMED, DECISION_TARGET, DecisionKind, DismissReason, FlagStatus
from portal.actors import Actor
from portal.transitions import IllegalTransition, LostRace

BY_OTHERS = frozenset({DecisionKind.ANSWER, DecisionKind.OVERRULE, DecisionKind.APPEAL_GRANTED})
"""Decisions that are not a moderator's."""


class Stale(LostRace):
    """The page showed another state than the flag is in now; the message says who did what when."""


def seen_token(flag: Flag) -> str:
    """What a page shows of a flag's state, to be sent back with the decision: status and last decision."""
    last = max((decision.pk for decision in flag.decisions.all()), default=0)
    return f"{flag.status}:{last}"


def decide(
    *,
    flag: Flag,
    kind: str,
    reason: str = "",
    note: str = "",
    remember: str = "",
    until: datetime | None = None,
    seen: str,
    actor: Actor,
) -> Decision:
    """Take a moderator's decision: removed, geo_restricted, not_the_product, ask_seller or escalate.

    Not the product is remembered, so that it does not come back: the listing as it is, or what `remember` says (a scope
    of KnownInnocent), for good or `until` a time.

    "Removed" is a claim that a look has yet to prove. Raises Stale where the flag is not as `seen` says, Held where
    somebody else holds it, ValidationError where a reason or a note is missing, IllegalTransition and
    PermissionDenied as `move` does. Reversible by overruling.
    """
    actor.require("flag.decide")
    check_decision(kind=kind, reason=reason, note=note)
    with transaction.atomic():
        flag = Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
        if seen != seen_token(flag):
            raise Stale(_what_happened(flag))
        require_not_held(flag, actor)
        if kind != DecisionKind.NOT_THE_PRODUCT:
            if (
                DECISION_TARGET[DecisionKind(kind)] in CLAIMED
            ):  # it is the product: what an earlier dismissal said is not so
                for known in flag.innocents.holding():
                    forget_innocent(known=known, reason=f"Flag {flag.pk} was upheld.", actor=actor)
            return _record(flag, DecisionKind(kind), "", note, actor)
        decision = _record(flag, DecisionKind.NOT_THE_PRODUCT, reason, note, actor)
        said = f"{DismissReason(reason).label}. {note}".strip()
        scope = remember or KnownInnocent.Scope.LISTING
        remember_innocent(flag=flag, scope=scope, reason=said, until=until, actor=actor)
        return decision


def check_decision(*, kind: str, reason: str, note: str) -> None:
    """Raise ValidationError by field where a decision is not complete, whatever flag it is about."""
    if kind not in DECISION_TARGET or kind in BY_OTHERS:
        raise ValidationError({"kind": "Choose a decision."})
    errors = {}
    if kind == DecisionKind.NOT_THE_PRODUCT and reason not in DismissReason.values:
        errors["reason"] = "Choose why it is not the product."
    if kind == DecisionKind.NOT_THE_PRODUCT and reason == DismissReason.OTHER and not note.strip():
        errors["note"] = "Say the reason in the note."
    if kind == DecisionKind.ESCALATE and not note.strip():
        errors["note"] = "Say what the regulator should look at."
    if errors:
        raise ValidationError(errors)


def answer_referral(*, flag: Flag, note: str, actor: Actor) -> Decision:
    """The regulator's answer to a flag that a moderator escalated; it goes back to the platform's queue."""
    actor.require("flag.answer")
    if not note.strip():
        raise ValidationError({"note": "Write the answer."})
    with transaction.atomic():
        flag = Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
        return _record(flag, DecisionKind.ANSWER, "", note, actor)


def overrule(*, flag: Flag, note: str, actor: Actor) -> Decision:
    """An admin opens a dismissed flag again; its clock goes on with the deadline it had."""
    actor.require("flag.overrule")
    if not note.strip():
        raise ValidationError({"note": "Say why the decision is overruled."})
    with transaction.atomic():
        flag = Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
        if flag.status != FlagStatus.DISMISSED:
            raise IllegalTransition(f"Flag {flag.pk} is not dismissed: there is nothing to overrule.")
        for known in flag.innocents.holding():
            forget_innocent(known=known, reason=note, actor=actor)
        return _record(flag, DecisionKind.OVERRULE, "", note, actor)


def dismiss_on_appeal(*, flag: Flag, note: str, actor: Actor) -> Decision:
    """An appeal was granted: it is not the product after all, whatever was decided before. The listing, as it is, is known
    to be innocent from now on. Undone by overruling."""
    actor.require("appeal.answer")
    with transaction.atomic():
        flag = Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
        appeal = Actor.system(f"appeal, answered by {actor.label}")  # who answers need not be who may decide flags
        decision = _record(flag, DecisionKind.APPEAL_GRANTED, "", note, appeal)
        remember_innocent(flag=flag, scope=KnownInnocent.Scope.LISTING, reason=f"Appeal: {note}", actor=appeal)
        return decision


def _record(flag: Flag, kind: DecisionKind, reason: str, note: str, actor: Actor) -> Decision:
    target = DECISION_TARGET[kind]
    last = flag.decisions.order_by("-pk").first()
    said = f"{DismissReason(reason).label}. {note}".strip() if reason else note
    closed_at = timezone.now() if target == FlagStatus.DISMISSED else None
    change_status(flag, target, actor=actor, reason=said, claimed_by=None, claim_expires_at=None, closed_at=closed_at)
    return Decision.objects.create(
        flag=flag,
        kind=kind,
        reason=reason,
        note=note,
        evidence=flag.evidence,
        score=flag.score,
        actor_kind=actor.kind,
        actor_label=actor.label,
        user_id=actor.user_id,
        overrides=last if kind == DecisionKind.OVERRULE else None,
    )


def _what_happened(flag: Flag) -> str:
    last = flag.decisions.order_by("-pk").first()
    state = flag.get_status_display().lower()
    if last is None:
        return f"Flag {flag.pk} is {state} now; the page you decided on was older."
    at = timezone.localtime(last.at)
    return f"{last.actor_label} decided flag {flag.pk} at {at:%H:%M on %d %B (%Z)}: {last.get_kind_display().lower()}. It is {state} now."
