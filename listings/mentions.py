"""Who is meant by an @ in a text. Knows nothing of Django."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

_AT = re.compile(r"(?<![A-Za-z0-9_./@+-])@(?=\w)")  # not in an e-mail address, and not in the address of a page
_WORD = re.compile(r"\w[\w.'’-]*")


@dataclass(frozen=True, slots=True)
class Mentions:
    """The people meant, by their number; and the words after an @ that are nobody's name, or that several people have."""

    people: frozenset[int]
    unknown: tuple[str, ...]
    several: tuple[str, ...]


def mentions_in(text: str, people: Iterable[tuple[int, str]]) -> Mentions:
    """Each of `people` (number, name) is meant by an @ before the whole name, or before its first word where nobody else
    has it; small and capital letters are one."""
    called: dict[str, set[int]] = defaultdict(set)
    for number, name in people:
        plain = _plain(name)
        called[plain].add(number)
        called[plain.split(" ")[0]].add(number)
    names = sorted(called, key=len, reverse=True)
    found: set[int] = set()
    unknown: list[str] = []
    several: list[str] = []
    shown = " ".join(unicodedata.normalize("NFC", text).split())
    plain_text = shown.lower()
    if len(shown) != len(plain_text):  # a few letters have two for a small one
        shown = plain_text
    for at in _AT.finditer(plain_text):
        name = next((name for name in names if name and _stands(name, plain_text, at.end())), "")
        if not name:
            word = _WORD.match(shown, at.end())
            unknown.append(word.group().rstrip(".'’-") if word else "")
        elif len(called[name]) > 1:
            several.append(shown[at.end() : at.end() + len(name)])
        else:
            found |= called[name]
    return Mentions(frozenset(found), tuple(dict.fromkeys(unknown)), tuple(dict.fromkeys(several)))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


def _stands(name: str, text: str, place: int) -> bool:
    """Whether the name stands there as a whole; scripts without capitals, such as Chinese, put no blank after it."""
    if not text.startswith(name, place):
        return False
    after = text[place + len(name) : place + len(name) + 1]
    return not after.isalnum() or unicodedata.category(name[-1]) == "Lo"
