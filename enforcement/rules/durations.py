"""Lengths of time in English words, for sentences that are stored."""

LENGTHS = (("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1))
"""Units and their seconds, the longest first."""


def largest_unit(seconds: int) -> tuple[int, str]:
    """`seconds` in the largest unit that divides them exactly: 3600 is (1, "hours"), 90 is (90, "seconds")."""
    return next(
        (seconds // length, unit) for unit, length in LENGTHS if (seconds and seconds % length == 0) or length == 1
    )


def duration(amount: int, unit: str) -> str:
    """For example "1 hour" or "3 working days"; `unit` is the plural that terms use."""
    words = unit.replace("_", " ")
    return f"{amount} {words.removesuffix('s') if amount == 1 else words}"
