"""What sellers do to a listing so that no program finds it, and for each of these attacks a twin that is not the recalled
product: 86 pairs in 17 kinds for 14 invented recalls.

All were written before the rules were read for it, and drawn in two halves by recall with a fixed seed. Rules were made
with the `open` half in view; of the `sealed` one only totals were printed.
"""

import json
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from listings.matching import ListingText, ProductText, RecallIndex, RecallText, read_recall

_SAID = json.loads(Path(__file__).with_name("seller_disguises.json").read_text(encoding="utf-8"))
INDEX = RecallIndex(
    read_recall(
        RecallText(
            row["number"],
            row["title"],
            row["description"],
            (ProductText(row["name"], models=tuple(row["models"]), gtins=tuple(row["gtins"])),),
        )
    )
    for row in _SAID["recalls"]
)


class Held(NamedTuple):
    """Attacks that are flagged or asked about, at least; twins that are flagged, at most."""

    found: int
    false: int


HELD = {"open": Held(53, 1), "sealed": Held(22, 1)}


def band_of(number: str, said: str | dict[str, str]) -> str:
    listing = ListingText(**{"id": "1", **({"title": said} if isinstance(said, str) else said)})
    return next((match.band for match in INDEX.judged(listing) if match.recall_number == number), "no")


@pytest.mark.parametrize("half", HELD)
def test_a_disguised_listing_is_found_and_its_twin_is_not_flagged(half: str) -> None:
    rows = _SAID["listings"][half]
    missed = [said for _, number, said, _ in rows if band_of(number, said) == "no"]
    false = [twin for _, number, _, twin in rows if band_of(number, twin) == "flag"]
    assert len(rows) - len(missed) >= HELD[half].found, missed
    assert len(false) <= HELD[half].false, false


def test_each_attack_has_a_twin_and_no_recall_is_in_both_halves() -> None:
    rows = [row for half in HELD for row in _SAID["listings"][half]]
    assert len(rows) == 86
    assert len(Counter(kind for kind, _, _, _ in rows)) == 17
    assert all(said != twin for _, _, said, twin in rows)
    recalls = {half: {number for _, number, _, _ in _SAID["listings"][half]} for half in HELD}
    assert recalls["open"].isdisjoint(recalls["sealed"])
