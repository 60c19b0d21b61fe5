"""Claiming and deciding many flags at once: each is a decision of its own, with its own transaction and audit event."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError

from listings.models import Flag
from listings.services.claims import claim_flag
from listings.services.decisions import SELLER_HOURS, check_decision, decide
from portal.identity.actors import Actor
from portal.transitions import IllegalTransition, LostRace

MAX_COUNT = 500  # at once, so that the answer comes while somebody waits for it


@dataclass
class BulkResult:
    """The flags that were done, and those that were not, each with the reason. One that is refused stops no other."""

    done: list[int] = field(default_factory=list)
    refused: list[tuple[Flag, str]] = field(default_factory=list)


def claim_many(*, flags: Sequence[Flag], actor: Actor) -> BulkResult:
    """Hold each flag that nobody else holds, for as long as `claim_flag` does."""
    actor.require("flag.claim")
    return _each(flags, lambda flag: claim_flag(flag=flag, actor=actor))


def decide_many(
    *,
    flags: Sequence[tuple[Flag, str]],
    kind: str,
    reason: str = "",
    note: str = "",
    remember: str = "",
    until: datetime | None = None,
    seller_hours: int = SELLER_HOURS,
    actor: Actor,
) -> BulkResult:
    """The same decision on each flag, as `decide` takes it; beside each flag stands what was `seen` of it.

    Raises ValidationError, and decides nothing, where the decision itself is not complete or the flags are more than MOST.
    """
    actor.require("flag.decide")
    check_decision(kind=kind, reason=reason, note=note, seller_hours=seller_hours)
    if len(flags) > MAX_COUNT:
        raise ValidationError(f"{len(flags):,} flags are too many at once: {MAX_COUNT} at most.")
    seen = {flag.pk: token for flag, token in flags}

    def one(flag: Flag) -> object:
        return decide(
            flag=flag,
            kind=kind,
            reason=reason,
            note=note,
            remember=remember,
            until=until,
            seller_hours=seller_hours,
            seen=seen[flag.pk],
            actor=actor,
        )

    return _each([flag for flag, _ in flags], one)


def _each(flags: Sequence[Flag], act: Callable[[Flag], object]) -> BulkResult:
    result = BulkResult()
    for flag in flags:
        try:
            act(flag)
        except ValidationError as error:
            result.refused.append((flag, " ".join(error.messages)))
        except (LostRace, IllegalTransition, PermissionDenied) as error:
            result.refused.append((flag, str(error)))
        else:
            result.done.append(flag.pk)
    return result
