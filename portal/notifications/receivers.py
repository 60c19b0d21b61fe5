"""Who is sent to beside what is on its way, so that no receiver has to wait for others that are slow.

Slow is who took longer than PATIENCE for the last parcel, whatever they answered at last. The slow ones share a part of the
threads, and each owner of theirs has one turn in a round, however old what waits for the others is. Kept by each process for
itself.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Model, Q

PATIENCE = 0.5  # seconds after which what is on its way counts as slow, and another may set off beside it
MAX_SLOW = 1_000  # receivers that are known to be slow; then all are forgotten


class Receivers:
    """The receivers of a channel, which its rows name in the field `receiver`; `owner`, where there is one, is the field that
    says whose a receiver is. `slow_at_once` is how many slow ones are sent to side by side, and how many of one owner."""

    def __init__(self, *, receiver: str, owner: str, slow_at_once: int) -> None:
        self._receiver, self._owner, self._slow_at_once = receiver, owner, slow_at_once
        self._slow: set[Any] = set()
        self._had_turn: set[Any] = set()

    def held_back(self, on_the_way: Sequence[Model]) -> Q:
        """Which rows do not leave beside those that are on their way, of each parcel one."""
        busy = {getattr(row, self._receiver) for row in on_the_way}
        if len(busy & self._slow) >= self._slow_at_once:
            busy |= self._slow
        held = Q(**{f"{self._receiver}__in": busy})
        if self._owner:
            places = Counter(getattr(row, self._owner) for row in on_the_way)
            full = [owner for owner, used in places.items() if used >= self._slow_at_once]
            held |= Q(**{f"{self._owner}__in": full})
            held |= Q(**{f"{self._receiver}__in": self._slow, f"{self._owner}__in": self._had_turn})
        return held

    def set_off(self, row: Model) -> None:
        """A parcel has set off; `row` is one of it."""
        if self._owner and getattr(row, self._receiver) in self._slow:
            self._had_turn.add(getattr(row, self._owner))

    def next_round(self, on_the_way: Sequence[Model]) -> bool:
        """Let those have a turn again who had theirs, where a place is free for them; whether there are any."""
        if len({getattr(row, self._receiver) for row in on_the_way} & self._slow) >= self._slow_at_once:
            return False
        had, self._had_turn = self._had_turn, set()
        return bool(had)

    def note(self, row: Model, seconds: float, *, is_over: bool) -> None:
        """How long a parcel has been on its way by now, or was."""
        receiver = getattr(row, self._receiver)
        if seconds >= PATIENCE:
            if len(self._slow) >= MAX_SLOW:
                self._slow.clear()
            self._slow.add(receiver)
        elif is_over:
            self._slow.discard(receiver)
