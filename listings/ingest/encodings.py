"""Which encoding a file is in, by evidence: a mark, bytes that fit, or the letters that each encoding would give.

No silent guesses: the answer says how the encoding was recognised, and what else it could be.
"""

import codecs
from collections.abc import Callable, Iterable
from typing import NamedTuple

from listings.ingest.letters import ALPHABETS, FREQUENT, HANGUL, SIMPLIFIED, TRADITIONAL

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
SINGLE = {
    "cp1252": ("Windows-1252", 0.0), "cp1250": ("Windows-1250", 0.0), "cp1251": ("Windows-1251", 0.0),
    "cp1254": ("Windows-1254", 0.01), "cp1257": ("Windows-1257", 0.01), "cp1253": ("Windows-1253", 0.0),
    "cp1255": ("Windows-1255", 0.0), "cp1256": ("Windows-1256", 0.0), "cp874": ("Windows-874", 0.0),
    "koi8_r": ("KOI8-R", 0.01), "cp866": ("DOS 866", 0.02), "mac_roman": ("Mac Roman", 0.06), "cp850": ("DOS 850", 0.05),
}  # fmt: skip
"""Codec → its name for people, and how much its score is reduced in case the letters fit another as well."""

DOUBLE: dict[str, tuple[str, tuple[int, int], frozenset[str]]] = {
    "gb18030": ("GB18030", (0xB0, 0xD7), SIMPLIFIED),
    "big5": ("Big5", (0xA4, 0xC6), TRADITIONAL),
    "cp932": ("Shift_JIS", (0x88, 0x97), TRADITIONAL),
    "euc_jp": ("EUC-JP", (0xB0, 0xCF), TRADITIONAL),
    "cp949": ("EUC-KR", (0xB0, 0xC8), HANGUL),
}
"""Codec → its name for people, the lead bytes of its everyday characters, and the most frequent ones."""

SAMPLE = 1 << 18
_BLOCK = 1 << 16
_INSIDE = bytes(range(0x80, 0xC0))  # what follows the first byte of a letter in UTF-8
_SYMBOLS_IN_WORDS = 1.5  # how much a symbol between letters counts against an encoding; a letter counts 1


class Encoding(NamedTuple):
    """A Python codec, its name for people, and the evidence for it in words; `errors` is what becomes of bytes that do not
    fit, as Python's decoders take it."""

    codec: str
    name: str
    because: str
    errors: str = "replace"


def recognise(readline: Callable[[int], bytes]) -> Encoding:
    """The encoding of a file, read to its end line by line. Raises what reading raises."""
    start = readline(_BLOCK)
    for mark, codec, name in MARKS:
        if start.startswith(mark):
            return Encoding(codec, name, "from its byte order mark")
    if (wide := _without_mark(start)) is not None:
        return wide
    fits = strange = 0
    kept: list[bytes] = []
    room, line, whole = SAMPLE, start, True
    while line:
        if not line.isascii():
            good = _is_utf8(line, whole=whole and line.endswith(b"\n")) or _is_nearly_utf8(line)
            fits, strange = fits + good, strange + (not good)
            if not good and room > 0:
                kept.append(line[:room])
                room -= len(line)
            if not room > 0 and strange > 9 * (fits + 1):
                break
        whole = line.endswith(b"\n")
        line = readline(_BLOCK)
    if not strange:
        return Encoding("utf-8", "UTF-8", "every byte is valid" if fits else "ASCII characters only")
    if fits >= 9 * strange:
        return Encoding("utf-8", "UTF-8", f"{fits:,} of {fits + strange:,} lines with non-ASCII letters are valid")
    rest = by_letters(b"\n".join(kept))
    if not fits or rest.codec not in SINGLE:
        return rest
    because = f"{fits:,} of {fits + strange:,} lines with non-ASCII letters are valid UTF-8; the others are {rest.name}"
    return Encoding("utf-8", f"UTF-8 and {rest.name}", because, _others_as(rest.codec))


def _others_as(codec: str) -> str:
    """The name of an error handler that reads bytes which are no UTF-8 in this codec: lines of two encodings in one file
    cost nobody a letter."""

    def read(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        return error.object[error.start : error.end].decode(codec, errors="replace"), error.end

    name = f"{__name__}.{codec}"
    codecs.register_error(name, read)
    return name


def _is_nearly_utf8(line: bytes) -> bool:
    """Whether nine of ten letters of a line that is no valid UTF-8 are: of a feed without line ends, a line has any number
    of rows, and one of them must not change how the others are read."""
    read = line.decode(errors="replace")
    strange = read.count("\ufffd")
    return sum(letter > "\x7f" for letter in read) - strange >= 9 * strange


def _without_mark(start: bytes) -> Encoding | None:
    """UTF-16 without a mark, recognised by zero bytes that all are in even places, or all in odd ones.

    In Latin text every other byte is zero; in Chinese text only those of separators, digits and line ends.
    """
    head = start[: min(len(start), 4_000) & ~1]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < 2 or max(even, odd) * 25 < len(head) or min(even, odd) * 20 > max(even, odd):
        return None
    codec = "utf-16-le" if odd > even else "utf-16-be"
    try:
        text = head.decode(codec)
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:
            return None
        text = head[: error.start].decode(codec)
    if any(letter < " " and letter not in "\t\r\n" for letter in text):
        return None
    return Encoding(codec, "UTF-16", f"every zero byte is in an {'odd' if odd > even else 'even'} place")


def _is_utf8(line: bytes, *, whole: bool) -> bool:
    if not whole:  # a line that was cut for its length may begin or end inside a letter
        line = line[:3].lstrip(_INSIDE) + line[3:]
    try:
        line.decode()
    except UnicodeDecodeError as error:
        return not whole and error.start >= len(line) - 3
    return True


def by_letters(sample: bytes) -> Encoding:
    """The encoding in which the sample's letters make most sense; Windows-1252 if none does."""
    scores = {codec: score for codec in (*DOUBLE, *SINGLE) if (score := _score(codec, sample)) is not None}
    if not scores:
        return Encoding("cp1252", "Windows-1252", "no encoding fits: unreadable characters are shown as �")
    best = max(scores, key=scores.__getitem__)
    because = "recognised by its letters; check the titles, and save the file as UTF-8 if they are wrong"
    text = sample.decode(best, errors="replace")  # as the feed itself is read: its end may fit no letter
    others = [codec for codec in scores if codec != best and scores[best] - scores[codec] < 0.1]
    if rivals := [_name(codec) for codec in others if sample.decode(codec, errors="replace") != text]:
        because = (
            f"recognised by its letters, but it could be {' or '.join(rivals[:3])}; save the file as UTF-8 to be sure"
        )
    return Encoding(best, _name(best), because)


def _name(codec: str) -> str:
    return DOUBLE[codec][0] if codec in DOUBLE else SINGLE[codec][0]


def _score(codec: str, sample: bytes) -> float | None:
    """How well the sample reads under a codec, 1 at best; None if the bytes are not valid in it."""
    try:
        text = sample.decode(codec)
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 4:  # a sample may be cut inside a letter
            return None
        text = sample[: error.start].decode(codec)
    high = [place for place, letter in enumerate(text) if letter > "\x7f"]
    if not high:
        return None
    return _score_double(codec, text, high) if codec in DOUBLE else _score_single(codec, text, high)


def _score_double(codec: str, text: str, high: list[int]) -> float:
    _, (first, last), frequent = DOUBLE[codec]
    score = 0.0
    for place in high:
        letter = text[place]
        if letter in frequent or "\u3041" <= letter <= "\u30ff":
            score += 1.0 if codec != "gb18030" or letter in frequent else 0.4
        elif "\uff01" <= letter <= "\uff5e" or "\u3000" <= letter <= "\u303f" or letter in "·…“”‘’—×":
            score += 0.6
        elif "\uff61" <= letter <= "\uff9f":
            score += 0.1  # half-width kana: what text in other encodings looks like when read as Shift_JIS
        else:
            lead = letter.encode(codec)[0]
            score += 0.6 if first <= lead <= last else -0.5
        if _between_latin(text, place):
            score -= 0.7
    return score / len(high)


def _between_latin(text: str, place: int) -> bool:
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    return (before.isascii() and before.islower()) or (after.isascii() and after.islower())


def _score_single(codec: str, text: str, high: list[int]) -> float:
    lowered = text.lower()
    letters = [lowered[place] for place in high if text[place].isalpha() or _joins(text[place])]
    against = 0.0
    for place in high:
        letter, before = text[place], text[place - 1 : place]
        if letter.isalpha():
            foreign = letter > "\u036f"  # not Latin
            if (foreign and _between_latin(text, place)) or (letter.isupper() and before.islower()):
                against += 1.0
        elif not _joins(letter) and before.isalpha() and text[place + 1 : place + 2].isalpha() and letter not in "’‘­":
            against += _SYMBOLS_IN_WORDS
        elif letter < "\xa0" or letter in "�¤¦¬¯¸¨":
            against += 1.0
    known = max(_fit_with(letters, language) for language in ALPHABETS) if letters else 0.4
    return 0.9 * known - against / len(high) - SINGLE[codec][1]


def _joins(letter: str) -> bool:
    return "\u0e31" <= letter <= "\u0e4e"  # Thai vowels and tones are marks, not letters


def _fit_with(letters: list[str], language: str) -> float:
    known = _share(letters, ALPHABETS[language])
    return (
        known if language not in FREQUENT else 0.6 * known + 0.4 * min(1.0, 1.4 * _share(letters, FREQUENT[language]))
    )


def _share(letters: Iterable[str], alphabet: str) -> float:
    found = [letter in alphabet for letter in letters]
    return sum(found) / len(found)
