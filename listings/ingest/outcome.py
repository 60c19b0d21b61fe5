"""The result of reading a feed: rows, complaints about rows, and a report on the file as a whole."""

from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]


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


@dataclass(slots=True)
class Report:
    """How a file was read: shown on the import's page.

    `used` maps each field to the columns it came from; `broke_off` is one sentence if the file is incomplete, else empty.
    """

    format: str = ""
    packing: str = ""
    encoding: str = ""
    used: dict[str, list[str]] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    broke_off: str = ""

    def column_of(self, field: str) -> str:
        """The file's own name of the column that a field came from; the field's name if there is none."""
        return next(iter(self.used.get(field, ())), field)

    def note(self, text: str) -> None:
        """Keep a note about the file once, and at most 50 of them."""
        if text not in self.notes and len(self.notes) < MAX_NOTES:
            self.notes.append(text)


MAX_NOTES = 50
