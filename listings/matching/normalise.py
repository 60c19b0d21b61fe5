"""From text as people write it to words that can be compared, each with its place in the original.

Folding undoes what sellers do to hide a product and what feeds do to text: compatibility forms, accents, zero-width
characters, look-alike letters of other scripts, HTML entities, mojibake. Offsets always point into the original text.
"""

import html
import re
import sys
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import ftfy

from listings.matching.disguises import (
    drawn_letter,
    is_invisible,
    undisguised,
    without_leet,
    word_under_digits,
)
from listings.matching.memory import remembered
from listings.matching.scripts import CJK, known_in_run, maker_in_script
from listings.matching.spellings import IN_AMERICAN
from listings.matching.transliterated import known_name


class Word(NamedTuple):
    """A folded word and its place in the original; `disguised` where look-alike or invisible letters hid it."""

    text: str
    start: int
    end: int
    disguised: bool = False


_LOOKALIKES = str.maketrans(
    "авеёкмнорстухіїјѕԁԛԝһӏьзαβεικνορτυχωγηΑΒΕΖΗΙΚΜΝΟΡΤΥΧօոսհցյզ",
    "abeekmhopctyxiijsdqwhlb3abeikvoptuxwynabezhikmnoptyxonuhgjq",
)
_LATIN_SHAPES = str.maketrans("øłđıħŧɑɡȷɩƒƀɓɖɗɠɦɨƙɫɬɭɱɲɳƞƥʠɼɽɾʂʈƫʉʋʐƶȥƴɏ", "oldihtagjifbbddghiklllmnnnpqrrrsttuvzzzyy")
_WRITTEN_OUT = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})
_OF_ALPHABETS = frozenset(
    "øłđıħŧßæœþð"
)  # letters that languages have; the others of `_LATIN_SHAPES` are of phoneticians
_LOOSE_LOOKALIKES = str.maketrans("гпишяц", "rnuwru")  # beside Latin letters alone: a Russian word is full of them
HIDDEN_FROM = 4  # letters of another script from which a word may be a Latin one in disguise; "ма" is a Russian word
MAX_ESCAPED = 4  # times that entities may be escaped over
JOINED_FROM, JOINED_TO = 4, 24  # letters of two words that may be one name
JOINED_WITHIN = 9  # words of a title where makers and lines are
_MARKS = frozenset("®™©℠")  # they end a word; the compatibility form of ™ would lengthen it by "TM"
_PIECE = re.compile(r"(?<!\w)(?:[^\W\d_]\.){2,}(?:[^\W\d_](?!\w))?|[^\W_]+(?:['’][^\W_]+)*")
LETTERS_AND_DIGITS = re.compile("[A-Za-z][013457]{1,2}[A-Za-z]|(?<![^\\W_])[013457]{1,2}[A-Za-z]{2,}[013457]")
_RUN = re.compile("[0-9a-z]+|[^0-9a-z]+")
_LATIN = re.compile("[a-z]")
_DOUBLED, _ONCE = re.compile(r"(.)\1+", re.DOTALL), r"\1"
_DOUBLED_IN_LINE = re.compile(r"([^\n])\1+")
_VOWELS = str.maketrans("", "", "aeiouyh")
_GREEK = re.compile("[\u0370-\u03ff]")
_OTHER_SCRIPT = re.compile("[\u0370-\u03ff\u0400-\u052f\u0530-\u058f]")
RUSSIAN = re.compile("[А-Яа-яЁё]+")
_MOJIBAKE = re.compile("Ã.|Â.|â€")
_NOT_OF_MODELS = re.compile("[^0-9a-z]")
_IRREGULAR = {
    **IN_AMERICAN,
    **{f"{word}s": american for word, american in IN_AMERICAN.items()},
    "knives": "knife",
    "shelves": "shelf",
    "batteries": "battery",
    "children": "child",
    "feet": "foot",
    "specialities": "specialty",
    "jewelleries": "jewelry",
}


def decode(text: str, most: int = sys.maxsize) -> str:
    """The first `most` characters with entities (also escaped several times over), mojibake and tricks of display undone. Done once,
    before any span is taken."""
    text = text[:most]
    for _ in range(MAX_ESCAPED):
        if "&" not in text or (unescaped := html.unescape(text)) == text:
            break
        text = unescaped
    if not text.isascii() and _MOJIBAKE.search(text):
        text = ftfy.fix_encoding(text)
    return undisguised(text)


class _Folding(dict[int, str]):
    """Code point → what it folds to, filled as characters are met; `odd` do not fold to just one character."""

    def __init__(self) -> None:
        super().__init__()
        self.odd: set[str] = set()

    def __missing__(self, code: int) -> str:
        character = chr(code)
        folded = "".join(
            part for part in unicodedata.normalize("NFKD", character).lower() if not unicodedata.combining(part)
        )
        if (len(folded) == 1 and not folded.isascii()) or folded[:1] == "(":
            folded = drawn_letter(character) or folded
        self[code] = "" if is_invisible(character) else " " if character in _MARKS else folded
        if len(self[code]) != 1:
            self.odd.add(character)
        return self[code]


_FOLDING = _Folding()
_NOTHING_HIDDEN: frozenset[str] = frozenset()


def fold(text: str) -> tuple[str, list[int] | None]:
    """`text` in lower case without accents and invisible characters, and for each character its place in `text`
    (None where they are the same)."""
    if text.isascii():
        return text.lower(), None
    folded = text.translate(_FOLDING)
    if _FOLDING.odd.isdisjoint(text):
        return folded, None
    return folded, [place for place, character in enumerate(text) for _ in _FOLDING[ord(character)]]


def stem(word: str) -> str:
    """The singular of an English word, roughly, in American spelling; other words stay."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def stems(words: Sequence[str]) -> list[str]:
    """`stem` of many words."""
    return [stem(word) if word[-1:] == "s" or word in _IRREGULAR else word for word in words]


def words(text: str) -> list[Word]:
    """The words of `text`, folded and in the singular; runs of CJK characters also as overlapping pairs, and as the
    makers and product types that are known in them."""
    folded, places = fold(text)
    found: list[Word] = []
    for match in _PIECE.finditer(folded):
        start, end = match.span()
        word = match.group()
        if not word.isascii() and CJK.search(word):
            for run in _RUN.finditer(folded, start, end):
                found += _run(run, folded, places)
            continue
        begin, stop = (start, end) if places is None else (places[start], places[end - 1] + 1)
        hidden = places is not None and stop - begin != end - start
        found += _words_of_piece(word, text[begin:stop], begin, stop, hidden=hidden)
    return found


def _words_of_piece(word: str, written: str, begin: int, stop: int, *, hidden: bool = False) -> list[Word]:
    """The words that one piece of folded text is or looks like."""
    if word.isascii():
        if not word.isalpha() and (known := word_under_digits(word, written)):
            return [Word(stem(known), begin, stop, True)]
        found = [Word(plain(word), begin, stop, hidden)]
        if leet := without_leet(word, written):
            found.append(Word(stem(leet), begin, stop, True))
        return found
    if CJK.search(word):
        return [each for run in _RUN.finditer(word) for each in _run(run, word, None)]
    if _OTHER_SCRIPT.search(word):
        return _look_alike(word, written, begin, stop)
    word = word.replace("’", "")
    latin = word.translate(_LATIN_SHAPES).translate(_WRITTEN_OUT)
    if latin != word and latin.isascii():
        hides = not _OF_ALPHABETS.issuperset(letter for letter in word if not letter.isascii())
        return [Word(word, begin, stop), Word(plain(latin), begin, stop, hides)]
    return [*(Word(name, begin, stop) for name in maker_in_script(word)), Word(word, begin, stop)]


def _run(run: re.Match[str], folded: str, places: list[int] | None) -> list[Word]:
    """A run of CJK characters as what is known in it, as a whole and as overlapping pairs, or the Latin letters and
    digits between such runs."""
    start, end = run.span()
    begin, stop = (start, end) if places is None else (places[start], places[end - 1] + 1)
    word = run.group()
    if word.isascii():
        return [Word(plain(word), begin, stop)]
    found: list[Word] = []
    for first, last, known in known_in_run(word):
        here, there = start + first, start + last
        at = (here, there) if places is None else (places[here], places[there - 1] + 1)
        found += [Word(name, *at) for name in known if name != word]
    found.append(Word(word, begin, stop))
    for place in range(start, end - 1 if end - start > 2 else start):
        first, last = (place, place + 1) if places is None else (places[place], places[place + 1])
        found.append(Word(folded[place : place + 2], first, last + 1))
    return found


def latin_shape(folded: str) -> str:
    """A folded word with the Latin letters that its Greek or Cyrillic ones look like."""
    return folded.translate(_LOOKALIKES)


def _look_alike(word: str, written: str, begin: int, stop: int) -> list[Word]:
    """A word with Greek or Cyrillic letters: as it is, and as the Latin word that it looks like. Where scripts are
    mixed, or there are digits in it, only the latter: it is written so only to hide."""
    word = word.split("'", maxsplit=1)[0].split("’", maxsplit=1)[0]
    latin = word.translate(_LOOKALIKES).translate(_LATIN_SHAPES)
    if _LATIN.search(word):
        latin = latin.translate(_LOOSE_LOOKALIKES)
    if _GREEK.search(word):  # a Greek capital looks like another letter than the small one
        shown = (part for part in unicodedata.normalize("NFKD", written) if not is_invisible(part))
        shape = "".join(part for part in shown if not unicodedata.combining(part))
        latin = shape.translate(_LOOKALIKES).lower().translate(_LOOKALIKES)
    if not latin.isascii():
        name = known_name(word)
        return [Word(word, begin, stop), *([Word(stem(name), begin, stop)] if name else [])]
    hidden = Word(stem(latin), begin, stop, True)
    if not word.isalpha() or _LATIN.search(word):
        return [hidden]
    return [Word(word, begin, stop), hidden] if len(word) >= HIDDEN_FROM else [Word(word, begin, stop)]


@remembered
def plain(word: str) -> str:
    """A folded ASCII word without possessive, apostrophes and the points of an abbreviation, in the singular."""
    if "." in word:
        word = word.replace(".", "")
    if "'" in word:
        word = word.split("'")[0] if word.endswith("s") else word.replace("'", "")
    return stem(word)


def words_of(text: str) -> list[str]:
    """The folded words alone."""
    return texts_of(decode(text))


def texts_of(decoded: str) -> list[str]:
    """The folded words of a decoded text without their places: the same as `words` finds, much quicker."""
    return [text for piece in decoded.split() for text in _texts_of(piece)]


def read_piece(piece: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """The folded words of a text without a blank, and those of them that are `disguised` in `words`."""
    if piece.isascii() and (piece.isalpha() or not LETTERS_AND_DIGITS.search(piece)):
        lowered = piece.lower()
        return (stem(lowered),) if piece.isalnum() else tuple(map(plain, _PIECE.findall(lowered))), _NOTHING_HIDDEN
    folded = piece.translate(_FOLDING)
    if RUSSIAN.fullmatch(piece) and not folded.translate(_LOOKALIKES).isascii():
        name = known_name(folded)  # one word, and no Latin one in disguise
        return (folded, stem(name)) if name else (folded,), _NOTHING_HIDDEN
    if piece.isascii() or not _FOLDING.odd.isdisjoint(piece) or _GREEK.search(folded):
        read = words(piece)
    else:
        read = [word for each in _PIECE.findall(folded) for word in _words_of_piece(each, each, 0, len(each))]
    return tuple([word.text for word in read]), frozenset([word.text for word in read if word.disguised])


@remembered
def _texts_of(piece: str) -> tuple[str, ...]:
    return read_piece(piece)[0]


def may_be_mojibake(piece: str) -> bool:
    """Whether a piece of a text, with what follows, may be mojibake."""
    return not piece.isascii() and any(mark in piece for mark in ("Ã", "Â", "â€"))


def joined_word(one: str, other: str) -> str:
    """Two words in a row as one, where they may be one name that was written apart; "" where they may not."""
    both = one + other
    return both if JOINED_FROM <= len(both) <= JOINED_TO and both.isalpha() and both.isascii() else ""


def single(word: str) -> str:
    """The word with every doubled letter once."""
    return _DOUBLED.sub(_ONCE, word)


def skeleton(word: str) -> str:
    """First letter and consonants without doubles: vowels dropped, doubled or swapped leave it as it is."""
    return f"{word[0]}-{_DOUBLED.sub(_ONCE, word[1:].translate(_VOWELS))}"


def skeletons(words: Sequence[str]) -> list[str]:
    """The skeletons of many words without line ends, worked out as one text."""
    rest = "\n".join([word[1:] for word in words]).translate(_VOWELS)
    lines = _DOUBLED_IN_LINE.sub(_ONCE, rest).split("\n")
    return [f"{word[0]}-{line}" for word, line in zip(words, lines, strict=False)]


READ_ALIKE = str.maketrans("oil", "011")


@remembered
def canonical_model(token: str) -> str:
    """A model number as one run of letters and digits, with O read as 0 and I and l as 1 where there are digits in it."""
    shown = token.lower()
    if not (shown.isascii() and shown.isalnum()):
        shown = _NOT_OF_MODELS.sub("", shown)
    return shown if shown.isalpha() else shown.translate(READ_ALIKE)
