"""GTINs out of fields as sellers, spreadsheets and regulators fill them in, and how far each of them can be trusted."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from listings.matching.identifiers import gtin14
from portal.gtin import checked_gtin

FIELD_READ, MAX_CODES = 400, 16  # characters of a field, codes in it
_CODE = re.compile(r"\d(?:[ \-\u00a0]?\d)*(?:\.0+(?!\d))?")
_APART = re.compile(r"[,;/|\n\t]|\s{2,}|\band\b")
GIVEN = frozenset({8, 12, 13, 14})  # digits of a code whose check digit may be a slip of the pen
_LENGTHS = (13, 12, 14)  # of codes that were written without a gap, likeliest first


class Code(NamedTuple):
    """A GTIN of 14 digits; `doubt` says why it is not the sole proof of anything, empty where it is one."""

    gtin: str
    doubt: str
    start: int
    end: int


@lru_cache(maxsize=20_000)
def codes_in(field: str) -> tuple[Code, ...]:
    """Every GTIN that a GTIN field states: one, several with marks or line ends between them or run together, in
    quotes, as a spreadsheet's text (="…") or number (….0), and UPC-E written out.

    A code of eight digits that begins with 0 or 1 may be a GTIN-8 or a UPC-E (GS1 General Specifications, 5.2.2.4.2):
    where both check digits are right both are given, and said to be doubtful. So is a code with a wrong check digit:
    the same slip on both sides is no accident, but it is no proof.
    """
    field = field[:FIELD_READ]
    found: dict[str, Code] = {}
    if field.isdigit() and field.isascii():  # one code and nothing else, as nearly all fields have it
        for gtin, doubt in _read(field):
            found.setdefault(gtin, Code(gtin, doubt, 0, len(field)))
        return tuple(found.values())[:MAX_CODES]
    begin = 0
    for end in [*(match.start() for match in _APART.finditer(field)), len(field)]:
        for match in _CODE.finditer(field, begin, end):
            digits = re.sub(r"\D", "", match.group().partition(".")[0])
            for gtin, doubt in _read(digits):
                found.setdefault(gtin, Code(gtin, doubt, match.start(), match.end()))
        begin = end
    return tuple(found.values())[:MAX_CODES]


def doubt_of(gtin: str) -> str:
    """Why a GTIN of 14 digits is no proof by itself; "" where it is."""
    bare = gtin.lstrip("0")
    if len(set(gtin[-9:-1])) == 1:
        return "it is a placeholder"
    if len(bare) <= 8:
        return "it has 8 digits, like lot numbers and dates"
    if gtin[1] == "2" or (gtin[1] == "0" and gtin[2] in "24"):  # restricted circulation: 20 to 29, 02 and 04
        return "it is a number that a shop assigns itself"
    return ""


def _read(digits: str) -> Iterator[tuple[str, str]]:
    """(GTIN, doubt) of one run of digits."""
    if not digits.strip("0"):
        return
    plain = gtin14(digits)
    written_out = _upc_a(digits) if len(digits) == 8 and digits[0] in "01" else None
    if plain and written_out:
        yield plain, "it may be a GTIN-8 or a UPC-E"
        yield written_out, "it may be a GTIN-8 or a UPC-E"
    elif plain:
        yield plain, doubt_of(plain)
    elif written_out:
        yield written_out, ""
    elif len(digits) >= 2 * min(_LENGTHS):
        yield from ((gtin, doubt_of(gtin)) for gtin in _run_together(digits))
    elif len(digits) in GIVEN:
        yield digits.zfill(14), "its check digit is wrong"


def _upc_a(code: str) -> str | None:
    """The GTIN-14 of a UPC-E with number system and check digit; None where the check digit is wrong."""
    system, body, check = code[0], code[1:7], code[7]
    last = body[5]
    if last in "012":
        maker, item = body[:2] + last + "00", "00" + body[2:5]
    elif last == "3":
        maker, item = body[:3] + "00", "000" + body[3:5]
    elif last == "4":
        maker, item = body[:4] + "0", "0000" + body[4]
    else:
        maker, item = body[:5], "0000" + last
    return checked_gtin(system + maker + item + check)


def _run_together(digits: str) -> list[str]:
    """Codes written one behind the other without a gap, where all of it can be read so; [] where it cannot."""
    ways: dict[int, list[str]] = {0: []}
    for place in range(len(digits)):
        if place not in ways:
            continue
        for length in _LENGTHS:
            part = digits[place : place + length]
            if len(part) == length and part.strip("0") and place + length not in ways and (code := checked_gtin(part)):
                ways[place + length] = [*ways[place], code]
    return ways.get(len(digits), [])
