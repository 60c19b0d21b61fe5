"""The words that matching knows: how common a word is, names of things in several languages, phrases that exclude.

All of it is data in this folder and can be extended without code.
"""

import json
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from listings.matching.normalise import words

_FOLDER = Path(__file__).parent
RECALLS_COUNTED = 9_360
_UNCOUNTED = (1, 1, 0)
LISTINGS_COUNTED = 80_924
LOWER_CASE_AT_MOST = 2  # recalls that write a name without a capital letter


def _load(name: str) -> Any:
    return json.loads((_FOLDER / name).read_text(encoding="utf-8"))


_COUNTS: dict[str, list[int]] = _load("word_counts.json")
PHRASES: dict[str, list[str]] = _load("phrases.json")
STOP_WORDS = frozenset(word.text for said in PHRASES["stop_words"] for word in words(said))
COMPONENTS = frozenset(PHRASES["components"])
"""Things that are parts of others: a recall of one reaches the product that contains it."""
ACCESSORY_WORDS = frozenset(PHRASES["accessory_words"])
WIDER: dict[str, str] = _load("wider.json")
"""A kind of thing → a wider one, or one that is easily taken for it."""
VOID_NOUNS = frozenset(word.text for said in PHRASES["void_nouns"] for word in words(said))
"""Last words of a name that say nothing about the kind: a "stroller model" is a stroller."""
BROAD_THINGS = frozenset(PHRASES["broad_things"])
"""Kinds so wide that two things of one kind are hardly alike."""


def _rarity_of(recalls: int, listings: int) -> float:
    share = max(recalls / RECALLS_COUNTED, listings / LISTINGS_COUNTED, 1 / RECALLS_COUNTED)
    return min(1.0, max(0.0, math.log(1 / share) / math.log(RECALLS_COUNTED)))


_RARITY = {word: _rarity_of(recalls, listings) for word, (recalls, listings, _) in _COUNTS.items()}
_RARITY |= dict.fromkeys(STOP_WORDS, 0.0)
_RARITY_UNCOUNTED = _rarity_of(*_UNCOUNTED[:2])


def rarity(word: str) -> float:
    """From 0 (stands nearly everywhere, or says nothing) to 1 (rare): how much a shared word tells."""
    return _RARITY.get(word, _RARITY_UNCOUNTED) if len(word) > 1 else 0.0


def counted(word: str) -> tuple[int, int, int]:
    """In how many recalls' names a word stands, in how many listings' titles, in how many recalls without a capital."""
    return _COUNTS.get(word, _UNCOUNTED)  # type: ignore[return-value]


def is_name(word: str) -> bool:
    """Whether the word is hardly ever written without a capital letter: a brand, a product line, a model number."""
    return _COUNTS.get(word, _UNCOUNTED)[2] <= LOWER_CASE_AT_MOST


def in_recalls(word: str) -> int:
    """In how many of the counted recalls the word stands; 1 for words that are not in the table."""
    return _COUNTS.get(word, _UNCOUNTED)[0]


def _thing_words() -> tuple[dict[str, str], dict[tuple[str, ...], str], dict[str, frozenset[str]]]:
    single: dict[str, str] = {}
    unsure: dict[str, set[str]] = {}
    several: dict[tuple[str, ...], str] = {}
    for thing, languages in _load("things.json").items():
        for language, name in ((language, name) for language, names in languages.items() for name in names):
            folded = tuple(word.text for word in words(name))
            if language == "also":
                unsure.setdefault(folded[0], set()).add(thing)
                continue
            if language != "en" and len(folded) == 1 and folded[0].isascii() and not is_name(folded[0]):
                unsure.setdefault(folded[0], set()).add(thing)  # rather the English word spelt alike: "four", "but"
                continue
            if len(folded) == 1 or (not folded[0].isascii() and not folded[0].isalpha()):
                if single.setdefault(folded[0], thing) != thing:
                    unsure.setdefault(folded[0], set()).add(thing)
            else:
                several.setdefault(folded, thing)
    return single, several, {word: frozenset(things) for word, things in unsure.items()}


THINGS, THINGS_OF_SEVERAL_WORDS, UNSURE_THINGS = _thing_words()
"""Folded word, or words in a row → the thing they name, in any of the lexicon's languages; and words that may name these
things too, in another language or, under "also", in another sense."""
LONGEST_THING = max(map(len, THINGS_OF_SEVERAL_WORDS))
_FIRST_WORDS = frozenset(several[0] for several in THINGS_OF_SEVERAL_WORDS)
_STARTS = _FIRST_WORDS | THINGS.keys()


def things_in(folded: Sequence[str]) -> list[tuple[str, int, int]]:
    """The things named in a row of folded words: (thing, first word, word after the last), longest names first."""
    if _STARTS.isdisjoint(folded):
        return []
    found, taken = [], 0
    for place, word in enumerate(folded):
        if place < taken or word not in _STARTS:
            continue
        taken = place + 1
        if word in _FIRST_WORDS:
            for length in range(min(LONGEST_THING, len(folded) - place), 1, -1):
                if thing := THINGS_OF_SEVERAL_WORDS.get(tuple(folded[place : place + length])):
                    found.append((thing, place, place + length))
                    taken = place + length
                    break
        if taken == place + 1 and (thing := THINGS.get(word)):
            found.append((thing, place, place + 1))
    return found


def phrase_pattern(name: str) -> re.Pattern[str]:
    """All phrases of one list as one pattern over lower-case text."""
    return re.compile("|".join(sorted(PHRASES[name], key=len, reverse=True)))
