"""Pieces that are one run of ASCII letters and digits, or of Russian letters, with marks around it: three of four, and
read by the thousand. So are those of two to four ASCII runs with a single hyphen, slash or point between them
("XM-GTX6040", "1/4-20"), half of the others.

What is asked of each is asked of all of them at once, as one text with a line for each, which Python's own functions on
texts answer natively.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, islice
from typing import NamedTuple

from listings.matching.bulk.words import IS_FOR
from listings.matching.disguises import may_run_together
from listings.matching.identifiers import OF_NUMBERS
from listings.matching.normalise import LETTERS_AND_DIGITS, READ_ALIKE, RUSSIAN, fold, read_piece, stems
from listings.matching.pieces import ABSENT, HAS_DIGIT, IS_SINGLE, MAY_CHANGE, marks_of_signs

_MARKS = "".join(chr(code) for code in range(128) if not chr(code).isalnum())
_ABSENT_IN_LINE = re.compile(ABSENT.pattern, re.MULTILINE)
_OF_MARKS = {mark: MAY_CHANGE for mark in _MARKS if marks_of_signs(mark) & MAY_CHANGE} | {"'": IS_FOR}
_NOTHING_HIDDEN: frozenset[str] = frozenset()
_SEVERAL = re.compile(r"[A-Za-z0-9]+(?:[-/.][A-Za-z0-9]+){1,3}")  # fewer than letters that are set apart have
_ABBREVIATED = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]\.[A-Za-z]\.").search
_APART = str.maketrans("-/.", "   ")
_DIGIT = re.compile("[0-9]").search


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


class Several(NamedTuple):
    """The same for each piece of several runs, with all its folded words; `numbers` are what it may be or bring to a model
    number as a whole, `parts` what it may be besides that, of those with a slash."""

    places: Sequence[int]
    words: Sequence[tuple[str, ...]]
    numbers: Sequence[str]
    parts: Sequence[tuple[str, ...]]
    marks: Sequence[int]
    digits: Sequence[int]
    begins: Sequence[bool]
    ends: Sequence[bool]


def several_among(pieces: Sequence[str], among: Sequence[int]) -> Several:
    """Those at the places `among` that are of several runs, read as each would be by itself."""
    places, runs = [], []
    for place in among:
        run = pieces[place].strip(_MARKS)
        if _SEVERAL.fullmatch(run) and not LETTERS_AND_DIGITS.search(pieces[place]) and not _ABBREVIATED(run + "."):
            places.append(place)
            runs.append(run)
    chosen = [pieces[place] for place in places]
    lowered = "\n".join(runs).lower()
    apart = lowered.translate(_APART)
    counts = [line.count(" ") + 1 for line in apart.split("\n")]
    words = iter(stems(apart.split()))
    are_numbered = [_DIGIT(run) is not None for run in runs]
    return Several(
        places,
        [tuple(islice(words, count)) for count in counts[: len(places)]],
        lowered.translate(OF_NUMBERS).split("\n")[: len(places)],
        [
            tuple([part.translate(OF_NUMBERS) for part in run.lower().split("/")]) if is_numbered and "/" in run else ()
            for run, is_numbered in zip(runs, are_numbered, strict=True)
        ],
        [
            _marks_beside(piece, run) | HAS_DIGIT * is_numbered | MAY_CHANGE * may_run_together(run)
            for piece, run, is_numbered in zip(chosen, runs, are_numbered, strict=True)
        ],
        [sum(map(str.isdigit, run)) if is_numbered else 0 for run, is_numbered in zip(runs, are_numbered, strict=True)],
        [piece[0].isalnum() for piece in chosen],
        [piece[-1].isalnum() for piece in chosen],
    )


def _russian_among(runs: Sequence[str]) -> set[str]:
    """Those that are one Russian word and nothing else: no Latin one in disguise, and no name in other letters."""
    others = {run for run in runs if not run.isascii()}
    return {run for run in filter(RUSSIAN.fullmatch, others) if read_piece(run) == ((fold(run)[0],), _NOTHING_HIDDEN)}


def _marks_of(piece: str, run: str) -> int:
    marks = (0 if run.isalpha() else HAS_DIGIT) | MAY_CHANGE * may_run_together(run)
    if len(piece) == len(run):
        return marks | IS_SINGLE if len(piece) == 1 else marks
    return marks | _marks_beside(piece, run)


def _marks_beside(piece: str, run: str) -> int:
    """What the text may have because of the marks around a run."""
    marks = 0
    if len(piece) > len(run) and not _OF_MARKS.keys().isdisjoint(piece):
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
