from tests.listings.matching.build import found, listing, recall

RECALL = recall("Hearthline space heaters", brand="Hearthline", models=("HL-200R", "HL-250R"))


def test_a_model_built_alike_that_is_none_of_the_recalls_is_evidence_against_it() -> None:
    evidence = found(RECALL, listing("Hearthline space heater HL-300R", brand="Hearthline"))["other_model"]
    assert evidence.weight < -2
    assert evidence.listing_span is not None
    assert evidence.listing_span.text == "HL-300R"


def test_a_number_built_quite_differently_is_weaker_evidence_against_it() -> None:
    alike = found(RECALL, listing("Hearthline heater HL-300R"))["other_model"]
    different = found(RECALL, listing("Hearthline heater 90-4411-AC"))["other_model"]
    stated = found(RECALL, listing("Hearthline heater", mpn="90-4411-AC"))["other_model"]
    assert alike.weight == stated.weight < different.weight < 0


def test_an_mpn_built_like_a_recalled_model_outweighs_what_the_title_says() -> None:
    read = found(RECALL, listing("Knob, fits Hearthline heater HL-200R", mpn="HL-900K"))
    assert read["other_model"].listing_span is not None
    assert read["other_model"].listing_span.text == "HL-900K"
    assert not {"same_model", "same_model_and_brand", "same_short_model"} & read.keys()


def test_one_right_model_is_enough() -> None:
    assert "other_model" not in found(RECALL, listing("Hearthline heaters HL-300R and HL-200R"))


def test_a_longer_form_of_a_recalled_model_is_not_another_one() -> None:
    assert "other_model" not in found(RECALL, listing("Hearthline heater HL-200RW"))


def test_a_recall_without_models_knows_no_other_model() -> None:
    assert "other_model" not in found(recall("Hearthline space heaters"), listing("Hearthline heater HL-300R"))


def test_where_all_models_are_recalled_another_number_hardly_counts() -> None:
    everything = recall(
        "Hearthline heaters", models=("HL-200R",), description="This recall involves all Hearthline heaters."
    )
    assert found(everything, listing("Hearthline heater HL-300R"))["other_model"].weight > -1.5


def test_article_numbers_of_digits_alone_are_alike_only_if_they_begin_alike() -> None:
    said = "The article numbers are 60093058 and 50163754."
    chests = recall("Zelprya 3-drawer chests", brand="Zelprio", description=said)
    far = found(chests, listing("Zelprio Zelprya chest", mpn="30309234"))["other_model"]
    near = found(chests, listing("Zelprio Zelprya chest", mpn="60093999"))["other_model"]
    assert near.weight < far.weight < 0


def test_a_number_in_pieces_counts_where_it_is_built_like_a_recalled_one() -> None:
    boards = recall("Zelprio hoverboards", brand="Zelprio", models=("HF-6500",))
    assert "other_model" in found(boards, listing("Zelprio hoverboard HF 80 00"))
    assert "other_model" not in found(boards, listing("Zelprio hoverboard HF 65 00"))
    assert "other_model" not in found(boards, listing("Zelprio hoverboard 2 in 1 500 W"))


def test_a_name_with_digits_in_place_of_letters_is_no_model() -> None:
    read = found(RECALL, listing("H3arthl1ne space heater"))
    assert "disguised" in read
    assert not {"other_model", "title_mentions_something_else"} & read.keys()
