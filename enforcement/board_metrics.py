"""The numbers of the board: which flags of a notice each cell counts, which takedowns each total above. The board counts by
them, the lists behind its numbers filter by them, so that a number and its list cannot differ."""

from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext_noop

from enforcement.states import OPEN, TakedownStatus
from listings.states import CLAIMED, CLOCK_RUNS, PROVED, UNDECIDED, FlagStatus

METRICS: dict[str, tuple[str, str]] = {
    "late": (
        gettext_noop("Late"),
        gettext_noop("The deadline has passed and the removal is not proved; clocks that stand are not late."),
    ),
    "found": (gettext_noop("Found"), gettext_noop("Every listing flagged under the notice.")),
    "undecided": (gettext_noop("To decide"), gettext_noop("No decision of the platform yet.")),
    "decided": (
        gettext_noop("Decided"),
        gettext_noop("The platform, a look or an appeal settled what it is: claimed, proved or not the product."),
    ),
    "claimed": (gettext_noop("Claimed"), gettext_noop("The platform says that it is done; no look has proved it.")),
    "gone": (gettext_noop("Proved gone"), gettext_noop("Looks agree that the listing is gone.")),
    "restricted": (
        gettext_noop("Restricted"),
        gettext_noop("Looks agree that it is no longer shown where the recall holds."),
    ),
    "dismissed": (gettext_noop("Not the product"), gettext_noop("Dismissed; the listing stays up.")),
    "unknown": (gettext_noop("Unknown"), gettext_noop("The last look could not tell whether it is gone.")),
    "relisted": (gettext_noop("Relisted"), gettext_noop("Came back under another name.")),
}
"""Name of each cell, what heads its column, and what it counts, in the board's order."""

TOTALS: dict[str, tuple[str, str]] = {
    "running": (gettext_noop("Clocks running"), gettext_noop("Begun, and neither proved gone nor cancelled.")),
    "late": METRICS["late"],
    "met": (
        gettext_noop("Proved gone"),
        gettext_noop("Looks agree that the listing is gone, or not shown where the recall holds."),
    ),
    "in_time": (gettext_noop("Proved gone in time"), gettext_noop("Proved before the deadline had passed.")),
    "relisted": METRICS["relisted"],
}
"""Name of each total, what heads it and what it counts, over all notices that somebody sees."""


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
    """Which flags the cell counts, as a condition on Flag."""
    return {
        "late": Q(status__in=CLOCK_RUNS, due_at__lt=now, takedown__paused_at=None),
        "found": Q(),
        "undecided": Q(status__in=UNDECIDED),
        "decided": Q(status__in=CLAIMED | PROVED | {FlagStatus.DISMISSED}),
        "claimed": Q(status__in=CLAIMED),
        "gone": Q(status=FlagStatus.REMOVED),
        "restricted": Q(status=FlagStatus.RESTRICTED),
        "dismissed": Q(status=FlagStatus.DISMISSED),
        "unknown": Q(status__in=CLOCK_RUNS | PROVED, takedown__check_plan__unknown_in_a_row__gt=0),
        "relisted": Q(relisted_from__isnull=False),
    }[name]
