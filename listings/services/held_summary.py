"""What the held-back listings of a notice have in common, and examples of them, for the regulator to answer."""

import logging
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, QuerySet, Window
from django.db.models.functions import RowNumber

from listings.matching import RecallIndex
from listings.matching_texts import evidence_of, listing_text
from listings.models import Flag, HeldMatch
from listings.services.intake import limit_of
from listings.services.readings import read_version
from listings.services.rule_switches import switched_off
from listings.states import UNDECIDED
from recalls.models import Notice

SAMPLES, SIGNALS, MAX_GROUPS = 6, 8, 500

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of the held-back listings have a signal, in number and as a share."""

    signal: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class HeldSummary:
    """Counts of a notice's matches, and what carries those that are held back.

    `sellers`: how many different ones there are; `most_of_one`: how many listings the seller with the most has. `samples` are
    (HeldMatch, evidence): of each kind of evidence the strongest listing, the most frequent kinds and the rarest.
    """

    matches: int
    undecided: int
    held: int
    released: int
    dismissed: int
    limit: int
    sellers: int
    most_of_one: int
    shares: list[Share]
    samples: list[tuple[HeldMatch, list[dict[str, Any]]]]


def summary_of(notice: Notice) -> HeldSummary:
    """What a regulator decides by: counts of the moment, what most have in common, and the strongest of each kind."""
    all_rows = HeldMatch.objects.filter(notice=notice)
    waiting = all_rows.waiting()
    held = waiting.count()
    flags = Flag.objects.filter(notice=notice).order_by()
    by_seller = waiting.order_by().values("seller").annotate(count=Count("pk"))
    groups = list(waiting.order_by().values("signals").annotate(count=Count("pk")).order_by("-count")[:MAX_GROUPS])
    counts: Counter[str] = Counter()
    for group in groups:
        counts.update(dict.fromkeys(group["signals"], group["count"]))
    rows = _samples(waiting, [group["signals"] for group in groups])
    index, without = RecallIndex([read_version(notice.version)]), switched_off()
    return HeldSummary(
        matches=flags.count() + held,
        undecided=flags.filter(status__in=UNDECIDED).count(),
        held=held,
        released=waiting.exclude(released_at=None).count(),
        dismissed=all_rows.exclude(dismissed_at=None).count(),
        limit=limit_of(notice.recall.regulator_id),
        sellers=by_seller.count(),
        most_of_one=by_seller.aggregate(most=Max("count"))["most"] or 0,
        shares=[Share(signal, count, count / held) for signal, count in counts.most_common(SIGNALS)],
        samples=[(row, _evidence(index, row, without)) for row in rows],
    )


def _samples(waiting: QuerySet[HeldMatch], kinds: list[list[str]]) -> list[HeldMatch]:
    """The strongest of the most frequent kinds of evidence and of the rarest; more of all if there are few kinds."""
    chosen = kinds if len(kinds) <= SAMPLES else [*kinds[: SAMPLES // 2], *kinds[-SAMPLES // 2 :]]
    place = Window(RowNumber(), partition_by=[F("signals")], order_by=[F("score").desc(), F("pk").asc()])
    rows = waiting.select_related("listing__platform").order_by("-score", "pk")
    found = list(rows.annotate(place=place).filter(place=1, signals__in=chosen))
    more = rows.exclude(pk__in=[row.pk for row in found])[: max(1, SAMPLES - len(found))]
    return sorted([*found, *more][:SAMPLES], key=lambda row: (-row.score, row.pk))


def _evidence(index: RecallIndex, row: HeldMatch, without: frozenset[str]) -> list[dict[str, Any]]:
    """The evidence as it is found now; none for a text that breaks the reading, which costs itself alone."""
    try:
        matches = index.match(listing_text(row.listing), without)
    except Exception:
        logger.exception("the evidence of held-back listing %s cannot be shown", row.listing_id)
        return []
    return evidence_of(matches[0]) if matches else []
