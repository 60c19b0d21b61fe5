"""Countries and time zones to choose from, in lists that are searched by typing (combobox.js), which names countries in the
language of the page."""

import re
import zoneinfo
from functools import cache, lru_cache
from typing import Any

from django.utils.translation import gettext_lazy
from holidays import country_holidays
from holidays.registry import COUNTRIES

_SEARCHED: dict[str, Any] = {"data-searchable": "yes", "data-clear": gettext_lazy("Clear")}
SEARCHED_COUNTRY: dict[str, Any] = _SEARCHED | {
    "data-names": "region",
    "data-found": gettext_lazy("Matching countries: #"),
    "data-none": gettext_lazy("No matching countries"),
}
SEARCHED_ZONE: dict[str, Any] = _SEARCHED | {
    "data-found": gettext_lazy("Matching time zones: #"),
    "data-none": gettext_lazy("No matching time zones"),
}
REGION: dict[str, Any] = {"list": "regions", "autocomplete": "off"}
"""A field that suggests the states and regions of the chosen country (templates/components/regions.html)."""
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


@cache
def countries() -> list[tuple[str, str]]:
    """(code, "Germany (DE)") of every country whose public holidays are known, by name."""
    named = sorted((_WORDS.sub(" ", names[0]), names[1]) for names in COUNTRIES.values())
    return [(code, f"{name} ({code})") for name, code in named if len(code) == 2]


@lru_cache(maxsize=300)
def regions(country: str) -> list[tuple[str, str]]:
    """(code, "Bayern (BY)") of the states and regions of a country that have public holidays of their own, by name; none
    of a country that is not known."""
    if country not in {code for code, _ in countries()}:
        return []
    known = country_holidays(country)
    names: dict[str, str] = {}
    for name, code in getattr(known, "subdivisions_aliases", {}).items():
        names.setdefault(code, name)
    return [
        (code, f"{name} ({code})")
        for name, code in sorted((names.get(code, code), code) for code in known.subdivisions)
    ]


@cache
def time_zones() -> list[tuple[str, str]]:
    """Every time zone of a place, and UTC; not the older names and abbreviations of zones."""
    places = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [(name, name.replace("_", " ")) for name in ["UTC", *places]]


def with_own(choices: list[tuple[str, str]], value: str) -> list[tuple[str, str]]:
    """The choices, with a value that is stored and not among them."""
    return choices if not value or value in {code for code, _ in choices} else [(value, value), *choices]
