"""Pieces that are one run of ASCII letters and digits, or of Russian letters, with marks around it: three of four, and
read by the thousand.

What is asked of each is asked of all of them at once, as one text with a line for each, which Python's own functions on
texts answer natively.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from listings.matching.bulk.words import IS_FOR
from listings.matching.normalise import LETTERS_AND_DIGITS, READ_ALIKE, RUSSIAN, fold, read_piece, stems
from listings.matching.pieces import ABSENT, HAS_DIGIT, IS_SINGLE, MAY_CHANGE, marks_of_signs

_MARKS = "".join(chr(code) for code in range(128) if not chr(code).isalnum())
_ABSENT_IN_LINE = re.compile(ABSENT.pattern, re.MULTILINE)
_OF_MARKS = {mark: MAY_CHANGE for mark in _MARKS if marks_of_signs(mark) & MAY_CHANGE} | {"'": IS_FOR}
_NOTHING_HIDDEN: frozenset[str] = frozenset()


class Plain(NamedTuple):
    """One row for each plain piece: its place among those given, its folded word, the run in letters and digits as model
    numbers have them, what the text may have because of it, how many digits it has, and whether nothing stands before
    and behind the run."""

    places: Sequence[int]
    words: Sequence[str]
    numbers: Sequence[str]
    marks: Sequence[int]
    digits: Sequence[int]
    begins: Sequence[bool]
    ends: Sequence[bool]


def plain_among(pieces: Sequence[str]) -> Plain:
    """Those of the pieces that are plain, read as `read_piece`, `marks_of_signs` and `joinable` read each."""
    runs = [piece.strip(_MARKS) for piece in pieces]
    russian, mixed = _russian_among(runs), LETTERS_AND_DIGITS.search
    places = [
        place
        for place, run in enumerate(runs)
        if (run.isalpha() or (run.isalnum() and mixed(run) is None) if run.isascii() else run in russian)
    ]
    chosen, runs = [pieces[place] for place in places], [runs[place] for place in places]
    folded = fold("\n".join(runs))[0]
    lines, numbers = (each.split("\n") if places else [] for each in (folded, folded.translate(READ_ALIKE)))
    marks = [_marks_of(piece, run) for piece, run in zip(chosen, runs, strict=True)]
    return Plain(
        places,
        stems(lines),
        [number if number.isascii() else "" for number in numbers],
        marks,
        [sum(map(str.isdigit, run)) if mark & HAS_DIGIT else 0 for run, mark in zip(runs, marks, strict=True)],
        [piece[0].isalnum() for piece in chosen],
        [piece[-1].isalnum() for piece in chosen],
    )


def _russian_among(runs: Sequence[str]) -> set[str]:
    """Those that are one Russian word and nothing else: no Latin one in disguise, and no name in other letters."""
    others = {run for run in runs if not run.isascii()}
    return {run for run in filter(RUSSIAN.fullmatch, others) if read_piece(run) == ((fold(run)[0],), _NOTHING_HIDDEN)}


def _marks_of(piece: str, run: str) -> int:
    marks = 0 if run.isalpha() else HAS_DIGIT
    if len(piece) == len(run):
        return marks | IS_SINGLE if len(piece) == 1 else marks
    if not _OF_MARKS.keys().isdisjoint(piece):
        for mark, means in _OF_MARKS.items():
            if mark in piece:
                marks |= means
    return marks


def absent_in(pieces: Sequence[str]) -> set[int]:
    """The places of the pieces of which a text has some that says what is not there."""
    lowered = [*map(str.lower, pieces)]  # of which each may be longer than it was
    found = [match.start() for match in _ABSENT_IN_LINE.finditer("\n".join(lowered))]
    if not found:
        return set()
    begins = [*accumulate((len(piece) + 1 for piece in lowered), initial=0)]
    return {bisect_right(begins, start) - 1 for start in found}
