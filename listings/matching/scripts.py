"""Makers' names and product types in scripts that leave no blanks between words, or that recalls do not use.

"本田发电机" is Honda and a generator, "フェスツール" is Festool, "بوش" is Bosch. The names are data
(`lexicon/maker_scripts.json`), as what a Chinese name sounds like says little of how the maker writes it.
"""

import re
import unicodedata

from listings.matching.heard import ALONE, IN_SCRIPTS, OF_KINDS

SHORT = 2  # characters: so short a name is one only where a run of characters begins with it
CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
CJK_RUN = re.compile(f"{CJK.pattern}+")
_KANA = re.compile("[\u30a1-\u30fa\u30fc]")


def _folded(said: str) -> str:
    parts = unicodedata.normalize("NFKD", said).lower()
    return "".join(part for part in parts if not unicodedata.combining(part))


_MAKERS = {_folded(written): words for written, words in IN_SCRIPTS.items()}
_ALONE = frozenset(map(_folded, ALONE))
_OF_KINDS = frozenset(folded for word in OF_KINDS if CJK.search(word) and len(folded := _folded(word)) >= SHORT)
_KINDS = frozenset(word for word in _OF_KINDS if len(word) > SHORT)
_BEGINNINGS = {written[:SHORT] for written in _MAKERS.keys() | _KINDS if CJK.search(written)}
_LONGEST = max(map(len, _MAKERS.keys() | _KINDS))


def maker_in_script(word: str) -> tuple[str, ...]:
    """The words of the maker's name that a folded word of another script is; none for most words."""
    return _MAKERS.get(word, ())


def known_in_run(run: str) -> list[tuple[int, int, tuple[str, ...]]]:
    """What is known in a folded run of CJK characters, longest first from left to right: start, end, and the words of
    the maker's name, or the product type as it is written. Types of two characters are found as pairs. A type in front
    of another says what that is for: a "bicycle helmet" is a helmet."""
    found: list[tuple[int, int, tuple[str, ...]]] = []
    place = 0
    while place < len(run) - 1:
        end = place + 1
        if run[place : place + SHORT] in _BEGINNINGS:
            for stop in range(min(len(run), place + _LONGEST), place + 1, -1):
                if words := _known(run, place, stop):
                    found.append((place, stop, words))
                    end = stop
                    break
        place = end
    return found


def _known(run: str, start: int, end: int) -> tuple[str, ...]:
    said = run[start:end]
    if (maker := _MAKERS.get(said)) is None:
        names_another = any(run[end:stop] in _OF_KINDS for stop in _ends(run, end))
        return (said,) if said in _KINDS and not names_another else ()
    if said in _ALONE:
        return maker if len(said) == len(run) else ()
    if _KANA.match(said) and (_KANA.match(run, end) or (start and _KANA.match(run, start - 1))):
        return ()  # part of a longer word
    return maker if start == 0 or end - start > SHORT else ()


def _ends(run: str, start: int) -> range:
    return range(start + SHORT, min(len(run), start + _LONGEST) + 1)
