"""The bound is never below the score, so that leaving a hopeless pair out changes no match; and reading stays linear."""

import json
import math
import time
from pathlib import Path

import pytest
from hypothesis import given, settings

from listings.matching import ListingText, ProductText, RecallText, compare, quick_read, read_listing, read_recall
from listings.matching.files import UnreadableRecord, parse_listing
from listings.matching.index import RecallIndex
from listings.matching.keys import listing_keys, recall_keys
from listings.matching.profile import profile_of
from listings.matching.rules.base import WEIGHTS
from listings.matching.score import HOPELESS
from listings.matching.upper_bound import ENDLESS, RELIED_ON, upper_bound
from listings.recall_files import read_recalls
from tests.listings.matching.test_command import RECALLS
from tests.listings.matching.test_score import listings, recalls

SAMPLE = Path(__file__).parents[3] / "portal" / "demo" / "data"
ROUNDING = 0.02  # weights of evidence are rounded to three places


def exceeds(recalled: RecallText, listed: ListingText) -> float | None:
    """By how much the log-odds of a pair that may matter are above its bound; None where it does not matter."""
    reading = read_recall(recalled)
    match = compare(reading, read_listing(listed))
    if match is None:
        return None
    scored = WEIGHTS["prior"] + sum(item.weight for item in match.evidence)
    return scored - upper_bound(profile_of(reading), quick_read(listed)) if scored >= HOPELESS else None


@settings(max_examples=300)
@given(recalls, listings)
def test_no_score_is_above_its_upper_bound(recalled: RecallText, listed: ListingText) -> None:
    above = exceeds(recalled, listed)
    assert above is None or above <= ROUNDING


NOT_LEFT_OUT = {
    "a misspelt part of the brand's name": (
        RecallText("24001", "Ruby's Diner Inc. Recalls Giveaway Yo-Yo Toy", "", (ProductText("Light-Up Yo-Yo Toy"),)),
        ListingText("1", "Cafe Dinerr friends city creator toy"),
    ),
    "an ordinary word that is hardly known and like the brand": (
        RecallText("24001", "Green Sprouts Recalls Sippy Cups", "", (ProductText("Green Sprouts Straw Sippy Cups"),)),
        ListingText("1", "Boon Soft Spout Straw Sippy Cup"),
    ),
    "a brand behind digits that stand for letters": (
        RecallText("24001", "Hearthline Recalls Heaters", "", (ProductText("Hearthline Heater"),)),
        ListingText("1", "h34rthl1n3 heater"),
    ),
    "a brand that the title names behind “for” only": (
        RecallText("24001", "Hearthline Recalls Heaters", "", (ProductText("Hearthline Heater"),)),
        ListingText("1", "Heater for Hearthline"),
    ),
    "the second words of its own number, which state nothing": (
        RecallText("24001", "Hearthline Recalls Heaters", "", (ProductText("Hearthline Heater"),)),
        ListingText("1", "Hearthline heater Fjellbris", mpn="FJELLBRIS-2"),
    ),
    "a number that only the description has": (
        RecallText("24001", "Hearthline Recalls Heaters", "Model HL-200R is recalled.", (ProductText("Heater"),)),
        ListingText("1", "Hearthline heater", "Model HL-200R, white"),
    ),
    "a number that begins as the recalled ones do": (
        RecallText(
            "24001", "Hearthline Recalls Heaters", "Models beginning with HL2 are recalled.", (ProductText("Heater"),)
        ),
        ListingText("1", "Hearthline heater HL2773"),
    ),
    "another kind than one product's, where the product that it is has none": (
        RecallText(
            "24001", "Norvik Recalls", "Hearthline is recalled.", (ProductText("Hearthline"), ProductText("case for"))
        ),
        ListingText("1", "Hearthline коляска"),
    ),
    "the same number where nothing names the brand": (
        RecallText("24001", "Hearthline Recalls Heaters", "Model HL-200RX is recalled.", (ProductText("Heater"),)),
        ListingText("1", "Heater HL-200RX, white"),
    ),
    "the same number beside another brand": (
        RecallText("24001", "Hearthline Recalls Heaters", "Model HL-200RX is recalled.", (ProductText("Heater"),)),
        ListingText("1", "Heater HL-200RX", brand="Norvik"),
    ),
}


HEATER = RecallText("24001", "Hearthline Recalls Heaters", "Models HL5 and HL-200RX.", (ProductText("Heater"),))


@pytest.mark.parametrize(
    ("number", "brand"), [("HL5", "Norvik"), ("HL5", ""), ("HL-200RX", "Norvik"), ("HL-200RX", ""), ("HL 200 RX", "")]
)
def test_the_same_number_without_the_brand_is_weighed_and_not_below_the_score(number: str, brand: str) -> None:
    reading = read_recall(HEATER)
    listed = ListingText("1", f"Cable {number} gold plated", brand=brand)
    match = compare(reading, read_listing(listed))
    assert match is not None
    assert any(item.signal in {"same_model", "same_short_model"} for item in match.evidence)
    bound = upper_bound(profile_of(reading), quick_read(listed))
    assert WEIGHTS["prior"] + sum(item.weight for item in match.evidence) - ROUNDING <= bound < ENDLESS
    assert upper_bound(profile_of(reading), quick_read(ListingText("1", f"Hearthline {number}"))) == ENDLESS


@pytest.mark.parametrize("kind", NOT_LEFT_OUT)
def test_no_pair_is_left_out_because_of(kind: str) -> None:
    recalled, listed = NOT_LEFT_OUT[kind]
    above = exceeds(recalled, listed)
    assert above is not None
    assert above <= ROUNDING


@pytest.mark.parametrize("signal", sorted(RELIED_ON))
def test_where_a_rule_against_is_off_no_pair_is_left_out_because_of_it(signal: str) -> None:
    without, compared = frozenset({signal}), 0
    for recalled, usual in NOT_LEFT_OUT.values():
        listed = ListingText("1", f"{usual.title} Norvik Fjellbris Zelprio 3000", brand="Norvik", mpn=usual.mpn)
        reading = read_recall(recalled)
        index = RecallIndex([reading])
        if index.candidates(quick_read(listed)):
            match = compare(reading, read_listing(listed), without, at_least=HOPELESS)
            assert index.judged(listed, without) == ([match] if match else [])
            compared += 1
    assert compared >= 4


def test_no_pair_of_the_sample_is_left_out_that_would_match() -> None:
    readings = [read_recall(row) for row in read_recalls(RECALLS) if not isinstance(row, UnreadableRecord)]
    index, keys_of = RecallIndex(readings), [recall_keys(reading) for reading in readings]
    compared = 0
    for path in sorted(SAMPLE.glob("*.jsonl*")):
        for line in path.read_text(encoding="utf-8").splitlines():
            listed = parse_listing(line)[0]
            found = {match.recall_number for match in index.judged(listed)}
            keys, read = listing_keys(quick_read(listed)), read_listing(listed)
            for reading, keys_of_recall in zip(readings, keys_of, strict=True):
                match = compare(reading, read) if keys & keys_of_recall else None
                if match and match.band != "no":
                    compared += 1
                    assert match.recall_number in found, (listed.title, match)
    assert compared >= 10


LONG = 250_000  # characters: four times that is a megabyte
HOSTILE = {
    "empty": ("", ""),
    "only emoji": ("🔥🍼" * 200, "🙂" * 5_000),
    "a description of a megabyte": ("Hearthline heater", "lorem ipsum HL-200R, " * 50_000),
    "ten thousand model numbers": ("Hearthline heater", " ".join(f"HL-{number}R" for number in range(10_000))),
    "a title of numbers": (" ".join(f"AB{number}" for number in range(2_000)), ""),
    "right-to-left marks": ("\u202eHearthline\u202c heater \u200f\u200e" * 50, "\u202e" * 10_000),
    "NUL": ("Hearth\x00line heater\x00", "\x00" * 10_000),
    "combining marks": ("e\u0301\u0301\u0301" * 2_000, ""),
    "one word of a megabyte": ("a" * 1_000_000, ""),
    "separators": ("-_/." * 10_000, "a-" * 50_000),
    "digits": ("1" * 50_000, "0 " * 50_000),
    "entities": ("&amp;" * 20_000, "&lt;&#x41;" * 10_000),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_is_read_and_neither_side_breaks(kind: str) -> None:
    title, description = HOSTILE[kind]
    listed = ListingText("1", title, description, brand=title[:300], mpn=title[:60], gtin=title[:40])
    index = RecallIndex([read_recall(RecallText("24001", title, description, ()))])
    started = time.process_time()
    for match in index.judged(listed):
        json.dumps(match.as_dict())
    read_listing(listed)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    "kind",
    ["a description of a megabyte", "ten thousand model numbers", "a title of numbers", "separators", "entities"],
)
def test_twice_the_text_takes_about_twice_the_time(kind: str) -> None:
    def spent(times: int) -> float:
        title, description = (part[:LONG] * times for part in HOSTILE[kind])
        best = math.inf
        for attempt in range(3):
            listed = ListingText(str(attempt), f"{attempt} {title}", f"{attempt} {description}")
            started = time.process_time()
            quick_read(listed)
            read_listing(listed)
            read_recall(RecallText("24001", title, description, ()))
            best = min(best, time.process_time() - started)
        return best

    once, four = spent(1), spent(4)
    assert four < 4 * 2.5 * once + 0.05
