"""Scores of findability that are kept for lists follow the rules by which they are given.

A score is kept with each recall when its text changes. The rules change with the program alone, so each worker process
goes through all recalls once after its start, some hundreds at a time, and rates them again.
"""

from dataclasses import dataclass
from itertools import chain

from portal.background import sweeping
from recalls.models import Recall
from recalls.services.content import content_of

SWEEP = "findability scores"
BATCH = 300  # recalls of one sweep


@dataclass(slots=True)
class _Rated:
    """Up to which recall this process has rated them."""

    up_to: int = 0


_rated = _Rated()


def refresh_findability_due() -> int:
    """Rate the next recalls by today's rules, and again those that broke before; returns how many scores were others."""
    rows = Recall.objects.exclude(current=None).select_related("current")
    rows = rows.prefetch_related("current__products", "current__pictures")
    sweeping.forget_others(rows, sweep=SWEEP)
    following = list(rows.filter(pk__gt=_rated.up_to).order_by("pk")[:BATCH])
    broken = sweeping.again(rows, sweep=SWEEP).filter(pk__lte=_rated.up_to).order_by("pk")
    changed = 0

    def rate(recall: Recall) -> None:
        nonlocal changed
        recall.current.recall = recall  # type: ignore[union-attr]  # which asks for it otherwise
        score = content_of(recall.current).findability.score  # type: ignore[arg-type]
        if score != recall.findability:
            as_read = Recall.objects.filter(pk=recall.pk, current=recall.current, findability=recall.findability)
            changed += as_read.update(findability=score)

    sweeping.each(chain(list(broken), following), rate, sweep=SWEEP)
    if following:
        _rated.up_to = following[-1].pk
    return changed
