"""The entries of the navigation, in the order in which a page shows them. Each app adds its own (registration.py)."""

from collections.abc import Iterable

NAVIGATION: list[tuple[int, str, str]] = []
"""(place, label, URL name); an entry is shown to those who may open its address."""


def register(entries: Iterable[tuple[int, str, str]]) -> None:
    """Add entries of an app. Raises ValueError where a place is taken."""
    for entry in entries:
        if any(entry[0] == place for place, _, _ in NAVIGATION):
            raise ValueError(f"Place {entry[0]} of the navigation is taken: {entry[1]} needs another one.")
        NAVIGATION.append(entry)
    NAVIGATION.sort()
