"""A short number that several lines of a maker have ("Kestrel XP 1000", "Falcon XP 1000")."""

import pytest

from tests.listings.matching.build import found, listing, recall

VEHICLES = recall(
    "Model Year 2020 Norvik Kestrel XP 1000 vehicles",
    title="Norvik Recalls Kestrel XP 1000 Vehicles Due to Crash Hazard",
    brand="Norvik",
    description="This recall involves Kestrel XP 1000 vehicles. KESTREL XP 1000 is on the hood.",
)
ANYWHERE = recall(
    "Norvik Kestrel XP 1000 vehicles",
    title="Norvik Recalls Kestrel XP 1000 Vehicles Due to Crash Hazard",
    brand="Norvik",
    description="The model number XP 1000 is on the hood.",
)


def test_a_number_behind_another_lines_name_is_another_vehicle() -> None:
    evidence = found(VEHICLES, listing("2020 Norvik Falcorra XP 1000 EPS"))
    assert evidence["sister_line"].weight < -3
    assert evidence["sister_line"].listing_span is not None
    assert evidence["sister_line"].listing_span.text == "Falcorra XP 1000"


@pytest.mark.parametrize(
    "title",
    ["2020 Norvik Kestrel XP 1000", "Norvik XP 1000", "norvik falcorra xp 1000", "Falcorra Norvik XP 1000 by Kestrel"],
)
def test_the_line_itself_a_number_alone_and_a_title_without_capitals_are_not(title: str) -> None:
    assert "sister_line" not in found(VEHICLES, listing(title))


def test_a_number_that_the_recall_writes_behind_anything_tells_no_line() -> None:
    assert "sister_line" not in found(ANYWHERE, listing("2020 Norvik Falcorra XP 1000"))
