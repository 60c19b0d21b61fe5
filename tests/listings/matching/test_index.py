from listings.matching import RecallIndex, recall_keys
from tests.listings.matching.build import listing, recall

HEATER = recall("Hearthline space heaters", number="1", brand="Hearthline", models=("HL-200R",))
STROLLER = recall("Maclaren strollers", number="2", description="This recall involves all Maclaren strollers.")


def test_only_recalls_that_share_a_key_are_candidates_in_the_order_given() -> None:
    index = RecallIndex([STROLLER, HEATER])
    assert index.candidates(listing("Hearthline Maclaren")) == [STROLLER, HEATER]
    assert index.candidates(listing("Hearthline heater")) == [HEATER]
    assert index.candidates(listing("Cotton towel")) == []


def test_stored_keys_find_the_same_candidates() -> None:
    listed = listing("Hearthline heater")
    assert RecallIndex([STROLLER, HEATER]).candidates(listed, keys=recall_keys(HEATER)) == [HEATER]


def test_the_best_match_comes_first_and_there_are_never_more_than_five() -> None:
    many = [recall("Hearthline space heaters", number=str(number), brand="Hearthline") for number in range(10, 19)]
    matches = RecallIndex([*many, HEATER]).match(listing("Hearthline space heater HL-200R"))
    assert len(matches) == 5
    assert matches[0].recall_number == "1"
    assert [match.score for match in matches] == sorted((match.score for match in matches), reverse=True)


def test_what_a_moderator_should_not_see_is_left_out() -> None:
    assert RecallIndex([HEATER]).match(listing("Case for Hearthline heater HL-200R")) == []


def test_an_empty_index_matches_nothing() -> None:
    assert RecallIndex([]).match(listing("Hearthline space heater HL-200R")) == []
