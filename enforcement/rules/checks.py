"""When to check a listing again, and what the checks so far prove."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from enforcement.rules.terms import Terms

BACKOFF = (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
INDEPENDENT = frozenset(
    {"page", "person"}
)  # a report or a feed of the platform is its own word, and no part of a proof


class Check(NamedTuple):
    """The parts of an observation that count as proof: when, what (gone, live, restricted, unknown), from which
    source."""

    at: datetime
    verdict: str
    source: str


def proves(checks: Sequence[Check], terms: Terms) -> str:
    """What the checks prove so far: "gone", "restricted", "live", or "" for nothing yet. `checks` are oldest first.

    The newest check that is not unknown gives the candidate. Live needs no confirmation. Gone (or restricted) needs
    `checks_needed` matching checks, with no different one in between, each `check_interval_seconds` after the previous
    one. The platform's own word (its report, or absence from its feed) and an unknown check never count; the word can
    interrupt the row, an unknown check cannot.
    """
    known = [check for check in checks if check.verdict != "unknown"]
    if not known:
        return ""
    verdict = known[-1].verdict
    if verdict == "live":
        return "live"
    row: list[Check] = []
    for check in reversed(known):
        if check.verdict != verdict:
            break
        row.append(check)
    row.reverse()
    counted: list[Check] = []
    apart = timedelta(seconds=terms.check_interval_seconds)
    for check in row:
        if check.source in INDEPENDENT and (not counted or check.at - counted[-1].at >= apart):
            counted.append(check)
    return verdict if len(counted) >= terms.checks_needed else ""


def next_open_check(*, now: datetime, started: datetime, due: datetime, moved: float = 0.0) -> datetime:
    """When a listing without a claimed removal is checked next, so that a removal without a claim is found too.

    Before the deadline after each quarter of the time, at least 1 minute and at most 6 hours apart; at the deadline;
    then every day for 2 weeks, then every week. Each wait is shorter by the share `moved`, so that nobody can be ready for
    the check; the one at the deadline is not moved.
    """
    if now < due:
        step = min(max((due - started) / 4, timedelta(minutes=1)), timedelta(hours=6))
        return min(now + step * (1 - moved), due)
    return now + (timedelta(days=1) if now - due < timedelta(days=14) else timedelta(days=7)) * (1 - moved)


def next_check(
    terms: Terms,
    *,
    now: datetime,
    last_verdict: str,
    unknown_in_a_row: int,
    proved_at: datetime | None,
    checks_after_proof: int,
    moved: float = 0.0,
) -> datetime | None:
    """When the next check is due; None when the schedule is done.

    After an unknown: with a delay that grows from 5 minutes to 1 day. Before proof: when the next check can count.
    After it: at increasing intervals, counted from the proof; a scheduled check that is overdue is due now. Before proof
    the wait, after it the time since the scheduled check before, is longer by the share `moved`, so that nobody can be
    ready for the check.
    """
    if last_verdict == "unknown":
        return now + BACKOFF[min(max(unknown_in_a_row, 1), len(BACKOFF)) - 1]
    if proved_at is None:
        return now + timedelta(seconds=max(1, terms.check_interval_seconds)) * (1 + moved)
    if checks_after_proof >= len(terms.rescans):
        return None
    planned = terms.rescans[checks_after_proof]
    before = terms.rescans[checks_after_proof - 1] if checks_after_proof else 0
    return max(now, proved_at + timedelta(seconds=planned + (planned - before) * moved))


def agreeing(checks: Sequence[tuple[int, Check]]) -> list[Check]:
    """The checks that may count as proof, oldest first, of checks by the number under which they were recorded.

    A clock that was set back puts a check before an earlier one. So a check that was recorded before another one that
    differs from the newest is left out, whatever its time says.
    """
    rows = sorted(checks, key=lambda each: (each[1].at, each[0]))
    known = [(number, check) for number, check in rows if check.verdict != "unknown"]
    if not known:
        return [check for _, check in rows]
    verdict = known[-1][1].verdict
    differs = max((number for number, check in known if check.verdict != verdict), default=-1)
    return [check for number, check in rows if check.verdict != verdict or number > differs]
