"""An index of recalls as bytes, and back.

What every run needs (numbers, candidate keys) is JSON. Each recall's reading and profile is packed by itself and unpacked
when a listing first comes near it. These are pickles, read by an unpickler that knows the engine's plain values and
nothing else: no function can be named in them, so nothing can be run by them.
"""

import hashlib
import io
import json
import pickle
import sys
from collections.abc import Iterable, Sequence
from dataclasses import is_dataclass
from itertools import accumulate
from typing import Any, Generic, NamedTuple, TypeVar, overload

from listings.matching.files import UnreadableRecord
from listings.matching.index import RecallIndex

MAGIC = b"offshelf index of recalls 1\n"
_OURS = "listings.matching."
_DIGEST = hashlib.sha256().digest_size
_LENGTH = 8  # bytes of the head's length
Value = TypeVar("Value")


class Broken(ValueError):
    """Bytes that are no packed index, or not a whole one."""


class Kept(NamedTuple):
    """An index, and the records of its file that were no recalls."""

    recalls: RecallIndex
    unreadable: tuple[UnreadableRecord, ...]


class _Values(pickle.Unpickler):
    """Knows the engine's value classes only: tuples with names and dataclasses, whose making runs none of our code."""

    def find_class(self, module: str, name: str) -> Any:
        found = getattr(sys.modules.get(module), name, None) if module.startswith(_OURS) and "." not in name else None
        if isinstance(found, type) and found.__module__ == module and _is_value(found):
            return found
        raise Broken(f"{module}.{name} is no value of the engine")


def _is_value(of: type) -> bool:
    return is_dataclass(of) or (issubclass(of, tuple) and hasattr(of, "_fields"))


def _value(packed: bytes) -> Any:
    return _Values(io.BytesIO(packed)).load()


class Shelf(Sequence[Value], Generic[Value]):
    """Values that are unpacked when they are first asked for."""

    def __init__(self, packed: bytes, sizes: Iterable[int]) -> None:
        ends = list(accumulate(sizes, initial=0))
        self._packed, self._ends = packed, ends
        self._unpacked: list[Value | None] = [None] * (len(ends) - 1)

    def __len__(self) -> int:
        return len(self._unpacked)

    @overload
    def __getitem__(self, place: int) -> Value: ...
    @overload
    def __getitem__(self, place: slice) -> list[Value]: ...
    def __getitem__(self, place: int | slice) -> Value | list[Value]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        value = self._unpacked[place]
        if value is None:
            place %= len(self)
            value = self._unpacked[place] = _value(self._packed[self._ends[place] : self._ends[place + 1]])
        return value


def pack(index: RecallIndex, unreadable: Sequence[UnreadableRecord]) -> bytes:
    """The index as bytes, with a digest of them."""
    shelves = [
        [pickle.dumps(each, pickle.HIGHEST_PROTOCOL) for each in row] for row in (index.readings, index.profiles)
    ]
    head = {
        "numbers": index.numbers,
        "postings": index.postings,
        "unreadable": unreadable,
        "sizes": [list(map(len, shelf)) for shelf in shelves],
    }
    written = json.dumps(head).encode()
    content = b"".join((len(written).to_bytes(_LENGTH, "big"), written, *shelves[0], *shelves[1]))
    return MAGIC + hashlib.sha256(content).digest() + content


def unpack(packed: bytes) -> Kept:
    """The index that `pack` packed. Raises Broken for all other bytes, also for a flipped one."""
    start = len(MAGIC) + _DIGEST
    content = packed[start:]
    if not packed.startswith(MAGIC) or hashlib.sha256(content).digest() != packed[len(MAGIC) : start]:
        raise Broken("it is damaged, or of another version")
    try:
        end = _LENGTH + int.from_bytes(content[:_LENGTH], "big")
        head = json.loads(content[_LENGTH:end])
        readings, profiles = head["sizes"]
        middle = end + sum(readings)
        index = RecallIndex.of_parts(
            head["numbers"],
            Shelf(content[end:middle], readings),
            Shelf(content[middle:], profiles),
            head["postings"],
        )
        return Kept(index, tuple(UnreadableRecord(*each) for each in head["unreadable"]))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Broken(f"it is no index ({error})") from error
