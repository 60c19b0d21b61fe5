"""Listings from files, and what reads the recalls beside them, for running without a database."""

import gzip
import json
from collections.abc import Callable, Iterable, Iterator
from json.scanner import make_scanner
from pathlib import Path
from typing import Any, NamedTuple, cast

from listings.matching.texts import ListingText, RecallText


class UnreadableFile(ValueError):
    """A file of recalls cannot be read at all; the message says why and how to fix it."""


class UnreadableRecord(NamedTuple):
    """A record of a file that is not a recall: its place from 1, why, and how to fix it."""

    record: int
    reason: str


_TEXTS = ("id", "title", "description", "brand", "gtin", "mpn", "seller", "category")
"""The fields of a listing that are texts."""
_scan = make_scanner(cast("Any", json.JSONDecoder()))
_BLANKS = " \t\n\r"
ReadRecalls = Callable[[Path], Iterable[RecallText | UnreadableRecord]]
"""Reads a file of recalls in a format that the engine does not know. Raises UnreadableFile."""


def listing_lines(path: Path) -> Iterator[tuple[int, str]]:
    """(line number, line) of a JSONL file, gzip or plain; blank lines are skipped."""
    with path.open("rb") as start:
        packed = start.read(2) == b"\x1f\x8b"
    with (
        gzip.open(path, "rt", encoding="utf-8", errors="replace")
        if packed
        else path.open(encoding="utf-8", errors="replace") as lines
    ):
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield number, line


def _read(line: str) -> Any:
    """`json.loads`, which takes half as long again for a short text to look for blanks around it."""
    try:
        row, end = _scan(line, 0)
    except (
        StopIteration
    ):  # there are blanks before it, or nothing that it could be: json.loads says what is wrong where
        return json.loads(line)
    return row if line[end:].strip(_BLANKS) == "" else json.loads(line)


def parse_listing(line: str) -> tuple[ListingText, dict[str, Any]]:
    """A listing and its whole row. Raises ValueError that says what is wrong."""
    try:
        row = _read(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise ValueError("not a listing: nested too deeply") from None
    if not isinstance(row, dict) or not row.get("id") or not row.get("title"):
        raise ValueError('an object with "id" and "title" was expected')

    identifier, title, description, brand, gtin, mpn, seller, category = [
        value if type(value) is str else str(value or "") for value in map(row.get, _TEXTS)
    ]
    price = row.get("price")
    if price is not None:
        try:
            price = float(price) if isinstance(price, int | float) else None
        except OverflowError:
            raise ValueError("the price has more than 308 digits") from None
    return ListingText(identifier, title, description, brand, gtin, mpn, seller, price, category), row
