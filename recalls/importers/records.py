"""What every importer gives: a recall as the regulator wrote it, or a reject that says why not."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any


class UnreadableFile(ValueError):
    """The whole file cannot be read; the message says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class ImportedProduct:
    name: str
    brand: str = ""
    model_numbers: tuple[str, ...] = ()
    gtins: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    units: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class ImportedRecall:
    """One recall; `record` is its place in the file from 1, `notes` what could not be taken over as it was."""

    record: int
    number: str
    title: str
    description: str
    hazard: str
    remedy: str
    sold_at: str
    firms: tuple[str, ...]
    url: str
    recalled_on: date | None
    units: str
    products: tuple[ImportedProduct, ...]
    pictures: tuple[tuple[str, str], ...]
    source: dict[str, Any]
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that cannot be imported: its place, its number if it has one, why and how to mend it, and its text."""

    record: int
    number: str
    reason: str
    content: str
