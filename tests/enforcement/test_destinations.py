"""Restricted is judged by where an offer is sent to: as long as that is where the recall applies, nothing is proved."""

import pytest

from enforcement.checks.services.removal_checks import _together
from enforcement.rules.destinations import covered, live_where_recalled, not_restricted, place_code
from enforcement.rules.verdict import Judgement

RESTRICTED = Judgement("restricted", "says_restricted", "The page says “not in your country”.", {"title": "Lamp"})


@pytest.mark.parametrize(
    ("country", "destinations", "expected"),
    [
        ("US", "CA, US", ["US"]), ("US", "CA, MX", []), ("US", "WORLD", ["WORLD"]), ("US", "", []), ("DE", "EU", ["EU"]),
        ("US", "EU", []), ("EU", "DE, US", ["DE"]), ("CH", "EU", []), ("", "US", []),
    ],
)  # fmt: skip
def test_a_recall_covers_the_country_of_its_regulator(country: str, destinations: str, expected: list[str]) -> None:
    assert covered(country, destinations) == expected


def test_a_page_proves_no_restriction_while_the_catalogue_names_a_country_of_the_recall() -> None:
    found = not_restricted(RESTRICTED, country="US", destinations="CA, US")
    assert (found.verdict, found.rule) == ("unknown", "still_sent_there")
    assert "still names US among its destinations" in found.detail
    assert not_restricted(RESTRICTED, country="US", destinations="CA, MX") is RESTRICTED
    assert not_restricted(RESTRICTED, country="US", destinations="") is RESTRICTED, "not stated"
    live = Judgement("live", "shows_offer", "The page offers it.")
    assert not_restricted(live, country="US", destinations="US") is live


def test_live_from_where_the_recall_applies_is_live_wherever_else_it_is_gone() -> None:
    live, gone = Judgement("live", "shows_offer", "On sale."), Judgement("gone", "not_found", "Not found.")
    assert _together({"here": gone, "us-east": live, "de": gone}, "US")[1].rule == "live_where_recalled"
    assert _together({"here": live, "us": gone, "de": live}, "US")[1].verdict == "restricted"
    assert _together({"us": live, "de": live}, "US")[1].verdict == "live"
    assert live_where_recalled("US", ["here", "utopia", "us", "us-west"]) == ["us", "us-west"]
    assert [place_code(name) for name in ("us", "us-east", "here", "usa", "1a")] == ["US", "US", "", "", ""]
