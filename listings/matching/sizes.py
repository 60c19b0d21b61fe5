"""Capacities, lengths and flat sizes out of raw text, in base units."""

import re
from typing import NamedTuple

from listings.matching.texts import Span


class Size(NamedTuple):
    """A measured quantity in the base unit of its dimension; `ounces` may be fluid ones."""

    dimension: str
    value: float
    span: Span
    ounces: bool = False


_DIMENSIONS_OF_UNITS = {
    "volume": {
        "ml": 1.0, "cl": 10.0, "l": 1000.0, "liter": 1000.0, "litre": 1000.0,
        "fl oz": 29.57, "gal": 3785.0, "gallon": 3785.0, "quart": 946.0, "qt": 946.0, "pint": 473.2, "pt": 473.2,
    },
    "storage": {"mb": 1 / 1024, "gb": 1.0, "tb": 1024.0},
    "charge": {"mah": 1.0},
    "power": {"w": 1.0, "watt": 1.0, "kw": 1000.0},
    "voltage": {"v": 1.0, "volt": 1.0},
    "heat": {"btu": 1.0},
    "room": {"cu ft": 1.0},
    "drawers": {"drawer": 1.0},
    "mass": {"g": 1.0, "kg": 1000.0, "oz": 28.35, "ounce": 28.35, "lb": 453.6, "pound": 453.6, "mg": 0.001},
    "pieces": {"ct": 1.0, "count": 1.0, "capsule": 1.0, "tablet": 1.0, "caplet": 1.0, "softgel": 1.0, "sheet": 1.0, "roll": 1.0, "spray": 1.0},
    "gauge": {"awg": 1.0},
    "length": {"in": 2.54, "mm": 0.1, "m": 100.0, "yd": 91.4, "yard": 91.4, "cm": 1.0, "inch": 2.54, "inche": 2.54, "foot": 30.48, "feet": 30.48, "ft": 30.48},
}  # fmt: skip
_UNITS = {
    unit: (dimension, factor) for dimension, units in _DIMENSIONS_OF_UNITS.items() for unit, factor in units.items()
}
UNIT_WORDS = frozenset(word for unit in _UNITS for word in unit.split()) | {"gauge", "amp", "hp", "psi", "rpm"}
"""Words that measure something and name nothing, however a recall writes them."""
_IN_WORDS = "(?:two|three|four|five|six|seven|eight|nine|ten)(?:-point-(?:two|three|four|five|six|seven|eight|nine))?"
_SIZE = re.compile(
    rf"(?<![\w.,])(\d{{1,3}}(?:,\d{{3}})+|\d+(?:[.,]\d+)?|{_IN_WORDS})[ -]?"
    r"(fl\.? ?oz|fluid ounces?|oz|ounces?|lbs?|pounds?|kg|mg|g|mm|m|yds?|yards?|"
    r"ct|count|capsules?|tablets?|caplets?|softgels?|sheets?|rolls?|sprays?|ml|cl|l|liters?|litres?|gallons?|gal|quarts?|qt|pints?|pt|gb|tb|mb|"
    r"mah|watts?|kw|w|volts?|v|btu|cu\.? ?ft|cubic f(?:oo|ee)t|"
    r"awg|drawers?|inch(?:es)?|in(?=\.)|cm|foot|feet|ft)\b",
    re.IGNORECASE,
)
OUNCES = frozenset({"oz", "ounce"})
MAINS_FROM = 100  # volts: mains power does not distinguish versions
_NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}


CHARACTERS_BACK = 40  # characters of a list before its last size
_NUMBER = re.compile(rf"\d+(?:[.,]\d+)?|(?<!\w){_IN_WORDS}", re.IGNORECASE)
_LISTED = re.compile(
    rf"(?:(?<![\w.,])(?:\d+(?:[.]\d+)?|{_IN_WORDS})-?(?:, (?:and |or )?| and | or | to | ?/ ?| ?– ?| through ))+$",
    re.IGNORECASE,
)
_DIMENSIONS = re.compile(
    r"(?<![\w.])(\d+(?:[.,]\d+)?)(?: ?(?:\"|in(?:ch(?:es)?)?))? ?[x×] ?(\d+(?:[.,]\d+)?)(?!\w|\.\d|\s?(?:cm|mm|m)\b)",
    re.IGNORECASE,
)


def listed_sizes(text: str, field: str) -> tuple[Size, ...]:
    """The sizes of a text with those whose unit follows only the last of them: "12, 16 and 20 ounces", "three-, five- and
    six-point-five-gallon"."""
    found = list(sizes_in(text, field))
    for size in tuple(found):
        before = _LISTED.search(text, max(0, size.span.start - CHARACTERS_BACK), size.span.start)
        last = _NUMBER.match(size.span.text)
        if before is None or last is None or not (value := _value_of(last.group())):
            continue
        unit = size.value / value
        for number in _NUMBER.finditer(before.group()):
            begin = before.start() + number.start()
            span = Span(field, begin, begin + len(number.group()), number.group())
            found.append(Size(size.dimension, _value_of(number.group()) * unit, span, size.ounces))
    return tuple(found)


def as_volume(size: Size) -> Size:
    """Ounces, which sellers write for fluid ounces, too, read as such; other sizes as they are."""
    if not size.ounces:
        return size
    return Size("volume", size.value / _UNITS["oz"][1] * _UNITS["fl oz"][1], size.span)


def dimensions_in(text: str, field: str) -> dict[tuple[float, float], Span]:
    """Flat sizes ("48 x 36"), larger side last, metric ones left out."""
    found = {}
    for match in _DIMENSIONS.finditer(text):
        sides = sorted(float(side.replace(",", ".")) for side in match.groups())
        if sides[0] >= 3:
            found[(sides[0], sides[1])] = Span(field, match.start(), match.end(), match.group())
    return found


def _value_of(number: str) -> float:
    """A number in digits or in words, "6.5" or "six-point-five"."""
    whole, _, tenths = number.lower().partition("-point-")
    if whole in _NUMBERS:
        return _NUMBERS[whole] + (_NUMBERS[tenths] / 10 if tenths else 0)
    return float(number.replace(",", "."))


def sizes_in(text: str, field: str) -> tuple[Size, ...]:
    """Capacities that distinguish versions of a product; never pack counts, which do not."""
    found = []
    for match in _SIZE.finditer(text):
        unit = (
            match.group(2)
            .lower()
            .replace(".", "")
            .replace("floz", "fl oz")
            .replace("fluid ounces", "fl oz")
            .replace("fluid ounce", "fl oz")
            .replace("cuft", "cu ft")
            .replace("cubic foot", "cu ft")
            .replace("cubic feet", "cu ft")
        )
        unit = unit.removesuffix("s") if unit not in _UNITS else unit
        if unit not in _UNITS:
            continue
        dimension, factor = _UNITS[unit]
        value = _value_of(re.sub(r",(?=\d{3})", "", match.group(1)))
        if dimension == "voltage" and value >= MAINS_FROM:
            continue
        span = Span(field, match.start(), match.end(), match.group())
        found.append(Size(dimension, value * factor, span, unit in OUNCES))
    return tuple(found)
