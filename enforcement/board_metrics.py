"""The numbers of the board: which flags of a notice each metric counts, and which takedowns each total counts.

The board counts by them and the lists behind its numbers filter by them, so a number and its list cannot differ.
"""

from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext_noop

from enforcement.states import OPEN, TakedownStatus
from listings.states import CLAIMED, CLOCK_RUNS, PROVED, UNDECIDED, FlagStatus

METRICS: dict[str, tuple[str, str]] = {
    "late": (
        gettext_noop("Late"),
        gettext_noop("The deadline has passed and the removal is not confirmed. Paused clocks are not late."),
    ),
    "found": (gettext_noop("Found"), gettext_noop("Every listing flagged under the notice.")),
    "undecided": (gettext_noop("To decide"), gettext_noop("The platform has not decided yet.")),
    "decided": (
        gettext_noop("Decided"),
        gettext_noop("The platform, a check or an appeal has decided: claimed, confirmed or not the product."),
    ),
    "claimed": (
        gettext_noop("Awaiting proof"),
        gettext_noop("The platform says it removed the listing. No check has confirmed it."),
    ),
    "gone": (gettext_noop("Removal confirmed"), gettext_noop("Matching checks confirm that the listing is gone.")),
    "restricted": (
        gettext_noop("Restricted"),
        gettext_noop("Matching checks confirm that the listing is no longer shown where the recall applies."),
    ),
    "dismissed": (gettext_noop("Not the product"), gettext_noop("Dismissed. The listing stays online.")),
    "not_covered": (
        gettext_noop("No longer covered"),
        gettext_noop("A later version of the recall does not cover the listing. Nobody decided on it."),
    ),
    "unknown": (gettext_noop("Unknown"), gettext_noop("The last check could not tell whether the listing is gone.")),
    "relisted": (gettext_noop("Relisted"), gettext_noop("The product came back under another name.")),
}
"""Name of each metric, its column heading, and what it counts, in the order of the board."""

TOTALS: dict[str, tuple[str, str]] = {
    "running": (gettext_noop("Running clocks"), gettext_noop("Started, and neither confirmed nor cancelled.")),
    "late": METRICS["late"],
    "met": (
        gettext_noop("Removal confirmed"),
        gettext_noop("Matching checks confirm that the listing is gone or not shown where the recall applies."),
    ),
    "in_time": (gettext_noop("Confirmed in time"), gettext_noop("The removal was confirmed before the deadline.")),
    "relisted": METRICS["relisted"],
}
"""Name of each total, its heading and what it counts, over all notices that the reader can see."""


def total(name: str, now: datetime) -> Q:
    """Which takedowns the total counts, as a condition on Takedown."""
    return {
        "running": Q(status__in=OPEN),
        "late": Q(status__in=OPEN, paused_at=None, due_at__lt=now),
        "met": Q(status=TakedownStatus.MET),
        "in_time": Q(status=TakedownStatus.MET, met_at__lte=F("due_at")),
        "relisted": Q(flag__relisted_from__isnull=False),
    }[name]


def metric(name: str, now: datetime) -> Q:
    """Which flags the metric counts, as a condition on Flag."""
    return {
        "late": Q(status__in=CLOCK_RUNS, due_at__lt=now, takedown__paused_at=None),
        "found": Q(),
        "undecided": Q(status__in=UNDECIDED),
        "decided": Q(status__in=CLAIMED | PROVED | {FlagStatus.DISMISSED}),
        "claimed": Q(status__in=CLAIMED),
        "gone": Q(status=FlagStatus.REMOVED),
        "restricted": Q(status=FlagStatus.RESTRICTED),
        "dismissed": Q(status=FlagStatus.DISMISSED),
        "not_covered": Q(status=FlagStatus.NOT_COVERED),
        "unknown": Q(status__in=CLOCK_RUNS | PROVED, takedown__check_plan__unknown_in_a_row__gt=0),
        "relisted": Q(relisted_from__isnull=False),
    }[name]
