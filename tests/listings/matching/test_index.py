import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from listings.matching import ListingText, RecallIndex, listing_keys, quick_read, recall_keys
from tests.listings.matching.build import listing, recall

HEATER = recall("Hearthline space heaters", number="1", brand="Hearthline", models=("HL-200R",))
STROLLER = recall("Maclaren strollers", number="2", description="This recall involves all Maclaren strollers.")


def test_only_recalls_that_share_a_key_are_candidates_in_the_order_given() -> None:
    index = RecallIndex([STROLLER, HEATER])
    for title, places in (("Hearthline Maclaren", [0, 1]), ("Hearthline heater", [1]), ("Cotton towel", [])):
        assert index.candidates(quick_read(listing(title).text)) == places


def test_stored_keys_find_the_same_candidates() -> None:
    index = RecallIndex([STROLLER, HEATER])
    for title in ("Hearthline heater", "Kinderwagen Maclaren", "Cotton towel", "HL 200R"):
        shown = quick_read(listing(title).text)
        stored = [
            place for place, recalled in enumerate((STROLLER, HEATER)) if recall_keys(recalled) & listing_keys(shown)
        ]
        assert index.candidates(shown) == stored


def test_an_index_that_was_pickled_gives_the_same_matches_in_another_process() -> None:
    index, text = RecallIndex([STROLLER, HEATER]), listing("Hearthline heater HL-200R").text
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        there = pool.submit(match_there, pickle.dumps(index), text).result()
    assert there == [match.as_dict() for match in index.match(text)] != []


def match_there(packed: bytes, text: ListingText) -> list[dict[str, object]]:
    index: RecallIndex = pickle.loads(packed)  # noqa: S301  made one line above
    return [match.as_dict() for match in index.match(text)]


def test_the_best_match_comes_first_and_there_are_never_more_than_five() -> None:
    many = [recall("Hearthline space heaters", number=str(number), brand="Hearthline") for number in range(10, 19)]
    matches = RecallIndex([*many, HEATER]).match(listing("Hearthline space heater HL-200R").text)
    assert len(matches) == 5
    assert matches[0].recall_number == "1"
    assert [match.score for match in matches] == sorted((match.score for match in matches), reverse=True)


def test_what_a_moderator_should_not_see_is_left_out() -> None:
    assert RecallIndex([HEATER]).match(listing("Case for Hearthline heater HL-200R").text) == []


def test_an_empty_index_matches_nothing() -> None:
    assert RecallIndex([]).match(listing("Hearthline space heater HL-200R").text) == []
