from tests.listings.matching.build import found, listing, recall

BOTTLE = recall("NUK First Choice 240 mL Glass Baby Bottles")


def test_another_capacity_is_evidence_against_it_with_both_places() -> None:
    evidence = found(BOTTLE, listing("Nuk first choice glass bottle 120ml"))["different_size"]
    assert evidence.weight < -2
    assert evidence.recall_span is not None
    assert evidence.listing_span is not None
    assert (evidence.recall_span.text, evidence.listing_span.text) == ("240 mL", "120ml")


def test_the_same_capacity_in_another_unit_is_no_conflict() -> None:
    assert "different_size" not in found(BOTTLE, listing("Nuk first choice glass bottle 8 fl oz"))


def test_how_many_are_in_the_pack_is_no_conflict() -> None:
    assert "different_size" not in found(BOTTLE, listing("2-pack Nuk first choice glass bottle 240 ml"))


def test_another_storage_size_is_evidence_against_it() -> None:
    assert "different_size" in found(recall("Lexar 2 GB flash drives"), listing("lexar flash drive 4GB"))


def test_sizes_of_different_dimensions_are_not_compared() -> None:
    assert "different_size" not in found(BOTTLE, listing("Nuk bottle warmer 500 W"))


def test_a_flat_size_that_is_none_of_those_listed_is_evidence_against_it() -> None:
    boards = recall("Quartet Magnetic Boards", description="in three sizes: 11 x 17, 14 x 14 and 17 x 23.")
    assert "different_size" in found(boards, listing("quartet magnetic board 36 x 24"))
    assert "different_size" not in found(boards, listing("quartet magnetic board 23 x 17"))
