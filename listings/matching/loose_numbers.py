"""Model numbers that a title has in any number of pieces: "DR-Z 110 K 5", "50 A 62", "E 232", "BR 500".

Two and three pieces are joined in `identifiers`, where they look like a number. Here any pieces in a row are, as long as
one of them is a single letter or digit, or capitals stand before digits: hardly anybody writes those alone, but whoever
takes a number apart.
"""

import re
from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from itertools import accumulate

from listings.matching.identifiers import is_measure, is_standard
from listings.matching.memory import remembered
from listings.matching.normalise import READ_ALIKE, canonical_model

_SINGLE = re.compile(r"(?<!\S)(?:[A-Za-z\d]\s+\S*\d|\S*\d\S*\s+[A-Za-z\d](?!\S))")
CAPITALS = re.compile(r"(?<![^\W_])[A-Z]{2,3} \d{2,4}[A-Z]{0,2}(?![^\W_])")
_SIZE = re.compile(r"\d+(?:[a-z]{0,2}x\d+)+[a-z]{0,2}")
_PIECE = re.compile(r"\S+")
_MARKS, _SEPARATORS = ",;:()[]", re.compile(r"[-_/.]")
MOST_PIECES, MOST = 6, 60  # pieces of a number; numbers of a title, of which real ones have up to some twenty
SHORTEST, LONGEST, LONGEST_PIECE = 4, 16, 6  # letters and digits


def loose_numbers(title: str, *, has_single: bool = True) -> dict[str, tuple[int, int]]:
    """Canonical numbers that pieces in a row make → where; `has_single` is false where certainly no piece is a single
    letter or digit."""
    found: dict[str, tuple[int, int]] = {}
    for match in CAPITALS.finditer(title):
        if _may_be_one(said := match.group().replace(" ", "").lower()):
            found.setdefault(canonical_model(said), match.span())
    if not has_single or not _SINGLE.search(title):
        return found
    pieces = [(_bare(match.group()), match.start(), match.end()) for match in _PIECE.finditer(title)]
    for first, (_, start, _) in enumerate(pieces):
        said, has_single = "", False
        for bare, _, end in pieces[first : first + MOST_PIECES]:
            alone, said = said == "", said + bare
            has_single |= len(bare) == 1
            if not bare or len(said) > LONGEST or len(found) >= MOST:
                break
            if not alone and has_single and _may_be_one(said):
                found.setdefault(canonical_model(said), (start, end))
    return found


def may_be_in(titles: Sequence[str], vocabulary: Container[str]) -> Iterator[tuple[int, str]]:
    """All `loose_numbers` of capitals and digits in these titles that are words of the vocabulary, and perhaps more: the
    title's place, and the number."""
    starts = [0, *accumulate(len(title) + 1 for title in titles)]
    for match in CAPITALS.finditer("\n".join(titles)):
        if (number := canonical_model(match.group().replace(" ", ""))) in vocabulary:
            yield bisect_right(starts, match.start()) - 1, number


def may_be_of(title: str, vocabulary: Container[str]) -> Iterator[str]:
    """All `loose_numbers` with a single letter or digit in a title that are words of the vocabulary, and perhaps more."""
    bare = [*map(_canonical, title.split())]
    singles = [place for place, piece in enumerate(bare) if len(piece) == 1]
    beginnings = {first for place in singles for first in range(max(0, place - MOST_PIECES + 1), place + 1)}
    for first in sorted(beginnings):
        said, has_single = "", False
        for piece in bare[first : first + MOST_PIECES]:
            said += piece
            has_single |= len(piece) == 1
            if not piece or len(said) > LONGEST:
                break
            if has_single and len(said) >= SHORTEST and said in vocabulary:
                yield said


@remembered
def _canonical(piece: str) -> str:
    """What a piece may bring to a number of several pieces, in canonical letters and digits; "" for nothing."""
    return _bare(piece).translate(READ_ALIKE)


def _bare(piece: str) -> str:
    bare = _SEPARATORS.sub("", piece.strip(_MARKS)).lower()
    return bare if bare.isascii() and bare.isalnum() and len(bare) <= LONGEST_PIECE else ""


def _may_be_one(said: str) -> bool:
    if len(said) < SHORTEST or said.isdigit() or said.isalpha():
        return False
    return not is_measure(said) and not is_standard(said) and not _SIZE.fullmatch(said)
