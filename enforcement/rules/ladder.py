"""The steps of the escalation ladder with their times."""

from datetime import datetime, timedelta
from typing import NamedTuple

from enforcement.rules.deadlines import working_days_after
from enforcement.rules.terms import Terms


class LadderStep(NamedTuple):
    step: int
    kind: str
    at: datetime


def ladder(terms: Terms, due: datetime) -> list[LadderStep]:
    """Every step with its time, in order of the steps; no step comes before the previous one."""
    steps: list[LadderStep] = []
    for step in terms.steps:
        days = step.working_days
        at = working_days_after(terms, due, days) if days else due + timedelta(seconds=step.offset_seconds)
        steps.append(LadderStep(step.step, step.kind, max(at, steps[-1].at) if steps else at))
    return steps


def step_after(terms: Terms, due: datetime, raised: int, *, start: datetime) -> LadderStep | None:
    """The next step after step number `raised`; None when the ladder is done.

    A reminder that would be due before the clock started is skipped: a clock of one hour has no reminder two hours
    before its deadline.
    """
    for step in ladder(terms, due):
        if step.step > raised and not (step.at < start and step.at < due):
            return step
    return None


def next_moment(
    terms: Terms, due: datetime, raised: int, *, start: datetime, now: datetime
) -> tuple[int | None, datetime | None]:
    """The number of the next step and its time, as `step_after` gives it; both None when the ladder is done.

    Where the deadline lies ahead and no step comes up to it, its own time without a step: a deadline is missed when it
    passes, whatever the ladder does then.
    """
    step = step_after(terms, due, raised, start=start)
    if due > now and (step is None or step.at > due):
        return None, due
    return (step.step, step.at) if step is not None else (None, None)
