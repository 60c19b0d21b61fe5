"""Cells of CSV files: as a spreadsheet must take them for text, and back again. Pure.

A spreadsheet takes a cell for a formula by how it begins. Where its list separator is a semicolon, as in most of
Europe, it takes a file apart at semicolons and line breaks inside our cells as well, so what follows one of those
begins a cell, too.
"""

import re
from typing import Any

_FORMULA = r"[=+\-@＝＋－＠]"
_BLANKS = r"[ \u00a0\u00ad\u1680\u2000-\u200f\u202f\u205f\u2060\u3000\ufeff]*"  # also those that have no width
_BEGINS = re.compile(rf"{_BLANKS}(?:{_FORMULA}|[\t\r\n])")
_GUARDED = re.compile(rf"'+{_BEGINS.pattern}")
_INSIDE = re.compile(rf"([;\t\r\n]{_BLANKS})('*)(?={_FORMULA})")
_GUARDED_INSIDE = re.compile(rf"([;\t\r\n]{_BLANKS})'('*)(?={_FORMULA})")


def inert(value: Any) -> str:
    """A cell as text that no spreadsheet takes for a formula, wherever it takes it apart; leading zeros stay."""
    text = _inert_inside(value)
    return f"'{text}" if _BEGINS.match(text) else text


def guarded(value: Any) -> str:
    """As `inert`, and so that `unguarded` gives the text back exactly: one that looks guarded is guarded once more."""
    text = _inert_inside(value)
    return f"'{text}" if _BEGINS.match(text) or _GUARDED.match(text) else text


def unguarded(text: str) -> str:
    """The text of a cell that was guarded; every other text as it is."""
    return _GUARDED_INSIDE.sub(r"\1\2", text[1:] if _GUARDED.match(text) else text)


def _inert_inside(value: Any) -> str:
    return _INSIDE.sub(r"\1'\2", "" if value is None else str(value))
