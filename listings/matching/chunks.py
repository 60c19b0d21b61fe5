"""Listings of files, some thousand at a time: read, ruled out together, and what is left compared."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from listings.matching.bulk.filter import BulkFilter
from listings.matching.cache import Kept
from listings.matching.files import listing_lines, parse_listing
from listings.matching.listing import read_listing
from listings.matching.score import HOPELESS, NO_FLAG, compare
from listings.matching.texts import ListingText, Match

CHUNK = 4_000  # listings that are looked at together
MAX_CHUNK = 8_000_000  # characters of them
COLLECT_AFTER = 100_000  # objects: what is remembered of words lives on, and matching makes hardly any cycles
BANDS = {"flag": frozenset({"flag"}), "flag+ask": frozenset({"flag", "ask"}), "all": frozenset({"flag", "ask", "no"})}
Chunk = list[tuple[str, int, str]]
"""File, line number and line of each listing."""


class Matched(NamedTuple):
    """Of a chunk: a line of JSON for each match, a sentence for each line that is no listing, how many are listings."""

    lines: list[str]
    complaints: list[str]
    listings: int


def chunks(paths: Iterable[Path]) -> Iterator[Chunk]:
    """The listings of the files in their order. Raises OSError, EOFError and zlib.error where a file cannot be read."""
    chunk: Chunk = []
    size = 0
    for path in paths:
        for number, line in listing_lines(path):
            chunk.append((str(path), number, line))
            size += len(line)
            if len(chunk) == CHUNK or size >= MAX_CHUNK:
                yield chunk
                chunk, size = [], 0
    if chunk:
        yield chunk


class ChunkMatcher:
    """Compares chunks with an index; what it writes does not depend on how listings are divided into chunks."""

    def __init__(self, kept: Kept, *, bands: str, pairs: bool) -> None:
        """`bands` is a name of BANDS; with `pairs`, only the recall that a row names is compared with it."""
        self._index = kept.recalls
        self._filter = BulkFilter(kept.tables)
        self._wanted, self._pairs = BANDS[bands], pairs
        self._at_least = NO_FLAG if bands == "flag" else HOPELESS
        self._places = {number: place for place, number in enumerate(self._index.numbers)}

    def match(self, chunk: Chunk) -> Matched:
        out, bad = [], []
        rows: list[tuple[ListingText, dict[str, Any]]] = []
        for path, number, line in chunk:
            try:
                rows.append(parse_listing(line))
            except ValueError as error:
                bad.append(f"{path}, line {number}: {error}")
        texts = [text for text, _ in rows]
        among = [None] * len(rows) if self._pairs else self._filter.hopeful(texts, self._at_least)
        for (text, row), places in zip(rows, among, strict=True):
            matches: list[Match]
            if self._pairs:
                place = self._places.get(str(row.get("recall")))
                match = compare(self._index.readings[place], read_listing(text)) if place is not None else None
                matches = [match] if match else []
            else:
                judged = self._index.judged if "no" in self._wanted else self._index.match
                matches = judged(text, among=places, at_least=self._at_least)
            out += [
                json.dumps({**match.as_dict(), "listing_id": text.id}, ensure_ascii=False)
                for match in matches
                if match.band in self._wanted
            ]
        return Matched(out, bad, len(rows))
