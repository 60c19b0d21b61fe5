"""A commitment over the rows of a catalogue: one digest that binds the platform to all of them, and shows none.

It is the root of a Merkle tree as in RFC 6962: a leaf is SHA-256 of 00 and a row, a node is SHA-256 of 01 and its two
children; a tree of n leaves has the largest power of two below n on its left. The leaves are in the order of the digests
of their listings' ids, so that the order of the file makes no difference. A row is its canonical JSON, so that others
make the same leaf of it. For one row, a short path to the root proves later that it was among those that were searched:
a listing that a regulator has seeded and that no path can be given for was withheld.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import NamedTuple

from listings.ingest.rows import ListingRow

METHOD = "offshelf-rows-1"
_ID = 32  # bytes of the id's digest before a leaf
COMMITTED = (
    "external_id", "title", "description", "brand", "gtin", "mpn", "seller", "category", "price", "currency", "link",
    "image_link",
)  # fmt: skip
"""All that a row says; where it was in its file is not part of it."""


class Step(NamedTuple):
    """The sibling on the way from a leaf to the root, in hex, and whether it is on the left."""

    digest: str
    is_left: bool


class Rows:
    """The rows of a catalogue, as digests: 64 bytes each, whatever they say."""

    def __init__(self) -> None:
        self._leaves: list[bytes] = []
        self._is_sorted = True

    def add(self, row: ListingRow) -> None:
        self._leaves.append(place_of(row.external_id) + leaf_of(row))
        self._is_sorted = False

    def __len__(self) -> int:
        return len(self._leaves)

    def path(self, row: ListingRow) -> list[Step] | None:
        """The path of a row; None where it is not among the rows."""
        leaves = self.leaves()
        leaf = leaf_of(row)
        return path_of(leaves, leaves.index(leaf)) if leaf in leaves else None

    def leaves(self) -> list[bytes]:
        """The leaves in the order of the tree."""
        if not self._is_sorted:
            self._leaves.sort()
            self._is_sorted = True
        return [each[_ID:] for each in self._leaves]

    def root(self) -> str:
        """The commitment, in hex."""
        return root_of(self.leaves()).hex()


def values_of(row: ListingRow) -> dict[str, str | None]:
    """A row as it is committed to; the price as text."""
    values = {name: getattr(row, name) for name in COMMITTED}
    return values | {"price": None if row.price is None else str(row.price)}


def leaf_of(row: ListingRow) -> bytes:
    return leaf_of_values(values_of(row))


def leaf_of_values(values: dict[str, str | None]) -> bytes:
    """The leaf of a row: of its JSON in ASCII with sorted names and without blanks."""
    return hashlib.sha256(b"\x00" + json.dumps(values, sort_keys=True, separators=(",", ":")).encode("ascii")).digest()


def place_of(external_id: str) -> bytes:
    """What the leaves are ordered by."""
    return hashlib.sha256(external_id.encode("utf-8", "surrogatepass")).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root of the tree; of no leaves, SHA-256 of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    subtrees: list[tuple[int, bytes]] = []  # (leaves, digest) from left to right, each larger than the next
    for leaf in leaves:
        size, digest = 1, leaf
        while subtrees and subtrees[-1][0] == size:
            digest = _node(subtrees.pop()[1], digest)
            size *= 2
        subtrees.append((size, digest))
    digest = subtrees.pop()[1]
    while subtrees:
        digest = _node(subtrees.pop()[1], digest)
    return digest


def path_of(leaves: Sequence[bytes], place: int) -> list[Step]:
    """The way from the leaf at `place` to the root."""
    if len(leaves) <= 1:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if place < half:
        return [*path_of(leaves[:half], place), Step(root_of(leaves[half:]).hex(), is_left=False)]
    return [*path_of(leaves[half:], place - half), Step(root_of(leaves[:half]).hex(), is_left=True)]


def proves(root: str, leaf: bytes, path: Sequence[Step]) -> bool:
    """Whether the path leads from the leaf to the root."""
    digest = leaf
    for step in path:
        other = bytes.fromhex(step.digest)
        digest = _node(other, digest) if step.is_left else _node(digest, other)
    return digest.hex() == root


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
