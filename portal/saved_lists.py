"""The lists whose filters can be saved as a view: each app registers its own (registration.py)."""

from collections.abc import Iterable

LISTS: dict[str, frozenset[str]] = {}
"""URL name of a list → the parameters of its address that a saved view keeps."""
SUBSCRIBABLE = "portal:audit"
"""The list whose views people can subscribe to: what it lists comes in the order of the audit chain."""


def register(page: str, parameters: Iterable[str]) -> None:
    """Let views of `page` be saved, with these of its parameters. At start only."""
    LISTS[page] = frozenset(parameters)
