"""Finding personal data in free text: addresses, numbers, and the names of known people. Pure.

It takes out too much rather than too little, and cannot find the name of someone whom nobody named to it: a person has to
read what is left. Texts are compared in one form: compatibility forms of letters and digits are written as the plain ones,
and characters without a width are dropped, as they hide an address from a search and not from a reader.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from enforcement.redaction.rules import Kind

_AT = r"(?:@|%40|\s?[\[({<]\s?at\s?[\])}>]\s?)"
_DOT = r"(?:\.|\s?[\[({<]\s?(?:dot|punkt|punto)\s?[\])}>]\s?)"
_HOLDS = r"[^\s@<>()\[\]{},;:\"'“”„|\\]"
_MAIL = rf"(?<!{_HOLDS}){_HOLDS}+{_AT}[\w-]+(?:{_DOT}[\w-]+)*"  # begins where a word does: else it takes quadratic time
_IBAN = r"(?<!\w)[A-Z]{2}\d{2}(?:[ \-]?[A-Z0-9]{4}){2,7}[ \-]?[A-Z0-9]{1,4}(?!\w)"
_IP = r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])|(?<![\w:])(?:[0-9A-Fa-f]{1,4}:){3,7}:?[0-9A-Fa-f]{0,4}(?![\w:])"
_HANDLE = r"(?<![\w/])@\w[\w.\-]+"
_MOMENT = r"(?<!\d)\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+\-]\d{2}:?\d{2})?)?(?!\d)"
_BETWEEN = r"[\s().\-/\u2010-\u2015]{0,3}"
_PHONE = rf"(?<![\w.])(?:\+\s?)?\(?\d(?:{_BETWEEN}\d){{6,14}}(?!\w)"
_WITHOUT_CASE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_SPACES = r"[\s._\-]*"
MIN_PART, MIN_ANY_CASE = 2, 4  # letters of a part of a name, and of a name that counts in any case
REPLACED = {
    Kind.MAIL: "[mail address]", Kind.PHONE: "[phone number]", Kind.ACCOUNT: "[account]", Kind.SELLER_CONTACT: "[seller's contact]",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text as it leaves; of `kind` where it stands for something that was taken out."""

    text: str
    kind: Kind | None = None


def plain(text: str) -> str:
    """The one form of a text: NFKC, without invisible characters, with its line breaks."""
    unified = unicodedata.normalize("NFKC", text)
    return "".join(
        sign for sign in unified if sign in "\n\t" or unicodedata.category(sign) not in {"Cf", "Cc", "Cs", "Co"}
    )


class Scanner:
    """`names` maps each known name to what stands for it: its kind and words. `ids` are numbers of the case, no phone numbers.
    `marks`: what stands for a kind of data, in the language of the file."""

    def __init__(
        self,
        names: Mapping[str, tuple[Kind, str]],
        ids: Iterable[str] = (),
        marks: Mapping[Kind, str] = REPLACED,
    ) -> None:
        self._marks = marks
        self._stands = {key: value for name, value in names.items() if (key := _key(name))}
        known = [each for each in map(_written, names) if each]
        ids_ = [re.escape(each) for each in sorted(filter(None, map(plain, ids)), key=len, reverse=True)]
        kept = "|".join([*(rf"(?<!\w){each}(?!\w)" for each in ids_), _MOMENT])
        self._found = re.compile(
            rf"(?P<mail>{_MAIL})|(?P<name>{'|'.join(known) or '(?!)'})|(?P<kept>{kept})|(?P<iban>{_IBAN})"
            rf"|(?P<ip>{_IP})|(?P<phone>{_PHONE})|(?P<handle>{_HANDLE})"
        )

    def pieces(self, text: str) -> Sequence[Piece]:
        """The text in order, with what was found replaced."""
        text, place, found = plain(text), 0, list[Piece]()
        for match in self._found.finditer(text):
            if match.lastgroup == "kept":
                continue
            if before := text[place : match.start()]:
                found.append(Piece(before))
            found.append(self._stand_in(match))
            place = match.end()
        if rest := text[place:]:
            found.append(Piece(rest))
        return found

    def _stand_in(self, match: re.Match[str]) -> Piece:
        if match.lastgroup == "name":
            kind, words = self._stands[_key(match[0])]
            return Piece(self._marks.get(kind, f"[{words}]"), kind)
        kind = {"mail": Kind.MAIL, "phone": Kind.PHONE}.get(str(match.lastgroup), Kind.ACCOUNT)
        return Piece(self._marks[kind], kind)


def parts_of(name: str) -> list[str]:
    """The words of a name, for people who worked on the case: a text may call them by one of them."""
    words = [word for word in re.split(r"[\s,.]+", plain(name)) if len(word) >= MIN_PART]
    return words if len(words) > 1 else []


def _key(name: str) -> str:
    return re.sub(_SPACES, "", plain(name)).casefold()


def _written(name: str) -> str:
    """A pattern for a name, however its words are joined; where letters have no case, words have no ends either. Short
    names count as they are written only: `Li` is a name, `li` is not."""
    words = [re.escape(word) for word in re.split(_SPACES.replace("*", "+"), plain(name)) if word]
    if not words:
        return ""
    joined = _SPACES.join(words)
    if _WITHOUT_CASE.search(name):
        return joined
    begins = "(?:" if len(_key(name)) < MIN_ANY_CASE else "(?i:"
    return rf"(?<![^\W_]){begins}{joined})(?![^\W_])"
