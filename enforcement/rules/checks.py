"""When to check a listing again, and what the checks so far prove."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from enforcement.rules.terms import Terms

BACKOFF = (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
INDEPENDENT = frozenset({"page", "person"})  # a report or a feed of the platform is its own word and no proof


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
    one, and one of them not the platform's own word (its report, or absence from its feed). An unknown check neither
    counts nor interrupts the row.
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
        if not counted or check.at - counted[-1].at >= apart:
            counted.append(check)
    independent = any(check.source in INDEPENDENT for check in row)
    return verdict if len(counted) >= terms.checks_needed and independent else ""


def next_open_check(*, now: datetime, started: datetime, due: datetime) -> datetime:
    """When a listing without a claimed removal is checked next, so that a removal without a claim is found too.

    Before the deadline after each quarter of the time, at least 1 minute and at most 6 hours apart; at the deadline;
    then every day for 2 weeks, then every week.
    """
    if now < due:
        step = min(max((due - started) / 4, timedelta(minutes=1)), timedelta(hours=6))
        return min(now + step, due)
    return now + (timedelta(days=1) if now - due < timedelta(days=14) else timedelta(days=7))


def next_check(
    terms: Terms,
    *,
    now: datetime,
    last_verdict: str,
    unknown_in_a_row: int,
    proved_at: datetime | None,
    checks_after_proof: int,
) -> datetime | None:
    """When the next check is due; None when the schedule is done.

    After an unknown: with a delay that grows from 5 minutes to 1 day. Before proof: when the next check can count.
    After it: at increasing intervals, counted from the proof; a scheduled check that is overdue is due now.
    """
    if last_verdict == "unknown":
        return now + BACKOFF[min(max(unknown_in_a_row, 1), len(BACKOFF)) - 1]
    if proved_at is None:
        return now + timedelta(seconds=max(1, terms.check_interval_seconds))
    if checks_after_proof >= len(terms.rescans):
        return None
    return max(now, proved_at + timedelta(seconds=terms.rescans[checks_after_proof]))
