"""New rows of a feed that can match no active notice are stored with their keys and need no further matching."""

import json
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from listings import services
from listings.matching import ListingText, listing_keys, quick_read
from listings.matching_texts import listing_text
from listings.models import CatalogueImport, Flag, Listing
from listings.services import matches
from portal.identity.actors import Actor
from portal.models import Organisation
from recalls.models import Notice
from tests.factories import NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
HEATER = {"id": "H", "title": "Hearthline space heater HL-200R", "brand": "Hearthline"}
LAMP = {"id": "L", "title": 'Norvik "Fjell" floor lamp NV\\300-B, "white"', "mpn": "NV\\300", "price": "10.00"}


@pytest.fixture
def notice(regulator: Organisation, platform_a: Organisation) -> Notice:
    return NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, matched_at=timezone.now())


def taken_in(platform: Organisation, *rows: dict[str, str], **fields: Any) -> CatalogueImport:
    feed = ContentFile("\n".join(map(json.dumps, rows)).encode(), "feed")
    job = services.start_import(platform=platform, file=feed, filename="feed", kind="delta", actor=Actor.system("test"))
    CatalogueImport.objects.filter(pk=job.pk).update(**fields)
    job.refresh_from_db()
    return services.run_import(job)


def due() -> list[str]:
    return sorted(Listing.objects.filter(match_due=True).values_list("external_id", flat=True))


def test_where_no_notice_is_active_nothing_is_left_to_match_and_a_later_notice_finds_it(
    regulator: Organisation, platform_a: Organisation
) -> None:
    taken_in(platform_a, HEATER, LAMP)
    assert due() == []
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a)
    services.match_notice(notice=notice)
    assert [flag.listing.external_id for flag in Flag.objects.all()] == ["H"]


def test_the_keys_are_those_that_matching_would_store(platform_a: Organisation) -> None:
    taken_in(platform_a, HEATER, LAMP)
    for listing in Listing.objects.all():
        assert set(listing.keys) == listing_keys(quick_read(listing_text(listing)))
        assert listing.keys == sorted(listing.keys) != []


def test_what_may_be_the_product_of_an_active_notice_waits_for_its_batch(
    notice: Notice, platform_a: Organisation
) -> None:
    taken_in(platform_a, HEATER, LAMP)
    assert due() == ["H"]
    services.match_listings_due(platform_id=platform_a.pk)
    assert [flag.notice for flag in Flag.objects.all()] == [notice]
    assert due() == []


def test_a_row_that_changes_is_matched_again(notice: Notice, platform_a: Organisation) -> None:
    taken_in(platform_a, LAMP)
    taken_in(platform_a, {**LAMP, "title": HEATER["title"]})
    assert due() == ["L"]
    services.match_listings_due(platform_id=platform_a.pk)
    assert Flag.objects.get().listing.external_id == "L"


def test_a_row_that_breaks_the_reading_is_stored_and_left_to_its_batch(
    platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(text: ListingText) -> Any:
        if text.title == HEATER["title"]:
            raise ValueError
        return quick_read(text)

    monkeypatch.setattr(matches, "quick_read", breaking)
    job = taken_in(platform_a, HEATER, LAMP)
    assert (job.added, job.rejected) == (2, 0)
    assert due() == ["H"]


def test_after_a_worker_died_at_an_import_no_text_is_read_in_it(
    platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deadly(_text: ListingText) -> Any:
        raise SystemExit

    monkeypatch.setattr(matches, "quick_read", deadly)
    with pytest.raises(SystemExit):
        taken_in(platform_a, HEATER)
    assert not Listing.objects.exists()
    taken_in(platform_a, HEATER, LAMP, attempts=1)
    assert due() == ["H", "L"]
