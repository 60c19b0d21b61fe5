"""The rungs of the ladder as moments."""

from datetime import datetime, timedelta
from typing import NamedTuple

from enforcement.rules.terms import Terms


class LadderStep(NamedTuple):
    step: int
    kind: str
    at: datetime


def ladder(terms: Terms, due: datetime) -> list[LadderStep]:
    """Every rung with its moment, in order of the rungs; no rung comes before the one below it."""
    steps: list[LadderStep] = []
    for step in terms.steps:
        at = due + timedelta(seconds=step.offset_seconds)
        steps.append(LadderStep(step.step, step.kind, max(at, steps[-1].at) if steps else at))
    return steps


def step_after(terms: Terms, due: datetime, raised: int, *, start: datetime) -> LadderStep | None:
    """The next rung after the `raised` ones; None when the ladder is done.

    A reminder whose moment lies before the clock started is passed over: a clock of one hour has no reminder two hours
    before its end.
    """
    for step in ladder(terms, due):
        if step.step > raised and not (step.at < start and step.at < due):
            return step
    return None
