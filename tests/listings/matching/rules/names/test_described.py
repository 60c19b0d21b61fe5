from tests.listings.matching.build import found, listing, recall

RECALL = recall("Snuga swings", description="The recall includes the Snugabunny and the Zelprio. Handles are white.")


def test_names_of_the_description_are_evidence_for_it_with_their_place() -> None:
    evidence = found(RECALL, listing("cradle swing, my little snugabunny"))["described"]
    assert evidence.weight > 0
    assert evidence.recall_span is not None
    assert RECALL.text.description[evidence.recall_span.start : evidence.recall_span.end] == "Snugabunny"


def test_a_name_of_two_plain_words_is_evidence_for_it_where_both_stand_in_a_row() -> None:
    chests = recall(
        "5-drawer chests", description="This recall involves Summer Breeze style chests sold in four colors."
    )
    evidence = found(chests, listing("summer breeze collection 5-drawer chest"))["described"]
    assert evidence.weight > 0
    assert evidence.recall_span is not None
    assert evidence.recall_span.text == "Summer Breeze"
    assert "described" not in found(chests, listing("chest for a summer with breeze"))


def test_two_names_say_more_than_one() -> None:
    one, two = (found(RECALL, listing(title))["described"] for title in ("zelprio swing", "zelprio snugabunny swing"))
    assert two.weight > one.weight


def test_ordinary_words_of_the_description_say_nothing() -> None:
    assert "described" not in found(RECALL, listing("little white swing with handles"))


def test_an_ordinary_word_in_a_list_of_models_is_a_name_right_behind_the_brand() -> None:
    helmets = recall(
        "Zelprio helmets", brand="Zelprio", description="This involves models Blade, Elle and Jade. Sold in shops."
    )
    assert "described_line" in found(helmets, listing("Zelprio Blade helmet black"))
    assert "described_line" not in found(helmets, listing("Zelprio helmet with a blade"))
