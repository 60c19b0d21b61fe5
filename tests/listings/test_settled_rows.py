"""New rows of a feed that can match no active notice are stored with their keys and need no further matching."""

import json
import time
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from listings import services
from listings.ingest.rows import ListingRow, parse_row
from listings.matching import ListingText, keys_apart, quick_read, settling
from listings.matching_texts import listing_text
from listings.models import CatalogueImport, Flag, Listing
from listings.services.settled_rows import Settling
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
    stored = Listing.objects.all()
    assert len(stored) == 2
    for listing in stored:
        assert set(listing.keys) == keys_apart(quick_read(listing_text(listing))).stored()
        assert listing.keys == sorted(listing.keys) != []


def test_what_may_be_the_product_of_an_active_notice_waits_for_its_batch(
    notice: Notice, platform_a: Organisation
) -> None:
    taken_in(platform_a, HEATER, LAMP)
    assert due() == ["H"]
    services.match_listings_due(platform_id=platform_a.pk)
    assert [flag.notice for flag in Flag.objects.all()] == [notice]
    assert due() == []


@pytest.mark.parametrize(
    ("fields", "band"),
    [
        ({"brand": "Unbranded"}, "flag"),
        ({"title": "Hearthline space heater HL-200R - NOT affected by the recall"}, "ask"),
        ({"description": "This is not the recalled model."}, "ask"),
        ({"title": "Hearthline space heater НL−200R"}, "flag"),
        ({"title": "#HearthlineSpaceHeater HL-200R (not a toy)", "brand": ""}, "flag"),
        ({"title": "".join(f"%{ord(letter):02X}" for letter in HEATER["title"]), "brand": "N/A"}, "flag"),
    ],
    ids=lambda given: str(given)[:40],
)
def test_what_a_seller_writes_to_be_let_off_is_not_settled_as_no_match(
    fields: dict[str, str], band: str, notice: Notice, platform_a: Organisation
) -> None:
    taken_in(platform_a, {**HEATER, **fields}, LAMP)
    assert due() == ["H"]
    services.match_listings_due(platform_id=platform_a.pk)
    flag = Flag.objects.get()
    assert (flag.listing.external_id, flag.band) == ("H", band)


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

    monkeypatch.setattr(settling, "quick_read", breaking)
    job = taken_in(platform_a, HEATER, LAMP)
    assert (job.added, job.rejected) == (2, 0)
    assert due() == ["H"]


def test_after_a_worker_died_at_an_import_no_text_is_read_in_it(
    platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deadly(_text: ListingText) -> Any:
        raise SystemExit

    monkeypatch.setattr(settling, "quick_read", deadly)
    with pytest.raises(SystemExit):
        taken_in(platform_a, HEATER)
    assert not Listing.objects.exists()
    taken_in(platform_a, HEATER, LAMP, attempts=1)
    assert due() == ["H", "L"]


def test_rows_that_are_stored_already_are_not_read_for_their_keys_again(
    platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken_in(platform_a, HEATER, LAMP)
    read: list[str] = []

    def noted(text: ListingText) -> Any:
        read.append(text.id)
        return quick_read(text)

    monkeypatch.setattr(settling, "quick_read", noted)
    job = taken_in(platform_a, HEATER, LAMP, {"id": "N", "title": "Lamp"})
    assert (job.added, job.unchanged, read) == (1, 2, ["N"])


def rows_of(*rows: dict[str, str]) -> dict[str, ListingRow]:
    parsed = [parse_row(line, row)[0] for line, row in enumerate(rows, 1)]
    return {row.external_id: row for row in parsed if row is not None}


def test_a_notice_that_comes_between_reading_and_storing_is_not_missed(
    regulator: Organisation, platform_a: Organisation
) -> None:
    rows, feed = rows_of(HEATER, LAMP), Settling(platform_a.pk)
    read = feed.read(rows.values())
    assert read.keys.keys() == {"H", "L"}, "no notice is active yet"
    NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, matched_at=timezone.now())
    assert feed.confirmed(read, rows).keys() == {"L"}
    assert feed.read(rows.values()).keys.keys() == {"L"}, "the rows after these are read against it at once"


def test_what_was_read_counts_while_the_same_notices_are_active(
    notice: Notice, platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, feed = rows_of(HEATER, LAMP), Settling(platform_a.pk)
    read = feed.read(rows.values())
    monkeypatch.setattr(settling, "quick_read", None)
    assert feed.confirmed(read, rows) == read.keys


HOSTILE = {
    "a megabyte": "Hearthline " * 95_000,
    "random Chinese letters": "".join(chr(0x4E00 + place * 7919 % 20_000) for place in range(2_000)),
    "one word of 100,000 letters": "a" * 100_000,
    "letters apart": "h e a t e r " * 5_000,
    "numbers": " ".join(f"HL{number}R" for number in range(20_000)),
}


def test_hostile_titles_cost_themselves_alone_and_the_rows_beside_them_are_stored_with_their_keys(
    notice: Notice, platform_a: Organisation
) -> None:
    hostile = [{"id": f"X{place}", "title": title} for place, title in enumerate(HOSTILE.values())]
    started = time.process_time()
    job = taken_in(platform_a, LAMP, *hostile, HEATER)
    assert time.process_time() - started < 5
    assert job.status == "done"
    assert job.added + job.rejected >= len(hostile) + 2
    stored = {listing.external_id: listing for listing in Listing.objects.all()}
    assert stored["L"].keys != []
    assert not stored["L"].match_due
    assert all(len(listing.keys) <= 50 for listing in stored.values())
    while services.match_listings_due(platform_id=platform_a.pk):
        pass
    assert due() == []
    assert "H" in set(Flag.objects.values_list("listing__external_id", flat=True))
