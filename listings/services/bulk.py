"""Claiming and deciding many flags at once: each is a decision of its own, with its own transaction and audit event."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext_noop

from listings.models import Flag
from listings.services.claims import claim_flag
from listings.services.decisions import SELLER_HOURS, check_decision, decide
from listings.services.finalizing import keep_together
from portal.identity.actors import Actor
from portal.models import User
from portal.transitions import IllegalTransition, LostRace

MAX_COUNT = 500  # at a time, so that the person who waits gets an answer soon


@dataclass
class BulkResult:
    """The flags that were done, and those that were skipped, each with the reason. A refused flag does not stop the
    others."""

    done: list[int] = field(default_factory=list)
    refused: list[tuple[Flag, Exception]] = field(default_factory=list)


def claim_many(*, flags: Sequence[Flag], actor: Actor, person: User | None = None) -> BulkResult:
    """Claim each flag that no one else holds, as `claim_flag` does."""
    actor.require("flag.claim")
    return _each(flags, lambda flag: claim_flag(flag=flag, actor=actor, person=person))


def decide_many(  # noqa: PLR0913  each is a part of the decision, as the form has it
    *,
    flags: Sequence[tuple[Flag, str]],
    kind: str,
    reason: str = "",
    note: str = "",
    remember: str = "",
    until: datetime | None = None,
    seller_hours: int = SELLER_HOURS,
    question: str = "",
    undoable: bool = False,
    actor: Actor,
) -> BulkResult:
    """The same decision on each flag, as `decide` takes it. Each flag comes with what the page showed of it (`seen`).
    What was decided together can be undone together: the decisions become final at the same moment.

    Raises ValidationError, and decides nothing, where the decision is incomplete or there are more flags than
    MAX_COUNT.
    """
    actor.require("flag.decide")
    check_decision(kind=kind, reason=reason, note=note, seller_hours=seller_hours, question=question)
    if len(flags) > MAX_COUNT:
        detail = gettext_noop("Select at most %(most)s flags at a time. You selected %(count)s.")
        raise ValidationError(detail, params={"most": MAX_COUNT, "count": len(flags)})
    seen = {flag.pk: token for flag, token in flags}

    decided: list[int] = []

    def one(flag: Flag) -> None:
        decision = decide(
            flag=flag,
            kind=kind,
            reason=reason,
            note=note,
            remember=remember,
            until=until,
            seller_hours=seller_hours,
            question=question,
            undoable=undoable,
            seen=seen[flag.pk],
            actor=actor,
        )
        decided.append(decision.pk)

    result = _each([flag for flag, _ in flags], one)
    keep_together(decided)
    return result


def _each(flags: Sequence[Flag], act: Callable[[Flag], object]) -> BulkResult:
    result = BulkResult()
    for flag in flags:
        try:
            act(flag)
        except (ValidationError, LostRace, IllegalTransition, PermissionDenied) as error:
            result.refused.append((flag, error))
        else:
            result.done.append(flag.pk)
    return result
