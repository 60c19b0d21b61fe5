"""The rungs of the ladder as moments."""

from datetime import datetime, timedelta
from typing import NamedTuple

from enforcement.rules.terms import Terms


class Rung(NamedTuple):
    rung: int
    kind: str
    at: datetime


def ladder(terms: Terms, due: datetime) -> list[Rung]:
    """Every rung with its moment, in order of the rungs; no rung comes before the one below it."""
    rungs: list[Rung] = []
    for step in terms.steps:
        at = due + timedelta(seconds=step.offset_seconds)
        rungs.append(Rung(step.rung, step.kind, max(at, rungs[-1].at) if rungs else at))
    return rungs


def rung_after(terms: Terms, due: datetime, raised: int, *, start: datetime) -> Rung | None:
    """The next rung after the `raised` ones; None when the ladder is done.

    A reminder whose moment lies before the clock started is passed over: a clock of one hour has no reminder two hours
    before its end.
    """
    for rung in ladder(terms, due):
        if rung.rung > raised and not (rung.at < start and rung.at < due):
            return rung
    return None
