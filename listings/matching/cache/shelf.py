"""Values of the engine as pickles behind one another, each read when it is first asked for.

They are read by an unpickler that knows the engine's plain values and nothing else: no function can be named in them,
so nothing can be run by them.
"""

import io
import pickle
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import is_dataclass
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Any, Generic, TypeVar, overload

_OURS = "listings.matching."
Value = TypeVar("Value")


class Broken(ValueError):
    """Bytes that are no packed index, or not a whole one."""


class _Values(pickle.Unpickler):
    """Knows the engine's value classes only: tuples with names and dataclasses, whose making runs none of our code."""

    def find_class(self, module: str, name: str) -> Any:
        return _class(module, name)


@lru_cache(maxsize=64)
def _class(module: str, name: str) -> type:
    found = getattr(sys.modules.get(module), name, None) if module.startswith(_OURS) and "." not in name else None
    if isinstance(found, type) and found.__module__ == module and _is_value(found):
        return found
    raise Broken(f"{module}.{name} is no value of the engine")


def _is_value(of: type) -> bool:
    return is_dataclass(of) or (issubclass(of, tuple) and hasattr(of, "_fields"))


def packed_value(value: object) -> bytes:
    """One value as bytes that a shelf can hold."""
    return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def _value(packed: bytes | bytearray | memoryview) -> Any:
    return _Values(io.BytesIO(packed)).load()


class Shelf(Sequence[Value], Generic[Value]):
    """Values that are unpacked when they are first asked for, and kept from then on. A walk over all of them keeps
    none that nobody asked for."""

    def __init__(self, packed: bytes | bytearray | memoryview, sizes: Iterable[int]) -> None:
        ends = list(accumulate(sizes, initial=0))
        self.packed, self._ends = packed, ends
        self._unpacked: list[Value | None] = [None] * (len(ends) - 1)

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"packed": bytes(self.packed)}  # what is mapped stays on its machine

    @property
    def sizes(self) -> list[int]:
        """Bytes of each value."""
        return [end - start for start, end in pairwise(self._ends)]

    def __len__(self) -> int:
        return len(self._unpacked)

    def __iter__(self) -> Iterator[Value]:
        for place, value in enumerate(self._unpacked):
            yield self._read(place) if value is None else value

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
            value = self._unpacked[place] = self._read(place)
        return value

    def _read(self, place: int) -> Value:
        value: Value = _value(self.packed[self._ends[place] : self._ends[place + 1]])
        return value


def shelf_of(values: Sequence[Value]) -> Shelf[Value]:
    """The same values, packed; a shelf as it is."""
    if isinstance(values, Shelf):
        return values
    packed, sizes = bytearray(), []
    for each in values:
        written = packed_value(each)
        packed += written
        sizes.append(len(written))
    return Shelf(packed, sizes)
