"""Listings that match none of some recalls: known by a quick read, so that they need no matching.

They can be read in a process of their own: `settling_child` answers what `send` and `receive` bring.
"""

import hashlib
import struct
from collections.abc import Collection, Sequence, Set
from typing import IO, Any, NamedTuple

from listings.matching.copies import catalogue_keys
from listings.matching.index import RecallIndex
from listings.matching.keys import keys_apart
from listings.matching.quick_read import quick_read
from listings.matching.texts import ListingText

MAX_KEY_BYTES = 200  # bytes; the index of the keys takes no item above 2,712
LENGTH = struct.Struct("!Q")  # of a message in bytes, before it
Answer = str | list[str] | None
"""Of one listing: its stored keys as `array_literal` writes them; None where it may match a recall; or, in a list, what
broke when it was read."""


class Sought(NamedTuple):
    """What listings must not match: recalls (None where there are none), with the rules that are switched off, and the keys
    of removed listings."""

    recalls: RecallIndex | None
    without: frozenset[str]
    removed: Set[str] = frozenset()

    def is_as(self, other: "Sought") -> bool:
        """Whether it is the very same; cheap, as nothing of it is compared."""
        return self.recalls is other.recalls and self.without == other.without and self.removed is other.removed

    def bare(self) -> "Sought":
        """As much of it as `settled_keys` needs, for another process: recalls without what is compared later."""
        if self.recalls is None:
            return self
        index = self.recalls
        return Sought(RecallIndex.of_parts([], (), index.profiles, index.postings), self.without, self.removed)


def settled_keys(text: ListingText, sought: Sought) -> list[str] | None:
    """The stored keys of a listing that matches none of the recalls and brings back nothing; None where it may."""
    shown = quick_read(text)
    apart = keys_apart(shown)
    keys = catalogue_keys(apart.stored(), text)
    if (index := sought.recalls) is not None and (
        not sought.removed.isdisjoint(keys) or index.hopeful(shown, apart.together(index.known_words), sought.without)
    ):
        return None
    return stored_keys(keys)


def stored_keys(keys: Collection[str]) -> list[str]:
    """Candidate keys as they are stored and looked up. What is long counts by its digest: a title without blanks makes
    keys that no index takes."""
    if isinstance(keys, Set) and max(map(len, keys), default=0) * 4 <= MAX_KEY_BYTES:
        return sorted(keys)
    return sorted(
        {key if len(key) * 4 <= MAX_KEY_BYTES or len(key.encode()) <= MAX_KEY_BYTES else _digest(key) for key in keys}
    )


def array_literal(texts: Sequence[str]) -> str:
    """Texts as PostgreSQL reads an array of them."""
    plain = "".join(texts)
    if '"' in plain or "\\" in plain:
        texts = [text.replace("\\", "\\\\").replace('"', '\\"') for text in texts]
    return '{"' + '","'.join(texts) + '"}' if texts else "{}"


def _digest(key: str) -> str:
    return f"h:{hashlib.sha256(key.encode()).hexdigest()}"


def answer(fields: Sequence[Any], sought: Sought) -> Answer:
    """Of a listing with these fields of `ListingText`. Never raises an Exception."""
    try:
        keys = settled_keys(ListingText(*fields), sought)
        return None if keys is None else array_literal(keys)
    except Exception as error:  # noqa: BLE001  whatever it is, it costs this listing alone, and whoever asked logs it
        return [f"{type(error).__name__}: {error}"[:500]]


def receive(source: IO[bytes]) -> bytes | None:
    """The next message; None at the end. Raises EOFError for one that is cut off."""
    head = source.read(LENGTH.size)
    if not head:
        return None
    body = source.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else b""
    if len(head) < LENGTH.size or len(body) < LENGTH.unpack(head)[0]:
        raise EOFError
    return body


def send(target: IO[bytes], body: bytes) -> None:
    target.write(LENGTH.pack(len(body)))
    target.write(body)
    target.flush()
