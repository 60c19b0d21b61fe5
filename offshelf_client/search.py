"""Searching a catalogue for recalled products, where the catalogue is. Rows that match nothing stay here."""

import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

from listings.ingest.outcome import Complaint, Report, UnreadableFeed
from listings.ingest.readers import Feed, read_feed
from listings.ingest.rows import ListingRow, parse_row
from listings.matching import Match, RecallIndex
from listings.row_texts import row_text
from offshelf_client.commitment import Rows
from offshelf_client.failures import Exit, Failure

MAX_COMPLAINTS = 1_000  # that are kept; all are counted
PIECE = 1 << 20


class Hit(NamedTuple):
    """A listing and the recalls whose product it may be, best first."""

    row: ListingRow
    matches: list[Match]


@dataclass(slots=True)
class Search:
    """What one catalogue gave. `set_aside` counts the rows that were not searched."""

    file: Path
    sha256: str
    rows: Rows = field(default_factory=Rows)
    hits: int = 0
    set_aside: int = 0
    complaints: list[str] = field(default_factory=list)
    report: Report = field(default_factory=Report)

    def refuse(self, line: int, reason: str) -> None:
        self.set_aside += 1
        if len(self.complaints) < MAX_COMPLAINTS:
            self.complaints.append(f"{self.file.name}, line {line}: {reason}")


def search(file: Path, index: RecallIndex, bands: frozenset[str]) -> tuple[Search, Iterator[Hit]]:
    """The search, which is complete when the hits have been iterated over. Raises Failure for a file that cannot be
    used, also later. Formats and columns are those of an import of the same file."""
    try:
        source = file.open("rb")
    except OSError as error:
        raise _unreadable(file, error) from None
    found = Search(file, _digest(file, source))
    return found, _hits(found, source, index, bands)


def _hits(found: Search, source: BinaryIO, index: RecallIndex, bands: frozenset[str]) -> Iterator[Hit]:
    with source:
        before = os.fstat(source.fileno())
        feed = read_feed(source, before.st_size)
        try:
            for row in listing_rows(feed, found.refuse):
                matches = [match for match in _matches(found, index, row) if match.band in bands]
                if matches:
                    found.hits += 1
                    yield Hit(row, matches)
        except UnreadableFeed as error:
            raise Failure(f"Cannot use {found.file}: {error}", Exit.USAGE) from None
        except OSError as error:
            raise _unreadable(found.file, error) from None
        finally:
            found.report = feed.report
        after = os.fstat(source.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise Failure(f"{found.file} was changed while it was searched: search it again.", Exit.USAGE)
        if not len(found.rows):
            reason = found.complaints[0] if found.complaints else "it has no rows"
            raise Failure(f"Nothing in {found.file} could be searched: {reason}", Exit.USAGE)


def rows_of(file: Path) -> Iterator[ListingRow]:
    """The rows that a search of the file commits to. Raises Failure for a file that cannot be used."""
    try:
        with file.open("rb") as source:
            yield from listing_rows(read_feed(source, os.fstat(source.fileno()).st_size), lambda _line, _reason: None)
    except UnreadableFeed as error:
        raise Failure(f"Cannot use {file}: {error}", Exit.USAGE) from None
    except OSError as error:
        raise _unreadable(file, error) from None


def listing_rows(feed: Feed, refuse: Callable[[int, str], None]) -> Iterator[ListingRow]:
    """The listings of a feed, each as it would be stored; what is none goes to `refuse` with its line."""
    for line, raw in feed:
        if isinstance(raw, Complaint):
            refuse(line, str(raw))
            continue
        row, refused = parse_row(line, raw, decimal=feed.decimal)
        if row is None:
            refuse(line, refused[-1].reason)  # the last one refuses the whole row
            continue
        yield row


def _matches(found: Search, index: RecallIndex, row: ListingRow) -> list[Match]:
    """The matches of a row; one that breaks the engine is reported, and costs itself alone."""
    found.rows.add(row)
    try:
        matches = index.match(row_text(row))
    except Exception as error:  # noqa: BLE001  whatever it is that broke
        found.refuse(row.line, f"{type(error).__name__} while it was matched")
        return []
    if sys.stderr.isatty() and len(found.rows) % 1_000 == 0:
        sys.stderr.write(f"\r{len(found.rows):,} listings searched\r")
    return matches


def _digest(file: Path, source: BinaryIO) -> str:
    digest = hashlib.sha256()
    try:
        while piece := source.read(PIECE):
            digest.update(piece)
        source.seek(0)
    except OSError as error:
        source.close()
        raise _unreadable(file, error) from None
    return digest.hexdigest()


def _unreadable(file: Path, error: OSError) -> Failure:
    return Failure(f"Cannot read {file}: {error.strerror or error}.", Exit.USAGE)
