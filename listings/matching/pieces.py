"""Reading a text by its pieces between blanks, of which most have come before: what one is is worked out once.

No word, and no way of hiding one, reaches over a blank, apart from letters set apart by blanks, tags and entities; a
text that may have these is undone as a whole first.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from listings.matching.disguises import may_be_disguised, may_run_together
from listings.matching.key_words import Distinctive, told
from listings.matching.lexicon import begins_a_product_type
from listings.matching.memory import remembered
from listings.matching.normalise import decode, may_be_mojibake, read_piece

MAY_CHANGE, IS_SINGLE, HAS_DIGIT, MAY_BE_ABSENT = 1, 2, 4, 8
BEGINS_A_TYPE = 1 << 15  # a word of it may begin the name of a product type
SHORT, SHORT_TEXTS = 64, 20_000  # characters of a text that may come again, such texts that are kept
SINGLES = 3  # pieces of one letter or digit from which letters may be set apart by blanks
ABSENT = re.compile(r"without|w/o|excl|ohne|sans|senza|zonder|bez|без|not$|n't$|sin$|sem$")
"""What a piece in lower case has of every text that says what is not there (`stated`)."""


_DIGITS = frozenset("0123456789")


class Piece(NamedTuple):
    """Its folded words, those of them that are evidence, those hidden by look-alike letters, and what the text may have
    because of it: all that is asked of each word of every listing, so that a piece is looked up once and no word is."""

    texts: tuple[str, ...]
    told: tuple[Distinctive, ...]
    hidden: frozenset[str]
    marks: int


class Said(NamedTuple):
    """A decoded text, its folded words, those of them that are evidence (as often as they come), those hidden, and the
    marks of all its pieces together."""

    decoded: str
    texts: list[str]
    told: list[Distinctive]
    hidden: frozenset[str]
    marks: int


NOTHING_HIDDEN: frozenset[str] = frozenset()
NOTHING = Said("", [], [], NOTHING_HIDDEN, 0)


def read_pieces(text: str, most: int) -> Said:
    """The first `most` characters of a text, as `decode` and `texts_of` read them."""
    text = text[:most]
    said = read_decoded(text)
    if said.marks & MAY_CHANGE or (said.marks & IS_SINGLE and _singles_in(text) >= 2 * SINGLES):
        decoded = decode(text)
        if decoded != text:
            return read_decoded(decoded)
    return said


def read_decoded(text: str) -> Said:
    """A text that is decoded."""
    texts: list[str] = []
    told_of_all: list[Distinctive] = []
    hidden, marks = NOTHING_HIDDEN, 0
    for words, told_of_piece, hides, of_piece in map(piece_of, text.split()):
        texts += words
        told_of_all += told_of_piece
        marks |= of_piece
        if hides:
            hidden |= hides
    return Said(text, texts, told_of_all, hidden, marks)


def _singles_in(text: str) -> int:
    """How many pieces are one letter or digit."""
    return sum([piece_of(piece).marks & IS_SINGLE for piece in text.split()])


def read_field(text: str, most: int) -> Said:
    """`read_pieces` of a field whose content comes again and again: a brand, a category. Not to be changed."""
    return _read_short(text) if len(text) <= min(SHORT, most) else read_pieces(text, most)


@lru_cache(maxsize=SHORT_TEXTS)
def _read_short(text: str) -> Said:
    return read_pieces(text, SHORT)


@remembered
def piece_of(piece: str) -> Piece:
    """What a piece of text without a blank is."""
    texts, hidden = read_piece(piece)
    marks = marks_of(piece) | BEGINS_A_TYPE * any(map(begins_a_product_type, texts))
    return Piece(texts, tuple(filter(None, map(told, texts))), hidden, marks)


def marks_of(piece: str) -> int:
    """What a text may have because of a piece of it."""
    return marks_of_signs(piece) | MAY_BE_ABSENT * (ABSENT.search(piece.lower()) is not None)


def marks_of_signs(piece: str) -> int:
    """The same without MAY_BE_ABSENT."""
    marks = IS_SINGLE * (len(piece) == 1 and piece.isalnum())
    if piece.isascii():
        if piece.isalnum():
            return marks | HAS_DIGIT * (not piece.isalpha()) | MAY_CHANGE * may_run_together(piece)
        marks |= HAS_DIGIT * (not _DIGITS.isdisjoint(piece))
    else:
        marks |= HAS_DIGIT * any(map(str.isdigit, piece))
    return marks | MAY_CHANGE * ("&" in piece or may_be_disguised(piece) or may_be_mojibake(piece))
