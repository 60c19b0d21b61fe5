"""Deadlines as a person with a calendar and a wall clock would count them, one step of time after the other.

Written from the texts alone: docs/enforcement.md, the glossary, decision 0013 and Regulation (EEC, Euratom) No 1182/71. It
shares nothing with `enforcement.rules`: no arithmetic of dates, no search for a next day, only time that goes by. So it is
slow, and whoever changes a rule has to change it here as well.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

MINUTE, QUARTER = timedelta(minutes=1), timedelta(minutes=15)
BACK_AT_MOST = 12  # quarters of an hour by which clocks on the wall are put back at once
Period = tuple[datetime, datetime]


@dataclass(frozen=True)
class Calendar:
    """A weekend, days off, days that people work all the same, and days that end early."""

    weekend: frozenset[int] = frozenset({5, 6})
    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    ends_early: Mapping[date, time] = field(default_factory=dict)

    def is_worked(self, day: date) -> bool:
        if day in self.worked or day in self.ends_early:
            return True
        return day.weekday() not in self.weekend and day not in self.off


def shown(moment: datetime, zone: ZoneInfo) -> datetime:
    """What the clock and the calendar on a wall in the zone show."""
    return moment.astimezone(zone).replace(tzinfo=None)


def days_from(moment: datetime, zone: ZoneInfo) -> Iterator[tuple[date, datetime, datetime]]:
    """Each day that calendars in the zone show, from the one of a moment on: the day, when it begins and when it is over.

    Time goes by in quarters of an hour. A day is over when the wall shows a later one and goes back to it no more.
    """
    begun = at = _quarter(moment)
    day = shown(at, zone).date()
    while True:
        at += QUARTER
        later = shown(at, zone).date()
        if later > day and all(shown(at + n * QUARTER, zone).date() > day for n in range(BACK_AT_MOST)):
            yield day, begun, at
            day, begun = later, at


def _quarter(moment: datetime) -> datetime:
    utc = moment.astimezone(UTC)
    return utc.replace(minute=utc.minute // 15 * 15, second=0, microsecond=0)


def end_of(day: date, begun: datetime, over: datetime, zone: ZoneInfo, calendar: Calendar) -> datetime:
    """When a working day is over: with the day, or as soon as the wall shows the end of a half day."""
    if day not in calendar.ends_early:
        return over
    at = begun
    while at < over and shown(at, zone).time() < calendar.ends_early[day]:
        at += QUARTER
    return at


def is_paused(minute: datetime, pauses: Sequence[Period]) -> bool:
    """Whether the clock stands for the whole minute."""
    return any(start <= minute and minute + MINUTE <= end for start, end in pauses)


def starts(
    zone: ZoneInfo,
    calendar: Calendar,
    *,
    named: datetime | None,
    latest: datetime,
    flagged: datetime,
    begins: str = "at_once",
    cut_off: time | None = None,
) -> datetime:
    """When the clock starts. `named`: when the fact happened that the policy names; None if it did not."""
    fact = named if named is not None and named <= latest else latest
    fact = max(fact, flagged)
    today = shown(fact, zone)
    if begins == "at_once":
        if cut_off is None:
            return fact
        closes = min([cut_off, *([calendar.ends_early[today.date()]] if today.date() in calendar.ends_early else [])])
        if calendar.is_worked(today.date()) and today.time() <= closes:
            return fact
    for day, begun, _ in days_from(fact, zone):
        if day > today.date() and calendar.is_worked(day):
            return begun
    raise AssertionError("time never ends")


def due_after_days(
    zone: ZoneInfo, calendar: Calendar, start: datetime, days: int, *, first_counts: bool, pauses: Sequence[Period] = ()
) -> tuple[datetime, date]:
    """The end of the last of so many working days, and that day. The day of the start counts only if `first_counts`; a day
    whose end fell into a pause does not count."""
    left = days
    for number, (day, begun, over) in enumerate(days_from(start, zone)):
        if (number == 0 and not first_counts) or not calendar.is_worked(day):
            continue
        end = end_of(day, begun, over, zone, calendar)
        if not is_paused(end - MINUTE, pauses):
            left -= 1
        if not left:
            return end, day
    raise AssertionError("time never ends")


def due_after_minutes(start: datetime, minutes: int, *, pauses: Sequence[Period] = ()) -> datetime:
    """So many minutes of a clock that stands during pauses, one by one."""
    at = start.astimezone(UTC)
    while minutes:
        if not is_paused(at, pauses):
            minutes -= 1
        at += MINUTE
    return at


def days_after(zone: ZoneInfo, calendar: Calendar, deadline: datetime, number: int) -> datetime:
    """The end of a working day after a deadline, which belongs to the day that it ends."""
    own = shown(deadline - timedelta(microseconds=1), zone).date()
    passed = 0
    for day, begun, over in days_from(deadline - QUARTER, zone):
        if day > own and calendar.is_worked(day):
            passed += 1
        if passed == number:
            return end_of(day, begun, over, zone, calendar)
    raise AssertionError("time never ends")


def in_words(deadline: datetime, zone: ZoneInfo) -> str:
    """A deadline as people say it in the zone: one with which a day ends is the end of that day."""
    before, now = shown(deadline - timedelta(microseconds=1), zone), shown(deadline, zone)
    if before.date() < now.date():
        return f"end of {before:%a} {before.day} {before:%b %Y}"
    return f"{now:%d %b %Y, %H:%M}"


def left_in_words(now: datetime, deadline: datetime) -> str:
    """The time that is left, or gone since, counted in whole minutes; days only from two on."""
    early, late = sorted((now, deadline))
    minutes = 0
    while early + MINUTE <= late:
        early, minutes = early + MINUTE, minutes + 1
    hours, rest = 0, minutes
    while rest >= 60:
        hours, rest = hours + 1, rest - 60
    days, over = 0, hours
    while over >= 24:
        days, over = days + 1, over - 24
    side = "left" if deadline > now else "late"
    if days >= 2:
        return f"{days} d {over} h {side}"
    if hours:
        return f"{hours} h {rest:02d} min {side}"
    return f"{rest} min {side}" if rest else f"{int((late - early).total_seconds())} s {side}"


@lru_cache(maxsize=256)
def changes_of_clocks(zone: str, since: int, until: int) -> tuple[datetime, ...]:
    """When the clocks on the walls of a zone were or will be moved, to the quarter of an hour."""
    found, wall = [], ZoneInfo(zone)
    at, end = datetime(since, 1, 1, tzinfo=UTC), datetime(until, 1, 1, tzinfo=UTC)
    while at < end:
        following = at + timedelta(days=1)
        if at.astimezone(wall).utcoffset() != following.astimezone(wall).utcoffset():
            quarter = at
            while quarter.astimezone(wall).utcoffset() == at.astimezone(wall).utcoffset():
                quarter += QUARTER
            found.append(quarter)
        at = following
    return tuple(found)
