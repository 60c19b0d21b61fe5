"""The moves of a model from status to status, as data.

The same table decides what `move` (portal/transitions.py) allows and which buttons a page shows, so that screen and rule
cannot drift apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.identity.actors import Actor


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed move: who may make it (`permission`), what the audit calls it (`event`), what a button says (`label`)."""

    source: str
    target: str
    permission: str
    event: str
    label: str = ""
    needs_reason: bool = False


class TransitionTable:
    """All moves of one model, looked up by (source, target); a pair is in it once."""

    def __init__(self, *transitions: Transition) -> None:
        self._moves = {(move.source, move.target): move for move in transitions}
        if len(self._moves) != len(transitions):
            raise ValueError("A transition is listed twice.")

    def __iter__(self) -> Iterator[Transition]:
        return iter(self._moves.values())

    def find(self, source: str, target: str) -> Transition | None:
        return self._moves.get((source, target))

    def open_to(self, actor: Actor, source: str) -> list[Transition]:
        """The moves that `actor` may make from `source`: exactly the buttons to show."""
        return [move for move in self if move.source == source and actor.may(move.permission)]
