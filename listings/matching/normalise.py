"""From text as people write it to words that can be compared, each with its place in the original.

Folding undoes what sellers do to hide a product and what feeds do to text: compatibility forms, accents, zero-width
characters, look-alike letters of other scripts, HTML entities, mojibake. Offsets always point into the original text.
"""

import html
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import ftfy


class Word(NamedTuple):
    """A folded word and where it stands in the original; `disguised` where look-alike or invisible letters hid it."""

    text: str
    start: int
    end: int
    disguised: bool = False


_LOOKALIKES = str.maketrans(
    "авеёкмнорстухіїјѕԁԛԝһӏьзαβεηικνορτυχωγ",
    "abeekmhopctyxiijsdqwhlb3abenikvoptuxwy",
)
_ZERO_WIDTH = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e")
_PIECE = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_LATIN = re.compile("[a-z]")
_OTHER_SCRIPT = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_MOJIBAKE = re.compile("Ã.|Â.|â€")
_IRREGULAR = {"knives": "knife", "shelves": "shelf", "batteries": "battery", "children": "child", "feet": "foot"}


def decode(text: str) -> str:
    """Entities (also escaped twice) and mojibake undone. Done once, before any span is taken."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if _MOJIBAKE.search(text):
        text = ftfy.fix_encoding(text)
    return text


def fold(text: str) -> tuple[str, list[int] | None]:
    """`text` in lower case without accents and invisible characters, and for each character its place in `text`
    (None where they are the same, which is so for ASCII)."""
    if text.isascii():
        return text.lower(), None
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        if character in _ZERO_WIDTH:
            continue
        for part in unicodedata.normalize("NFKD", character).lower():
            if unicodedata.combining(part):
                continue
            folded.append(part)
            places.append(place)
    return "".join(folded), places


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The singular of an English word, roughly; other words stay."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def words(text: str) -> list[Word]:
    """The words of `text`, folded and in the singular; runs of CJK characters also as overlapping pairs."""
    folded, places = fold(text)
    found = []
    for match in _PIECE.finditer(folded):
        start, end, word = match.start(), match.end(), match.group()
        begin, stop = (start, end) if places is None else (places[start], places[end - 1] + 1)
        if word.isascii():
            clean = word.replace("'", "") if "'" in word else word
            if clean.endswith("s") and "'" in word:
                clean = word.split("'")[0]
            found.append(Word(stem(clean), begin, stop, places is not None and stop - begin != end - start))
        elif _CJK.search(word):
            found.append(Word(word, begin, stop))
            if places is not None and len(word) > 2:
                found += [Word(word[i : i + 2], places[start + i], places[start + i + 1] + 1) for i in range(len(word) - 1)]
        elif _OTHER_SCRIPT.search(word):
            latin = word.translate(_LOOKALIKES)
            if latin.isascii() and (_LATIN.search(word) or any(ch.isdigit() for ch in word)):
                found.append(Word(stem(latin), begin, stop, True))
            else:
                found.append(Word(word, begin, stop))
                if latin.isascii():
                    found.append(Word(stem(latin), begin, stop, True))
        else:
            found.append(Word(word.replace("’", ""), begin, stop))
    return found


def words_of(text: str) -> list[str]:
    """The folded words alone."""
    return [word.text for word in words(decode(text))]


@lru_cache(maxsize=500_000)
def canonical_model(token: str) -> str:
    """A model number as one run of letters and digits, with O read as 0 and I and l as 1 where digits stand in it."""
    plain = re.sub(r"[^0-9a-z]", "", token.lower())
    if any(character.isdigit() for character in plain):
        plain = plain.replace("o", "0").replace("i", "1").replace("l", "1")
    return plain
