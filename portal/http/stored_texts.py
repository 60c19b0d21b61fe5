"""Sentences that services stored in English, shown in the reader's language and time zone.

What is stored stays English (docs/decisions/0016-translation-on-display.md). Each app registers the texts that it stores,
with placeholders where values are; a page finds the text of a stored sentence again, and fills its translation with the
same values. A sentence of no registered text is shown as it is stored.

The beginning of a placeholder's name says what its value may be: `number…` a number in one word, `moment…` a time in UTC,
`deadline…` a time in UTC by which something is due, `our_…` a registered text, or several with "; " or ", " between them;
any other name, any words.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple, Union

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from portal.http.language import shown_inside
from portal.http.moments import deadline_words, moment_words

MAX_LENGTH = 2_000
"""Longer texts are not searched: what services store as sentences is shorter."""
MAX_DEPTH = 4
MAX_PLACES = 12
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_STOP = re.compile(r"(?<=[.…?!]) ")
_NUMBER = re.compile(r"\S*\d\S*")
_MOMENT = re.compile(r"(?:\d\d [A-Z][a-z]{2} \d{4}|\d{4}-\d\d-\d\d) \d\d:\d\d(?::\d\d)? UTC")
_FORMS = ("%d %b %Y %H:%M:%S", "%d %b %Y %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")


class _Text(NamedTuple):
    message: str
    literals: tuple[str, ...]  # what stands before, between and after the values
    names: tuple[str, ...]


class _Found(NamedTuple):
    message: str
    values: tuple[tuple[str, Union[str, datetime, "_Several"]], ...] = ()
    is_inside: bool = False  # a label that stands with a small letter in the middle of a sentence


class _Several(NamedTuple):
    texts: tuple[_Found, ...]
    mark: str = ""  # what stands between them


_WHOLE: set[str] = set()
_WITH_VALUES: list[_Text] = []


def register(texts: Iterable[str]) -> None:
    """Add texts that an app stores: marked with `gettext_noop`, with placeholders like `%(number)s`."""
    known = {text.message for text in _WITH_VALUES}
    for message in texts:
        if _PLACEHOLDER.search(message) is None:
            _WHOLE.add(message)
        elif message not in known:
            known.add(message)
            _WITH_VALUES.append(_text(message))
    # What says most is tried first, and last what begins with a value, which could be the beginning of another text.
    _WITH_VALUES.sort(key=lambda text: (not text.literals[0], -sum(map(len, text.literals))))
    _sentences.cache_clear()
    _search.cache_clear()


def filled(message: str, stored_text: str) -> str | None:
    """A stored text in the reader's language if it is `message` with values; None if not. It need not be registered."""
    found = _with_values_of(_text(message), stored_text, depth=0)
    return _in_words(found) if found else None


def is_known(sentence: str) -> bool:
    """Whether a stored sentence can be shown in other languages."""
    return bool(_sentences(sentence))


def in_readers_language(sentence: str) -> str | None:
    """The stored sentence in the language and zone of the page; None where no registered text has it."""
    found = _sentences(sentence)
    if not found:
        return None
    said = [_in_words(each) for each in found]
    return "".join(f"{each}{'' if each.endswith('。') else ' '}" for each in said[:-1]) + said[-1]


def stored(text: object) -> SafeString:
    """A stored sentence for a page: in the reader's language, or else as it is, marked as English."""
    sentence = str(text or "")
    said = in_readers_language(sentence) if sentence else ""
    return escape(said) if said is not None else format_html('<span lang="en" dir="ltr">{}</span>', sentence)


def stored_lines(text: str) -> SafeString:
    """As `stored`, line by line: what a message says."""
    return format_html_join("\n", "{}", ((stored(line),) for line in text.splitlines()))


def plain_lines(text: str) -> str:
    """As `stored_lines`, for a mail: a line of no registered text is as it is stored."""
    return "\n".join(in_readers_language(line) or line for line in text.split("\n"))


def _in_words(found: _Found) -> str:
    if found.is_inside:
        return shown_inside(found.message)
    translated = gettext(found.message)
    return translated % {name: _value(name, value) for name, value in found.values} if found.values else translated


def _value(name: str, value: str | datetime | _Several) -> str:
    if isinstance(value, _Several):
        return value.mark.join(map(_in_words, value.texts))
    if isinstance(value, datetime):
        return deadline_words(value) if name.startswith("deadline") else moment_words(value)
    return value


@lru_cache(maxsize=4096)
def _sentences(text: str) -> tuple[_Found, ...]:
    """The registered texts that a stored text is made of, one after another; none where a part of it is not known."""
    if not text or len(text) > MAX_LENGTH:
        return ()
    if whole := _search(text):
        return (whole,)
    found: list[_Found] = []
    start = 0
    ends = [each.start() for each in _STOP.finditer(text)] + [len(text)]
    while start < len(text):
        longest = next(
            ((end, each) for end in reversed(ends[-MAX_PLACES:]) if end > start and (each := _search(text[start:end]))),
            None,
        )
        if longest is None:
            return ()
        found.append(longest[1])
        start = longest[0] + 1
    return tuple(found)


@lru_cache(
    maxsize=16_384
)  # the same part is asked for once, or repeated marks would make a search grow with their number
def _search(sentence: str, depth: int = 0) -> _Found | None:
    if sentence in _WHOLE:
        return _Found(sentence)
    if depth and (label := sentence[:1].upper() + sentence[1:]) in _WHOLE:
        return _Found(label, is_inside=True)
    if depth > MAX_DEPTH:
        return None
    return next((found for text in _WITH_VALUES if (found := _with_values_of(text, sentence, depth))), None)


@lru_cache(maxsize=256)
def _text(message: str) -> _Text:
    pieces = _PLACEHOLDER.split(message)
    return _Text(message, tuple(pieces[::2]), tuple(pieces[1::2]))


def _with_values_of(text: _Text, sentence: str, depth: int) -> _Found | None:
    first, *others = text.literals
    if not (sentence.startswith(first) and sentence.endswith(others[-1])):
        return None
    values = _values(text.names, others, sentence, len(first), depth)
    return None if values is None else _Found(text.message, tuple(zip(text.names, values, strict=True)))


def _values(
    names: tuple[str, ...], literals: list[str], sentence: str, start: int, depth: int
) -> list[str | datetime | _Several] | None:
    """What stands between the literals. Other words end where the next literal first comes, so that no stranger's words
    make this long; only a text of ours is looked for up to each place of it."""
    if not names:
        return [] if start == len(sentence) else None
    read, ours = _reader(names[0], depth)
    for end in _ends(sentence, literals[0], start, is_last=len(names) == 1):
        if (value := read(sentence[start:end])) is not None:
            rest = _values(names[1:], literals[1:], sentence, end + len(literals[0]), depth)
            if rest is not None:
                return [value, *rest]
        if not ours:
            return None
    return None


def _ends(sentence: str, literal: str, start: int, *, is_last: bool) -> Iterator[int]:
    if is_last:
        end = len(sentence) - len(literal)
        if end > start:
            yield end
        return
    end = start
    for _ in range(MAX_PLACES):
        if (end := sentence.find(literal, end + 1)) < 0:
            return
        yield end


def _reader(name: str, depth: int) -> tuple[Callable[[str], str | datetime | _Several | None], bool]:
    """How the value of a placeholder is read, and whether it is a text of ours."""
    if name.startswith("our_"):
        return (lambda value: _ours(value, depth + 1)), True
    if name.startswith("number"):
        return (lambda value: value if _NUMBER.fullmatch(value) else None), False
    if name.startswith(("moment", "deadline")):
        return _moment, False
    return (lambda value: value), False


def _ours(value: str, depth: int) -> _Several | None:
    if whole := _search(value, depth):
        return _Several((whole,))
    for mark in ("; ", ", ", " or as "):
        parts = value.split(mark)
        if 1 < len(parts) <= MAX_PLACES:
            found = [_search(part, depth) for part in parts]
            if all(found):
                return _Several(tuple(each for each in found if each), mark)
    return None


def _moment(value: str) -> datetime | None:
    if _MOMENT.fullmatch(value):
        for form in _FORMS:
            try:
                return datetime.strptime(value.removesuffix(" UTC"), form).replace(tzinfo=UTC)
            except ValueError:
                continue
    return None
