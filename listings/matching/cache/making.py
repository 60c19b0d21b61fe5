"""An index out of the texts of recalls: read in several processes, of which only what is packed comes back."""

import multiprocessing
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from listings.matching.bulk.tables import tables_of
from listings.matching.cache.packing import Kept
from listings.matching.cache.shelf import Shelf, packed_value
from listings.matching.files import UnreadableRecord
from listings.matching.index import RecallIndex, postings_of
from listings.matching.keys import recall_keys
from listings.matching.profile import Profile, profile_of
from listings.matching.recall import RecallReading, read_recall
from listings.matching.texts import RecallText

READ_AT_ONCE = 125  # recalls
MIN_TO_SPLIT = 1_000  # recalls that one process reads sooner than two are started


class _Packed(NamedTuple):
    """What an index has of one recall; reading and profile are packed."""

    number: str
    keys: tuple[str, ...]
    reading: bytes
    profile: bytes


def made(rows: Sequence[RecallText | UnreadableRecord], processes: int) -> Kept:
    """The index of a file's recalls. Readings and profiles stay packed, as in one that was kept: unpacked, those of
    9,360 recalls take some 250 MB."""
    texts = [row for row in rows if not isinstance(row, UnreadableRecord)]
    numbers: list[str] = []
    keys: list[tuple[str, ...]] = []
    readings, profiles = bytearray(), bytearray()
    of_readings: list[int] = []
    of_profiles: list[int] = []
    for packed in _read(texts, processes):
        numbers.append(packed.number)
        keys.append(packed.keys)
        readings += packed.reading
        of_readings.append(len(packed.reading))
        profiles += packed.profile
        of_profiles.append(len(packed.profile))
    shelf: Shelf[Profile] = Shelf(profiles, of_profiles)
    shelf_of_readings: Shelf[RecallReading] = Shelf(readings, of_readings)
    index = RecallIndex.of_parts(numbers, shelf_of_readings, shelf, postings_of(keys))
    unreadable = tuple(row for row in rows if isinstance(row, UnreadableRecord))
    return Kept(index, unreadable, tables_of(shelf, index.postings))


def _read(texts: Sequence[RecallText], processes: int) -> Iterator[_Packed]:
    if processes == 1 or len(texts) < MIN_TO_SPLIT:
        yield from map(_packed, texts)
        return
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        yield from pool.imap(_packed, texts, chunksize=READ_AT_ONCE)


def _packed(text: RecallText) -> _Packed:
    reading = read_recall(text)
    profile = packed_value(profile_of(reading))  # first: the reading keeps what it works out on the way
    return _Packed(reading.number, tuple(recall_keys(reading)), packed_value(reading), profile)
