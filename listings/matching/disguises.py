"""Ways of writing a text so that people read a product's name and programs do not, undone before anything is compared.

Each is about how text is shown, not about what it says: order of writing reversed by an invisible mark, letters set
apart by spaces or pictures, letters of emblems (regional indicators, negative squares, small capitals), rare scripts,
text turned upside down, markup inside words. Look-alike Greek, Cyrillic and Armenian letters are `normalise`'s, which
also shows them as evidence.
"""

import re
import unicodedata

_OVERRIDE = re.compile("\u202e([^\u202c\u202d\u202e\u2066-\u2069\n]*)[\u202c\u2069]?")
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|big|em|font|i|mark|s|small|span|strong|sub|sup|u|wbr)\b[^<>]{0,300}>", re.I
)
_TAG = re.compile(r"</?[a-z][a-z0-9]{0,10}\b[^<>]{0,300}>|<!--.{0,300}?-->", re.I)
_EMBLEMS = re.compile("[\U0001f1e6-\U0001f1ff]{3}")  # two of them are a flag
_LETTERS_OF_EMBLEMS = {0x1F1E6 + place: chr(97 + place) for place in range(26)}
_SET_APART = re.compile(
    r"(?<![^\W_])(?=[^\W\d_])[^\W_](?P<apart>[^\w\s]{1,3}|_|\s)[^\W_](?:(?P=apart)[^\W_]){3,}(?![^\W_])"
)
_NOT_A_WORD = re.compile(r"[\W_]+")
_NAMED_LETTER = re.compile(
    r"(?:LATIN LETTER SMALL CAPITAL|NEGATIVE (?:SQUARED|CIRCLED) LATIN (?:CAPITAL|SMALL) LETTER|"
    r"(?:SQUARED|CIRCLED) LATIN (?:CAPITAL|SMALL) LETTER) ([A-Z])"
)
_UPSIDE_DOWN = dict(zip("ɐɔǝɟƃɥᴉɾʞɯɹʇʌʍʎ", "acefghijkmrtvwy", strict=True))
_TURNED = re.compile(f"[{''.join(_UPSIDE_DOWN)}]")
_ALSO_TURNED = str.maketrans(
    {**_UPSIDE_DOWN, "q": "b", "p": "d", "u": "n", "d": "p", "b": "q", "n": "u", "6": "9", "9": "6"}
)
MIN_TURNED = 3  # letters; the phonetic alphabet has a few of them in a dictionary's entry
_RARE_SCRIPTS = str.maketrans(  # Cherokee and Lisu: read far less often than used to look like Latin
    "ᎠᎡᎢᎥᎪᎫᎬᎳᎷᎻᎽᏀᏃᏎᏏᏒᏔᏙᏚᏞᏟᏢᏦᏴꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓟꓠꓡꓢꓣꓦꓧꓪꓫꓬꓮꓰꓲꓳꓴ",
    "DRTIAJEWMHYGZ4BRWVSLCPKBBPDTGKJCZFMNLSRVHWXYAEIOU",
)
_LEET = re.compile(r"[a-z]+[013457]{1,2}(?:[a-z]+[013457]{1,2})+[a-z]*|[a-z]+(?:[013457]{1,2}[a-z]+){2,}")
_LETTERS_OF_LEET = str.maketrans("013457", "oieast")
MIN_LEET = 4  # letters
_INVISIBLE = {
    0x034F,
    0x115F,
    0x1160,
    0x17B4,
    0x17B5,
    0x3164,
    0xFFA0,
}  # fillers and a joiner, letters or marks by category
_SELECTORS = ((0xFE00, 0xFE0F), (0x180B, 0x180F), (0xE0100, 0xE01EF))


def undisguised(text: str) -> str:
    """`text` as a person reads it off the screen. What is not disguised comes back as it is."""
    if "<" in text:
        text = _TAG.sub(" ", _INLINE_TAG.sub("", text))
    if not text.isascii():
        text = text.translate(_RARE_SCRIPTS)
        if "\u202e" in text:
            text = _OVERRIDE.sub(lambda match: match[1][::-1], text)
        if _EMBLEMS.search(text):
            text = text.translate(_LETTERS_OF_EMBLEMS)
        if len(_TURNED.findall(text)) >= MIN_TURNED:
            text = text.lower().translate(_ALSO_TURNED)[::-1]
    return _SET_APART.sub(lambda match: _NOT_A_WORD.sub("", match[0]), text)


def is_invisible(character: str) -> bool:
    """Whether nothing is drawn for `character`, so that it only keeps words from being found."""
    code = ord(character)
    selector = any(low <= code <= high for low, high in _SELECTORS)
    return selector or code in _INVISIBLE or unicodedata.category(character) == "Cf"


def drawn_letter(character: str) -> str:
    """The Latin letter or digit that a character is a drawing of, or nothing: 🅷 is h, ʜ is h, ❷ is 2."""
    if match := _NAMED_LETTER.fullmatch(unicodedata.name(character, "")):
        return match[1].lower()
    digit = unicodedata.digit(character, None)
    return "" if digit is None else str(digit)


def without_leet(word: str, written: str) -> str:
    """What a folded word reads like where digits replace letters in two places ("h34rthl1n3"); else nothing.

    A second reading of a word, never instead of it; what is `written` in capitals alone is a model number.
    """
    if written.isupper() or sum(map(str.isalpha, word)) < MIN_LEET or not _LEET.fullmatch(word):
        return ""
    return word.translate(_LETTERS_OF_LEET)
