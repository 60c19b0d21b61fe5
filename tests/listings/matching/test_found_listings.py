"""Listings of shops in public repositories beside recalls of the CPSC, and invented minimal pairs of 22 kinds.

`found_listings.json` has product names as price lists, seed data and catalogues write them, in twelve languages, and why
each is or is not the recalled product; `minimal_kinds.json` has 22 invented recalls with true and false listings of kinds
such as pack counts, spare parts, generations and sizes. All were labelled before the engine saw one. The halves are told
by a digest of the recall's number; rules were made with the `open` half in view, of the `sealed` one only totals were
printed.
"""

import hashlib
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from listings.matching import ListingText, ProductText, RecallIndex, RecallText, read_recall

HALVES = ("open", "sealed")
FOUND = {"open": 27, "sealed": 25}
"""Listings of the recalled product that are flagged, at least: of 41 and 32."""
FALSE = {"open": 3, "sealed": 6}
"""Flags for what is not the recalled product, at most: of 50 and 51."""
RIGHT = {"open": 152, "sealed": 112}
"""Rows of the minimal pairs that are right, at least: of 165 and 126."""


def _said(name: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8"))
    return said


def _product(row: dict[str, Any]) -> ProductText:
    return ProductText(**{key: tuple(value) if isinstance(value, list) else value for key, value in row.items()})


def _recall(row: dict[str, Any]) -> RecallText:
    products = row.get("products") or [{"name": row["name"], "models": row["models"]}]
    firms, sold_at = tuple(row.get("firms", ())), row.get("sold_at", "")
    return RecallText(
        row["number"], row["title"], row["description"], tuple(map(_product, products)), firms=firms, sold_at=sold_at
    )


SHOPS, KINDS = _said("found_listings"), _said("minimal_kinds")


@cache
def _index(name: str) -> RecallIndex:
    return RecallIndex(read_recall(_recall(row)) for row in (SHOPS if name == "shops" else KINDS)["recalls"])


def bands(name: str, title: str) -> dict[str, str]:
    """Recall → band, for all that the title is matched with."""
    return {match.recall_number: match.band for match in _index(name).judged(ListingText("1", title))}


@pytest.mark.parametrize("half", HALVES)
def test_listings_of_other_peoples_shops_are_told_as_a_person_told_them(half: str) -> None:
    counted = Counter(
        (label, bands("shops", title).get(number, "no")) for number, label, title, _ in SHOPS["listings"][half]
    )
    assert counted["yes", "flag"] >= FOUND[half], counted
    assert counted["no", "flag"] <= FALSE[half], counted


@pytest.mark.parametrize("half", HALVES)
def test_what_differs_in_one_thing_is_told_apart(half: str) -> None:
    right = 0
    for _, number, want, title in KINDS["listings"][half]:
        flagged = {recall for recall, band in bands("kinds", title).items() if band == "flag"}
        right += number in flagged if want == "flag" else not flagged
    assert right >= RIGHT[half]


def test_every_listing_is_told_once_and_its_half_is_that_of_its_recall() -> None:
    for said, number_at in ((SHOPS, 0), (KINDS, 1)):
        recalls = {row["number"] for row in said["recalls"]}
        for half in HALVES:
            numbers = {row[number_at] for row in said["listings"][half]}
            assert numbers <= recalls
            assert all(hashlib.sha256(each.encode()).digest()[0] % 2 == HALVES.index(half) for each in numbers)
    assert [len(SHOPS["listings"][half]) for half in HALVES] == [104, 91]
    assert [len(KINDS["listings"][half]) for half in HALVES] == [165, 126]
    assert all(why for half in HALVES for _, _, _, why in SHOPS["listings"][half])
