"""Whom an @ in a text mentions. Knows nothing of Django."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

_AT = re.compile(r"(?<![A-Za-z0-9_./@+-])@(?=\w)")  # not in an e-mail address, and not in the address of a page
_WORD = re.compile(r"\w[\w.'’-]*")


@dataclass(frozen=True, slots=True)
class Mentions:
    """The people mentioned, by number; and the names after an @ that belong to no one, or to several people."""

    people: frozenset[int]
    unknown: tuple[str, ...]
    several: tuple[str, ...]


def mentions_in(text: str, people: Iterable[tuple[int, str]]) -> Mentions:
    """An @ before a whole name mentions that person, and so does an @ before a first name that no one else has.
    `people`: (number, name). Capital letters make no difference."""
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
        name = next((name for name in names if name and _is_at(name, plain_text, at.end())), "")
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


def _is_at(name: str, text: str, place: int) -> bool:
    """Whether the whole name is at this place; scripts without capitals, such as Chinese, put no blank after it."""
    if not text.startswith(name, place):
        return False
    after = text[place + len(name) : place + len(name) + 1]
    return not after.isalnum() or unicodedata.category(name[-1]) == "Lo"
