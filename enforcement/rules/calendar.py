"""Working days of a country, as local dates: not Saturday or Sunday (or the country's own weekend), not a public holiday."""

from datetime import date
from functools import lru_cache

import holidays


@lru_cache(maxsize=64)
def _calendar(country: str) -> holidays.HolidayBase | None:
    try:
        return holidays.country_holidays(country)
    except NotImplementedError:
        return None


def holiday_name(day: date, country: str) -> str:
    """The public holiday of that day, or an empty text. Countries that `holidays` does not know have none."""
    calendar = _calendar(country)
    return (calendar.get(day) or "") if calendar is not None else ""


def is_working_day(day: date, country: str) -> bool:
    calendar = _calendar(country)
    if calendar is None:
        return day.weekday() < 5
    return day.weekday() not in calendar.weekend and day not in calendar
