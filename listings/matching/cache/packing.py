"""An index of recalls as bytes, and back.

What every run needs is JSON (numbers), or columns that are looked up as they are: those of candidate keys
(`postings.py`) and of bulk matching. Each recall's reading and profile is packed by itself and unpacked when a listing
first comes near it (`shelf.py`).
"""

import hashlib
import json
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import NamedTuple

from listings.matching.bulk import packing as bulk
from listings.matching.bulk.tables import Tables
from listings.matching.cache.postings import PackedPostings
from listings.matching.cache.shelf import Broken, Shelf, shelf_of
from listings.matching.files import UnreadableRecord
from listings.matching.index import RecallIndex

MAGIC = b"offshelf index of recalls 5\n"
_DIGEST = hashlib.sha256().digest_size
_LENGTH = 8  # bytes of the head's length


class Kept(NamedTuple):
    """An index, the records of its file that were no recalls, and the tables for bulk matching."""

    recalls: RecallIndex
    unreadable: tuple[UnreadableRecord, ...]
    tables: Tables


def pack(index: RecallIndex, unreadable: Sequence[UnreadableRecord], tables: Tables) -> bytearray:
    """The index as bytes, with a digest of them. All in one piece, as it is the largest that a run has in memory."""
    packed = bytearray(MAGIC) + bytes(_DIGEST + _LENGTH)
    sizes: list[list[int]] = []
    for values in (index.readings, index.profiles):
        shelf = shelf_of(values)
        packed += shelf.packed
        sizes.append(shelf.sizes)
    of_postings = PackedPostings.of(index.postings).columns()
    of_tables, columns = bulk.pack(tables)
    for column in of_postings:
        packed += column
    packed += bytes(-len(packed) % bulk.ALIGNED)
    for column in columns:
        packed += column
    head = {
        "numbers": index.numbers,
        "postings": [len(column) for column in of_postings],
        "unreadable": unreadable,
        "sizes": sizes,
        "tables": of_tables,
    }
    start, end = len(MAGIC) + _DIGEST, len(packed)
    packed += json.dumps(head).encode()
    packed[start : start + _LENGTH] = (end - start).to_bytes(_LENGTH, "big")
    packed[len(MAGIC) : start] = hashlib.sha256(memoryview(packed)[start:]).digest()
    return packed


def unpack(packed: bytes | bytearray | memoryview) -> Kept:
    """The index that `pack` packed, which reads on in these bytes. Raises Broken for all other bytes, also for a flipped one."""
    start = len(MAGIC) + _DIGEST
    content = memoryview(packed)[start:]
    if packed[: len(MAGIC)] != MAGIC or hashlib.sha256(content).digest() != packed[len(MAGIC) : start]:
        raise Broken("it is damaged, or of another version")
    try:
        head = json.loads(bytes(content[int.from_bytes(content[:_LENGTH], "big") :]))
        readings, profiles = head["sizes"]
        middle = _LENGTH + sum(readings)
        end = middle + sum(profiles)
        ends = [*accumulate(head["postings"], initial=end)]
        postings = PackedPostings.unpack([content[begin:stop] for begin, stop in pairwise(ends)])
        index = RecallIndex.of_parts(
            head["numbers"],
            Shelf(content[_LENGTH:middle], readings),
            Shelf(content[middle:end], profiles),
            postings,
        )
        of_tables = ends[-1] + -(start + ends[-1]) % bulk.ALIGNED
        tables = bulk.unpack(head["tables"], content[of_tables:])
        return Kept(index, tuple(UnreadableRecord(*each) for each in head["unreadable"]), tables)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Broken(f"it is no index ({error})") from error
