"""Words as candidate keys see them: how rare each is, in what keys it may be, and how it is written there."""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

from listings.matching.lexicon import PRODUCT_TYPES, counted, rarity
from listings.matching.memory import remembered
from listings.matching.normalise import skeleton

RARE_FROM, NAME_FROM, BONES_FROM = 4, 5, 5  # letters of a rare word, of a name that may be misspelt, of a skeleton
KEY_WORD = 24  # bytes; a digest has 23
RARE_IN_RECALLS, RARE_IN_LISTINGS, NAME_IN_LISTINGS, NAME_IN_LOWER_CASE = 12, 40, 120, 2


class Distinctive(NamedTuple):
    """A word as keys see it; sorts by rarity, rarest first, equal ones in the order of the alphabet.

    `bones` is its skeleton where it may be a misspelt name, `pairs` whether it counts together with another word, `key`
    how it appears in keys.
    """

    commonness: float
    word: str
    is_rare: bool
    bones: str
    pairs: bool
    key: str


@remembered
def told(word: str) -> Distinctive | None:
    """A word as keys see it; None where it is no evidence."""
    if (distinct := rarity(word)) <= 0:
        return None
    pairs = not word.isdigit() and (len(word) > 2 or not word.isascii())
    return Distinctive(-distinct, word, _is_rare(word), bones_of(word), pairs, short(word))


def distinctive_in(words: Iterable[str]) -> list[Distinctive]:
    """The words that are evidence at all, the strongest first."""
    return sorted(filter(None, map(told, words)))


def bones_of(word: str) -> str:
    """The skeleton of a word that may be a misspelt name, as it appears in keys; "" for other words."""
    if len(word) < NAME_FROM or not (word.isascii() and word.isalpha() and _is_rare(word)):
        return ""
    return skeleton_key(word) if counted(word)[2] <= NAME_IN_LOWER_CASE and rarity(word) > 0 else ""


def skeleton_key(word: str) -> str:
    """The skeleton of a word as it appears in keys; "" where it has too few letters."""
    bones = skeleton(word)
    return short(bones) if len(bones) >= BONES_FROM else ""


def short(said: str) -> str:
    """A word or number as it appears in keys: itself, or a digest of it where it has more than `KEY_WORD` bytes."""
    if len(said) * 4 <= KEY_WORD or len(written := said.encode(errors="surrogatepass")) <= KEY_WORD:
        return said
    return f"#{hashlib.blake2b(written, digest_size=11).hexdigest()}"


def _is_rare(word: str) -> bool:
    if len(word) < RARE_FROM or word in PRODUCT_TYPES:
        return False
    recalls, listings, lower = counted(word)
    if lower <= NAME_IN_LOWER_CASE:
        return recalls <= RARE_IN_RECALLS and listings <= NAME_IN_LISTINGS
    return recalls <= RARE_IN_RECALLS and lower <= RARE_IN_RECALLS and listings <= RARE_IN_LISTINGS
