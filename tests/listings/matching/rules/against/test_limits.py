import pytest

from tests.listings.matching.build import found, listing, recall

SOME = recall("Graco high chairs", brand="Graco", models=("HC-3800",), description="Graco high chairs, model HC-3800.")


def test_brand_and_type_of_a_maker_of_many_products_are_a_question_where_only_some_models_are_recalled() -> None:
    evidence = found(SOME, listing("Graco high chair"))["limits_not_stated"]
    assert evidence.weight < -1
    assert "Ask the seller" in evidence.detail


def test_a_hardly_known_maker_is_nearly_told_by_brand_and_kind_alone() -> None:
    little = recall("Zelprio high chairs", brand="Zelprio", models=("HC-3800",))
    known = found(SOME, listing("Graco high chair"))["limits_not_stated"].weight
    assert found(little, listing("Zelprio high chair"))["limits_not_stated"].weight > known / 3


@pytest.mark.parametrize(
    ("recalled", "title"),
    [
        (SOME, "Graco high chair HC 3800"),
        (
            recall("Graco high chairs", brand="Graco", description="This recall involves all models."),
            "Graco high chair",
        ),
        (recall("Graco Tatamia high chairs", brand="Graco", models=("HC-3800",)), "Graco Tatamia high chair"),
        (
            recall("Graco high chairs", brand="Graco", description="They are the Prima Pappa and the Roller Blue."),
            "Graco Prima Pappa high chair",
        ),
    ],
    ids=["model stated", "all are affected", "line stated", "line of the description stated"],
)
def test_what_states_a_limiting_fact_is_no_question(recalled: object, title: str) -> None:
    assert "limits_not_stated" not in found(recalled, listing(title))
