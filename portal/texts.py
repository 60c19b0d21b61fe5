"""What a request may carry as text and as the number of a row, and how texts of strangers are shown. Knows nothing of Django."""

import re
import unicodedata

MAX_NOTE = 10_000
"""Characters of a reason, note, answer or message that somebody writes. Each is shown whole on pages of others, mailed, and
kept for good in the audit log."""
MAX_TEXT = 50_000
"""Characters of a text that is a document of its own, such as a letter, or a list of many values."""
MAX_KEY = 2**63 - 1  # of PostgreSQL's bigint
_MAX_DIGITS = len(str(MAX_KEY))
_ORDERING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_ORDERING_IN_UTF8 = re.compile(b"\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]")
_NOT_STORED = re.compile("[\x00\ud800-\udfff]")


def is_storable(text: str) -> bool:
    """Whether there are bytes for it: PostgreSQL has none for a NUL, UTF-8 none for half of a surrogate pair."""
    return _NOT_STORED.search(text) is None


def key_in(text: str) -> int | None:
    """The primary key that a form or an address names; None where it is none that a row can have.

    `²` and `٣` are digits to Python but no key, and a number of 5,000 digits is not even converted.
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS):
        return None
    return number if (number := int(text)) <= MAX_KEY else None


def spellings(text: str) -> list[str]:
    """`text` as it was typed, in capitals and in small letters, for columns whose index knows only the very letters."""
    return list(dict.fromkeys([text.strip(), text.strip().upper(), text.strip().lower()]))


def in_written_order(text: str) -> str:
    """`text` without the invisible characters that turn the order of writing around.

    In a seller's title they would turn our own words behind it around as well. The texts that are kept, and what is
    compared, stay as they came.
    """
    return text if text.isascii() else text.translate(_ORDERING)


_JOINERS = frozenset("\u200c\u200d")
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters and marks that show nothing."""


def plain_name(text: str) -> str:
    """A name on one line, in one way of writing, without characters that nobody sees: with them one name reads as another.

    Joiners stay where they form letters, as in Persian and in the scripts of India.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept: list[str] = []
    for letter in unicodedata.normalize("NFC", text):
        kind = unicodedata.category(letter)
        if letter in _JOINERS:
            if kept and "\u0590" <= kept[-1][-1] < "\u1100":
                kept.append(letter)
        elif kind in {"Cc", "Zl", "Zp"}:
            kept.append(" ")
        elif (
            kind not in {"Cf", "Co", "Cs"}
            and letter not in _BLANK
            and "VARIATION SELECTOR" not in unicodedata.name(letter, "")
        ):
            kept.append(letter)
    return " ".join("".join(kept).split())


def reading_of(name: str) -> str:
    """What two names have in common that differ in case or in the width or style of their letters alone."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


_LINKED = re.compile(r"(?<=\w)\.(?=[^\W\d_]{2})")
_SCHEME = re.compile(r"(?<=[^\W\d_]):(?=//)")


def without_links(text: str) -> str:
    """`text` in which a mail program finds no address to lead its reader to: a blank follows what would join one."""
    return _LINKED.sub(". ", _SCHEME.sub(": ", text))


def page_in_written_order(content: bytes) -> bytes:
    """The same for a page in UTF-8."""
    return _ORDERING_IN_UTF8.sub(b"", content) if b"\xe2" in content else content
