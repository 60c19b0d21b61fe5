"""Bad items of one call that stores listings: each has its own outcome, and costs itself alone."""

from typing import Any

import pytest

from listings import services
from listings.models import Listing
from portal.identity.actors import Actor
from portal.models import Organisation, User

NAN = float("nan")
OF_AN_ID, OF_A_TITLE, NUMBER = "the id is missing", "the title is missing", "must be text in quotes or a number"
ITEMS: list[tuple[str, Any, str, str]] = [
    ("no object", 7, "rejected", "is not an object"), ("null", None, "rejected", "is not an object"), ("a list", [], "rejected", "is not an object"),
    ("a text", "x", "rejected", "is not an object"), ("nothing in it", {}, "rejected", OF_AN_ID), ("no id", {"title": "a"}, "rejected", OF_AN_ID),
    ("no title", {"id": "1"}, "rejected", OF_A_TITLE), ("null as id", {"id": None, "title": "a"}, "rejected", f"id {NUMBER}"),
    ("true as id", {"id": True, "title": "a"}, "rejected", f"id {NUMBER}"), ("NaN as id", {"id": NAN, "title": "a"}, "rejected", f"id {NUMBER}"),
    ("a list as id", {"id": ["1"], "title": "a"}, "rejected", f"id {NUMBER}"), ("an id of blanks", {"id": " ", "title": "a"}, "rejected", OF_AN_ID),
    ("an id of zero width", {"id": "\u200b", "title": "a"}, "rejected", OF_AN_ID),
    ("an id of 201 letters", {"id": "1" * 201, "title": "a"}, "rejected", "the id has 201 characters"),
    ("an id that cannot be read", {"id": "1\ufffd", "title": "a"}, "rejected", "the id has unreadable characters"),
    ("a title of marks", {"id": "2", "title": "\u0301"}, "rejected", OF_A_TITLE), ("a list as title", {"id": "3", "title": ["a"]}, "rejected", "title must be text"),
    ("Excel's error as title", {"id": "4", "title": "#N/A"}, "rejected", OF_A_TITLE),
    ("an unknown field", {"id": "5", "title": "a", "colour": "red"}, "rejected", "there is no field 'colour'"),
    ("a misspelled field", {"id": "6", "title": "a", "brnd": "x"}, "rejected", "did you mean brand?"),
    ("present as text", {"id": "7", "title": "a", "present": "false"}, "rejected", "present must be true or false"),
    ("present as null", {"id": "8", "title": "a", "present": None}, "rejected", "present must be true or false"),
    ("off sale without an id", {"present": False}, "rejected", OF_AN_ID),
    ("off sale and unknown", {"id": "none", "present": False}, "rejected", "there is no listing with this id"),
    ("NaN as price", {"id": "9", "title": "a", "price": NAN}, "rejected", f"price {NUMBER}"),
    ("infinity as price", {"id": "9", "title": "a", "price": float("-inf")}, "rejected", f"price {NUMBER}"),
    ("a list as price", {"id": "10", "title": "a", "price": [5]}, "rejected", f"price {NUMBER}"),
    ("two prices", {"id": "11", "title": "a", "price": "5 EUR, 6 USD"}, "created", "imported without its price"),
    ("a GTIN as float", {"id": "12", "title": "a", "gtin": 8.85e11}, "rejected", f"gtin {NUMBER}"),
    ("a number of 4,000 digits", {"id": "13", "title": "a", "gtin": int("7" * 4_000)}, "created", "imported without its GTIN"),
    ("a price of 400 digits", {"id": "14", "title": "a", "price": int("7" * 400)}, "created", "imported without its price"),
    ("half a piece as minimum order", {"id": "15", "title": "a", "minimum_order": 1.5}, "rejected", f"minimum_order {NUMBER}"),
    ("a list of destinations", {"id": "16", "title": "a", "destinations": ["US"]}, "rejected", "destinations must be text"),
    ("an unknown destination", {"id": "17", "title": "a", "destinations": "Atlantis"}, "created", "imported without the destinations Atlantis"),
    ("a price ladder in words", {"id": "18", "title": "a", "price_ladder": "ask us"}, "created", "imported without its price ladder"),
    ("a price ladder as list", {"id": "19", "title": "a", "price_ladder": [{"min": 1}]}, "rejected", "price_ladder must be text"),
    ("a link to a script", {"id": "20", "title": "a", "link": "javascript:alert(1)"}, "created", "imported without its link"),
    ("a picture as data", {"id": "21", "title": "a", "image_link": "data:image/png;base64,AA"}, "created", "imported without its image_link"),
    ("NUL in the title", {"id": "22", "title": "a\x00b"}, "created", ""), ("half a surrogate pair", {"id": "23", "title": "a\ud800"}, "created", ""),
    ("a title of 3,000 letters", {"id": "24", "title": "a" * 3_000}, "created", "imported with a shortened title"),
]  # fmt: skip


@pytest.mark.django_db
def test_each_bad_item_has_its_own_outcome(platform_a: Organisation, manager_a: User) -> None:
    good = [{"id": "first", "title": "Lamp"}, {"id": "last", "title": "Chair"}]
    items = [good[0], *(item for _, item, _, _ in ITEMS), good[1]]
    first, *results, last = services.upsert_listings(platform=platform_a, items=items, actor=Actor.person(manager_a))
    assert (first["result"], last["result"]) == ("created", "created")
    wrong = [
        (name, found)
        for (name, _, result, reason), found in zip(ITEMS, results, strict=True)
        if found["result"] != result or reason not in " ".join(found["reasons"])
    ]
    assert wrong == []
    created = {item["id"] for _, item, result, _ in ITEMS if result == "created"}
    assert set(Listing.objects.values_list("external_id", flat=True)) == created | {"first", "last"}
