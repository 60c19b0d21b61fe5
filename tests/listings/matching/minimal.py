"""Minimal pairs: invented recalls and listings that differ in one thing each, and what must come of them.

Written after those that the engine was worked on with, for other brands and other kinds of products, to see whether what
was learnt there holds elsewhere (minimal_pairs.json). `SEEN` recalls were looked at while the rules were written; the
others were scored first when the rules were done.
"""

import json
from pathlib import Path
from typing import NamedTuple

from listings.matching import ListingText, ProductText, RecallText


class Row(NamedTuple):
    """One listing: the recall that it must (`flag`) or must not be flagged for; `kind` says what differs."""

    kind: str
    recall: str
    flag: bool
    listing: ListingText


_PAIRS = json.loads(Path(__file__).with_name("minimal_pairs.json").read_text(encoding="utf-8"))
_FLAGGED = frozenset(
    {
        "brand split or joined", "names joined by and", "noise in the title", "misspelt brand", "model respaced",
        "foreign kind", "compound kind", "short brand", "part inside",
    }
)  # fmt: skip
SEEN = ("1", "3", "5", "7", "9", "11")
"""The numbers of half of the recalls, one of each sort."""
RECALLS = {
    row["number"]: RecallText(
        row["number"], row["title"], row["description"], (ProductText(row["name"], models=tuple(row["models"])),)
    )
    for row in _PAIRS["recalls"]
}
ROWS = tuple(
    Row(kind, number, kind in _FLAGGED, ListingText(f"{kind} {number}.{place}", title))
    for kind, titles in _PAIRS["titles"].items()
    for number, said in titles.items()
    for place, title in enumerate(said)
)
