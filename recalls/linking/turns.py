"""Turns: one row of each owner, then the next of each, so that no number of rows of one crowds out another's."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from itertools import chain, zip_longest
from typing import TypeVar

T = TypeVar("T")
_NONE = object()


def in_turns(rows: Iterable[T], owner: Callable[[T], Hashable]) -> list[T]:
    """The rows, those of each owner in the order in which they come."""
    owned: defaultdict[Hashable, list[T]] = defaultdict(list)
    for row in rows:
        owned[owner(row)].append(row)
    rounds = zip_longest(*owned.values(), fillvalue=_NONE)
    return [row for row in chain.from_iterable(rounds) if row is not _NONE]  # type: ignore[misc]
