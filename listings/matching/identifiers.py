"""GTINs, model numbers and sizes out of folded words and raw text."""

import re
from typing import NamedTuple

from stdnum import ean

from listings.matching.normalise import canonical_model
from listings.matching.texts import Span

_GTIN_IN_TEXT = re.compile(r"(?<![\d.])\d(?:[ -]?\d){11,13}(?![\d.])")
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[-_/.][A-Za-z0-9]+)*")
_MEASURE = re.compile(
    r"^\d+(?:\d+)?(?:x\d+)*(?:w|watt|watts|v|volt|volts|ma|mah|ah|wh|kwh|ml|l|cl|ltr|liter|litre|oz|lb|lbs|kg|g|mg|gb|tb|mb|inch|inche|in|ft|feet|foot|cm|mm|m|qt|quart|gal|"
    r"pc|pcs|piece|pack|pk|ct|count|set|hz|khz|mhz|ghz|rpm|psi|bar|btu|mp|dpi|k|d|p|st|nd|rd|th|yr|year|years|mo|month|months|day|hour|hr|min|speed|ch|port|tier|drawer|player|in1|way|cell|amp|a|x|t|s|c|f|pm|am|hp|ply|gen|cc)$"
)  # fmt: skip
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_WORDLIKE = frozenset({"mp3", "mp4", "usb2", "usb3", "4x4", "a4", "a3", "a5", "b5", "3d", "2d", "4k", "8k", "5g", "4g", "h264", "win7", "ps2", "ps3", "ps4", "ps5"})


def gtin14(text: str) -> str | None:
    """The 14 digits of a GTIN-8, -12, -13 or -14 with a right check digit; None for everything else.

    Eleven digits are a UPC whose leading zero got lost. Scientific notation has lost digits and is never guessed.
    """
    digits = re.sub(r"[\s\-\u00a0]", "", text)
    if not digits.isascii() or not digits.isdigit():
        return None
    if len(digits) == 11:
        digits = f"0{digits}"
    if len(digits) not in {8, 12, 13, 14} or not digits.strip("0"):
        return None
    return digits.zfill(14) if ean.is_valid(digits.zfill(14) if len(digits) == 14 else digits.zfill(13)) else None


def gtins_in(text: str, field: str) -> dict[str, Span]:
    """Every GTIN of 12 to 14 digits in a text."""
    found = {}
    for match in _GTIN_IN_TEXT.finditer(text):
        if (number := gtin14(match.group())) is not None:
            found[number] = Span(field, match.start(), match.end(), match.group())
    return found


def is_measure(token: str) -> bool:
    """Whether a token with digits is a size, a year or a count rather than a name."""
    return bool(_MEASURE.match(token) or _YEAR.match(token)) or token in _WORDLIKE


def models_in(text: str, field: str, *, digits_alone: bool = False, joined: bool = False) -> dict[str, Span]:
    """What looks like a model number: canonical form → where. Letters and digits mixed, four characters or more.

    `digits_alone` also takes plain numbers of five digits and more (where the field says that it is a model);
    `joined` also takes letters and digits that were written apart ("PPCXM 06").
    """
    found: dict[str, Span] = {}
    tokens = [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)]
    for place, (token, start, end) in enumerate(tokens):
        plain = re.sub(r"[-_/.]", "", token).lower()
        has_digit, has_letter = any(map(str.isdigit, plain)), any(map(str.isalpha, plain))
        if has_digit and (has_letter or (digits_alone and 4 <= len(plain) <= 10)):
            if len(plain) >= 3 and not is_measure(plain) and not _all_measures(token):
                if len(plain) >= 4 or "-" in token:
                    found.setdefault(canonical_model(plain), Span(field, start, end, token))
                if "/" in token:
                    for part in token.split("/"):
                        if len(part) >= 4 and any(map(str.isdigit, part)) and any(map(str.isalpha, part)):
                            found.setdefault(canonical_model(part), Span(field, start, end, token))
        if joined and place + 1 < len(tokens):
            after, _, stop = tokens[place + 1]
            gap = text[end : tokens[place + 1][1]]
            if gap in {" ", ".", "-"} and _may_join(plain, after.lower()):
                pair = f"{plain}{re.sub(r'[-_/.]', '', after).lower()}"
                found.setdefault(canonical_model(pair), Span(field, start, stop, text[start:stop]))
                if place + 2 < len(tokens):
                    third, third_start, third_stop = tokens[place + 2]
                    if text[stop:third_start] == " " and len(third) <= 4 and not is_measure(third.lower()):
                        more = f"{pair}{re.sub(r'[-_/.]', '', third).lower()}"
                        found.setdefault(canonical_model(more), Span(field, start, third_stop, text[start:third_stop]))
    return found


def _may_join(left: str, right: str) -> bool:
    if is_measure(right) or len(left) + len(right) < 4 or len(left) > 7 or len(right) > 8:
        return False
    left_digit, right_digit = any(map(str.isdigit, left)), any(map(str.isdigit, right))
    return (left_digit or right_digit) and any(map(str.isalpha, left + right)) and not _YEAR.match(left)


def _all_measures(token: str) -> bool:
    """Whether a token of several parts is a size such as 30-inch or 3-in-1: it begins with a number that is one."""
    parts = [part.lower() for part in re.split(r"[-_/.]", token)]
    if len(parts) < 2 or not parts[0][0].isdigit():
        return False
    known = [is_measure(part) or part.isalpha() or (part.isdigit() and len(part) < 4) for part in parts]
    return all(known) and (any(map(is_measure, parts)) or any(part.isalpha() and len(part) > 1 for part in parts))


class Size(NamedTuple):
    """A measured quantity in the base unit of its dimension."""

    dimension: str
    value: float
    span: Span


_UNITS = {
    "ml": ("volume", 1.0), "cl": ("volume", 10.0), "l": ("volume", 1000.0), "liter": ("volume", 1000.0), "litre": ("volume", 1000.0),
    "fl oz": ("volume", 29.57), "gal": ("volume", 3785.0), "gallon": ("volume", 3785.0), "quart": ("volume", 946.0), "qt": ("volume", 946.0),
    "gb": ("storage", 1.0), "tb": ("storage", 1024.0), "mb": ("storage", 1 / 1024),
    "mah": ("charge", 1.0), "w": ("power", 1.0), "watt": ("power", 1.0), "kw": ("power", 1000.0),
    "drawer": ("drawers", 1.0),
}  # fmt: skip
_SIZE = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:,\d{3})+|\d+(?:[.,]\d+)?|two|three|four|five|six|seven|eight|nine|ten)[ -]?"
    r"(fl\.? ?oz|ml|cl|l|liters?|litres?|gallons?|gal|quarts?|qt|gb|tb|mb|mah|watts?|kw|w|drawers?)\b",
    re.IGNORECASE,
)
_NUMBERS = dict(zip("two three four five six seven eight nine ten".split(), range(2, 11), strict=True))


def sizes_in(text: str, field: str) -> tuple[Size, ...]:
    """Capacities that tell one version of a product from another; never pack counts, which do not."""
    found = []
    for match in _SIZE.finditer(text):
        unit = match.group(2).lower().replace(".", "").replace("floz", "fl oz")
        unit = unit.removesuffix("s") if unit not in _UNITS else unit
        if unit not in _UNITS:
            continue
        dimension, factor = _UNITS[unit]
        raw = match.group(1).lower()
        value = float(_NUMBERS[raw]) if raw in _NUMBERS else float(re.sub(r",(?=\d{3})", "", raw).replace(",", "."))
        found.append(Size(dimension, value * factor, Span(field, match.start(), match.end(), match.group())))
    return tuple(found)
