"""Candidate keys, and the recalls that have them, in columns that are looked up as they are: a run asks for few keys of
hundreds of thousands, and making a dictionary of all would take longer than matching thousands of listings."""

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate, pairwise

_DIGEST, _NUMBER = "Q", "I"


class PackedPostings(Mapping[str, Sequence[int]]):
    """Key → the places of the recalls that have it. Keys are sorted by a digest and compared by themselves, so that two
    with the same digest are told apart."""

    def __init__(
        self, digests: "array[int]", keys: bytes, ends: "array[int]", places: "array[int]", last: "array[int]"
    ):
        self._digests, self._keys, self._ends, self._places, self._last = digests, keys, ends, places, last

    @classmethod
    def of(cls, postings: Mapping[str, Sequence[int]]) -> "PackedPostings":
        """The same postings, packed; those that are packed as they are."""
        if isinstance(postings, cls):
            return postings
        rows = sorted((_digest(written := _written(key)), written, places) for key, places in postings.items())
        return cls(
            array(_DIGEST, [digest for digest, _, _ in rows]),
            b"".join([key for _, key, _ in rows]),
            array(_NUMBER, accumulate((len(key) for _, key, _ in rows), initial=0)),
            array(_NUMBER, [place for _, _, places in rows for place in places]),
            array(_NUMBER, accumulate((len(places) for _, _, places in rows), initial=0)),
        )

    def columns(self) -> list[bytes]:
        """The bytes of the columns, in an order that `unpack` knows."""
        return [self._keys, *(each.tobytes() for each in (self._digests, self._ends, self._places, self._last))]

    @classmethod
    def unpack(cls, columns: Sequence[memoryview]) -> "PackedPostings":
        """Raises ValueError where these are no such columns."""
        keys, *others = columns
        digests, ends, places, last = array(_DIGEST), array(_NUMBER), array(_NUMBER), array(_NUMBER)
        for column, packed in zip((digests, ends, places, last), others, strict=True):
            column.frombytes(packed)
        return cls(digests, bytes(keys), ends, places, last)

    def __getitem__(self, key: str) -> Sequence[int]:
        written = _written(key)
        digest = _digest(written)
        row = bisect_left(self._digests, digest)
        while row < len(self._digests) and self._digests[row] == digest:
            if self._keys[self._ends[row] : self._ends[row + 1]] == written:
                return tuple(self._places[self._last[row] : self._last[row + 1]])
            row += 1
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        for start, end in pairwise(self._ends):
            yield self._keys[start:end].decode(errors="surrogatepass")

    def __len__(self) -> int:
        return len(self._digests)


def _written(key: str) -> bytes:
    return key.encode(errors="surrogatepass")


def _digest(written: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(written, digest_size=8).digest(), "big")
