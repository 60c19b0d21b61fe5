"""Makers and names that a recall does not give where they are looked for first."""

import pytest

from listings.matching import ListingText, ProductText, RecallIndex, RecallReading, RecallText, read_recall
from listings.matching.prose_names import involved_maker


def recalled(title: str, name: str, description: str) -> RecallReading:
    return read_recall(RecallText("1", title, description, (ProductText(name),)))


HELMETS = recalled(
    "Velto Recalls Bicycle Helmets Due to Risk of Head Injury",
    "Bicycle helmets",
    "This recall involves Velto Ostrander helmets in black and in yellow. They were sold in three sizes.",
)
VEHICLES = recalled(
    "BRP Recalls Side-by-Side Off-Road Vehicles Due to Crash Hazard",
    "Side-by-side off-road vehicles",
    "This recall involves model year 2017 Can-Am Maverick X3 side-by-side vehicles in various colors.",
)
LIGHTS = recalled(
    "Norvik Design Recalls Modular Lights Due to Fire Hazard",
    "Modular lights",
    "This recall involves three Quimbra Light modules with bulbs.",
)
BUNKS = recalled(
    "Norvik Recalls Bunk Beds Due to Fall Hazard",
    "Bunk beds",
    "This recall involves Norvik Cottage bunk beds. They were sold in blue (BWTOTCOTBU) and in red (BWTOTCOTRD).",
)
STOVES = recalled(
    "Norvik Recalls Portable Stoves Due to Fire Hazard",
    "Norvik portable stoves",
    "This recall involves Norvik stoves with model numbers NS40A, NSHP, or NSGG. CAUTION and WASHINGTON are on the stove.",
)
DOLLS = recalled(
    "Fisher-Price Recalls Dolls Due to Choking Hazard",
    "Ostrella, Quimbra and Zandria soft dolls",
    "This recall involves soft dolls that are 17 inches high.",
)


def bands(recall: RecallReading, title: str) -> list[str]:
    return [match.band for match in RecallIndex([recall]).judged(ListingText("1", title)) if match.band != "no"]


@pytest.mark.parametrize(
    ("recall", "title"),
    [
        (HELMETS, "Velto Ostrander helmet, black"),
        (VEHICLES, "2017 Can-Am Maverick X3"),
        (VEHICLES, "CanAm Maverick X 3 side by side"),
        (DOLLS, "Fisher-Price Quimbra soft doll"),
        (DOLLS, "Fisher Price doll Zandria"),
        (LIGHTS, "Quimbra modular light"),
        (BUNKS, "Norvik bunk bed BWTOTCOTRD"),
        (STOVES, "Norvik two burner stove NSHP"),
    ],
)
def test_a_line_is_found_wherever_the_recall_names_it(recall: RecallReading, title: str) -> None:
    assert bands(recall, title) == ["flag"]


@pytest.mark.parametrize(
    ("recall", "title"),
    [
        (HELMETS, "Velto Kaldrum helmet, black"),
        (VEHICLES, "2017 Can-Am Commander 1000"),
        (DOLLS, "Fisher-Price Merribel soft doll"),
        (BUNKS, "Norvik bunk bed BWSTOTBL"),
    ],
)
def test_another_line_of_the_maker_is_not_flagged(recall: RecallReading, title: str) -> None:
    assert bands(recall, title) != ["flag"]


@pytest.mark.parametrize(
    ("description", "maker"),
    [
        ("This recall involves model years 2016 and 2017 Can-Am Defender vehicles.", ("can", "am")),
        ("The recall includes certain Hampton Bay swivel patio chairs.", ("hampton", "bay")),
        ("This recall involves Tiffany-style lamps.", ()),
        ("The lamps were sold in stores. They are Hampton Bay lamps.", ()),
    ],
)
def test_the_first_sentence_names_the_maker(description: str, maker: tuple[str, ...]) -> None:
    assert involved_maker(description)[0] == maker


def test_codes_of_letters_are_those_that_nobody_could_speak() -> None:
    assert STOVES.products[0].parts.codes == {"nshp", "nsgg"}


def test_a_listing_without_a_code_or_a_name_of_the_first_sentence_lacks_nothing() -> None:
    for recall, title in ((STOVES, "Norvik portable stove"), (LIGHTS, "Norvik Design modular lights")):
        found = {
            item.signal for match in RecallIndex([recall]).judged(ListingText("1", title)) for item in match.evidence
        }
        assert "name_missing" not in found
        assert found
