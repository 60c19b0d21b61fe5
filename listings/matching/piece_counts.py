"""How many pieces a set has, as names of products say it: "10-piece Cookware Set", "10-teilig".

A pack of several is the same product; a set of other pieces is another one.
"""

import re

from listings.matching.texts import Span

_WORDS = {
    word: number
    for number, word in enumerate(("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 2)
}  # fmt: skip
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(_WORDS)})"
_PIECES = re.compile(
    rf"(?<![\w.,/-]){_COUNT}[ -]?(?:pieces?|pcs?\b\.?|teilig\w*|tlg\b\.?|pi[eè]ces?|piezas|pezzi|pe[cç]as|delig\w*|dele\b|"
    r"delar\b|osaa\b|osainen|elementów|parça|dílná|részes)",
    re.IGNORECASE,
)
_BOTH = re.compile(
    rf"(?<![\w-])(?P<one>\d{{1,2}}|{'|'.join(_WORDS)})-? (?:or|and|to) (?=(?:\w+)[ -]pieces?)", re.IGNORECASE
)


def pieces_in(said: str, field: str) -> dict[int, Span]:
    """Number of pieces → where a text says it."""
    found: dict[int, Span] = {}
    for match in _PIECES.finditer(said):
        found.setdefault(_number(match["count"]), Span(field, match.start(), match.end(), match.group()))
    for match in _BOTH.finditer(said):  # "a three- or five-piece set"
        found.setdefault(_number(match["one"]), Span(field, match.start(), match.end(), match.group()))
    return found


def _number(said: str) -> int:
    return _WORDS.get(said.lower()) or int(said)
