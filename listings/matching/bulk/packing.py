"""The tables of recalls as bytes, and back: numbers in columns and words in JSON, nothing that could run."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from listings.matching.bulk.sorted_keys import sieve_of
from listings.matching.bulk.tables import Groups, Named, Postings, Tables

ALIGNED = 8  # bytes: numbers that lie so are searched where they are, all others in a copy
_WORDS = ("vocabulary", "pairable", "patterns")
_COLUMNS = ("beside", "telling", "facts", "marks", "values", "known", "rows")
_NESTED: dict[str, tuple[Callable[..., Any], tuple[str, ...]]] = {
    "groups": (Groups, ("facts", "group", "shares", "is_name", "is_line", "distinctive", "worth")),
    "single": (Postings.of_columns, ("keys", "places", "counts")),
    "pairs": (Postings.of_columns, ("keys", "places", "counts")),
    "with_kind": (Postings.of_columns, ("keys", "places", "counts")),
    "beginnings": (Postings.of_columns, ("keys", "places", "counts")),
    "named": (Named, ("starts", "places")),
}


def pack(tables: Tables) -> tuple[dict[str, Any], Iterable[bytes]]:
    """What JSON can say of the tables, and the bytes of one column after the other."""
    said = {name: getattr(tables, name) for name in _WORDS}
    columns = [getattr(tables, name) for name in _COLUMNS]
    columns += [getattr(getattr(tables, name), part) for name, (_, parts) in _NESTED.items() for part in parts]
    said["columns"] = [(column.dtype.str, column.shape, column.nbytes) for column in columns]
    return said, (column.tobytes() + bytes(-column.nbytes % ALIGNED) for column in columns)


def unpack(said: dict[str, Any], packed: memoryview) -> Tables:
    """The tables whose bytes `packed` begins with, in these bytes. Raises ValueError, KeyError or TypeError where they are none."""
    columns: list[Any] = []
    start = 0
    for kind, shape, size in said["columns"]:
        columns.append(np.frombuffer(packed[start : start + size], dtype=np.dtype(kind)).reshape(shape))
        start += size + -size % ALIGNED
    found: dict[str, Any] = {name: said[name] for name in _WORDS}
    found |= zip(_COLUMNS, columns, strict=False)
    del columns[: len(_COLUMNS)]
    for name, (table, parts) in _NESTED.items():
        found[name] = table(*columns[: len(parts)])
        del columns[: len(parts)]
    return Tables(**found, of_facts=sieve_of(found["facts"]), of_known=sieve_of(found["known"]))
