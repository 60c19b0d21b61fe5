"""A recall whose description is a whole press release: what the release says of itself is no fact of the product."""

import pytest

from listings.matching import ListingText, ProductText, RecallIndex, RecallText, read_recall
from listings.matching.press_releases import of_the_product

RELEASE = (
    "Space Heaters Recalled by Hearthline NEWS from CPSC U.S. Consumer Product Safety Commission Office of Information and "
    "Public Affairs Washington, DC 20207 FOR IMMEDIATE RELEASE March 12, 1985 Release # 85-011 Company Phone Number: "
    "(800) 555-0199 CPSC Consumer Hotline: (800) 638-2772 CPSC Media Contact: Ann Example, (301) 555-0152 WASHINGTON, D.C. -- "
    "Hearthline Corp. of New Haven, Ind., 9600 Valley Road, is recalling about 220,000 AC heaters. The recalled heaters have "
    "model number HL-200R and were sold for $39.95. Write to Hearthline, Portland, OR 97201 or call 1-800-555-0199."
)
TEXT = RecallText("85-011", "Space Heaters Recalled by Hearthline", RELEASE, (ProductText("Hearthline space heaters"),))


def test_numbers_of_the_release_are_no_models_and_its_places_are_no_names() -> None:
    recall = read_recall(TEXT)
    assert list(recall.all_models()) == ["h1200r"]
    span = recall.models["h1200r"]
    assert span.text == "HL-200R" == RELEASE[span.start : span.end]
    assert not {"washington", "haven", "valley", "portland", "ann"} & recall.described.keys()


def test_every_other_word_stays_where_it_is() -> None:
    read = of_the_product(RELEASE)
    assert len(read) == len(RELEASE)
    assert read.index("HL-200R") == RELEASE.index("HL-200R")
    assert all(one in {" ", other} for one, other in zip(read, RELEASE, strict=True))


@pytest.mark.parametrize(
    "said",
    [
        "The heaters have model numbers 20207 and 85011.",
        "Model 800-555-0199-2 has 60,000 BTU.",
        "About 60,000 BTU, model 5401 West.",
        "Item 638-2772 in Green, Model 97201.",
        "",
    ],
)
def test_what_the_product_is_called_by_is_kept(said: str) -> None:
    assert of_the_product(said) == said


def test_a_listing_without_a_model_is_not_held_to_the_agencys_address() -> None:
    old = RecallText(TEXT.number, TEXT.title, RELEASE.replace("have model number HL-200R and ", ""), TEXT.products)
    [match] = RecallIndex([read_recall(old)]).judged(ListingText("L-1", "Hearthline space heater from the 1980s"))
    assert match.band in {"ask", "flag"}
    assert not {"other_model", "model_not_stated"} & {each.signal for each in match.evidence}
