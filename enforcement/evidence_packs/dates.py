"""Whether the events of a pack are dated as their order in the chain, and the time stamps, allow."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate

from enforcement.evidence_packs.report import PackReport

_Dated = tuple[int, datetime, str]
"""The position, the date and the name of an event."""
PUT_IN_LATER = timedelta(days=1)  # as in portal/audit/verification.py: no transaction and no clock is that wrong unseen


class EventDates:
    """Told of each event in the order of the chain, and of each time stamp; judged last.

    Whoever can add events to the log can date one as they like, and it is sealed like any other: only what stands before
    and behind it tells. An event that a clock dated beyond the pack itself makes none of those after it old.
    """

    def __init__(self) -> None:
        self._events: list[_Dated] = []
        self._stamps: list[tuple[int, datetime]] = []

    def note(self, position: int, at: str, name: str) -> None:
        """An event; a date that cannot be read is no date of ours, and its digest is checked elsewhere."""
        try:
            moment = datetime.fromisoformat(at)
        except ValueError:
            return
        if moment.tzinfo is not None:
            self._events.append((position, moment, name))

    def note_stamp(self, position: int, at: datetime) -> None:
        self._stamps.append((position, at))

    def judge(self, report: PackReport) -> None:
        """Report events that are dated more than a day before those ahead of them, or otherwise than a stamp proves."""
        for position, at, name in self._put_in_later():
            since = "more than a day before events ahead of it: it was put in later, or a clock was wrong"
            report.add("date", f"{name} at position {position} is dated {at}, {since}")
        for detail in dict.fromkeys(self._against_stamps()):
            report.add("date", detail)

    def _against_stamps(self) -> Iterator[str]:
        """Of each stamp at most the newest event that it covers, and the oldest of those behind it: a pack may have any
        number of both."""
        positions = [position for position, _, _ in self._events]
        newest = list(accumulate(self._events, _newer))
        oldest = list(accumulate(reversed(self._events), _older))[::-1]
        for stamped, at in self._stamps:
            behind = bisect_right(positions, stamped)
            if behind and newest[behind - 1][1] > at + PUT_IN_LATER:
                position, _, name = newest[behind - 1]
                yield f"{name} at position {position} is dated after the time stamp of position {stamped}, {at}"
            if behind < len(oldest) and oldest[behind][1] < at - PUT_IN_LATER:
                position, _, name = oldest[behind]
                yield f"{name} at position {position} is dated before the time stamp of position {stamped}, {at}"

    def _put_in_later(self) -> list[_Dated]:
        """A date counts for those after it if one of the later events, at the latest that of the pack, bears it out."""
        borne_out, latest = list[bool](), None
        for _, at, _ in reversed(self._events):
            borne_out.append(latest is None or at - PUT_IN_LATER <= latest)
            latest = at if latest is None else max(latest, at)
        newest: datetime | None = None
        found = []
        for (position, at, name), counts in zip(self._events, reversed(borne_out), strict=True):
            if newest is not None and at < newest - PUT_IN_LATER:
                found.append((position, at, name))
            elif counts:
                newest = at if newest is None else max(newest, at)
        return found


def _newer(one: _Dated, other: _Dated) -> _Dated:
    return other if other[1] > one[1] else one


def _older(one: _Dated, other: _Dated) -> _Dated:
    return other if other[1] < one[1] else one
