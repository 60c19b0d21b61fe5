"""Lengths of time as people type them: a number with its unit, like 30 min, 6 h or 3 d."""

import re

_SECONDS = {"d": 86_400, "h": 3_600, "min": 60, "s": 1}
_TEXT = re.compile(r"\s*([0-9]{1,9})\s*(d|h|min|s)\s*", re.ASCII)


def duration_text(seconds: int) -> str:
    """`seconds` in the largest unit that divides them: 3600 is "1 h", 5400 is "90 min"."""
    unit = next(unit for unit, length in _SECONDS.items() if seconds % length == 0)
    return f"{seconds // _SECONDS[unit]} {unit if seconds else 's'}"


def seconds_of(text: str) -> int:
    """The reverse of `duration_text`. Raises ValueError without a unit, so that no one takes seconds for minutes."""
    if (found := _TEXT.fullmatch(text)) is None:
        raise ValueError(text)
    return int(found[1]) * _SECONDS[found[2]]
