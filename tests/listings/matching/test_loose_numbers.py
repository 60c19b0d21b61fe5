"""Model numbers that sellers take apart, and those that recalls write in two pieces."""

import pytest

from listings.matching import ListingText, RecallIndex
from listings.matching.apart_models import written_apart
from listings.matching.loose_numbers import MOST, loose_numbers
from tests.listings.matching.build import recall


@pytest.mark.parametrize(
    ("title", "number"),
    [
        ("Norvik bike DR-Z 110 K 5 blue", "drz110k5"),
        ("Television 50 A 62", "50a62"),
        ("Printer E 232", "e232"),
        ("Blower BR 500", "br500"),
    ],
)
def test_pieces_of_a_number_are_put_together(title: str, number: str) -> None:
    start, end = loose_numbers(title)[number]
    assert "".join(filter(str.isalnum, title[start:end])).lower() == number


@pytest.mark.parametrize(
    "title", ["Heater 1500 W", "Mug, 12 oz", "Set of 12", "Bulb BR 30", "Battery CR 2032", "Lamp 120 V white", "A B C"]
)
def test_measures_and_standards_are_no_numbers(title: str) -> None:
    assert not any(number in {"1500w", "12oz", "br30", "cr2032", "120v"} for number in loose_numbers(title))


def test_a_hostile_title_gives_a_bounded_number_of_them() -> None:
    assert len(loose_numbers("a 1 b 2 " * 100)) <= MOST


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("models HD 7810, HD 7811 and MT 8", {"hd7810", "hd7811", "mt8"}),
        ("models 8371 S and 8371 T", {"8371s", "8371t"}),
        ("model HD 7810 is 120 V and 15 A, made in 2019 US", {"hd7810"}),
        ("models ZK 750, ZK 1000 and ZK 2000, made SINCE 2019", {"zk750", "zk1000", "zk2000"}),
        ("made MAY 2019 and JUNE 2020", set()),
    ],
)
def test_numbers_in_two_pieces_are_read_from_a_recall(said: str, numbers: set[str]) -> None:
    assert {number for number, _ in written_apart(said, "description")} == numbers


NORVIK = recall(
    "Norvik coffee makers", description="This recall involves Norvik coffee makers, models HD 7810, HD 7811 and MT 8."
)
HP = recall("HP fax 1040 and 1050 machines", description="This recall involves HP Fax 1040 and 1050 models.")


@pytest.mark.parametrize(
    ("recalled", "title"),
    [
        (NORVIK, "Norvik HD7811 coffee maker"),
        (NORVIK, "Norvik coffee maker H D 7811"),
        (NORVIK, "Norvik MT8 coffee maker"),
        (HP, "HP 1040 fax"),
        (HP, "HP1050 fax machine"),
        (HP, "HP Fax 1050"),
    ],
)
def test_a_number_is_found_however_either_side_takes_it_apart(recalled: object, title: str) -> None:
    matches = RecallIndex([recalled]).match(ListingText("1", title))  # type: ignore[list-item]
    assert [match.band for match in matches] == ["flag"]


def test_another_number_of_the_maker_is_none_of_them() -> None:
    assert RecallIndex([NORVIK]).match(ListingText("1", "Norvik HD7900 coffee maker")) == []
