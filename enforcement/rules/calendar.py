"""Working days of a country or a part of it, as local dates: not its weekend, not a public holiday; own days win."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache

import holidays

MAX_DAYS_OFF = 60  # in a row; beyond that a calendar has no working days at all


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that a regulator's calendar settles itself: "closed", "open", or "half": a day that ends at `closes_at`."""

    day: date
    kind: str
    name: str = ""
    closes_at: time | None = None


@lru_cache(maxsize=256)
def _known(country: str, subdivision: str) -> holidays.HolidayBase | None:
    try:
        return holidays.country_holidays(country, subdiv=subdivision or None)
    except NotImplementedError:
        return None


class NoWorkingDay(ValueError):
    """The calendar has no working day within two months: somebody closed them all."""


class WorkingCalendar:
    """The calendar of `country` (ISO 3166-1, two letters) and `subdivision` (as in `subdivisions`, or empty).

    Weekend and holidays come from `holidays`, also the Saturdays and Sundays that China and others work instead of
    other days; a country that it does not know has Saturdays, Sundays and no holidays.
    """

    def __init__(self, country: str, subdivision: str = "", special: Sequence[SpecialDay] = ()) -> None:
        self._known = _known(country, subdivision)
        self._special = {each.day: each for each in special}

    def is_working_day(self, day: date) -> bool:
        if (special := self._special.get(day)) is not None:
            return special.kind != "closed"
        if self._known is None:
            return day.weekday() < 5
        return bool(self._known.is_working_day(day))

    def name_of(self, day: date) -> str:
        """What the day is called that is no ordinary one: the regulator's own name for it, else the public holiday's."""
        if (special := self._special.get(day)) is not None:
            return special.name
        return (self._known.get(day) or "") if self._known is not None else ""

    def is_weekend(self, day: date) -> bool:
        """Whether the day is one of the week's days off, worked or not."""
        return day.weekday() in (self._known.weekend if self._known is not None else {5, 6})

    def closes_at(self, day: date) -> time | None:
        """When a half day ends; None for a whole one."""
        special = self._special.get(day)
        return special.closes_at if special is not None and special.kind == "half" else None

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`. Raises NoWorkingDay."""
        for ahead in range(1, MAX_DAYS_OFF + 1):
            if self.is_working_day(following := day + timedelta(days=ahead)):
                return following
        raise NoWorkingDay(f"There is no working day in the {MAX_DAYS_OFF} days after {day}: mend the calendar.")


def is_known_country(country: str) -> bool:
    """Whether its public holidays are known."""
    return _known(country, "") is not None


def subdivisions(country: str) -> tuple[str, ...]:
    """The codes of the parts of a country whose holidays are known apart, like BY for Bavaria in DE."""
    known = _known(country, "")
    return tuple(known.subdivisions) if known is not None else ()
