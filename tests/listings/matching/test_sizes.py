import pytest

from listings.matching.sizes import dimensions_in, listed_sizes, sizes_in


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("8 fl oz", "240 ml"),
        ("1 l", "1,000 ml"),
        ("1 TB", "1024 GB"),
        ("42-inch", "106.7 cm"),
        ("1.5 kW", "1500 W"),
        ("six drawers", "6-drawer"),
    ],
)
def test_the_same_size_in_two_units_is_nearly_equal(one: str, other: str) -> None:
    (left,), (right,) = sizes_in(one, "title"), sizes_in(other, "title")
    assert left.dimension == right.dimension
    assert left.value == pytest.approx(right.value, rel=0.02)


def test_pack_counts_are_no_sizes() -> None:
    assert sizes_in("2-pack, set of 6, 12 pcs", "title") == ()


def test_a_list_of_sizes_in_words_has_one_unit_behind_the_last() -> None:
    text = "sold in three-, five-, six- and six-point-five-gallon sizes"
    found = {text[size.span.start : size.span.end]: size.value / 3785 for size in listed_sizes(text, "description")}
    assert found == {"three": 3, "five": 5, "six": 6, "six-point-five-gallon": 6.5}


def test_a_size_knows_its_place() -> None:
    text = "NUK bottle 240 mL glass"
    (size,) = sizes_in(text, "title")
    assert text[size.span.start : size.span.end] == "240 mL"


def test_flat_sizes_are_the_same_either_way_round() -> None:
    assert dimensions_in("36 x 24 board", "title").keys() == dimensions_in("24x36", "title").keys() == {(24.0, 36.0)}


def test_metric_flat_sizes_are_left_out() -> None:
    assert dimensions_in("120 x 80 cm", "title") == {}
