"""A decision can be undone for a while; it has no effects outside before it is final."""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from listings.models import Decision, Flag
from listings.services.claims import claim_flag
from listings.services.decided_pictures import note_pictures
from listings.services.exclusions import withdraw_exclusion
from listings.services.flags import change_back
from listings.services.seller_links import close_seller_links
from listings.signals import decision_final
from listings.states import CLOSED, DECISION_TARGET, UNDECIDED, WATCHED, DecisionKind
from portal.background import sweeping
from portal.identity.actors import Actor
from portal.models import User
from portal.notifications.outbox import notify, still_at
from portal.transitions import IllegalTransition

AT_ONCE = 500
FINAL = "decisions that are final"


def keep_decision(flag: Flag, kind: DecisionKind, *, actor: Actor, **fields: Any) -> Decision:
    """Store a decision by the actor, with the flag's evidence as it is now, and record its pictures. That of a program is its maker's, too, who
    is no second person for it."""
    by = {"actor_kind": actor.kind, "actor_label": actor.label, "user_id": actor.person_id}
    decision = Decision.objects.create(flag=flag, kind=kind, evidence=flag.evidence, score=flag.score, **by, **fields)
    if kind != DecisionKind.UNDONE:
        note_pictures(decision=decision, flag=flag, actor=actor)
    return decision


def keep_together(numbers: Collection[int]) -> None:
    """Decisions that were taken in one act become final at the same moment, that of the last of them."""
    rows = Decision.objects.filter(pk__in=numbers, finalized_at=None)
    if last := rows.aggregate(last=Max("final_at"))["last"]:
        rows.update(final_at=last)


def undoable_by(*, actor: Actor) -> list[Decision]:
    """The decisions that the actor can still undo, newest first; each is its flag's last one. Those taken in one act
    follow each other, with the same `final_at`."""
    if actor.user_id is None:
        return []
    mine = Decision.objects.filter(finalized_at=None, user_id=actor.user_id, final_at__gt=timezone.now())
    return list(mine.only("flag_id", "kind", "final_at").order_by("-final_at", "-pk")[:AT_ONCE])


def undo_decision(*, decision: Decision, actor: Actor) -> Flag:
    """Undo one's own decision before it is final: the flag gets its status before, and the person who acts holds it.
    A program undoes its own; what it decided, the person who made its key can undo, too.

    Raises PermissionDenied where someone else decided, IllegalTransition where it is final or the flag has changed
    since.
    """
    actor.require("flag.decide")
    own = {"actor_kind": actor.kind, "actor_label": actor.label}
    by_key = actor.kind == "api" and all(getattr(decision, name) == value for name, value in own.items())
    if not by_key and (actor.user_id is None or decision.user_id != actor.user_id):
        raise PermissionDenied(
            gettext_noop("Only the person who decided can undo the decision. An admin can overrule it.")
        )
    with transaction.atomic():
        flag = Flag.objects.select_for_update(of=("self",)).get(pk=decision.flag_id)
        decision = Decision.objects.select_for_update(of=("self",)).get(pk=decision.pk)
        last = flag.decisions.order_by("-pk").values_list("pk", flat=True).first()
        if decision.finalized_at is not None or decision.final_at <= timezone.now():
            detail = gettext_noop("The decision on flag %(flag)s is final and can no longer be undone.")
            raise IllegalTransition(detail, {"flag": flag.pk})
        if last != decision.pk or flag.status != DECISION_TARGET[DecisionKind(decision.kind)]:
            detail = gettext_noop("Flag %(flag)s has changed since your decision. Its status is now: %(state)s.")
            raise IllegalTransition(detail, {"flag": flag.pk}, {"state": flag.get_status_display()})
        now = timezone.now()
        for known in flag.exclusions.holding().filter(made_at__gte=decision.at):
            withdraw_exclusion(known=known, reason="The decision was undone.", actor=actor)
        change_back(flag, decision.before, actor=actor)
        decision.finalized_at = now
        decision.save(update_fields=["finalized_at"])
        undone = DECISION_TARGET[DecisionKind(decision.kind)]
        keep_decision(flag, DecisionKind.UNDONE, actor=actor, overrides=decision, before=undone)
        return flag if actor.user_id is None else claim_flag(flag=flag, actor=actor)


def undo_last(*, flag: Flag, actor: Actor) -> Flag:
    """Undo the last decision on a flag, as `undo_decision` does. Raises IllegalTransition where there is none."""
    actor.require("flag.decide")
    decision = flag.decisions.order_by("-pk").first()
    if decision is None:
        raise IllegalTransition(
            gettext_noop("Flag %(flag)s is not decided, so there is nothing to undo."), {"flag": flag.pk}
        )
    return undo_decision(decision=decision, actor=actor)


def finalize_due() -> int:
    """Finalize the decisions that can no longer be undone; returns how many. A failure does not stop the others."""
    due = Decision.objects.filter(finalized_at=None, final_at__lte=timezone.now()).order_by("final_at")
    sweeping.forget_others(due, sweep=FINAL)
    return sweeping.each(sweeping.ready(due, sweep=FINAL)[:AT_ONCE], _finalize_due, sweep=FINAL).done


def _finalize_due(seen: Decision) -> None:
    flag = Flag.objects.select_for_update(of=("self",)).get(pk=seen.flag_id)
    decision = Decision.objects.select_for_update(of=("self",)).filter(pk=seen.pk, finalized_at=None).first()
    if decision is not None:
        finalize(decision, flag)


def finalize(decision: Decision, flag: Flag) -> None:
    """Carry out the effects of a final decision; the caller holds the flag's lock."""
    decision.finalized_at = timezone.now()
    decision.save(update_fields=["finalized_at"])
    if flag.status in WATCHED:  # it is the product: an earlier dismissal was wrong
        upheld = Actor.system(f"decision of {decision.actor_label}")
        for known in flag.exclusions.holding():
            withdraw_exclusion(known=known, reason=f"Flag {flag.pk} was upheld.", actor=upheld)
    if decision.kind == DecisionKind.ESCALATE and flag.status in UNDECIDED:
        officers = User.objects.filter(organisation=flag.recall.regulator_id, role="regulator_staff", is_active=True)
        _notify(decision, list(officers), f"{flag.platform} has a question about a flag of recall {flag.recall.number}")
    if decision.kind == DecisionKind.ANSWER:
        asked = flag.decisions.filter(kind=DecisionKind.ESCALATE, pk__lt=decision.pk).order_by("-pk").first()
        if asked is not None and (people := still_at(flag.platform_id, [asked.user])):
            _notify(
                decision, people, f"The regulator answered your question about a flag of recall {flag.recall.number}"
            )
    if flag.status in CLOSED:
        close_seller_links(flag=flag, actor=Actor.system("closing of the case"), reason=decision.get_kind_display())
    decision_final.send(sender=Decision, decision=decision, flag=flag)


def _notify(decision: Decision, people: list[User], subject: str) -> None:
    body = f"Listing {decision.flag.listing}: {decision.note}"
    link = reverse("listings:flag", args=[decision.flag_id])
    notify(people=people, key=f"decision:{decision.pk}", subject=subject, body=body, link=link)
