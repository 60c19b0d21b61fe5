"""Kinds of difference that decide, on invented pairs: half of the recalls were not looked at while rules were written."""

from collections import defaultdict

import pytest

from listings.matching import RecallIndex, read_recall
from tests.listings.matching.minimal import RECALLS, ROWS, SEEN, Row

FLOOR = {"seen": 0.95, "not looked at": 0.90}
WORST_KIND = 0.5
INDEX = RecallIndex(read_recall(recall) for recall in RECALLS.values())


def is_right(row: Row) -> bool:
    flagged = {match.recall_number for match in INDEX.match(row.listing) if match.band == "flag"}
    return flagged == ({row.recall} if row.flag else set())


@pytest.mark.parametrize("half", FLOOR)
def test_kinds_of_difference_are_distinguished_on_either_half(half: str) -> None:
    right: dict[str, list[bool]] = defaultdict(list)
    for row in ROWS:
        if (row.recall in SEEN) == (half == "seen"):
            right[row.kind].append(is_right(row))
    shares = {kind: sum(found) / len(found) for kind, found in right.items()}
    assert shares.keys() == {row.kind for row in ROWS}
    assert sum(shares.values()) / len(shares) >= FLOOR[half], shares
    assert min(shares.values()) >= WORST_KIND, shares


def test_each_kind_has_ten_rows_or_more() -> None:
    kinds = [row.kind for row in ROWS]
    assert all(kinds.count(kind) >= 10 for kind in kinds)
