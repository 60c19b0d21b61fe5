"""Working days of a country or region, as local dates: no weekends or public holidays; special days take precedence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache, partial

import holidays

ENGLISH = "en_US"
MAX_DAYS_OFF = 60  # in a row; with more, a calendar is treated as having no working days


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A special day of a regulator's calendar: "closed", "open", or "half": a day that ends at `closes_at`."""

    day: date
    kind: str
    name: str = ""
    closes_at: time | None = None


@lru_cache(maxsize=256)
def _known(country: str, subdivision: str) -> holidays.HolidayBase | None:
    """Names are English, or else the country's own: left to itself, the library asks the language of the machine."""
    find = partial(holidays.country_holidays, country, subdiv=subdivision or None)
    try:
        known = find()
    except NotImplementedError:
        return None
    return find(language=ENGLISH if ENGLISH in known.supported_languages else known.default_language)


class NoWorkingDay(ValueError):
    """The calendar has no working day within two months: all days are closed."""


class WorkingCalendar:
    """The calendar of `country` (ISO 3166-1, two letters) and `subdivision` (as in `subdivisions`, or empty).

    Weekend and holidays come from `holidays`, including the Saturdays and Sundays that are working days in China and
    elsewhere; a country that it does not know has a weekend of Saturday and Sunday and no holidays.
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
        """The name of a special day given by the regulator, else of the public holiday; empty for other days."""
        if (special := self._special.get(day)) is not None:
            return special.name
        return (self._known.get(day) or "") if self._known is not None else ""

    def is_weekend(self, day: date) -> bool:
        """Whether the day is on the weekend, even if people work on it."""
        return day.weekday() in (self._known.weekend if self._known is not None else {5, 6})

    def closes_at(self, day: date) -> time | None:
        """When a half day ends; None for a whole day."""
        special = self._special.get(day)
        return special.closes_at if special is not None and special.kind == "half" else None

    def next_working_day(self, day: date) -> date:
        """The first working day after `day`. Raises NoWorkingDay."""
        for ahead in range(1, MAX_DAYS_OFF + 1):
            if self.is_working_day(following := day + timedelta(days=ahead)):
                return following
        raise NoWorkingDay(f"There is no working day in the {MAX_DAYS_OFF} days after {day}. Correct the calendar.")


def is_known_country(country: str) -> bool:
    """Whether its public holidays are known."""
    return _known(country, "") is not None


def subdivisions(country: str) -> tuple[str, ...]:
    """The codes of the states and regions of a country with known holidays of their own, like BY for Bavaria in DE."""
    known = _known(country, "")
    return tuple(known.subdivisions) if known is not None else ()
