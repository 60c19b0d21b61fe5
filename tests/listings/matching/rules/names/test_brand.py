import pytest

from tests.listings.matching.build import found, listing, recall

RECALL = recall("Hearthline space heaters", title="Hearthline Recalls Space Heaters Due to Fire Hazard")


def test_the_same_brand_is_evidence_for_it() -> None:
    assert found(RECALL, listing("HEARTHLINE heater"))["same_brand"].weight > 1


def test_a_brand_that_stands_on_very_many_things_says_less() -> None:
    common = recall("Lenovo heaters", title="Lenovo Recalls Heaters")
    assert (
        found(common, listing("Lenovo heater"))["same_brand"].weight
        < found(RECALL, listing("Hearthline heater"))["same_brand"].weight
    )


@pytest.mark.parametrize("misspelt", ["Heartline", "Hearthhline", "Haerthline", "Hearthlime", "Hearthlne"])
def test_a_misspelt_brand_is_recognised_and_named(misspelt: str) -> None:
    evidence = found(RECALL, listing(f"{misspelt} space heater"))["misspelled_brand"]
    assert evidence.weight > 0
    assert misspelt in evidence.detail


def test_a_known_word_is_no_misspelling() -> None:
    recalled = recall("Slate heaters", title="Slater Recalls Heaters")
    assert "misspelled_brand" not in found(recalled, listing("plate heater"))


def test_a_brand_in_the_description_counts_in_part() -> None:
    described = found(RECALL, listing("Heater", description="It was made by Hearthline."))["same_brand"]
    assert 0 < described.weight < found(RECALL, listing("Hearthline heater"))["same_brand"].weight


def test_another_stated_brand_is_evidence_against_it() -> None:
    evidence = found(RECALL, listing("Space heater", brand="Norvik"))["different_brand"]
    assert evidence.weight < -1
    assert "Norvik" in evidence.detail


def test_a_brand_that_it_is_only_for_is_not_its_brand() -> None:
    assert "same_brand" not in found(RECALL, listing("Wall bracket for Hearthline heater"))


def test_no_brand_at_all_hardly_counts_where_a_name_of_its_own_is_there() -> None:
    recalled = recall("Hearthline Zelprio heaters", title="Hearthline Recalls Zelprio Heaters")
    assert -1 < found(recalled, listing("Zelprio heater"))["brand_not_stated"].weight < 0


def test_neither_brand_nor_name_is_evidence_against_it() -> None:
    assert found(RECALL, listing("space heater"))["brand_not_named"].weight < -0.5


def test_another_known_maker_at_the_beginning_of_the_title_is_evidence_against_it_where_no_brand_is_stated() -> None:
    evidence = found(RECALL, listing("New 2024 Philips space heater"))["different_maker"]
    assert evidence.weight < -1
    assert evidence.listing_span is not None
    assert evidence.listing_span.text == "Philips"


def test_a_sister_name_one_letter_off_is_no_misspelling() -> None:
    molly = recall("Molly high chairs", title="Molly Recalls High Chairs")
    for title in ("Polly high chair", "Dolly high chair", "Milly high chair"):
        assert "misspelled_brand" not in found(molly, listing(title)), title


@pytest.mark.parametrize(
    ("recalled", "listed"),
    [
        ("SnugHaven", "Snug Haven"),
        ("SnugHaven", "SNUG-HAVEN"),
        ("Snug Haven", "Snughaven"),
        ("Snug-Haven", "SnugHaven"),
    ],
)
def test_a_brand_of_two_words_is_the_same_in_one_or_with_a_hyphen_on_either_side(recalled: str, listed: str) -> None:
    cribs = recall(f"{recalled} cribs", brand=recalled, title=f"{recalled} Cribs Recalled")
    assert found(cribs, listing(f"{listed} crib"))["same_brand"].weight > 0.5


def test_a_recall_without_a_brand_says_nothing_of_brands() -> None:
    assert not [
        signal
        for signal in found(recall("Toy", title="Toy Recall"), listing("toy", brand="Norvik"))
        if signal.startswith("brand")
    ]


def test_a_rare_line_that_passes_for_a_brand_counts_beside_a_maker_of_many_things() -> None:
    bibs = recall("ZELPRYA Infant Bibs", title="IKEA Recalls Infant Bibs Due to Choking Hazard")
    both = found(bibs, listing("IKEA ZELPRYA bib"))["same_brand"]
    maker = found(bibs, listing("IKEA bib"))["same_brand"]
    assert both.weight > 1.5
    assert maker.weight < 1


def test_one_name_written_in_two_ways_is_one_name() -> None:
    toys = recall("Fisher-Price play sets", title="Fisher-Price Recalls Play Sets")
    assert found(toys, listing("Fisher-Price play set"))["same_brand"].weight < 1.5


def test_what_a_product_is_said_to_be_branded_is_a_brand_beside_the_maker_of_the_title() -> None:
    mugs = recall("Indigo branded Papa Zelprya mugs", title="Hearthline Books Recalls Indigo Branded Mugs")
    assert "same_brand" in found(mugs, listing("Indigo Zelprya mug"))


def test_a_known_maker_whose_goods_the_recall_lists_beside_others_is_one_of_its_brands() -> None:
    said = "This involves Zelprio Kite chairs as well as Martha Stewart Living branded Cardona and Grand Bank chairs."
    chairs = recall("Swivel patio chairs", title="Zelprio Recalls Swivel Patio Chairs", description=said)
    assert "same_brand" in found(chairs, listing("Martha Stewart Living Grand Bank swivel chair"))


def test_a_name_beside_a_makers_alone_is_a_brand_and_no_line() -> None:
    doors = recall("Hearthline and Zelprya Interior Doors", title="Hearthline Recalls Interior Doors Due to Hazard")
    assert frozenset({"zelprya"}) in doors.brand_names
    assert all("zelprya" not in line for line in doors.products[0].parts.lines)


def test_half_of_a_brand_is_no_misspelling_of_it() -> None:
    diner = recall("Light-Up Yo-Yo Toy", title="Ruby's Diner Inc. Recalls Giveaway Yo-Yo Toy")
    assert "misspelled_brand" not in found(diner, listing("Cafe corner Diner building toy"))


@pytest.mark.parametrize(
    "said", ["Unbranded", "Generic", "Does not apply", "N/A", "--", "Markenlos", "Sans marque", "нет бренда", "无品牌"]
)
def test_a_brand_field_that_says_that_there_is_none_is_no_other_brand(said: str) -> None:
    lamps = recall("Hearthline Sunburst oil lamps", brand="Hearthline")
    evidence = found(lamps, listing("Hearthline Sunburst oil lamp", brand=said))
    assert "same_brand" in evidence
    assert evidence["same_brand"] == found(lamps, listing("Hearthline Sunburst oil lamp"))["same_brand"]
    assert "different_brand" not in found(lamps, listing("Sunburst oil lamp", brand=said))


@pytest.mark.parametrize("said", ["Norvik", "Generic Motors", "Other Half", "Nils"])
def test_a_name_that_only_begins_so_is_another_brand(said: str) -> None:
    lamps = recall("Hearthline Sunburst oil lamps", brand="Hearthline")
    assert listing("Sunburst oil lamp", brand=said).brand_words
    assert "different_brand" in found(lamps, listing("oil lamp", brand=said))


def test_a_part_without_a_brand_for_what_the_maker_makes_is_none_of_the_makers() -> None:
    heaters = recall("Hearthline Sunburst space heaters", brand="Hearthline", models=("HL-200R",))
    said = found(heaters, listing("Heater motor for Hearthline HL-200R", brand="Generic"))["different_brand"]
    assert said.listing_span is not None
    assert (said.listing_span.field, said.listing_span.text) == ("title", "Hearthline")
    assert "different_brand" not in found(heaters, listing("Heater motor for Hearthline HL-200R"))
    assert "different_brand" not in found(heaters, listing("Hearthline HL-200R heater for home", brand="Generic"))
