"""The entries of the navigation: at most MAX_ENTRIES at the top, the rest in groups. Each app adds its own
(registration.py)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

WORK, OVERSIGHT, SETUP = gettext_noop("Work"), gettext_noop("Oversight"), gettext_noop("Setup")
GROUPS = (WORK, OVERSIGHT, SETUP)
MAX_ENTRIES = 7
MAX_WAITING = 99  # shown as "99+" beyond, and counted no further


@dataclass(frozen=True, slots=True, order=True)
class Entry:
    """`group` is one of GROUPS, or empty for an entry that is always in sight."""

    place: int
    label: str
    url_name: str
    group: str = ""


NAVIGATION: list[Entry] = []
"""By place; an entry is shown to those who may open its address."""

WAITING: dict[str, Callable[[Any], QuerySet[Any] | None]] = {}
"""URL name of an entry → the rows that wait there for an actor, or None for one who is waited for by nothing there."""


def register(entries: Iterable[tuple[int, str, str]], *, group: str = "") -> None:
    """Add entries of an app: (place, label, URL name). Raises ValueError where a place is taken or a group unknown."""
    if group and group not in GROUPS:
        raise ValueError(f"The navigation has no group {group}, only {', '.join(GROUPS)}.")
    for place, label, url_name in entries:
        if any(entry.place == place for entry in NAVIGATION):
            raise ValueError(f"Place {place} of the navigation is taken: {label} needs another one.")
        NAVIGATION.append(Entry(place, label, url_name, group))
    NAVIGATION.sort()


def register_waiting(rows: Mapping[str, Callable[[Any], QuerySet[Any] | None]]) -> None:
    """Have entries of an app show how much waits behind them. The rows are counted on every page, up to MAX_WAITING:
    an index must find them."""
    WAITING.update(rows)
