from tests.listings.matching.build import found, listing, recall

RECALL = recall("Hearthline Sunburst heaters", title="Hearthline Recalls Heaters")


def test_a_brand_in_look_alike_letters_is_shown_as_disguise() -> None:
    evidence = found(RECALL, listing("Неаrthline heater"))["disguised"]
    assert evidence.weight > 0
    assert evidence.listing_span is not None
    assert (evidence.listing_span.start, evidence.listing_span.end) == (0, 10)


def test_invisible_letters_are_disguise_too() -> None:
    assert "disguised" in found(RECALL, listing("Hearth\u200bline heater"))


def test_a_word_that_the_recall_does_not_name_may_be_written_as_it_likes() -> None:
    assert "disguised" not in found(RECALL, listing("Hearthline heater Мoscow"))


def test_a_word_of_a_title_in_its_own_script_hides_nothing() -> None:
    memo = recall("Memo power strips", title="Eskay Imports Recalls Memo Power Strips")
    assert "disguised" not in found(memo, listing("Игра настольная летучая мышь мемо лото"))
    assert "disguised" in found(memo, listing("мемо power strip"))
    assert "disguised" in found(memo, listing("Сетевой фильтр для дома mемо")), (
        "two scripts in one word hide it anywhere"
    )


def test_the_title_of_a_part_hides_no_product() -> None:
    assert "disguised" not in found(RECALL, listing("Hearth\u200bline Sunburst heater bag"))
    bags = recall("Hearthline heater bags", title="Hearthline Recalls Heater Bags")
    assert "disguised" in found(bags, listing("Hearth\u200bline heater bag"))


def test_something_extra_beside_a_hidden_name_switches_nothing_off() -> None:
    assert "disguised" in found(RECALL, listing("Hearth\u200bline Sunburst 1500W, extra cable"))
