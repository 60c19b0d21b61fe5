"""A model that a recall names as recalled and as not recalled is asked about, not read as the one or the other."""

import math

import pytest

from listings.matching import Correction, Corrections, RecallReading
from listings.matching.score import FLAG_FROM, compare
from tests.listings.matching.build import listing, recall

LEFT_OUT = "Model HL-400R is not included in this recall."
SOLD = listing("Hearthline heater HL-400R", brand="Hearthline")
BOTH = [
    {"description": f"Models HL-200R, HL-250R and HL-400R are recalled. {LEFT_OUT}"},
    {"description": f"{LEFT_OUT} The recall involves models HL-200R and HL-400R."},
    {"description": f"Models HL-200R and HL-250R. {LEFT_OUT}", "title": "Hearthline heaters HL-400R Recalled"},
    {"description": "This recall involves HL-400R heaters. Model HL-400R made after May 2020 is not included."},
]


def band(read: RecallReading) -> str:
    match = compare(read, SOLD)
    assert match is not None
    return match.band


@pytest.mark.parametrize("said", BOTH)
def test_a_listing_of_it_is_a_question_and_says_why(said: dict[str, str]) -> None:
    read = recall("Hearthline heaters", **said)
    assert (list(read.contested), dict(read.excluded)) == (["h1400r"], {})
    match = compare(read, SOLD)
    assert match is not None
    assert match.band == "ask"
    assert "as recalled and as not recalled" in next(e.detail for e in match.evidence if e.signal == "model_contested")


def test_the_evidence_still_adds_up_to_the_score() -> None:
    match = compare(recall("Hearthline heaters", **BOTH[0]), SOLD)
    assert match is not None
    assert math.isclose(match.score, 1 / (1 + math.exp(0.01) * (1 - FLAG_FROM) / FLAG_FROM), abs_tol=1e-4)


def test_what_the_text_says_once_is_read_as_it_says() -> None:
    assert band(recall("Hearthline heaters", description="Models HL-200R and HL-400R are recalled.")) == "flag"
    read = recall("Hearthline heaters", description=f"Models HL-200R and HL-250R. {LEFT_OUT}")
    assert (band(read), dict(read.contested)) == ("no", {})


def test_a_listing_that_has_a_recalled_model_besides_is_no_question() -> None:
    both = listing("Hearthline heater HL-200R HL-400R", brand="Hearthline")
    match = compare(recall("Hearthline heaters", **BOTH[0]), both)
    assert match is not None
    assert match.band == "flag"


def test_what_a_products_own_field_names_is_recalled_but_told() -> None:
    read = recall("Hearthline heaters", models=("HL-400R",), description=LEFT_OUT)
    assert (band(read), list(read.contested)) == ("flag", ["h1400r"])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (Corrections(models=Correction(drop=("HL-400R",))), "no"),
        (Corrections(excluded=Correction(add=("HL-400R",))), "no"),
        (Corrections(excluded=Correction(drop=("HL-400R",))), "flag"),
        (Corrections(models=Correction(add=("HL-400R",)), excluded=Correction(add=("HL-400R",))), "ask"),
    ],
)
def test_the_writers_correction_decides_it(said: Corrections, expected: str) -> None:
    assert band(recall("Hearthline heaters", corrections=said, **BOTH[0])) == expected
