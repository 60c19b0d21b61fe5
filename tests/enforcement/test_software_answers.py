"""A tenth set of invented answers: pages in the manner of shop software (PrestaShop, OpenCart, Magento, Shopware, Bitrix,
VTEX, Cafe24, classified ads) in some forty languages, labelled before their author read the rules or ran them.

A digest of each page says in which half it is. Rules were made with the `open` half in view.
"""

import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from enforcement.rules.verdict import Answer, judge

TITLE, ID = "Orvandel cordless hedge shears OH-36V", "7719043"
URL = "https://kauppa.example/p/7719043-orvandel-oh-36v"
ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for line in Path(__file__).with_name("software_answers.jsonl").read_text(encoding="utf-8").splitlines()
]
HALVES = ("open", "sealed")
RIGHT = {"open": 43, "sealed": 33}
"""Answers judged right, at least: of 48 and 36. All others are unknown."""


def verdict(row: dict[str, Any]) -> str:
    headers = {"content-type": "text/html; charset=utf-8"}
    answer = Answer(row.get("status", 200), URL, row.get("final_url", URL), headers, row["html"])
    return judge(answer, listing_id=ID, title=TITLE).verdict


def test_no_answer_of_a_listing_that_may_be_there_is_a_proof_of_removal() -> None:
    assert [row["html"] for row in ROWS if row["want"] != "gone" and verdict(row) == "gone"] == []


@pytest.mark.parametrize("half", HALVES)
def test_answers_of_shop_software_are_judged_right_or_left_unknown(half: str) -> None:
    counted = Counter((row["want"], verdict(row)) for row in ROWS if row["half"] == half)
    assert sum(count for (want, found), count in counted.items() if want == found) >= RIGHT[half], counted
    assert all(found in {want, "unknown"} for want, found in counted)


@pytest.mark.parametrize("others", ["Other sellers", "Andere Anbieter", "Oferty innych sprzedawców", "Diğer satıcılar"])
def test_one_sellers_end_is_no_removal_where_others_sell_the_product_on_the_same_page(others: str) -> None:
    ended = f"<h1>{TITLE}</h1><div class='alert'>This listing was ended by the seller.</div>"
    beside = f"<section><h2>{others}</h2><div><b>GardenMax</b> 89.00 <button>Add to cart</button></div></section>"
    assert verdict({"html": f"<html><body><main>{ended}{beside}</main></body></html>"}) == "unknown"


def test_other_things_of_the_same_seller_hide_no_end() -> None:
    ended = f"<h1>{TITLE}</h1><div class='alert'>This listing was ended by the seller.</div>"
    more = "<h2>More from this seller</h2><div><a href='/p/1'>Rake 60</a> 19.00 <button>Add to cart</button></div>"
    assert verdict({"html": f"<html><body><main>{ended}</main><aside>{more}</aside></body></html>"}) == "gone"


def test_each_page_is_there_once_in_the_half_of_its_digest() -> None:
    pages = [row["html"] for row in ROWS]
    assert len(pages) == len(set(pages)) == 84
    assert all(hashlib.sha256(row["html"].encode()).digest()[0] % 2 == HALVES.index(row["half"]) for row in ROWS)
