"""The shape of a publisher's importer, and what all of them share."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from recalls.importers.records import ImportedRecall, Raw, Reject, Report
from recalls.importers.text import clean, line, show

MAX_NUMBER = 40  # characters; Recall.number has as many
Row = ImportedRecall | Reject


@dataclass(frozen=True, slots=True)
class Importer:
    """One publisher's format. `matches` recognises its records by their names; `read` gets the records that are
    complete objects, and gives a recall or a reject for each (or for each group that makes one recall).

    `numbers` are the names of the fields with a record's number, `known` all names that the importer knows: others
    are kept in the recall's source and reported.
    """

    key: str
    publisher: str
    matches: Callable[[dict[str, Any]], bool]
    read: Callable[[list[Raw], Report], Iterator[Row]]
    numbers: tuple[str, ...]
    known: frozenset[str]

    def number_of(self, record: Any) -> str:
        """The number of a record if it has one, for rejects."""
        if isinstance(record, dict):
            for name in self.numbers:
                if isinstance(value := record.get(name), str | int) and not isinstance(value, bool):
                    return line(value)[:80]
        return ""


class Unusable(ValueError):
    """A record cannot become a recall; the message says why and how to fix it."""


def one_by_one(make: Callable[[Raw, Report], ImportedRecall]) -> Callable[[list[Raw], Report], Iterator[Row]]:
    """An importer's `read` from a function for one record."""

    def read(raws: list[Raw], report: Report) -> Iterator[Row]:
        for raw in raws:
            yield guarded(raw, lambda raw=raw: make(raw, report))  # type: ignore[misc]

    return read


def guarded(raw: Raw, make: Callable[[], ImportedRecall], number: str = "") -> Row:
    """The recall that `make` gives, or a reject: a bad record stops no other."""
    try:
        return make()
    except Unusable as error:
        return Reject(raw.place, number or str(getattr(error, "number", ""))[:80], str(error), show(raw.value))
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError, ArithmeticError) as error:
        return Reject(raw.place, number, f"the record cannot be read: {str(error)[:200]}", show(raw.value))


def unusable(number: str, reason: str) -> Unusable:
    error = Unusable(reason)
    error.number = number  # type: ignore[attr-defined]
    return error


def number_in(value: Any, name: str) -> str:
    """A publisher's number, unchanged but for characters that nobody sees, by which it would be another one that reads
    the same. Raises Unusable, which says what is wrong with it."""
    number = "".join(each for each in line(value) if unicodedata.category(each) != "Cf")
    if not number:
        raise Unusable(f"{name} is missing or empty: give the publisher's number")
    if len(number) > MAX_NUMBER:
        raise unusable(number[:80], f"{name} is longer than {MAX_NUMBER} characters: give only the number")
    return number


def required(value: Any, name: str, number: str) -> str:
    text = clean(value)
    if not text:
        raise unusable(number, f"{name} is missing or empty: give the recall's title")
    return text


def dated(number: str, read: Callable[[], Any]) -> Any:
    """A date as `read` reads it; an invalid date rejects the record, not the file."""
    try:
        return read()
    except ValueError as error:
        raise unusable(number, str(error)) from None


def in_groups(raws: Iterable[Raw], key: Callable[[Raw], str]) -> dict[str, list[Raw]]:
    """Records that make one recall together, in the order of the first of each."""
    groups: dict[str, list[Raw]] = {}
    for raw in raws:
        groups.setdefault(key(raw), []).append(raw)
    return groups
