import pytest

from listings.matching.letter_sizes import covered_sizes, letter_sizes_in
from tests.listings.matching.build import found, listing, recall


@pytest.mark.parametrize(
    ("title", "sizes"),
    [
        ("Zelprio helmet, size L (58-61 cm)", ["l"]),
        ("Zelprio Helm Gr. M", ["m"]),
        ("Zelprio casque taille S", ["s"]),
        ("Zelprio hoodie size extra large", ["xl"]),
        ("Zelprio hoodie size 2XL", ["xxl"]),
        ("Zelprio hoodie size S-M", []),
        ("Zelprio hoodie size M/L", []),
        ("Zelprio 12 Months pajamas size 4", []),
        ("Zelprio model S", []),
    ],
)
def test_a_size_is_one_behind_its_word_only_and_a_range_is_none(title: str, sizes: list[str]) -> None:
    assert list(letter_sizes_in(title, "title")) == sizes


@pytest.mark.parametrize(
    ("description", "sizes"),
    [
        ("They were sold in sizes XS through L.", {"xs", "s", "m", "l"}),
        ("sold in children's sizes small (6-8), medium (10) and large (12).", {"s", "m", "l"}),
        ("sold in sizes Medium (M), Large (L) and Extra Large (XL), and the colors blue", {"m", "l", "xl"}),
        ("This recall involves medium-sized helmets.", {"m"}),
        ("Only helmets in the sizes below are recalled. Name Size Kite XS and S Lark S", {"xs", "s"}),
        ("in sizes 12 Months to 6", set()),
        ("a label with size L and the name is inside", set()),
    ],
)
def test_the_sizes_that_a_recall_covers_are_those_that_it_lists(description: str, sizes: set[str]) -> None:
    assert covered_sizes(description).keys() == sizes


def test_a_size_that_the_recall_does_not_list_is_another_garment_and_one_that_it_lists_is_not() -> None:
    helmets = recall(
        "Zelprio Kite helmets", brand="Zelprio", description="Sold in sizes XS and S. Kite is on the side."
    )
    other = found(helmets, listing("Zelprio Kite helmet size L"))["different_size"]
    assert other.weight < -6
    assert other.recall_span is not None
    assert other.recall_span.text == "XS"
    assert "different_size" not in found(helmets, listing("Zelprio Kite helmet size S"))
    assert "different_size" not in found(helmets, listing("Zelprio Kite helmet"))
