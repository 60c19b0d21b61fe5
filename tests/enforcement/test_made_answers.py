"""The verdict on answers of shops in some thirty languages, and on the pages of sellers who want a false proof of removal.

`made_answers.jsonl` was written before its author read the rules, half of it kept aside until the rules were done;
`seller_tricks.jsonl` by somebody who knew them. Real removals stand among the tricks: their kinds begin with "control".
"""

from collections import Counter

import pytest

from enforcement.rules.verdict import Answer, judge
from tests.enforcement.made_answers import ID, TITLE, URL, answers, judged

ENDED = '<div class="alert">This listing has ended.</div>'
OFFER = '<p class="price">24.90</p><button>Add to cart</button>'


def verdict(html: str, *, truncated: bool = False, status: int = 200, **headers: str) -> str:
    return judge(Answer(status, URL, URL, headers, html, truncated), listing_id=ID, title=TITLE).verdict


@pytest.mark.parametrize("name", ["made_answers.jsonl", "seller_tricks.jsonl"])
def test_every_answer_is_judged_right_and_no_trick_is_a_proof_of_removal(name: str) -> None:
    rows = answers(name)
    assert [(row["kind"], judged(row)) for row in rows if judged(row).verdict not in row["want"].split("|")] == []
    assert len(rows) > 170
    assert Counter("gone" in row["want"] for row in rows)[True] > 10


def test_what_stands_behind_the_part_that_was_read_may_be_the_offer() -> None:
    long = "<p>Made of brushed steel, with a whistle and a stay-cool grip.</p>" * 900
    page = f"<html><body><main><h1>{TITLE}</h1>{ENDED}{long}{OFFER}</main></body></html>"
    assert verdict(page) == "unknown"
    whole = f"<html><body><main><h1>{TITLE}</h1>{ENDED}</main></body></html>"
    assert (verdict(whole), verdict(whole, truncated=True)) == ("gone", "unknown")
    assert verdict(whole, **{"content-length": "90000"}) == "unknown"
    assert verdict(whole, **{"content-length": str(len(whole) + 3)}) == "gone", "a byte order mark is no text"


def test_a_page_with_thousands_of_rules_that_hide_something_is_judged_in_time() -> None:
    rules = "".join(f".x .y{at % 7} div{{display:none}}" for at in range(3_000))
    boxes = "<div class='q'><p>a</p></div>" * 2_000
    assert verdict(f"<style>{rules}</style>{boxes}<h1>This listing has ended</h1>") == "gone"
    assert verdict(f"<style>{'{' * 200_000}{'a,' * 100_000}</style><h1>This listing has ended</h1>") == "gone"
