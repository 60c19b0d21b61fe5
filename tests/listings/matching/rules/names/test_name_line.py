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
