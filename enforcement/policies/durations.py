"""Lengths of time as people type them: a number with its unit, like 30 min, 6 h or 3 d."""

import re

from enforcement.rules.durations import LENGTHS, largest_unit

_SHORT = {"days": "d", "hours": "h", "minutes": "min", "seconds": "s"}
_SECONDS = {_SHORT[unit]: length for unit, length in LENGTHS}
_TEXT = re.compile(r"\s*([0-9]{1,9})\s*(d|h|min|s)\s*", re.ASCII)


def duration_text(seconds: int) -> str:
    """`seconds` in the largest unit that divides them: 3600 is "1 h", 5400 is "90 min"."""
    amount, unit = largest_unit(seconds)
    return f"{amount} {_SHORT[unit]}"


def seconds_of(text: str) -> int:
    """The reverse of `duration_text`. Raises ValueError without a unit, so that no one takes seconds for minutes."""
    if (found := _TEXT.fullmatch(text)) is None:
        raise ValueError(text)
    return int(found[1]) * _SECONDS[found[2]]
