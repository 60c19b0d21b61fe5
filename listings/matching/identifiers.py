"""GTINs and model numbers out of raw text."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from listings.matching.lexicon import STANDARDS, is_name, rarity
from listings.matching.memory import remembered
from listings.matching.normalise import READ_ALIKE, canonical_model, fold, latin_shape, stem
from listings.matching.texts import Span
from portal.gtin import checked_gtin

_SPACING = re.compile(r"[\s\-\u00a0]")
_QUOTES = "='\"“”"  # ="046677137724", as spreadsheets keep text
_AS_NUMBER = re.compile(r"\.0+$")  # 735745300309.0
_GTIN_IN_TEXT = re.compile(r"(?<![\d.])\d(?:[ -]?\d){11,13}(?!\d|\.\d)")
_TWELVE_DIGITS = re.compile(r"\d(?:[ -]?\d){11}")
_OTHER_NUMBER = re.compile(r"\b(?:lot|batch|serial|date codes?|tracking|phone|order)\b[^.;]*$", re.IGNORECASE)
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[-_/.][A-Za-z0-9]+)*")
_MEASURE = re.compile(
    r"^(?:(?:19|20)\d0s|\d{2,4}(?:x\d{2,4})+|\d{1,3}(?:d|a|x|t|s|c|f)|\d{1,5}k|\d{3,4}p|\d+(?:x\d+)*(?:w|watts?|v|volts?|ma|mah|ah|wh|kwh|ml|l|cl|ltr|liter|litre|oz|lbs?|"
    r"kg|g|mg|gb|tb|mb|inche?|in|ft|feet|foot|cm|mm|m|qt|quart|gal|pcs?|piece|pack|pk|ct|count|set|k?hz|mhz|ghz|rpm|psi|cuft|cft|sqft|"
    r"bar|btu|mp|dpi|st|nd|rd|th|yrs?|years?|mo|months?|day|hour|hr|min|speed|ch|port|tier|drawer|player|in1|way|cell|"
    r"amp|pm|am|hp|ply|gen|cc))$"
)
_TIMES = re.compile(r"\d{2,3}x")
_COUNTED = re.compile(r"^\d{1,3}(?:in)?([a-z]{3,})$")
PLUG = 4  # digits of the standards of plugs, without their hyphen
COUNTED_BELOW = 0.75  # rarity: "3wheel" counts wheels, "6xls" is a model
_DIGIT = re.compile(r"\d")
OF_NUMBERS = READ_ALIKE | str.maketrans("", "", "-_/.")  # all that a token has beside letters and digits
_WITH_DIGITS = re.compile(r"(?<![^\W_])[^\W\d_]*+\d[^\W_]*+")
_SEPARATORS = re.compile(r"[-_/.]")
_RUSSIAN = re.compile("[А-Яа-яЁё]+")
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
    digits = text if text.isdigit() else _SPACING.sub("", _AS_NUMBER.sub("", text.strip(_QUOTES)))
    if not digits.isascii() or not digits.isdigit() or not digits.strip("0"):
        return None
    return checked_gtin(digits)


def gtins_in(text: str, field: str) -> dict[str, Span]:
    """Every GTIN of 12 to 14 digits in a text."""
    found: dict[str, Span] = {}
    if not _TWELVE_DIGITS.search(text):
        return found
    for match in _GTIN_IN_TEXT.finditer(text):
        if _OTHER_NUMBER.search(text, max(0, match.start() - 40), match.start()):
            continue
        if (number := gtin14(match.group())) is not None:
            found[number] = Span(field, match.start(), match.end(), match.group())
    return found


def wrong_gtins_in(text: str) -> list[str]:
    """Numbers of 12 to 14 digits in a text that would be GTINs but for their check digit: slips of the pen, mostly."""
    numbers = (match.group() for match in _GTIN_IN_TEXT.finditer(text))
    return list(dict.fromkeys(number for number in numbers if gtin14(number) is None))


def _measures(token: str) -> bool:
    if not token[:1].isdecimal():
        return token in _WORDLIKE  # all others begin with a digit
    if token.isdecimal():
        return _YEAR.match(token) is not None
    if _MEASURE.match(token) or _YEAR.match(token) or token in _WORDLIKE:
        return True
    counted = _COUNTED.match(token)
    return counted is not None and rarity(stem(counted[1])) < COUNTED_BELOW


@remembered
def is_measure(token: str) -> bool:
    """Whether a token with digits is a size, a year or a count rather than a name."""
    return _measures(token)


@remembered
def is_standard(number: str) -> bool:
    """Whether a folded number names a standard ("par38", "cr1616", "e26", "usbc") and no maker's model."""
    return STANDARDS.fullmatch(number) is not None


def models_in(text: str, field: str, *, digits_alone: bool = False, joined: bool = False) -> dict[str, Span]:
    """What looks like a model number: canonical form → where. Letters and digits mixed, three characters or more.

    `digits_alone` also takes plain numbers of four digits and more (where the field says that it is a model);
    `joined` also takes letters and digits that were written apart ("PPCXM 06").
    """
    found: dict[str, Span] = {}
    if not _DIGIT.search(text):
        return found
    shown, places = (text, None) if text.isascii() else _plain(text)
    for number, start, end in _numbers_in(shown, digits_alone=digits_alone, joined=joined):
        if number not in found:
            begin, stop = (start, end) if places is None else (places[start], places[end - 1] + 1)
            found[number] = Span(field, begin, stop, text[begin:stop])
    return found


def numbers_in(text: str) -> list[str]:
    """The model numbers that `models_in` finds in a title, without their places and much quicker."""
    if not _DIGIT.search(text):
        return []
    found: list[str] = []
    left = middle = _NOTHING
    for piece in map(_piece, text.split(" ")):
        if middle.leads and piece.follows and (middle.ends_numbered or piece.begins_numbered):
            found += _made_of(middle.leads, piece.follows, "")
        goes_on = middle.is_one_token and piece.begins_with and (left.ends_numbered or middle.begins_numbered)
        if goes_on and left.leads and middle.follows:
            found += _made_of(left.leads, middle.follows, piece.begins_with)
        found += piece.numbers
        left, middle = middle, piece
    return found


class _Piece(NamedTuple):
    """The text between two spaces: its numbers, the token that it begins with, what may lead a number that goes on in the
    next piece, and what may follow in one that begins in the piece before; "" for none."""

    numbers: tuple[str, ...]
    begins_with: str
    leads: str
    follows: str
    begins_numbered: bool
    ends_numbered: bool
    is_one_token: bool


_NOTHING = _Piece((), "", "", "", False, False, False)


@remembered
def _piece(piece: str) -> _Piece:
    if piece.isascii():
        if piece.isalpha():
            return _Piece((), piece, _leading(piece), _following(piece), False, False, True)
        if piece.isalnum():  # one token with a digit
            numbers = _numbers_of_token(piece, True)
            return _Piece(numbers, piece, _leading(piece), _following(piece), True, True, True)
        shown = piece
    elif _RUSSIAN.fullmatch(piece):
        return _NOTHING
    else:
        shown = _plain(piece)[0]
    tokens = list(_TOKEN.finditer(shown))
    if not tokens:
        return _NOTHING
    first, last = tokens[0], tokens[-1]
    begins_with = first.group() if first.start() == 0 else ""
    ends_with = last.group() if last.end() == len(shown) else ""
    if len(tokens) == 1:
        token = first.group()
        numbers = _numbers_of_token(token, True) if _DIGIT.search(token) else ()
    else:
        numbers = tuple(number for number, _, _ in _numbers_in(shown, digits_alone=True, joined=True))
    return _Piece(
        numbers,
        begins_with,
        _leading(ends_with) if ends_with else "",
        _following(begins_with) if begins_with else "",
        _DIGIT.search(begins_with) is not None,
        _DIGIT.search(ends_with) is not None,
        len(tokens) == 1 and bool(begins_with) and bool(ends_with),
    )


class Joinable(NamedTuple):
    """What a piece may bring to the numbers of a title, in canonical letters and digits: every number that it may be,
    what of it may lead a number that was written apart, and what may follow in one; "" for nothing."""

    numbers: tuple[str, ...]
    lead: str
    follow: str


_NOT_JOINABLE = Joinable((), "", "")


def joinable(piece: str, *, has_digits: bool) -> Joinable:
    """All that `numbers_in` may take of a piece of a title, and perhaps more; much quicker for most pieces."""
    if piece.isascii():
        if piece.isalnum():
            whole = piece.lower().translate(READ_ALIKE)
            return Joinable((whole,) if has_digits else (), whole, whole)
        shown = piece
    elif not has_digits and _RUSSIAN.fullmatch(piece):
        return _NOT_JOINABLE
    else:
        shown = _plain(piece)[0]
    tokens = _TOKEN.findall(shown)
    if not tokens:
        return _NOT_JOINABLE
    canonical = [_canonical(token) for token in tokens]
    numbers: list[str] = []
    if _DIGIT.search(shown):
        triples = zip(canonical, canonical[1:], canonical[2:], strict=False)
        numbers = [*canonical, *map("".join, pairwise(canonical)), *map("".join, triples)]
        numbers += [_canonical(part) for token in tokens if "/" in token for part in token.split("/")]
    begins, ends = shown[0], shown[-1]
    return Joinable(
        tuple(numbers),
        canonical[-1] if ends.isascii() and ends.isalnum() else "",
        canonical[0] if begins.isascii() and begins.isalnum() else "",
    )


def _canonical(token: str) -> str:
    return token.lower().translate(OF_NUMBERS)


def _numbers_in(shown: str, *, digits_alone: bool, joined: bool) -> Iterator[tuple[str, int, int]]:
    """(canonical number, start, end), one by one."""
    tokens = [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(shown)]
    numbered = [_DIGIT.search(token) is not None for token, _, _ in tokens]
    last = len(tokens) - 1
    for place, (token, start, end) in enumerate(tokens):
        if numbered[place]:
            for number in _numbers_of(token, digits_alone):
                yield number, start, end
        if not joined or place == last or not (numbered[place] or numbered[place + 1]):
            continue
        right, begins, ends = tokens[place + 1]
        if begins != end + 1 or shown[end] not in _GAPS:
            continue
        third, next_begins, next_ends = tokens[place + 2] if place + 1 < last else ("", 0, 0)
        if next_begins != ends + 1 or shown[ends] != " ":
            third = ""
        for number, stop in zip(_joined(token, right, third), (ends, next_ends), strict=False):
            yield number, start, stop


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
    return _numbers_of_token(token, digits_alone)


def _numbers_of_token(token: str, digits_alone: bool) -> tuple[str, ...]:
    """The model numbers that one token with digits is or contains. Nothing that it asks is remembered: whoever calls it
    remembers the whole."""
    bare = _SEPARATORS.sub("", token).lower()
    if len(bare) < 3 or _measures(bare) or _names_a_standard(bare, token) or _all_measures(token):
        return ()
    if bare.isdigit():
        return (bare,) if digits_alone and 4 <= len(bare) <= 10 and "/" not in token else ()
    numbers = []
    if len(bare) >= 4 or "-" in token or not bare[0].isdigit():
        numbers.append(bare.translate(READ_ALIKE))
    if "/" in token:
        numbers += [
            canonical_model(part)
            for part in token.split("/")
            if len(part) >= 4 and _DIGIT.search(part) and not part.isdigit()
        ]
    return tuple(numbers)


def _names_a_standard(bare: str, token: str) -> bool:
    """Whether a token names a standard; plugs of four digits have a hyphen ("10-50"), "1050" is a model."""
    return STANDARDS.fullmatch(bare) is not None and not (len(token) == PLUG and token.isdigit())


def _joined(left: str, right: str, third: str) -> tuple[str, ...]:
    """The numbers that two and, where there is a third one, three tokens in a row make."""
    first, second = _leading(left), _following(right)
    return _made_of(first, second, third) if first and second else ()


def _made_of(first: str, second: str, third: str) -> tuple[str, ...]:
    """The same of what may lead and what may follow."""
    if not _may_join(first, second):
        return ()
    pair = first + (second if second.isalnum() else _SEPARATORS.sub("", second))
    # Hardly any pair comes twice, so nothing about one is remembered.
    if STANDARDS.fullmatch(pair) is not None:
        return ()
    whole = pair if pair.isalpha() else pair.translate(READ_ALIKE)
    if third and len(third) <= 4 and _may_follow(third.lower()):
        return whole, (pair + third.lower()).translate(OF_NUMBERS)
    return (whole,)


def _may_join(left: str, right: str) -> bool:
    """Whether two tokens of which one may lead and the other may follow make a number."""
    if left.isdigit() and right.isdigit():
        return False
    letters = left if left.isalpha() else right if right.isalpha() else ""
    others = len(left) + len(right) - len(letters)
    return others + len(letters) >= 4 and (not letters or others >= 4 or is_name(stem(letters)))


def _leading(token: str) -> str:
    """A token as the first part of a number that was written apart; "" where it cannot be."""
    first = token.lower() if token.isalnum() else _SEPARATORS.sub("", token).lower()
    return first if _may_lead(first) else ""


def _following(token: str) -> str:
    """A token as the second part of one; "" where it cannot be."""
    second = token.lower()
    return second if _may_follow(second) else ""


def _may_lead(token: str) -> bool:
    """Whether a token may be the first part of a number that was written apart."""
    bare = token if token.isalnum() else _SEPARATORS.sub("", token)
    return len(bare) <= 7 and not _YEAR.match(token) and _is_name_or_short(token)


def _may_follow(token: str) -> bool:
    """Whether a token may be the second part of one."""
    return len(token) <= 8 and not is_measure(token) and _is_name_or_short(token)


def _is_name_or_short(token: str) -> bool:
    return not token.isalpha() or len(token) <= 2 or is_name(stem(token))


def _all_measures(token: str) -> bool:
    """Whether a token of several parts is a size such as 30-inch or 3-in-1: it begins with a number that is one."""
    parts = [part.lower() for part in _SEPARATORS.split(token)]
    if len(parts) < 2 or not parts[0][0].isdigit():
        return False
    if _TIMES.fullmatch(parts[0]) and any(part.isdigit() for part in parts[1:]):
        return False  # "75X-2" is a model, "75x" a magnification
    known = [is_measure(part) or part.isalpha() or (part.isdigit() and len(part) < 4) for part in parts]
    return all(known) and (any(map(is_measure, parts)) or any(part.isalpha() and len(part) > 1 for part in parts))
