"""The verdict on a fifth set of invented answers: whole pages, as bytes in the encoding that each of them names."""

import re
from datetime import UTC, datetime

from enforcement.checks.fetch import Capture
from enforcement.rules.verdict import Answer, judge
from tests.enforcement.fifth_answers import ID, ROWS, TITLE, URL, Row


def said(row: Row) -> str:
    named = re.search(r"charset=([\w-]+)", row.html)
    body = row.html.encode(named.group(1) if named else "utf-8")
    headers = {"content-type": row.type, **row.headers}
    capture = Capture(URL, datetime(2026, 3, 2, tzinfo=UTC), row.status, row.to, headers=headers, body=body)
    return judge(Answer(row.status, URL, row.to, headers, capture.text), listing_id=ID, title=TITLE).verdict


def test_no_answer_of_a_listing_that_may_be_there_is_a_proof_of_removal() -> None:
    assert [row.html for row in ROWS if said(row) == "gone" and "gone" not in row.want] == []


def test_every_answer_is_judged_right() -> None:
    assert [row.html for row in ROWS if said(row) not in row.want.split("|")] == []
    assert len(ROWS) == 50
