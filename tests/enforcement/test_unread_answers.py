"""An eleventh set of invented answers: 33 kinds in nineteen languages, labelled before their author read the rules.

Rules were made with the `open` half in view; `later` are 66 more in 26 languages, made up when these
rules were there, by somebody who had not read them. Where a careful person could say either, `want` has both ("gone|unknown").
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from enforcement.rules.verdict import Answer, judge

ROWS: list[dict[str, Any]] = [
    json.loads(line)
    for line in Path(__file__).with_name("unread_answers.jsonl").read_text(encoding="utf-8").splitlines()
]
RIGHT = {"open": 63, "sealed": 60, "later": 66}
"""Answers judged right, at least: of 64, 61 and 66."""


def verdict(row: dict[str, Any]) -> str:
    answer = Answer(row["status"], row["url"], row["final_url"], row["headers"], row["html"])
    return judge(answer, listing_id=row["listing_id"], title=row["title"]).verdict


def test_no_answer_of_a_listing_that_may_be_there_is_a_proof_of_removal() -> None:
    assert [row["id"] for row in ROWS if "gone" not in row["want"].split("|") and verdict(row) == "gone"] == []


@pytest.mark.parametrize("half", ["open", "sealed", "later"])
def test_answers_are_judged_as_they_were_labelled(half: str) -> None:
    counted = Counter((row["want"], verdict(row)) for row in ROWS if row["half"] == half)
    assert sum(count for (want, found), count in counted.items() if found in want.split("|")) >= RIGHT[half], counted
