"""GTINs and model numbers out of raw text."""

import re
from collections.abc import Iterable
from functools import lru_cache

from stdnum import ean

from listings.matching.lexicon import is_name, rarity
from listings.matching.normalise import canonical_model, fold, latin_shape, stem
from listings.matching.texts import Span

_GTIN_IN_TEXT = re.compile(r"(?<![\d.])\d(?:[ -]?\d){11,13}(?!\d|\.\d)")
_TWELVE_DIGITS = re.compile(r"\d(?:[ -]?\d){11}")
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[-_/.][A-Za-z0-9]+)*")
_MEASURE = re.compile(
    r"^(?:\d{1,3}(?:d|a|x|t|s|c|f)|\d{1,5}k|\d{3,4}p|\d+(?:x\d+)*(?:w|watts?|v|volts?|ma|mah|ah|wh|kwh|ml|l|cl|ltr|liter|litre|oz|lbs?|"
    r"kg|g|mg|gb|tb|mb|inche?|in|ft|feet|foot|cm|mm|m|qt|quart|gal|pcs?|piece|pack|pk|ct|count|set|k?hz|mhz|ghz|rpm|psi|"
    r"bar|btu|mp|dpi|st|nd|rd|th|yrs?|years?|mo|months?|day|hour|hr|min|speed|ch|port|tier|drawer|player|in1|way|cell|"
    r"amp|pm|am|hp|ply|gen|cc))$"
)
_COUNTED = re.compile(r"^\d{1,3}(?:in)?([a-z]{3,})$")
COUNTED_BELOW = 0.75  # rarity: "3wheel" counts wheels, "6xls" is a model
_DIGIT = re.compile(r"\d")
_WITH_DIGITS = re.compile(r"[^\W_]*\d[^\W_]*")
_SEPARATORS = re.compile(r"[-_/.]")
_GAPS = frozenset({" ", ".", "-"})
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_WORDLIKE = frozenset(
    {
        "mp3",
        "mp4",
        "usb2",
        "usb3",
        "4x4",
        "a4",
        "a3",
        "a5",
        "b5",
        "3d",
        "2d",
        "4k",
        "8k",
        "5g",
        "4g",
        "h264",
        "win7",
        "ps2",
        "ps3",
        "ps4",
        "ps5",
    }
)


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
    return digits.zfill(14) if ean.is_valid(digits if len(digits) in {8, 13, 14} else digits.zfill(13)) else None


def gtins_in(text: str, field: str) -> dict[str, Span]:
    """Every GTIN of 12 to 14 digits in a text."""
    found: dict[str, Span] = {}
    if not _TWELVE_DIGITS.search(text):
        return found
    for match in _GTIN_IN_TEXT.finditer(text):
        if (number := gtin14(match.group())) is not None:
            found[number] = Span(field, match.start(), match.end(), match.group())
    return found


@lru_cache(maxsize=200_000)
def is_measure(token: str) -> bool:
    """Whether a token with digits is a size, a year or a count rather than a name."""
    if _MEASURE.match(token) or _YEAR.match(token) or token in _WORDLIKE:
        return True
    counted = _COUNTED.match(token)
    return counted is not None and rarity(stem(counted[1])) < COUNTED_BELOW


def models_in(text: str, field: str, *, digits_alone: bool = False, joined: bool = False) -> dict[str, Span]:
    """What looks like a model number: canonical form → where. Letters and digits mixed, three characters or more.

    `digits_alone` also takes plain numbers of four digits and more (where the field says that it is a model);
    `joined` also takes letters and digits that were written apart ("PPCXM 06").
    """
    found: dict[str, Span] = {}
    if not _DIGIT.search(text):
        return found
    plain, places = (text, None) if text.isascii() else _plain(text)

    def take(numbers: Iterable[str], start: int, end: int) -> None:
        begin, stop = (start, end) if places is None else (places[start], places[end - 1] + 1)
        for number in numbers:
            if number not in found:
                found[number] = Span(field, begin, stop, text[begin:stop])

    tokens = list(_TOKEN.finditer(plain))
    for place, match in enumerate(tokens):
        if _DIGIT.search(match.group()):
            take(_numbers_of(match.group(), digits_alone), match.start(), match.end())
        if joined and place + 1 < len(tokens):
            for number, last in _joined(plain, tokens, place):
                take((number,), match.start(), tokens[last].end())
    return found


def _plain(text: str) -> tuple[str, list[int] | None]:
    """Text with full-width, invisible and, in what has digits, look-alike letters undone; and the places in `text`."""
    folded, places = fold(text)
    if folded.isascii():
        return folded, places
    return _WITH_DIGITS.sub(
        lambda match: shape if (shape := latin_shape(match.group())).isascii() else match.group(), folded
    ), places


@lru_cache(maxsize=200_000)
def _numbers_of(token: str, digits_alone: bool) -> tuple[str, ...]:
    """The model numbers that one token with digits is or contains."""
    bare = _SEPARATORS.sub("", token).lower()
    if len(bare) < 3 or is_measure(bare) or _all_measures(token):
        return ()
    if bare.isdigit():
        return (bare,) if digits_alone and 4 <= len(bare) <= 10 else ()
    numbers = []
    if len(bare) >= 4 or "-" in token or not bare[0].isdigit():
        numbers.append(canonical_model(bare))
    if "/" in token:
        numbers += [
            canonical_model(part)
            for part in token.split("/")
            if len(part) >= 4 and _DIGIT.search(part) and not part.isdigit()
        ]
    return tuple(numbers)


def _joined(text: str, tokens: list[re.Match[str]], place: int) -> list[tuple[str, int]]:
    """Numbers made of two or three tokens in a row from `place` on, each with its last token."""
    left, right = tokens[place], tokens[place + 1]
    if (
        not (_DIGIT.search(left.group()) or _DIGIT.search(right.group()))
        or text[left.end() : right.start()] not in _GAPS
    ):
        return []
    first = _SEPARATORS.sub("", left.group()).lower()
    if not _may_join(first, right.group().lower()):
        return []
    pair = first + _SEPARATORS.sub("", right.group()).lower()
    found = [(canonical_model(pair), place + 1)]
    if place + 2 < len(tokens):
        third = tokens[place + 2]
        if (
            text[right.end() : third.start()] == " "
            and len(third.group()) <= 4
            and not is_measure(third.group().lower())
        ):
            found.append((canonical_model(pair + third.group().lower()), place + 2))
    return found


def _may_join(left: str, right: str) -> bool:
    if is_measure(right) or len(left) + len(right) < 4 or len(left) > 7 or len(right) > 8:
        return False
    letters = left if left.isalpha() else right if right.isalpha() else ""
    long = len(left) + len(right) - len(letters) >= 4
    if letters and not is_name(stem(letters.lower())) and not (long and len(letters) <= 2):
        return False
    return not (left + right).isdigit() and not _YEAR.match(left)


def _all_measures(token: str) -> bool:
    """Whether a token of several parts is a size such as 30-inch or 3-in-1: it begins with a number that is one."""
    parts = [part.lower() for part in _SEPARATORS.split(token)]
    if len(parts) < 2 or not parts[0][0].isdigit():
        return False
    known = [is_measure(part) or part.isalpha() or (part.isdigit() and len(part) < 4) for part in parts]
    return all(known) and (any(map(is_measure, parts)) or any(part.isalpha() and len(part) > 1 for part in parts))
