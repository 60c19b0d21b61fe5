import pytest

from listings.matching.letter_sizes import covered_numbers, covered_sizes, letter_sizes_in, number_stated
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


@pytest.mark.parametrize(
    ("title", "size"),
    [
        ("Zelprio sandal size 32", 32),
        ("Zelprio Sandalen Gr. 25 pink", 25),
        ("Zelprio sandały rozm. 27", 27),
        ("Zelprio sandaalit, koko 24", 24),
        ("Zelprio sandal EU 26", 26),
        ("Zelprio pajamas size 4T", None),
        ("Zelprio quilt, queen size 12 piece", None),
        ("Zelprio sandal size 24, size 25", None),
        ("Zelprio wheel size 20 inch", None),
    ],
)
def test_a_size_in_a_number_is_one_behind_its_word(title: str, size: int | None) -> None:
    stated = number_stated(title, "title")
    assert (stated[0] if stated else None) == size


@pytest.mark.parametrize(
    ("said", "covered"),
    [
        ("Mogami Sandals Sizes 24-28", (24, 28)),
        ("sold in sizes 4 through 12", (4, 12)),
        ("sizes 2T through 16 years", None),
        ("sold in sizes 10 to 28", None),
        ("size 24", None),
    ],
)
def test_the_numbers_that_a_recall_covers_are_a_range_of_one_system(said: str, covered: tuple[int, int] | None) -> None:
    assert covered_numbers(said) == covered


def test_a_size_outside_of_the_recalled_ones_is_another_shoe_and_one_of_another_system_says_nothing() -> None:
    sandals = recall("Zelprio Kids' Nordal Sandals Sizes 24-28", brand="Zelprio")
    assert found(sandals, listing("Zelprio Nordal kids sandal size 32"))["different_size"].weight < -6
    for title in (
        "Zelprio Nordal kids sandal size 26",
        "Zelprio Nordal kids sandal size 9",
        "Zelprio Nordal kids sandal",
    ):
        evidence = found(sandals, listing(title))
        assert "different_size" not in evidence
        assert "model_of_name_missing" not in evidence  # 24-28 is no model
