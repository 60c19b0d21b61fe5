"""The result of reading a feed: rows, complaints about rows, and a report on the file as a whole."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Any

Row = dict[str, Any]
Chosen = tuple[tuple[str, str], ...]
"""Which column of a file each field comes from, as a person chose; empty: columns are known by their names."""
Choose = Callable[[Collection[str]], Chosen]
"""From the columns of a file to what was chosen for them."""


class UnreadableFeed(ValueError):
    """Nothing in the file can be used; the message says why and how to fix it."""


class BrokeOff(Exception):
    """The file is cut off, or cannot be read any further; the message says where and why."""


class Complaint(str):
    """Why one row could not be read, and how to fix it. `cause` groups complaints of one kind."""

    __slots__ = ("cause",)
    cause: str

    def __new__(cls, text: str, cause: str = "unreadable row") -> "Complaint":
        made = super().__new__(cls, text)
        made.cause = cause
        return made


def nothing_chosen(_columns: Collection[str]) -> Chosen:
    """Every column is known by its name."""
    return ()


@dataclass(slots=True)
class Report:
    """How a file was read: shown on the import's page.

    `used` maps each field to the columns it came from; `broke_off` is one sentence if the file is incomplete, else empty.
    `columns` and `sample` (line, and a row's texts by column) show the file to a person who chooses its columns.
    `chosen` is the choice that the file was read by; `is_table` tells tables from files whose rows have keys of their own.
    """

    format: str = ""
    packing: str = ""
    encoding: str = ""
    used: dict[str, list[str]] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    broke_off: str = ""
    columns: list[str] = field(default_factory=list)
    sample: list[tuple[int, Row]] = field(default_factory=list)
    chosen: Chosen = ()
    is_table: bool = False
    choose: Choose = nothing_chosen

    def copy(self) -> "Report":
        """The report as it is now, whatever is added later."""
        return replace(
            self,
            used={name: list(columns) for name, columns in self.used.items()},
            unused=list(self.unused),
            notes=list(self.notes),
            columns=list(self.columns),
            sample=list(self.sample),
        )

    def column_of(self, field: str) -> str:
        """The file's own name of the column that a field came from; the field's name if there is none."""
        return next(iter(self.used.get(field, ())), field)

    def note(self, text: str) -> None:
        """Keep a note about the file once, and at most 50 of them."""
        if text not in self.notes and len(self.notes) < MAX_NOTES:
            self.notes.append(text)


MAX_NOTES = 50
