from tests.listings.matching.build import found, listing, recall

RECALL = recall("Hearthline Sunburst heaters", title="Hearthline Recalls Heaters", models=("HL-200R",))


def test_what_the_listing_lacks_of_the_name_is_evidence_against_it() -> None:
    evidence = found(RECALL, listing("Hearthline heater"))["name_missing"]
    assert evidence.weight < -0.3
    assert "sunburst" in evidence.detail


def test_another_line_of_the_brand_in_place_of_the_recalled_one_is_evidence_against_it_more_and_shows_both() -> None:
    evidence = found(RECALL, listing("Hearthline Moonrise heater"))["different_product_line"]
    assert evidence.weight < found(RECALL, listing("Hearthline heater"))["name_missing"].weight
    assert evidence.recall_span is not None
    assert evidence.listing_span is not None
    assert (evidence.recall_span.text, evidence.listing_span.text) == ("Sunburst", "Moonrise")


def test_nothing_is_missing_where_all_is_there() -> None:
    assert "name_missing" not in found(RECALL, listing("Hearthline Sunburst heater"))


def test_the_same_model_number_makes_up_for_a_missing_name() -> None:
    assert "name_missing" not in found(RECALL, listing("Hearthline heater HL-200R"))
