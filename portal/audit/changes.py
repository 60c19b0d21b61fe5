"""What an event changed, for its page: field by field, with what was before and what is after.

What the log holds may come from files and sellers, and may have been erased. Whatever it is, it is shown in bounded
time and length; the page has the stored data beside it as it is.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from portal.differences import Part, items, words
from portal.http.moments import moment_words
from portal.texts import in_written_order

MAX_FIELDS = 200
MAX_ITEMS = 200  # of a list
MAX_ITEM = 200  # characters shown of one of them
MAX_DEPTH = 3  # of objects inside objects; deeper ones are shown as they are stored
MAX_LENGTH = 4_000  # characters of a text that is compared word by word, and that is shown of a longer one
LONG = 60  # characters; shorter texts are shown as a whole, before and after

_MISSING = object()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field: `parts` where the difference is shown in one text, otherwise `was` and `now`."""

    field: str
    was: str = ""
    now: str = ""
    parts: tuple[Part, ...] = ()


def changes_of(before: Any, after: Any) -> list[FieldChange]:
    """The fields that differ, by name; none where neither side has fields."""
    found: list[FieldChange] = []
    for name, old, new in _pairs(_fields(before), _fields(after), MAX_DEPTH):
        if len(found) == MAX_FIELDS:
            break
        if old != new or type(old) is not type(new):
            found.append(_change(_short(name.replace("_", " ")).capitalize(), old, new))
    return found


def _fields(values: Any) -> Mapping[str, Any]:
    return values if isinstance(values, Mapping) else {}


def _pairs(before: Mapping[str, Any], after: Mapping[str, Any], depth: int) -> Iterator[tuple[str, Any, Any]]:
    """Every field with its two values; those of an object inside are named after it."""
    for name in sorted({*before, *after}):
        old, new = before.get(name, _MISSING), after.get(name, _MISSING)
        inner = [value for value in (old, new) if value not in ({}, None, _MISSING)]
        if depth and inner and all(isinstance(value, Mapping) for value in inner):
            for part, *values in _pairs(_fields(old), _fields(new), depth - 1):
                yield f"{name}: {part}", *values
        else:
            yield name, old, new


def _change(field: str, old: Any, new: Any) -> FieldChange:
    if isinstance(old, list) or isinstance(new, list):
        olds, news = ([_shown(each)[:MAX_ITEM] for each in _list(value)[:MAX_ITEMS]] for value in (old, new))
        left_out = [Part("same", " …")] * (max(len(_list(old)), len(_list(new))) > MAX_ITEMS)
        return FieldChange(field, parts=(*items(olds, news), *left_out))
    was, now = _shown(old), _shown(new)
    if isinstance(old, str) and isinstance(new, str) and max(len(was), len(now)) > LONG and was and now:
        return FieldChange(field, parts=tuple(words(was, now)))
    return FieldChange(field, was, now)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value in (_MISSING, None, "") else [value]


def _shown(value: Any) -> str:
    """A stored value as people write it."""
    if value is _MISSING or value is None:
        return "–"
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, str):
        return _moment(value) or _short(value)
    return _short(json.dumps(value, ensure_ascii=False))


def _moment(text: str) -> str:
    """A moment in the reader's zone; empty where the text is none."""
    try:
        moment = parse_datetime(text) if "T" in text and len(text) <= 40 else None
        if moment is None or timezone.is_naive(moment):
            return ""
        return moment_words(moment)
    except (ValueError, OverflowError):
        return ""


def _short(text: str) -> str:
    plain = in_written_order(text[: MAX_LENGTH + 1])
    return plain if len(plain) <= MAX_LENGTH else f"{plain[:MAX_LENGTH]}…"
