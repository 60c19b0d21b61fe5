"""What switching a rule would change for a regulator, found by the real matching on its flags and on the listings of its
notices; nothing is written.

A rule only ever adds to the score or takes from it. Where scores fall, undecided flags may match no longer; where they
rise, listings without a flag may match. A page waits for the answer, so it stops after SECONDS or MAX_READ listings.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from listings import past_removals
from listings.matching import RecallIndex, recall_keys
from listings.matching.rules.base import WEIGHTS
from listings.matching_texts import index_of, listing_text, reading_of
from listings.models import Flag, Listing
from listings.services.flags import weigh
from listings.services.isolation import by_itself
from listings.services.notice_matches import ids_sharing_a_key, in_batches
from listings.services.rule_switches import switched_off
from listings.states import UNDECIDED
from portal.database.acting import as_system
from portal.identity.actors import Actor
from recalls.models import Notice

SECONDS = 2.0
MAX_READ = 2_000
MAX_SHOWN = 10
BATCH = 100
WHERE = "the trial of a rule"


@dataclass(slots=True)
class RuleTrial:
    """`changed` undecided flags would match no longer or, where the score `rises`, listings would be flagged; the first
    few of them are `flags`, or `listings` with the notice. `read` listings were judged of those of `notices` notices;
    `is_whole` where these were all. Otherwise `changed` is the least there is.
    """

    rises: bool
    changed: int = 0
    read: int = 0
    notices: int = 0
    all_notices: int = 0
    broken: int = 0
    waiting: bool = False
    ran_out: bool = False
    flags: list[Flag] = field(default_factory=list)
    listings: list[tuple[Listing, Notice]] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not (self.ran_out or self.broken or self.waiting)


def try_switch(*, signal: str, actor: Actor, until: float | None = None) -> RuleTrial:
    """What would change if an engine's `signal` were off, or on where it is off now, until a moment of time.monotonic().

    Raises KeyError for a signal that is not the engine's."""
    actor.require("rule.try")
    before = switched_off()
    after = before ^ {signal}
    trial = RuleTrial(rises=(WEIGHTS[signal] > 0) is (signal in before))
    moment = until or time.monotonic() + SECONDS
    with as_system("listings that are not flagged are seen by nobody, and only those of the actor's notices are read"):
        if trial.rises:
            _listings_that_come(trial, before, after, moment, actor)
        else:
            _flags_that_go(trial, signal, signal in after, after, moment, actor)
    return trial


def _flags_that_go(
    trial: RuleTrial, signal: str, switches_off: bool, after: frozenset[str], until: float, actor: Actor
) -> None:
    flags = Flag.objects.visible_to(actor).filter(status__in=UNDECIDED)
    if switches_off:  # without evidence of the signal nothing changes for a flag
        flags = flags.filter(evidence__contains=[{"signal": signal}])
    for found_by in past_removals.FOUND_BY:  # whatever the texts say
        flags = flags.exclude(evidence__contains=[{"signal": found_by}])
    seen = set()
    for flag in _in_batches(list(flags.order_by("-notice_id", "-pk").values_list("pk", flat=True)[: MAX_READ + 1])):
        if _is_over(trial, until):
            break
        trial.read += 1
        seen.add(flag.notice_id)
        with by_itself(flag.listing, trial, where=WHERE):
            if not index_of((flag.notice.version_id,)).match(listing_text(flag.listing), after):
                trial.changed += 1
                if len(trial.flags) < MAX_SHOWN:
                    trial.flags.append(flag)
    trial.notices = trial.all_notices = len(seen)


def _in_batches(ids: list[int]) -> Iterator[Flag]:
    """The flags with these ids, those of a notice together, whose index is then made once."""
    for start in range(0, len(ids), BATCH):
        rows = Flag.objects.filter(pk__in=ids[start : start + BATCH]).order_by("-notice_id", "-pk")
        yield from rows.select_related("listing", "notice", "recall", "platform")


def _listings_that_come(
    trial: RuleTrial, before: frozenset[str], after: frozenset[str], until: float, actor: Actor
) -> None:
    active = list(Notice.objects.visible_to(actor).active().order_by("-pk").values_list("pk", flat=True))
    trial.all_notices = len(active)
    trial.waiting = Listing.objects.filter(present=True, match_due=True).exists()
    for pk in active:
        if _is_over(trial, until):
            return
        notice = Notice.objects.select_related("version__recall", "recall", "platform").get(pk=pk)
        index: RecallIndex | None = None
        ids: list[int] = []
        with by_itself(notice, trial, where=WHERE):
            index, ids = index_of((notice.version_id,)), _unflagged(notice)
        if index is None:
            continue
        for listing in in_batches(ids):
            if _is_over(trial, until):
                return
            trial.read += 1
            with by_itself(listing, trial, where=WHERE):
                text = listing_text(listing)
                found = index.match(text, after)
                if (
                    not found
                    or index.match(text, before)
                    or weigh(notice=notice, listing=listing, match=found[0]) is None
                ):
                    continue
                trial.changed += 1
                if len(trial.listings) < MAX_SHOWN:
                    trial.listings.append((listing, notice))
        trial.notices += 1


def _unflagged(notice: Notice) -> list[int]:
    ids = ids_sharing_a_key(notice.platform_id, recall_keys(reading_of(notice.version)))
    flagged = set(Flag.objects.filter(notice=notice).values_list("listing_id", flat=True))
    return [pk for pk in ids if pk not in flagged]


def _is_over(trial: RuleTrial, until: float) -> bool:
    trial.ran_out = trial.ran_out or trial.read >= MAX_READ or time.monotonic() > until
    return trial.ran_out
