"""When a clock starts and what its deadline is, each with its reason."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from enforcement.rules.calendar import WorkingCalendar
from enforcement.rules.durations import duration
from enforcement.rules.reasons import Reason, in_utc
from enforcement.rules.terms import Terms

_SPANS = {"seconds": timedelta(seconds=1), "minutes": timedelta(minutes=1), "hours": timedelta(hours=1)}


class Pause(NamedTuple):
    """A period in which a clock was paused."""

    start: datetime
    end: datetime


def clock_start(
    terms: Terms,
    *,
    sent_at: datetime,
    delivered_at: datetime | None,
    acknowledged_at: datetime | None,
    opened_at: datetime,
) -> tuple[datetime, Reason]:
    """When a flag's clock starts, and why.

    The later of two: the event that the terms name (no later than `start_latest_hours` after sending, so that a notice
    without acknowledgement does not stop all clocks), and the time the flag opened: a platform cannot take down a
    listing before it is flagged, so late matching never makes a platform late. Then the terms' cut-off and beginning
    move the start to the beginning of a working day in their time zone.
    """
    latest = sent_at + timedelta(hours=terms.start_latest_hours)
    data: dict[str, Any] = {"kind": terms.starts_on}
    if terms.starts_on == "sent":
        fact, text = sent_at, "the notice was sent"
    else:
        happened = delivered_at if terms.starts_on == "delivered" else acknowledged_at
        if happened is not None and happened <= latest:
            fact, text = happened, f"the notice was {terms.starts_on}"
        else:
            within = duration(terms.start_latest_hours, "hours")
            fact, text = latest, f"the notice was not {terms.starts_on} within {within}"
            data = {"kind": f"not_{terms.starts_on}", "amount": terms.start_latest_hours, "unit": "hours"}
    if opened_at > fact:
        fact, text, data = opened_at, "the listing was flagged", {"kind": "flagged"}
    return _begun(terms, fact, Reason(text, data | {"at": in_utc(fact)}))


def _begun(terms: Terms, fact: datetime, reason: Reason) -> tuple[datetime, Reason]:
    """The start and its reason after applying the terms' cut-off and beginning to an event at `fact`."""
    zone, calendar = ZoneInfo(terms.time_zone), terms.calendar
    local = fact.astimezone(zone)
    moved: dict[str, Any]
    if terms.begins == "next_working_day":
        text = f"{reason} on {local:%a %d %b %H:%M}; the clock starts on the next working day"
        moved = {"moved": "next_working_day"}
    elif not terms.cut_off:
        return fact, reason
    elif not calendar.is_working_day(local.date()):
        text = f"{reason} on {local:%a %d %b}, which is not a working day: this counts as the next working day"
        moved = {"moved": "day_off"}
    elif local.time() > (ends := min(time.fromisoformat(terms.cut_off), calendar.closes_at(local.date()) or time.max)):
        text = f"{reason} on {local:%a %d %b %H:%M}, after the cut-off at {ends:%H:%M}: this counts as the next working day"
        moved = {"moved": "cut_off", "cut_off": in_utc(datetime.combine(local.date(), ends, zone))}
    else:
        return fact, reason
    day = _next_working_day(local.date(), calendar, zone)
    return _first_moment(day, zone), Reason(text, reason.data | moved)


def due_at(terms: Terms, start: datetime, *, pauses: Sequence[Pause] = (), extra: int = 0) -> tuple[datetime, Reason]:
    """The deadline in UTC, and why. `extra` is the time that was added to the amount, in the same unit.

    Seconds, minutes and hours are counted in UTC, so that a change to summer time neither adds nor removes an hour; a
    pause adds exactly its length.
    Working days: the day of the start does not count (Regulation (EEC, Euratom) No 1182/71, Article 3), unless the
    terms begin on the next working day, which is then the first one ("from the next business day"). The clock ends at
    the end of the last working day, at midnight in the terms' zone or where a half day ends, so a platform always has
    that whole day; a working day that ends during a pause is not counted.
    """
    # Python subtracts times of one zone by wall clock, not by elapsed time: everything is counted in UTC.
    start = start.astimezone(UTC)
    pauses = _apart(Pause(pause.start.astimezone(UTC), pause.end.astimezone(UTC)) for pause in pauses)
    if terms.unit in _SPANS:
        due = _after_hours(terms, start, pauses, extra)
        text = f"{duration(terms.amount, terms.unit)} after {start:%a %d %b %Y %H:%M:%S} UTC"
        data: dict[str, Any] = {"kind": "after", "from": in_utc(start)}
    else:
        due, reason = _after_working_days(terms, start, pauses, extra)
        text, data = reason.text, reason.data
    data |= {"amount": terms.amount, "unit": terms.unit}
    if terms.shortened:
        text += f"; {terms.shortened}"
        data["shortened"] = terms.shortened_by or {"text": terms.shortened}
    if extra:
        text += f"; extended by {duration(extra, terms.unit)}"
        data["extended"] = extra
    if held := [pause for pause in pauses if start < pause.end and pause.start < due]:
        periods = ", ".join(f"{pause.start:%d %b %H:%M:%S} to {pause.end:%d %b %H:%M:%S} UTC" for pause in held)
        text += f"; paused from {periods}"
        data["paused"] = [[in_utc(pause.start), in_utc(pause.end)] for pause in held]
    return due, Reason(text, data)


def _apart(pauses: Iterable[Pause]) -> list[Pause]:
    """The pauses in order, those that overlap as one: no moment stands still twice. Those without a length are left out."""
    found: list[Pause] = []
    for pause in sorted(each for each in pauses if each.start < each.end):
        if found and pause.start < found[-1].end:
            found[-1] = Pause(found[-1].start, max(found[-1].end, pause.end))
        else:
            found.append(pause)
    return found


def _after_hours(terms: Terms, start: datetime, pauses: Sequence[Pause], extra: int) -> datetime:
    due = start + _SPANS[terms.unit] * (terms.amount + extra)
    for pause in pauses:
        begun = max(pause.start, start)
        if begun < due and begun < pause.end:
            due += pause.end - begun
    return due


def _after_working_days(terms: Terms, start: datetime, pauses: Sequence[Pause], extra: int) -> tuple[datetime, Reason]:
    zone, calendar = ZoneInfo(terms.time_zone), terms.calendar
    first = start.astimezone(zone).date()
    day = first - timedelta(days=1) if terms.begins == "next_working_day" else first
    left, named, end = terms.amount + extra, [], start
    while left:
        following = _next_working_day(day, calendar, zone)
        between = [day + timedelta(days=ahead) for ahead in range(1, (following - day).days)]
        named += [(off, name) for off in between if (name := calendar.name_of(off))]
        day, end = following, _end_of(following, zone, calendar.closes_at(following))
        if not any(pause.start < end <= pause.end for pause in pauses):
            left -= 1
    counted = "from" if terms.begins == "next_working_day" else "after"
    text = f"end of the {_ordinal(terms.amount)} working day ({terms.place}) {counted} {first:%a %d %b %Y} in {terms.time_zone}"
    data: dict[str, Any] = {
        "kind": f"working_day_{counted}", "day": first.isoformat(), "place": terms.place, "time_zone": terms.time_zone,
    }  # fmt: skip
    if (closes := calendar.closes_at(day)) is not None:
        text += f"; {day:%a %d %b} is a half day and ends at {closes:%H:%M}"
        data["half_day"] = {"day": day.isoformat(), "closes_at": in_utc(end)}
    if named:
        text += "; " + ", ".join(f"{off:%a %d %b} is {name}" for off, name in named)
        data["days_off"] = [{"day": off.isoformat(), "name": name} for off, name in named]
    return end, Reason(text, data)


def working_days_after(terms: Terms, moment: datetime, number: int) -> datetime:
    """The end of the working day `number` after the day of `moment` in the terms' calendar, in UTC. Midnight is the end of
    the day before it, so that a whole day follows a deadline at the end of a day. Raises NoWorkingDay."""
    zone, calendar = ZoneInfo(terms.time_zone), terms.calendar
    day = (moment.astimezone(UTC) - timedelta(microseconds=1)).astimezone(zone).date()
    for _ in range(number):
        day = _next_working_day(day, calendar, zone)
    return _end_of(day, zone, calendar.closes_at(day))


class CountedDay(NamedTuple):
    """A day before a deadline: which working day of the clock it is (0: it does not count), and what is special about
    it."""

    day: date
    number: int
    detail: str


def counted_days(terms: Terms, start: datetime) -> list[CountedDay]:
    """Every day from the start of a clock in working days to its deadline; none for a clock in hours."""
    if terms.unit in _SPANS:
        return []
    zone, calendar = ZoneInfo(terms.time_zone), terms.calendar
    first = start.astimezone(zone).date()
    day, number, days = first, 0, []
    if terms.begins != "next_working_day":
        days.append(CountedDay(first, 0, "the clock starts; this day does not count"))
        day = first + timedelta(days=1)
    while number < terms.amount:
        if _is_shown(day, zone):
            counts = calendar.is_working_day(day)
            number += counts
            days.append(CountedDay(day, number if counts else 0, _detail_of(terms, day)))
        day += timedelta(days=1)
    return days


def _detail_of(terms: Terms, day: date) -> str:
    calendar = terms.calendar
    if (closes := calendar.closes_at(day)) is not None:
        return f"half day, ends at {closes:%H:%M}"
    if name := calendar.name_of(day):
        return name
    return "weekend" if calendar.is_weekend(day) and not calendar.is_working_day(day) else ""


def _next_working_day(day: date, calendar: WorkingCalendar, zone: ZoneInfo) -> date:
    """The first working day after `day` that calendars in `zone` show. Raises NoWorkingDay."""
    while not _is_shown(day := calendar.next_working_day(day), zone):
        pass
    return day


def _is_shown(day: date, zone: ZoneInfo) -> bool:
    """Whether there is such a day in `zone`: a place that changes its side of the date line leaves one out."""
    return _first_moment(day, zone) < _first_moment(day + timedelta(days=1), zone)


def _first_moment(day: date, zone: ZoneInfo) -> datetime:
    """Midnight at the start of `day` in `zone`, as UTC; where clocks leave that time out, the first one after it, and where
    they are put back over it into the day before, the second one."""
    midnight = datetime.combine(day, time(0), zone)
    first, again = midnight.astimezone(UTC), midnight.replace(fold=1).astimezone(UTC)
    if again > first and (again - timedelta(microseconds=1)).astimezone(zone).date() < day:
        return again
    return first


def _end_of(day: date, zone: ZoneInfo, closes_at: time | None) -> datetime:
    if closes_at is not None:
        return datetime.combine(day, closes_at, zone).astimezone(UTC)
    return _first_moment(day + timedelta(days=1), zone)


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
