"""Ways of writing a text so that people read a product's name and programs do not, undone before anything is compared.

Each is about how text is shown, not about what it says: order of writing reversed by an invisible mark, letters set
apart by spaces or pictures, letters of emblems (regional indicators, negative squares, small capitals), rare scripts,
text turned upside down, markup inside words. Look-alike Greek, Cyrillic and Armenian letters are `normalise`'s, which
also shows them as evidence.
"""

import re
import unicodedata
from urllib.parse import unquote

from listings.matching.heard import HEARD_OF

_OVERRIDE = re.compile("\u202e([^\u202c\u202d\u202e\u2066-\u2069\n]*)[\u202c\u2069]?")
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|big|em|font|i|mark|s|small|span|strong|sub|sup|u|wbr)\b[^<>]{0,300}>|<!--.{0,300}?-->",
    re.I,
)
_TAG = re.compile(r"</?[a-z][a-z0-9]{0,10}\b[^<>]{0,300}>", re.I)
_FORUM_TAG = re.compile(r"\[/?(?:b|i|u|s|color|size|font)(?:=[^\[\]]{0,40})?\]", re.I)
_STARS_FOR_BOLD = re.compile(r"(?<!\w)\*\*(\w+(?: \w+)*)\*\*")  # "KB40**" stands for any number
_ESCAPED_FOR_CODE = re.compile(r"\\u([0-9a-f]{4})", re.I)
_ESCAPED_FOR_ADDRESS = re.compile(r"(?<![\d\s])%[2-7][0-9a-f]|(?:%[2-7c-f][0-9a-f]){2}", re.I)  # "50%20" may be a share
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_EMBLEMS = re.compile("(?:[\U0001f1e6-\U0001f1ff][\u200b-\u200d\ufe0e\ufe0f]?){3}")  # two of them are a flag
_LETTER_OF_EMBLEM = re.compile("[\U0001f1e6-\U0001f1ff]")
_LETTERS_OF_EMBLEMS = {0x1F1E6 + place: chr(97 + place) for place in range(26)}
_SET_APART = re.compile(
    r"(?<![^\W_])(?=[^\W\d_])[^\W_](?P<apart>[^\w\s]{1,3}|_|\s)[^\W_](?:(?P=apart)[^\W_]){3,}(?![^\W_])"
)
_GAP = re.compile(r"\s{2,}")
SET_APART_FROM = 9  # characters: five letters and what sets them apart
_NOT_A_WORD = re.compile(r"[\W_]+")
_NAMED_LETTER = re.compile(
    r"(?:LATIN LETTER SMALL CAPITAL|NEGATIVE (?:SQUARED|CIRCLED) LATIN (?:CAPITAL|SMALL) LETTER|"
    r"(?:SQUARED|CIRCLED|PARENTHESIZED) LATIN (?:CAPITAL|SMALL) LETTER) ([A-Z])"
)
_UPSIDE_DOWN = dict(zip("ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ", "acefghijkmrtvwy", strict=True))
_TURNED = re.compile(f"[{''.join(_UPSIDE_DOWN)}]")
_ALSO_TURNED = str.maketrans(
    {**_UPSIDE_DOWN, "q": "b", "p": "d", "u": "n", "d": "p", "b": "q", "n": "u", "6": "9", "9": "6"}
)
MIN_TURNED = 3  # letters; the phonetic alphabet has a few of them in a dictionary's entry
_RARE_SCRIPTS = str.maketrans(  # Cherokee and Lisu: read far less often than used to look like Latin
    "ᎠᎡᎢᎥᎩᎪᎫᎬᎳᎷᎻᎽᏀᏃᏆᏎᏏᏒᏔᏙᏚᏞᏟᏢᏦᏴꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ",
    "DRTIYAJEWMHYGZI4BRWVSLCPKBBPDTGKJCZFMNLSRVHWXYAEIOU",
)
_SMALL_CHEROKEE = 0xAB70 - 0x13A0  # from a capital to its small letter, which has the same shape
_RARE_SCRIPTS |= {code + _SMALL_CHEROKEE: letter for code, letter in _RARE_SCRIPTS.items() if 0x13A0 <= code < 0x13F0}
_DASH_INSIDE = re.compile(
    "(?<=[A-Za-z])[\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d](?=[0-9])"
)  # not that of "100–150"
_MIXED_NUMBER = re.compile(
    r"(?<!\S)(?=\S{0,40}\d)(?=\S{0,40}[A-Za-z])(?=\S{0,40}[\u0391-\u03c9\u0405-\u0458])\S{3,40}(?!\S)"
    r"|(?<![^\W_])[\u0410-\u042f\u0405\u0406\u0408]{2,6}[-.]?\d{2,}(?![^\W_])"
)
_LATIN_OF_NUMBER = str.maketrans(
    "АВЕЗКМНОРСТУХЅІЈаеорсухѕіјΑΒΕΖΗΙΚΜΝΟΡΤΥΧοντ", "ABE3KMHOPCTYXSIJaeopcyxsijABEZHIKMNOPTYXovt"
)
_SIGN_IN_WORD = re.compile(r"(?<=[A-Za-z])(?:@@?|\$)(?=[A-Za-z])|(?<!\S)\$(?=[A-Za-z]{3})")
_SIGNS = frozenset("@$*#[\\%")
_LETTERS_OF_SIGNS = {"@": "a", "@@": "oo", "$": "s"}
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++\.\w")
_STARRED = re.compile(r"(?<!\S)[A-Za-z]{1,12}[*#][A-Za-z]{1,12}(?!\S)")
_STAR_NEAR_AN_END = re.compile(r"[A-Za-z]{1,2}[*#][A-Za-z]{3,12}|[A-Za-z]{3,12}[*#][A-Za-z]{1,2}")
_STARS = re.compile(r"[*#]")
_RUN_TOGETHER = re.compile(r"(?<![A-Za-z0-9])[A-Z]?[a-z]+(?:[A-Z]{1,3}[a-z]{2,}){2,}(?![A-Za-z0-9])")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
RUN_TOGETHER_FROM = 16  # letters; no brand's own spelling has as many
_LEET = re.compile(r"[a-z]+[013457]{1,2}(?:[a-z]+[013457]{1,2})+[a-z]*|[a-z]+(?:[013457]{1,2}[a-z]+){2,}")
_LEET_OF_KNOWN = re.compile(r"[a-z]+(?:[013457]{1,2}[a-z]+)+|(?=\w*[a-z]{2})[013457a-z]+")
_LETTERS_OF_LEET = str.maketrans("013457", "oieast")
_L_OF_LEET = str.maketrans("013457", "oleast")
_HAS_TWO_GROUPS = re.compile(r"[013457][a-z]+[013457]")
MIN_LEET = 4  # letters
MIN_KNOWN = 5  # letters and digits of a known word that digits hide
_INVISIBLE = {
    0x034F,
    0x115F,
    0x1160,
    0x17B4,
    0x17B5,
    0x3164,
    0xFFA0,
    0xFFFC,
}  # fillers and a joiner, letters or marks by category
_SELECTORS = ((0xFE00, 0xFE0F), (0x180B, 0x180F), (0xE0100, 0xE01EF))


def undisguised(text: str) -> str:
    """`text` as a person reads it off the screen. What is not disguised comes back as it is."""
    if "<" in text:
        text = _TAG.sub(" ", _INLINE_TAG.sub("", text))
    if "[" in text:
        text = _FORUM_TAG.sub("", text)
    if "\\" in text:
        text = _ESCAPED_FOR_CODE.sub(lambda match: _shown(int(match[1], 16)) or match[0], text)
    if "%" in text and _ESCAPED_FOR_ADDRESS.search(text):
        text = _CONTROL.sub("", unquote(text))
    if not text.isascii():
        text = text.translate(_RARE_SCRIPTS)
        if "\u202e" in text:
            text = _OVERRIDE.sub(lambda match: match[1][::-1], text)
        if _EMBLEMS.search(text):
            text = text.translate(_LETTERS_OF_EMBLEMS)
        text = _MIXED_NUMBER.sub(_latin_number, _DASH_INSIDE.sub("-", text))
        if len(_TURNED.findall(text)) >= MIN_TURNED:
            text = text.lower().translate(_ALSO_TURNED)[::-1]
    if ("@" in text or "$" in text) and not _ADDRESS.search(text):
        text = _SIGN_IN_WORD.sub(lambda match: _LETTERS_OF_SIGNS[match[0]], text)
    if "**" in text:
        text = _STARS_FOR_BOLD.sub(r"\1", text)
    if "*" in text or "#" in text:
        text = _STARRED.sub(_without_star, text)
    if may_run_together(text):
        text = _RUN_TOGETHER.sub(_taken_apart, text)
    return _joined_letters(text)


def _shown(code: int) -> str:
    """The character of a code; nothing for halves of characters and for control characters, which no database keeps."""
    return "" if code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 else chr(code)


def _latin_number(match: re.Match[str]) -> str:
    """A model number with Cyrillic or Greek letters that look like Latin ones, in Latin letters; anything else as it is."""
    latin = match[0].translate(_LATIN_OF_NUMBER)
    return latin if latin.isascii() else match[0]


def _without_star(match: re.Match[str]) -> str:
    """A known word whose vowel a star hides ("Str*ller"); else without a star that is near an end; two words stay two."""
    for vowel in "aeiou":
        known = _STARS.sub(vowel, match[0])
        if known.lower() in HEARD_OF or known.lower().removesuffix("s") in HEARD_OF:
            return known
    return _STARS.sub("", match[0]) if _STAR_NEAR_AN_END.fullmatch(match[0]) else match[0]


def may_run_together(text: str) -> bool:
    """Whether a text may have a piece of several words that capital letters alone tell apart ("LifetimeFoldingTable")."""
    return len(text) >= RUN_TOGETHER_FROM and any(
        match.end() - match.start() >= RUN_TOGETHER_FROM for match in _RUN_TOGETHER.finditer(text)
    )


def _taken_apart(match: re.Match[str]) -> str:
    return _HUMP.sub(" ", match[0]) if len(match[0]) >= RUN_TOGETHER_FROM else match[0]


def _joined_letters(text: str) -> str:
    """`text` with letters together that the same signs set apart; where five of a word are, also fewer of others."""
    apart = _SET_APART.search(text)
    if apart is None:
        return text
    if apart["apart"] == " ":
        return " ".join(map(_joined_singles, _GAP.split(text)))
    text = _SET_APART.sub(lambda match: _NOT_A_WORD.sub("", match[0]), text)
    sign = re.escape(apart["apart"])
    few = rf"(?<![^\W_])[^\W_](?:{sign}[^\W_]){{1,3}}(?![^\W_])"
    text = re.sub(few, lambda match: _NOT_A_WORD.sub("", match[0]), text)
    return re.sub(rf"(?<=[^\W_]){sign}([-/.]){sign}(?=[^\W_])", r"\1", text)


def _joined_singles(part: str) -> str:
    """What stands between gaps of two blanks: one word, if all of it is letters set apart by one."""
    singles = part.split(" ")
    if len(singles) > 1 and all(len(each) == 1 for each in singles):
        return "".join(singles)
    return _SET_APART.sub(lambda match: _NOT_A_WORD.sub("", match[0]), part)


def may_be_disguised(piece: str) -> bool:
    """Whether a text without a blank, or what it is a part of, may be changed by `undisguised`: certainly not where this
    is False, but for letters that blanks set apart."""
    may_be_apart = len(piece) >= SET_APART_FROM and _SET_APART.search(piece)
    if "<" in piece or ">" in piece or may_be_apart or not _SIGNS.isdisjoint(piece) or may_run_together(piece):
        return True
    return not piece.isascii() and (
        "\u202e" in piece
        or piece.translate(_RARE_SCRIPTS) != piece
        or _LETTER_OF_EMBLEM.search(piece) is not None
        or _TURNED.search(piece) is not None
        or _DASH_INSIDE.search(piece) is not None
        or _MIXED_NUMBER.search(piece) is not None
    )


def is_invisible(character: str) -> bool:
    """Whether nothing is drawn for `character`, or only a frame around another, so that it only keeps words from being
    found."""
    code = ord(character)
    selector = any(low <= code <= high for low, high in _SELECTORS)
    category = unicodedata.category(character)
    return selector or code in _INVISIBLE or category in {"Cf", "Me"} or (category == "Cc" and not character.isspace())


def drawn_letter(character: str) -> str:
    """The Latin letter or digit that a character is a drawing of, or nothing: 🅷 is h, ʜ is h, ❷ is 2."""
    if match := _NAMED_LETTER.fullmatch(unicodedata.name(character, "")):
        return match[1].lower()
    digit = unicodedata.digit(character, None)
    return "" if digit is None else str(digit)


def word_under_digits(word: str, written: str) -> str:
    """The known word that a folded word is with digits in place of letters ("c00ler", "1gl00"); else nothing.

    What is `written` in capitals alone may be a model number, so its digits must be between letters.
    """
    if len(word) < MIN_KNOWN or word in HEARD_OF or not (match := _LEET_OF_KNOWN.fullmatch(word)):
        return ""
    if not (word[0].isalpha() and word[-1].isalpha()) and (written.isupper() or not _HAS_TWO_GROUPS.search(match[0])):
        return ""
    for letters in (_LETTERS_OF_LEET, _L_OF_LEET):
        known = word.translate(letters)
        if known in HEARD_OF or known.removesuffix("s") in HEARD_OF:
            return known
    return ""


def without_leet(word: str, written: str) -> str:
    """What a folded word reads like where digits replace letters in two places ("h34rthl1n3"); else nothing.

    A second reading of a word, never instead of it; what is `written` in capitals alone is a model number.
    """
    if written.isupper() or sum(map(str.isalpha, word)) < MIN_LEET or not _LEET.fullmatch(word):
        return ""
    return word.translate(_LETTERS_OF_LEET)
