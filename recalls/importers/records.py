"""What every importer returns: a recall as the publisher wrote it, or a reject that says why not."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Facts = dict[str, str | list[str]]
MAX_WORDS = 50  # unknown words of a field that are counted separately; the others are counted together


class UnreadableFile(ValueError):
    """The whole file cannot be read; the message says why and how to fix it."""


@dataclass(frozen=True, slots=True)
class ProductContent:
    """One recalled product as its writer or a file states it; "" and () where nothing is known."""

    name: str
    brand: str = ""
    model_numbers: tuple[str, ...] = ()
    gtins: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    units: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class ImportedRecall:
    """One recall; `record` is its place in the file from 1, `notes` says what could not be used unchanged.

    `facts` has what publishers say beyond our fields, by the names of recalls.importers.facts. `recorded` has of the names
    of recalls.importers.safety those that the file speaks about; the others stay as they are stored. `partial` means that
    the file has only an extract of the notice: it never replaces a stored recall.
    """

    record: int
    number: str
    title: str
    description: str = ""
    hazard: str = ""
    remedy: str = ""
    sold_at: str = ""
    firms: tuple[str, ...] = ()
    url: str = ""
    recalled_on: date | None = None
    units: str = ""
    products: tuple[ProductContent, ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()
    source: dict[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = field(default=())
    facts: Facts = field(default_factory=dict)
    recorded: dict[str, Any] = field(default_factory=dict)
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that cannot be imported: its place, its number if it has one, why and how to fix it, and its text."""

    record: int
    number: str
    reason: str
    content: str


@dataclass(frozen=True, slots=True)
class Raw:
    """A record as it is in the file, before a publisher's importer reads it."""

    place: int
    value: Any


@dataclass(slots=True)
class Report:
    """What an import found besides recalls: unknown fields and words, and remarks about the file."""

    remarks: list[str] = field(default_factory=list)
    fields: Counter[str] = field(default_factory=Counter)
    words: dict[str, Counter[str]] = field(default_factory=dict)

    def unknown_fields(self, record: dict[str, Any], known: frozenset[str]) -> None:
        self.fields.update(str(name)[:100] for name in record if name not in known)

    def unknown_word(self, field_name: str, word: str) -> None:
        seen = self.words.setdefault(field_name, Counter())
        seen[word[:100] if word[:100] in seen or len(seen) < MAX_WORDS else "…"] += 1


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as read: which publisher's format it is, its rows in order, and the report.

    `broke_off` says where the file is cut off; empty if it is complete. `records` counts the records of the file,
    which can be more than its recalls: several records can make one recall.
    """

    format: str
    publisher: str
    rows: list[ImportedRecall | Reject]
    records: int
    report: Report
    broke_off: str = ""
