"""Sets of another number of pieces, and bunk beds of other sizes."""

import pytest

from listings.matching.piece_counts import pieces_in
from tests.listings.matching.build import found, listing, recall

COOKWARE = recall(
    "Zelprio Collection 10-piece Cookware Set",
    brand="Zelprio",
    description="Some were sold as part of a three- or five-piece set.",
)
BUNKS = recall("Zelprio Twin over Twin Bunk Beds", brand="Zelprio")


@pytest.mark.parametrize(
    ("said", "pieces"),
    [
        ("12-piece set", [12]),
        ("10 pc cookware", [10]),
        ("10-teiliges Topfset", [10]),
        ("set di 12 pezzi", [12]),
        ("batería de 7 piezas", [7]),
        ("a three- or five-piece set", [5, 3]),
        ("pack of 12", []),
        ("1000 piece puzzle", []),
        ("model 10PCX", []),
    ],
)
def test_pieces_are_counted_and_packs_are_not(said: str, pieces: list[int]) -> None:
    assert list(pieces_in(said, "title")) == pieces


@pytest.mark.parametrize(
    "title", ["Zelprio Collection 14-piece cookware set", "Zelprio Collection Topfset 6-teilig cookware"]
)
def test_a_set_of_other_pieces_is_another_set(title: str) -> None:
    assert found(COOKWARE, listing(title))["different_size"].weight < -3


@pytest.mark.parametrize(
    "title",
    [
        "Zelprio Collection 10 pc. cookware set",
        "Zelprio Collection 5-piece cookware set",
        "Zelprio Collection cookware set, pack of 2",
        "Zelprio Collection cookware",
    ],
)
def test_the_recalled_set_a_part_of_it_and_a_pack_are_not(title: str) -> None:
    assert "different_size" not in found(COOKWARE, listing(title))


def test_a_bunk_bed_of_other_sizes_is_another_one() -> None:
    assert found(BUNKS, listing("Zelprio twin over full bunk bed"))["different_size"].weight < -5
    assert "different_size" not in found(BUNKS, listing("Zelprio twin-over-twin bunk bed, white"))
    assert "different_size" not in found(BUNKS, listing("Zelprio bunk bed, white"))
