"""Why a clock starts, and why its deadline is what it is: one sentence in English, and the same as data."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Reason:
    """`text` is for mails, packs and the API; `data` is for pages, which write the sentence in their reader's language and
    time zone (enforcement/clocks/reasons.py).

    `data` is plain JSON: `kind`, and what belongs to it. Moments are ISO 8601 in UTC, days are those of the terms' own
    calendar.
    """

    text: str
    data: dict[str, Any] = field(hash=False, compare=False)

    def __str__(self) -> str:
        return self.text


def in_utc(at: datetime) -> str:
    """A moment as data: ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat()
