"""When a clock starts and when it is due, each with the sentence that explains it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from enforcement.rules.calendar import holiday_name, is_working_day
from enforcement.rules.terms import Terms

_SPANS = {"seconds": timedelta(seconds=1), "minutes": timedelta(minutes=1), "hours": timedelta(hours=1)}


def clock_start(
    terms: Terms,
    *,
    sent_at: datetime,
    delivered_at: datetime | None,
    acknowledged_at: datetime | None,
    opened_at: datetime,
) -> tuple[datetime, str]:
    """The moment a flag's clock starts, and why.

    The later of two: the fact the terms name (at the latest `start_latest_hours` after sending, so that a notice left
    unacknowledged does not stop all clocks), and the moment the flag opened: nobody can take down a listing that was
    not pointed out yet, so a machine that matches late never makes a platform late.
    """
    latest = sent_at + timedelta(hours=terms.start_latest_hours)
    if terms.starts_on == "sent":
        fact, why = sent_at, "the notice was sent"
    else:
        happened = delivered_at if terms.starts_on == "delivered" else acknowledged_at
        if happened is not None and happened <= latest:
            fact, why = happened, f"the notice was {terms.starts_on}"
        else:
            fact, why = latest, f"the notice was not {terms.starts_on} within {terms.start_latest_hours} hours"
    if opened_at > fact:
        return opened_at, "the listing was flagged"
    return fact, why


def due_at(terms: Terms, start: datetime) -> tuple[datetime, str]:
    """The due moment in UTC, and why.

    Seconds, minutes and hours are counted in UTC, so that a change to summer time neither gives nor takes an hour.
    Working days: the day of the start does not count (Regulation (EEC, Euratom) No 1182/71, Article 3); the clock
    ends with the last working day, at midnight in the terms' zone, so a platform always has the whole of that day.
    """
    if terms.unit in _SPANS:
        span = _SPANS[terms.unit] * terms.amount
        return start.astimezone(
            UTC
        ) + span, f"{terms.amount} {_unit(terms)} after {start.astimezone(UTC):%a %d %b %Y %H:%M:%S} UTC"
    zone = ZoneInfo(terms.time_zone)
    day, left, skipped = start.astimezone(zone).date(), terms.amount, []
    while left:
        day += timedelta(days=1)
        if is_working_day(day, terms.country):
            left -= 1
        elif name := holiday_name(day, terms.country):
            skipped.append(f"{day:%a %d %b} is {name}")
    because = f"end of the {_ordinal(terms.amount)} working day ({terms.country}) after {start.astimezone(zone):%a %d %b %Y} in {terms.time_zone}"
    if skipped:
        because += f"; {', '.join(skipped)}"
    return _end_of(day, zone), because


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    """Midnight after `day` in `zone`, as UTC; where that moment does not exist the first one after it."""
    return datetime.combine(day + timedelta(days=1), time(0), zone).astimezone(UTC)


def _unit(terms: Terms) -> str:
    return terms.unit.removesuffix("s") if terms.amount == 1 else terms.unit


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
