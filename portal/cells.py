"""Cells of CSV files: as a spreadsheet must take them for text, and back again. Pure."""

import re
from typing import Any

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_GUARDED = re.compile(r"'+[ \u00a0]*[=+\-@\t\r\n＝＋－＠]")


def inert(value: Any) -> str:
    """A cell as text that no spreadsheet takes for a formula; leading zeros stay."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_DANGEROUS) or text.startswith(_DANGEROUS) else text


def guarded(value: Any) -> str:
    """As `inert`, and so that `unguarded` gives the text back exactly: one that looks guarded is guarded once more."""
    text = inert(value)
    return f"'{text}" if text == str(value) and _GUARDED.match(text) else text


def unguarded(text: str) -> str:
    """The text of a cell that was guarded; every other text as it is."""
    return text[1:] if text.startswith("'") and _GUARDED.match(text) else text
