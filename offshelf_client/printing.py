"""What is printed: lines for people, JSON for programs. Texts of sellers and shops never steer the terminal."""

import json
import sys
import unicodedata
from collections.abc import Iterable
from typing import Any

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def one_line(value: Any, limit: int = 120) -> str:
    """A text as one line of at most `limit` characters without any that is invisible, or that moves or colours others."""
    text = "" if value is None else str(value)[: limit * 8]
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(each) in _HIDDEN else each for each in text)
    shown = " ".join(text.split())
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


def out(*parts: Any) -> None:
    """One line of parts, two blanks between them."""
    sys.stdout.write("  ".join(one_line(part) for part in parts) + "\n")


def out_json(row: Any) -> None:
    """One JSON document on a line, in ASCII: whatever a text has in it, it is one line and harmless."""
    sys.stdout.write(json.dumps(row) + "\n")


def note(text: str) -> None:
    """One line for the person at the terminal, beside the output."""
    sys.stderr.write(f"{one_line(text, 1_000)}\n")


def notes(title: str, texts: Iterable[str], *, most: int = 20) -> None:
    """A list of complaints, the first of them in full."""
    found = list(texts)
    if found:
        note(title)
    for text in found[:most]:
        note(f"- {text}")
    if len(found) > most:
        note(f"- and {len(found) - most:,} more")
