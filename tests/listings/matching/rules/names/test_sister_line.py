"""A sister of the recalled product, told by an ordinary word in the place of its own."""

import pytest

from listings.matching import compare
from tests.listings.matching.build import found, listing, recall

CLASSIC = recall(
    "Zelprio Nesta Classic high chairs",
    title="Zelprio Recalls Nesta Classic High Chairs Due to Fall Hazard",
    description="This recall involves Zelprio Nesta Classic high chairs in gray and in oak.",
)


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("Zelprio Nesta Comfort high chair", "Comfort"),
        ("Zelprio Nesta Plus High Chair, oak", "Plus"),
        ("Zelprio Hochstuhl Nesta Komfort, grau", "Komfort"),
    ],
)
def test_another_grade_in_the_place_of_the_recalled_one_is_a_sister(title: str, word: str) -> None:
    evidence = found(CLASSIC, listing(title))["sister_line"]
    assert (
        evidence.recall_span and evidence.recall_span.text,
        evidence.listing_span and evidence.listing_span.text,
    ) == (
        "Classic",
        word,
    )
    match = compare(CLASSIC, listing(title))
    assert match is None or match.band != "flag"


@pytest.mark.parametrize(
    "title",
    [
        "Zelprio Nesta Classic high chair plus tray",
        "Zelprio Nesta high chair",
        "Zelprio Nesta oak high chair",
        "Zelprio Nesta silver high chair",
        "Zelprio Nesta foldable high chair",
        "Zelprio Nesta gray high chair, classic look",
    ],
)
def test_a_colour_or_what_a_seller_adds_is_no_sister(title: str) -> None:
    assert "sister_line" not in found(CLASSIC, listing(title))


def test_a_word_that_is_no_grade_counts_in_part() -> None:
    grade = found(CLASSIC, listing("Zelprio Nesta Comfort high chair"))["sister_line"].weight
    word = found(CLASSIC, listing("Zelprio Nesta Meadow high chair"))["sister_line"].weight
    assert grade < word < grade / 2


def test_a_line_that_the_recall_names_too_is_no_sister() -> None:
    both = recall(
        "Zelprio Nesta Classic high chairs",
        description="This recall involves Zelprio Nesta Classic and Nesta Comfort high chairs.",
    )
    assert "sister_line" not in found(both, listing("Zelprio Nesta Comfort high chair"))
    every = recall(
        "Zelprio Nesta Classic high chairs", description="This recall involves all models of Zelprio high chairs."
    )
    assert "sister_line" not in found(every, listing("Zelprio Nesta Comfort high chair"))


def test_the_same_model_number_outweighs_another_name() -> None:
    numbered = recall("Zelprio Nesta Classic high chairs", models=("NC-38001",))
    assert "sister_line" in found(numbered, listing("Zelprio Nesta Comfort high chair"))
    assert "sister_line" not in found(numbered, listing("Zelprio Nesta Comfort high chair NC-38001"))


def test_a_sister_word_may_stand_before_the_word_that_both_share() -> None:
    steam = recall("Zelprio Quick Steam travel irons", description="This recall involves Zelprio Quick Steam irons.")
    assert "sister_line" in found(steam, listing("Zelprio Easy Steam travel iron"))
    assert "sister_line" not in found(steam, listing("Zelprio Quick Steam travel iron"))


def test_a_describing_word_of_a_name_is_no_line_however_it_is_written() -> None:
    portable = recall(
        "Zelprio Tavo Portable Blenders", description="This recall involves Zelprio Tavo Portable Blenders."
    )
    assert "sister_line" not in found(portable, listing("Zelprio Tavo Plus Blender"))


def test_a_word_that_also_describes_speaks_in_part_and_a_shade_not_at_all() -> None:
    classic = recall("Zelprio Nesta Classic high chairs")
    certain = found(classic, listing("Zelprio Nesta Comfort high chair"))["sister_line"].weight
    assert certain < found(classic, listing("Zelprio Nesta Original high chair"))["sister_line"].weight < 0
    assert "sister_line" not in found(classic, listing("Zelprio Nesta Light Gray high chair"))
