"""Deciding flags. A decision is a row of its own: what, why, on what evidence, by whom, and what it overrides."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from listings.models import Decision, Exclusion, Flag
from listings.services.claims import require_not_held
from listings.services.exclusions import remember_exclusion, withdraw_exclusion
from listings.services.finalizing import finalize, keep_decision
from listings.services.flags import change_status
from listings.services.messages import TWICE_WITHIN
from listings.states import DECISION_TARGET, DecisionKind, DismissReason, FlagStatus
from portal import audit
from portal.http.moments import moment_words
from portal.identity.actors import Actor
from portal.models import Role, User
from portal.notifications.outbox import notify
from portal.transitions import IllegalTransition, LostRace

MODERATORS = frozenset({
    DecisionKind.REMOVED, DecisionKind.GEO_RESTRICTED, DecisionKind.NOT_THE_PRODUCT, DecisionKind.ASK_SELLER,
    DecisionKind.SELLER_ANSWERED, DecisionKind.ESCALATE,
})  # fmt: skip
"""The decisions that a moderator can take."""

SELLER_HOURS, MAX_SELLER_HOURS = 24, 240
MAX_QUESTION = 2000
QUESTION = gettext_noop(
    "Is your listing “%(listing)s” the recalled product “%(product)s”? Send the brand and the model number on its label, "
    "and a photo of the label."
)
"""What a seller is asked where the moderator writes no other question."""


class Stale(LostRace):
    """The flag has changed since the page showed it; the message says who did what and when."""


def seen_token(flag: Flag) -> str:
    """The flag's state as a page shows it, sent back with the decision: status and last decision."""
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
    question: str = "",
    undoable: bool = False,
    seen: str,
    actor: Actor,
) -> Decision:
    """Take a moderator's decision: removed, geo_restricted, not_the_product, ask_seller, seller_answered or escalate.

    Not the product adds an exclusion, so that it is not flagged again: for the listing until it changes, or for what
    `remember` says (a scope of Exclusion), without an end or `until` a time. Where the terms require a second person,
    the first dismissal only asks for theirs. A seller who is asked has `seller_hours`, but never longer than the
    flag's deadline; what is asked, and shown to the seller, is `question`, or else QUESTION; the note stays inside.

    "Removed" is a claim that a check has yet to confirm. Raises Stale where the flag is not as `seen` says, Held where
    someone else holds it, ValidationError where a reason, a note or the second person is missing, IllegalTransition and
    PermissionDenied as `move` does. A person can undo it for UNDO_SECONDS, while it has no effects outside, and a
    program where it is `undoable`; after that it is reversed by overruling.
    """
    actor.require("flag.decide")
    check_decision(kind=kind, reason=reason, note=note, seller_hours=seller_hours, question=question)
    with transaction.atomic():
        flag = Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
        if seen != seen_token(flag):
            raise _what_happened(flag)
        require_not_held(flag, actor)
        undoable = undoable or actor.kind == "person"
        if kind == DecisionKind.ASK_SELLER:
            due = _answer_until(flag, seller_hours)
            asked = question.strip() or question_for(flag)
            return record_decision(
                flag,
                DecisionKind.ASK_SELLER,
                note=note,
                question=asked,
                undoable=undoable,
                actor=actor,
                seller_due_at=due,
            )
        said: dict[str, Any] = {"note": note, "undoable": undoable, "actor": actor}
        if kind != DecisionKind.NOT_THE_PRODUCT:
            return record_decision(flag, DecisionKind(kind), **said)
        if flag.needs_second and flag.status != FlagStatus.SECOND_ASKED:
            return record_decision(flag, DecisionKind.ASK_SECOND, reason=reason, **said)
        if flag.status == FlagStatus.SECOND_ASKED:
            _require_another(flag, actor)
        decision = record_decision(flag, DecisionKind.NOT_THE_PRODUCT, reason=reason, **said)
        explained = f"{DismissReason(reason).label}. {note}".strip()
        scope = remember or Exclusion.Scope.LISTING
        remember_exclusion(flag=flag, scope=scope, reason=explained, until=until, actor=actor)
        return decision


def question_for(flag: Flag) -> str:
    """What the seller of a flag's listing is asked, unless a moderator writes something else; in English, to be
    translated by pages."""
    return QUESTION % question_words(flag)


def question_words(flag: Flag) -> dict[str, str]:
    """What QUESTION names of a flag."""
    product = flag.product.name if flag.product else flag.notice.version.title
    return {"listing": str(flag.listing_as_flagged.get("title") or flag.listing.title), "product": product}


def _answer_until(flag: Flag, hours: int) -> datetime:
    """Asking does not extend the deadline: the seller's reply is due before the removal is."""
    wanted = timezone.now() + timedelta(hours=hours)
    return min(wanted, flag.due_at) if flag.due_at and flag.due_at > timezone.now() else wanted


def _require_another(flag: Flag, actor: Actor) -> None:
    """Raise ValidationError where the actor is not a second person: the one who asked or whose key did, or a program."""
    asked = flag.decisions.filter(kind=DecisionKind.ASK_SECOND).order_by("-pk").first()
    if actor.kind == "api" or actor.user_id is None:
        raise ValidationError({"kind": gettext_noop("A person must confirm the dismissal. A program cannot.")})
    if asked is not None and asked.user_id == actor.user_id:
        raise ValidationError(
            {"kind": gettext_noop("You asked for a second person. Someone else must confirm the dismissal.")}
        )


def check_decision(*, kind: str, reason: str, note: str, seller_hours: int = SELLER_HOURS, question: str = "") -> None:
    """Raise ValidationError by field where a decision is incomplete, for any flag."""
    if kind not in MODERATORS:
        raise ValidationError({"kind": gettext_noop("Choose a decision.")})
    errors: dict[str, str | ValidationError] = {}
    if kind == DecisionKind.NOT_THE_PRODUCT and reason not in DismissReason.values:
        errors["reason"] = gettext_noop("Choose why it is not the product.")
    if kind == DecisionKind.NOT_THE_PRODUCT and reason == DismissReason.OTHER and not note.strip():
        errors["note"] = gettext_noop("Explain the reason in the note.")
    if kind == DecisionKind.ESCALATE and not note.strip():
        errors["note"] = gettext_noop("Explain what the regulator should check.")
    if kind == DecisionKind.SELLER_ANSWERED and not note.strip():
        errors["note"] = gettext_noop("Summarise the seller's reply in the note.")
    if kind == DecisionKind.ASK_SELLER and not 1 <= seller_hours <= MAX_SELLER_HOURS:
        detail = gettext_noop("Enter 1 to %(most)s hours.")
        errors["seller_hours"] = ValidationError(detail, params={"most": MAX_SELLER_HOURS})
    if kind == DecisionKind.ASK_SELLER and len(question) > MAX_QUESTION:
        detail = gettext_noop("Enter a question of up to %(most)s characters.")
        errors["question"] = ValidationError(detail, params={"most": MAX_QUESTION})
    if errors:
        raise ValidationError(errors)


def answer_referral(*, flag: Flag, note: str, actor: Actor) -> Decision:
    """The regulator's answer to a flag that a moderator escalated; it goes back to the platform's queue."""
    actor.require("flag.answer")
    if not note.strip():
        raise ValidationError({"note": gettext_noop("Enter an answer.")})
    with transaction.atomic():
        flag = Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
        return record_decision(flag, DecisionKind.ANSWER, note=note, actor=actor)


def asked_to_overrule(flag: Flag) -> Decision | None:
    """The request to overrule the flag's dismissal that waits for a second person, if there is one."""
    last = flag.decisions.order_by("-pk").first()
    return last if last is not None and last.kind == DecisionKind.ASK_OVERRULE else None


def overrule(*, flag: Flag, note: str, actor: Actor) -> Decision:
    """An admin opens a dismissed flag again; its clock resumes with the same deadline.

    Where the terms require a second person, the first one only asks, and the other admins are notified; the flag stays
    dismissed until one of them overrules too. Raises ValidationError for a missing note or the same person again.
    """
    actor.require("flag.overrule")
    if not note.strip():
        raise ValidationError({"note": gettext_noop("Explain why you overrule the decision.")})
    with transaction.atomic():
        flag = Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
        if flag.status != FlagStatus.DISMISSED:
            detail = gettext_noop("Flag %(flag)s is not dismissed, so there is nothing to overrule.")
            raise IllegalTransition(detail, {"flag": flag.pk})
        asked = asked_to_overrule(flag)
        if flag.overrule_needs_second and asked is None:
            return _ask_to_overrule(flag, note, actor)
        if asked is not None and asked.user_id == actor.user_id:
            raise ValidationError(
                {"note": gettext_noop("You asked to overrule it. Another person must overrule it too.")}
            )
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
        subject=f"{actor.label} asked to overrule a dismissal: {flag.listing.title}",
        body=f"{note} The policy requires a second person to agree.",
        link=reverse("listings:flag", args=[flag.pk]),
    )
    return decision


def dismiss_on_appeal(*, flag: Flag, note: str, actor: Actor) -> Decision:
    """An appeal was granted: it is not the product, whatever was decided before. An exclusion covers the listing until
    it changes. Reversed by overruling."""
    actor.require("appeal.answer")
    with transaction.atomic():
        flag = Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
        appeal = Actor.system(
            f"appeal, answered by {actor.label}"
        )  # those who answer appeals may not be allowed to decide flags
        decision = record_decision(flag, DecisionKind.APPEAL_GRANTED, note=note, actor=appeal)
        remember_exclusion(flag=flag, scope=Exclusion.Scope.LISTING, reason=f"Appeal: {note}", actor=appeal)
        return decision


def record_decision(
    flag: Flag,
    kind: DecisionKind,
    *,
    reason: str = "",
    note: str = "",
    question: str = "",
    undoable: bool = False,
    actor: Actor,
    **changes: Any,
) -> Decision:
    """Give the flag the status that `kind` leads to, with `changes`, and store the decision; the caller holds the
    flag's lock.

    A moderator's decision that is `undoable` can be undone for a while; every other decision is final immediately.
    """
    target, before, now = DECISION_TARGET[kind], flag.status, timezone.now()
    last = flag.decisions.exclude(kind=DecisionKind.ASK_OVERRULE).order_by("-pk").first()
    explained = f"{DismissReason(reason).label}. {note}".strip() if reason else question or note
    closed_at = now if target == FlagStatus.DISMISSED else None
    freed = {"claimed_by": None, "claim_expires_at": None, "closed_at": closed_at}
    change_status(flag, target, actor=actor, reason=explained, **freed, **changes)
    undoable = undoable and kind in MODERATORS | {DecisionKind.ASK_SECOND}
    decision = keep_decision(
        flag,
        kind,
        actor=actor,
        reason=reason,
        note=note,
        question=question,
        overrides=last if kind == DecisionKind.OVERRULE else None,
        before=before,
        at=now,
        final_at=now + timedelta(seconds=settings.UNDO_SECONDS if undoable else 0),
        finalized_at=None,
    )
    if decision.final_at <= now:
        finalize(decision, flag)
    return decision


def taken_already(*, flag: Flag, kind: str, reason: str, note: str, actor: Actor, **_rest: Any) -> Decision | None:
    """The flag's last decision where it is this very one, word for word, taken by the same person within TWICE_WITHIN:
    a button that was pressed twice, or a page that was sent twice. None for anything else."""
    last = flag.decisions.order_by("-pk").first()
    kinds = {kind, DecisionKind.ASK_SECOND} if kind == DecisionKind.NOT_THE_PRODUCT else {kind}
    if last is None or last.user_id is None or last.user_id != actor.user_id or last.kind not in kinds:
        return None
    recent = timezone.now() - last.at <= TWICE_WITHIN
    return last if recent and (last.reason, last.note) == (reason, note) else None


def _what_happened(flag: Flag) -> Stale:
    last = flag.decisions.order_by("-pk").first()
    state = flag.get_status_display()
    if last is None:
        detail = gettext_noop("Flag %(flag)s has changed since you opened the page. Its status is now: %(state)s.")
        return Stale(detail, {"flag": flag.pk}, {"state": state})
    detail = gettext_noop("%(who)s decided flag %(flag)s at %(at)s: %(decision)s. Its status is now: %(state)s.")
    values = {"who": last.actor_label, "flag": flag.pk, "at": moment_words(last.at)}
    return Stale(detail, values, {"decision": last.get_kind_display(), "state": state})
