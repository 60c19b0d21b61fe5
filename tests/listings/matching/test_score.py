"""From evidence to a score: sums, bands, the best product, and the same answer whichever way a pair is found."""

import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from listings.matching import (
    ListingText,
    ProductText,
    RecallIndex,
    RecallText,
    compare,
    listing_keys,
    quick_read,
    read_listing,
    read_recall,
    recall_keys,
)
from listings.matching.rules.base import CALIBRATION, WEIGHTS
from listings.matching.score import ASK_FROM, FLAG_FROM, share_right
from tests.listings.matching.build import found, listing, recall, recall_of

RECALL = recall("Hearthline space heaters", brand="Hearthline", models=("HL-200R",))

WORDS = (
    "Hearthline",
    "Norvik",
    "heater",
    "stroller",
    "Sunburst",
    "HL-200R",
    "HL-300R",
    "case for",
    "240 ml",
    "not recalled",
    "коляска",
)
texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
recalls = st.builds(
    RecallText,
    number=st.integers(10000, 99999).map(str),
    title=texts.map("{} Recalled Due to Fire Hazard".format),
    description=texts.map("The recall involves {}. Model HL-400R is not included.".format),
    products=st.lists(
        st.builds(
            ProductText,
            name=texts,
            brand=st.sampled_from(("", "Hearthline")),
            models=st.sampled_from(((), ("HL-200R",))),
        ),
        min_size=1,
        max_size=3,
    ).map(tuple),
)
listings = st.builds(
    ListingText,
    id=st.integers(1, 10**6).map(str),
    title=texts,
    description=texts | st.just(""),
    brand=st.sampled_from(("", "Hearthline", "Norvik")),
    mpn=st.sampled_from(("", "HL200R")),
)


def test_the_score_is_the_probability_of_the_summed_weights() -> None:
    listed = listing("Hearthline space heater HL-200R")
    match = compare(RECALL, listed)
    assert match is not None
    total = WEIGHTS["prior"] + sum(item.weight for item in match.evidence)
    assert match.score == pytest.approx(1 / (1 + math.exp(-total)), abs=1e-4)
    assert {item.signal for item in match.evidence} == found(RECALL, listed).keys()


def test_bands_follow_the_score() -> None:
    assert ASK_FROM < FLAG_FROM
    flag = compare(RECALL, listing("Hearthline space heater HL-200R"))
    assert flag is not None
    assert (flag.band, flag.score >= FLAG_FROM) == ("flag", True)


def test_what_nothing_speaks_for_is_no_match() -> None:
    assert compare(RECALL, listing("Cotton bath towel set of six")) is None


def test_each_product_of_a_recall_is_its_own_target() -> None:
    several = recall_of(
        ProductText("Hearthline Sunburst heaters", "Hearthline", ("HL-200R",)),
        ProductText("Hearthline Moonrise fans", "Hearthline", ("HF-900Q",)),
        title="Hearthline Recalls Heaters and Fans",
    )
    for title, product in (("Hearthline Sunburst heater", 0), ("Hearthline Moonrise fan", 1), ("Hearthline HF900Q", 1)):
        match = compare(several, listing(title))
        assert match is not None, title
        assert match.product_index == product


def test_a_match_is_plain_data() -> None:
    match = compare(RECALL, listing("Hearthline space heater HL-200R"))
    assert match is not None
    plain = json.loads(json.dumps(match.as_dict()))
    assert plain["recall_number"] == "24-001"
    assert plain["evidence"][0].keys() == {"signal", "weight", "recall_span", "listing_span", "says"}
    assert plain["evidence"][0]["listing_span"].keys() == {"field", "start", "end", "text"}


@settings(max_examples=150)
@given(
    st.lists(recalls, min_size=1, max_size=5, unique_by=lambda text: text.number),
    st.lists(listings, min_size=1, max_size=5, unique_by=lambda text: text.id),
)
def test_a_pair_has_the_same_score_whichever_way_it_is_found(
    recalled: list[RecallText], listed: list[ListingText]
) -> None:
    """New recall against all listings by stored keys = new listing against all recalls in memory; seen afresh each time."""
    by_recall = {}
    stored = [(listing_keys(quick_read(text)), read_listing(text)) for text in listed]
    for text in recalled:
        reading = read_recall(text)
        keys = recall_keys(reading)
        for listing_key, candidate in stored:
            if keys & listing_key and (match := compare(reading, candidate)) and match.band != "no":
                by_recall[(match.recall_number, match.listing_id)] = match.as_dict()
    index = RecallIndex(read_recall(text) for text in reversed(recalled))
    by_listing = {
        (match.recall_number, match.listing_id): match.as_dict()
        for text in reversed(listed)
        for match in index.match(text)
    }
    assert by_listing == by_recall


@settings(max_examples=150)
@given(recalls, listings)
def test_every_place_that_evidence_shows_is_in_the_text_it_names(recalled: RecallText, listed: ListingText) -> None:
    reading, candidate = read_recall(recalled), read_listing(listed)
    for index, product in enumerate(recalled.products):
        sources = {
            "recall title": [recalled.title],
            "recall description": [recalled.description],
            "product": [each.name for each in recalled.products],
            "brand": [product.brand, *(each.brand for each in recalled.products)],
            "model": list(product.models),
        }
        for item in found(reading, candidate, index).values():
            if (span := item.listing_span) is not None:
                assert getattr(candidate.text, span.field)[span.start : span.end] == span.text
            if (span := item.recall_span) is not None:
                assert any(source[span.start : span.end] == span.text for source in sources.get(span.field, [])), span


def test_the_share_that_is_right_is_less_than_the_score_and_keeps_its_order() -> None:
    scores = [0.0, 0.2, 0.4, 0.55, 0.8, 0.95, 1.0]
    shares = [share_right(score) for score in scores]
    assert shares == sorted(set(shares))
    assert all(0 < share < score for share, score in zip(shares[1:], scores[1:], strict=True))
    assert share_right(0.5) == pytest.approx(1 / (1 + math.exp(-CALIBRATION)))
    assert share_right(1.0) < 0.985, "nobody is promised 99 in 100"
