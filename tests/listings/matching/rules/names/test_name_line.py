from tests.listings.matching.build import found, listing, recall

RECALL = recall("Hearthline Sunburst Tabletop space heaters", title="Hearthline Recalls Heaters")


def test_the_words_that_tell_it_from_others_are_evidence_for_it_the_more_the_more_there_are() -> None:
    whole = found(RECALL, listing("Hearthline Sunburst tabletop heater"))["name_line"]
    part = found(RECALL, listing("Hearthline Sunburst heater"))["name_line"]
    assert whole.weight > part.weight > 0
    assert whole.recall_span is not None
    assert RECALL.products[0].name[whole.recall_span.start : whole.recall_span.end] == whole.recall_span.text


def test_a_misspelt_word_counts_nearly_as_much() -> None:
    right, wrong = (
        found(RECALL, listing(f"Hearthline {word} tabletop heater"))["name_line"] for word in ("Sunburst", "Sunbursst")
    )
    assert 0.8 * right.weight < wrong.weight < right.weight


def test_words_of_the_description_count_in_part() -> None:
    title = found(RECALL, listing("Sunburst tabletop heater"))["name_line"]
    described = found(RECALL, listing("heater", description="A Sunburst tabletop heater."))["name_line"]
    assert 0 < described.weight < title.weight


def test_brand_and_kind_are_not_counted_again() -> None:
    assert "name_line" not in found(RECALL, listing("Hearthline space heater"))


def test_what_measures_names_nothing_though_the_recall_writes_it_with_a_capital() -> None:
    heaters = recall("Norvik 80,000 BTU heaters", title="Norvik Recalls Heaters")
    assert "name_line" not in found(heaters, listing("Zorvex 80,000 BTU heater"))


def test_a_holiday_is_no_name_of_a_line() -> None:
    trees = recall(
        "Pre-lit artificial Christmas trees",
        title="Balsam Hill Recalls Pre-Lit Trees",
        description="This recall involves artificial Christmas trees that are pre-lit.",
    )
    assert "name_line" not in found(trees, listing("Zorvex artificial Christmas tree"))


def test_indoor_and_outdoor_are_one_name_and_no_list_of_two() -> None:
    fans = recall("Hearthline 54-inch Mara Indoor/Outdoor ceiling fans", title="Hearthline Recalls Ceiling Fans")
    assert [{"mara", "indoor", "outdoor"} & line.keys() for line in fans.products[0].parts.lines] == [
        {"mara", "indoor", "outdoor"}
    ]
