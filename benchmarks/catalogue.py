"""Catalogues of any size out of the real listings of a file, for the benchmarks that store them.

The file's listings come as they are; once they are used up they come again, as other products: with an id, a GTIN and
numbers of their own, and with a word of another title in place of one of theirs.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from listings.matching.files import UnreadableRecord, listing_lines
from listings.matching.texts import RecallText
from listings.recall_files import read_recalls
from portal.gtin import checked_gtin

COLUMNS = ("id", "title", "description", "brand", "gtin", "mpn", "seller", "category")
_NUMBER = re.compile(r"\d{3,}")  # shorter ones are sizes and counts
_APART = 7_919  # a prime, so that neighbours in one copy are none in the next


def recalls_of(data: Path) -> list[RecallText]:
    """The recalls of the folder's file that can be read."""
    rows = read_recalls(data / "cpsc_recalls.json.gz")
    return [row for row in rows if not isinstance(row, UnreadableRecord)]


def rows_of(haystack: Path, count: int, first: int = 0) -> Iterator[dict[str, str]]:
    """The listings number `first` to `count` of an endless catalogue."""
    lines = [line for _, line in listing_lines(haystack)]
    for place in range(first, count):
        row = _plain(json.loads(lines[place % len(lines)]))
        if (copy := place // len(lines)) > 0:
            row = _changed(row, _plain(json.loads(lines[(place + copy * _APART) % len(lines)])), copy)
        yield row | {"id": f"feed-{place}"}


def _plain(row: dict[str, object]) -> dict[str, str]:
    return {name: str(row.get(name) or "").replace("\x00", "") for name in COLUMNS}


def _changed(row: dict[str, str], other: dict[str, str], copy: int) -> dict[str, str]:
    """Another product: the words of two titles, and numbers that no earlier copy has."""
    words, more = row["title"].split(), other["title"].split()
    place = copy % len(words) if words else 0
    if words and more:
        words[place] = more[copy % len(more)]
    return row | {
        "title": _renumbered(" ".join(words), copy),
        "mpn": _renumbered(row["mpn"], copy),
        "gtin": _other_gtin(row["gtin"], copy),
    }


def _renumbered(text: str, copy: int) -> str:
    return _NUMBER.sub(lambda found: str((int(found[0]) + 37 * copy) % 10 ** len(found[0])).zfill(len(found[0])), text)


def _other_gtin(gtin: str, copy: int) -> str:
    """A GTIN with a right check digit, of the same length; what is none stays as it is."""
    if not gtin.isascii() or not gtin.isdigit() or checked_gtin(gtin) is None:
        return gtin
    body = str((int(gtin[:-1]) + copy * _APART) % 10 ** (len(gtin) - 1)).zfill(len(gtin) - 1)
    return next(code for digit in range(10) if checked_gtin(code := f"{body}{digit}") is not None)
