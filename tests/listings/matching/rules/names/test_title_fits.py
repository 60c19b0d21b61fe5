from tests.listings.matching.build import found, listing, recall

RECALL = recall("Hearthline Sunburst space heaters", title="Hearthline Recalls Sunburst Space Heaters")


def test_a_title_that_says_nothing_else_is_evidence_for_it() -> None:
    evidence = found(RECALL, listing("NEW 2024 Hearthline Sunburst space heater, free shipping"))["title_fits"]
    assert evidence.weight > 2


def test_a_name_that_the_recall_does_not_know_is_evidence_against_it_and_is_shown() -> None:
    evidence = found(RECALL, listing("Hearthline Alpenglow Zorvex space heater"))["title_mentions_something_else"]
    assert evidence.weight < -1
    assert "Alpenglow" in evidence.detail
    assert evidence.listing_span is not None
    assert evidence.listing_span.text == "Alpenglow"


def test_ordinary_words_speak_less_against_it_than_names() -> None:
    names = found(RECALL, listing("Hearthline Alpenglow Zorvex heater"))["title_mentions_something_else"]
    ordinary = found(RECALL, listing("Hearthline handle drawer bottom heater"))["title_mentions_something_else"]
    assert names.weight < ordinary.weight < 0


def test_words_in_another_script_say_nothing_either_way() -> None:
    assert "title_mentions_something_else" not in found(
        RECALL, listing("обогреватель Hearthline Sunburst новый тёплый")
    )


def test_item_details_that_the_recall_knows_count_for_a_short_title() -> None:
    bare = found(RECALL, listing("heater"))
    told = found(RECALL, listing("heater", description="Brand: Hearthline. Model: Sunburst."))
    assert told["title_fits"].weight > (bare["title_fits"].weight if "title_fits" in bare else 0)


def test_a_same_number_outweighs_what_else_the_title_says() -> None:
    recalled = recall("Hearthline space heaters", models=("HL-200R",))
    assert "title_mentions_something_else" not in found(recalled, listing("Hearthline Alpenglow Zorvex heater HL-200R"))


def test_a_word_by_chance_in_a_title_that_cannot_be_read_does_not_fit() -> None:
    vitamins = recall("Supra-Vita vitamin tablets", title="Lex Recalls Vitamins")
    assert "title_fits" not in found(vitamins, listing("Детское питание сок Vita яблоко, слива"))
    assert "title_fits" not in found(vitamins, listing("บานซิงค์เดี่ยว VITA ขนาด สีธรรมชาติ"))


def test_beside_brand_or_kind_such_a_title_fits() -> None:
    assert "title_fits" in found(RECALL, listing("Hearthline Sunburst новый в коробке белый"))
    strollers = recall("Zelprio strollers", title="Norvik Recalls Zelprio Strollers")
    assert "title_fits" in found(strollers, listing("Коляска прогулочная Zelprio синяя"))
