"""How the keys of a recall are looked up among those that listings are stored under."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from listings.models import Listing
from listings.services.notice_matches import ASKED_AT_ONCE, ids_sharing_a_key
from portal.models import Organisation
from tests.factories import ListingFactory

pytestmark = pytest.mark.django_db


def stored(platform: Organisation, *keys: str) -> Listing:
    return ListingFactory(platform=platform, keys=sorted(keys), match_due=False)


def test_a_pair_of_words_finds_the_listings_that_have_both(platform_a: Organisation, platform_b: Organisation) -> None:
    both = stored(platform_a, "w:cozy", "w:hearthline", "w:towel")
    by_number = stored(platform_a, "m:hl200r")
    for keys in (["w:cozy", "w:towel"], ["w:hearthline"], ["p:cozy+hearthline"], []):
        stored(platform_a, *keys)
    stored(platform_b, "w:cozy", "w:hearthline")
    assert ids_sharing_a_key(platform_a.pk, frozenset({"p:cozy+hearthline", "m:hl200r"})) == [both.pk, by_number.pk]


def test_what_is_not_matched_yet_or_gone_is_left_out(platform_a: Organisation) -> None:
    for left_out in ({"match_due": True}, {"match_due": False, "present": False}):
        ListingFactory(platform=platform_a, keys=["w:cozy", "w:hearthline"], **left_out)
    assert ids_sharing_a_key(platform_a.pk, frozenset({"p:cozy+hearthline"})) == []


def test_a_recall_of_very_many_words_is_asked_for_in_several_statements_and_finds_each_once(
    platform_a: Organisation,
) -> None:
    words = [f"zelprio{number}" for number in range(3 * ASKED_AT_ONCE)]
    keys = frozenset(f"p:{one}+{other}" for one, other in zip(words[::2], words[1::2], strict=True))
    listings = [stored(platform_a, f"w:{words[0]}", f"w:{words[1]}", f"w:{words[-2]}", f"w:{words[-1]}")]
    listings += [stored(platform_a, f"w:{words[2]}", f"w:{words[3]}")]
    stored(platform_a, f"w:{words[1]}", f"w:{words[2]}")
    with CaptureQueriesContext(connection) as asked:
        assert ids_sharing_a_key(platform_a.pk, keys) == [listing.pk for listing in listings]
    assert len([each for each in asked if "listings_listing" in each["sql"]]) == 2


def test_no_keys_find_nothing(platform_a: Organisation) -> None:
    stored(platform_a)
    assert ids_sharing_a_key(platform_a.pk, frozenset()) == []
