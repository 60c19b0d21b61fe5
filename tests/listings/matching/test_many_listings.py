"""A recall against hundreds of stored listings: what is ruled out together is what one after the other would be."""

import pytest

from listings.matching import RecallIndex
from listings.matching.many_listings import MIN_IN_COLUMNS, ManyListings
from tests.listings.matching.test_fast_path import INDEX, variants

TEXTS = [*variants()]


@pytest.mark.parametrize("place", range(0, len(INDEX.numbers), 7))
def test_each_recall_matches_the_same_listings_together_as_one_by_one(place: int) -> None:
    index = RecallIndex([INDEX.readings[place]])
    many = ManyListings(index)
    texts = TEXTS[: max(MIN_IN_COLUMNS, len(TEXTS))]
    assert len(texts) >= MIN_IN_COLUMNS
    together = [index.match(text, among=among) for text, among in zip(texts, many.in_question(texts), strict=True)]
    assert together == [index.match(text) for text in texts]


def test_most_of_many_listings_are_not_in_question_and_of_a_few_all_are() -> None:
    many = ManyListings(RecallIndex([INDEX.readings[0]]))
    assert sum(among == () for among in many.in_question(TEXTS)) > len(TEXTS) / 2
    assert set(many.in_question(TEXTS[: MIN_IN_COLUMNS - 1])) == {None}
