import pytest

from listings.matching.names import joins_of, read_name


def lines(name: str, *brands: str) -> list[set[str]]:
    return [set(line) for line in read_name(name, frozenset(brands)).lines]


def test_a_name_is_taken_apart_into_brand_kind_and_what_tells_it_from_others() -> None:
    name = read_name("Peg Perego Venezia strollers", frozenset({"peg", "perego"}))
    assert name.product_types == {"stroller"}
    assert [set(line) for line in name.lines] == [{"venezia"}]


def test_brand_and_kind_alone_leave_nothing_else() -> None:
    assert lines("Maclaren strollers (sold prior to November 2009)", "maclaren") == []


def test_two_names_in_one_are_two_ways_to_be_the_product() -> None:
    assert lines("Peg Perego Venezia and Pliko strollers", "peg", "perego") == [{"venezia"}, {"pliko"}]


@pytest.mark.parametrize(
    "name",
    [
        "Rambler Mugs with Stronghold Lids",
        "Rambler Mugs sold at Target",
        "Rambler Mugs (Stronghold)",
        "All Models of Rambler Mugs",
    ],
)
def test_what_belongs_to_something_else_is_not_part_of_the_name(name: str) -> None:
    assert lines(name) == [{"rambler"}]


def test_with_is_part_of_a_name_that_has_no_kind_before_it() -> None:
    name = read_name("Hearth & Hand with Magnolia Tea Kettles", frozenset())
    assert name.product_types == {"kettle"}


def test_the_kind_named_last_is_what_it_is() -> None:
    name = read_name("Sleepi Crib Foam Mattresses", frozenset())
    assert name.product_types == {"mattress"}
    assert name.parts == {"crib", "mattress"}


def test_the_last_word_stands_for_a_kind_that_the_lexicon_does_not_know() -> None:
    assert "bracket" in read_name("BarJam Brackets", frozenset()).heads


def test_places_point_into_the_name() -> None:
    text = "Peg Perego Venezia strollers"
    distinctive = read_name(text, frozenset()).words["venezia"]
    assert text[distinctive.span.start : distinctive.span.end] == "Venezia"


def test_a_joined_name_that_ends_with_a_kind_is_still_a_name() -> None:
    assert lines("Suzuki Vinson and KingQuad ATVs", "suzuki") == [{"vinson"}, {"kingquad"}]


def test_goods_in_the_plural_are_the_kind_however_seldom_recalls_have_them() -> None:
    name = read_name("Canon Desktop Calculators", frozenset({"canon"}))
    assert name.heads == {"calculator"}
    assert [set(line) for line in name.lines] == [{"desktop"}]


def test_a_name_and_its_number_may_be_written_as_one() -> None:
    line = read_name("Zelprio Cinema 70 CT subwoofers", frozenset({"zelprio"})).lines[0]
    assert joins_of(line) == {"cinema70": ("cinema", "70")}


def test_model_years_inside_a_name_stand_between_two_names() -> None:
    name = read_name(
        "Norvik Snowmobiles, Model Year 2022-2023 KELPIN PRO ZRK and KELPIN ZRK TUNDRO", frozenset({"norvik"})
    )
    assert [set(line) for line in name.lines] == [{"kelpin", "pro", "zrk"}, {"kelpin", "zrk", "tundro"}]
    assert name.words["tundro"].span.text == "TUNDRO"
    assert "snowmobile" in name.product_types
