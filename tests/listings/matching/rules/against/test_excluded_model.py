from tests.listings.matching.build import found, listing, recall

RECALL = recall(
    "Hearthline heaters", description="Models HL-200R and HL-250R. Model HL-400R is not included in this recall."
)


def test_a_model_that_the_recall_leaves_out_is_strong_evidence_against_it() -> None:
    evidence = found(RECALL, listing("Hearthline heater HL-400R"))["excluded_model"]
    assert evidence.weight <= -6
    assert evidence.recall_span is not None
    assert RECALL.text.description[evidence.recall_span.start : evidence.recall_span.end] == "HL-400R"


def test_a_recalled_model_is_not_left_out() -> None:
    assert "excluded_model" not in found(RECALL, listing("Hearthline heater HL-250R"))
