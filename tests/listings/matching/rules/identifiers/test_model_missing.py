from tests.listings.matching.build import found, listing, recall

RECALL = recall("Hearthline space heaters", brand="Hearthline", models=("HL-200R", "HL-250R"))


def test_no_number_where_the_recall_names_its_models_is_weak_evidence_against_it() -> None:
    assert -1 < found(RECALL, listing("Hearthline space heater"))["model_not_stated"].weight < 0


def test_a_stated_number_and_a_recall_of_all_models_say_nothing_of_it() -> None:
    every = recall(
        "Hearthline heaters", models=("HL-200R",), description="This recall involves all Hearthline heaters."
    )
    assert "model_not_stated" not in found(RECALL, listing("Hearthline space heater HL-200R"))
    assert "model_not_stated" not in found(every, listing("Hearthline space heater"))
