"""Facts that decide between a product and what is nearly it, on invented recalls: for each kind of fact, listings that
are the product and listings that are not."""

import json
from pathlib import Path
from typing import Any

import pytest

from listings.matching import ListingText, ProductText, RecallIndex, RecallText, read_recall

KINDS: list[dict[str, Any]] = json.loads(Path(__file__).with_name("contradictions.json").read_text(encoding="utf-8"))


def band(kind: dict[str, Any], said: str | dict[str, str]) -> str:
    """How the listing is judged against the recall of its kind, found by keys as in a catalogue."""
    recalled = kind["recall"]
    recall = RecallText("24-001", recalled["title"], recalled["description"], (ProductText(recalled["name"]),))
    listing = ListingText(**{"id": "L-1", **({"title": said} if isinstance(said, str) else said)})
    matches = RecallIndex([read_recall(recall)]).match(listing)
    return matches[0].band if matches else "no"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind["kind"])
def test_the_product_is_flagged(kind: dict[str, Any]) -> None:
    assert {json.dumps(said): band(kind, said) for said in kind["flag"]} == dict.fromkeys(
        map(json.dumps, kind["flag"]), "flag"
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind["kind"])
def test_what_is_nearly_the_product_is_not_flagged(kind: dict[str, Any]) -> None:
    assert "flag" not in {band(kind, said) for said in kind["not"]}, [(said, band(kind, said)) for said in kind["not"]]
