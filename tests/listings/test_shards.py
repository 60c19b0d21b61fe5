"""A catalogue matched by several workers at once: each listing once, nothing lost when one breaks."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import Settings

from listings import services, tasks
from listings.models import Flag, Listing
from portal.database.acting import SYSTEM, begin
from portal.models import AuditEvent, Organisation, SetAside
from tests.factories import ListingFactory, NoticeFactory, RecallFactory

BATCH, MANY = 50, 130  # two batches and a rest, for four shards


@pytest.mark.django_db(transaction=True)
def test_four_shards_match_every_listing_once(
    regulator: Organisation,
    platform_a: Organisation,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.MATCH_SHARDS = 4
    monkeypatch.setattr("listings.services.matches.BATCH", BATCH)
    NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, matched_at=timezone.now())
    Listing.objects.bulk_create(
        Listing(platform=platform_a, external_id=str(number), title="Hearthline heater HL-200R", brand="Hearthline")
        for number in range(MANY)
    )
    errors: list[Exception] = []

    def shard() -> None:
        begin(SYSTEM)
        try:
            tasks.match_shard(platform_a.pk)
        except Exception as error:  # noqa: BLE001  shown by the test
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=shard) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert not Listing.objects.filter(match_due=True).exists()
    assert Flag.objects.count() == MANY
    assert AuditEvent.objects.filter(action="flag.opened").count() == MANY


@pytest.mark.django_db(transaction=True)
def test_a_listing_that_breaks_stays_due_and_is_set_aside(
    regulator: Organisation, platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, matched_at=timezone.now())
    ListingFactory(platform=platform_a, match_due=True)

    def breaks(*_found: object, **_given: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr("listings.services.flagging.new_flag", breaks)
        tasks.match_shard(platform_a.pk)
    assert Listing.objects.filter(match_due=True, keys=[]).count() == 1
    assert SetAside.objects.get().error.startswith("RuntimeError")
    SetAside.objects.update(next_attempt_at=timezone.now())
    tasks.match_shard(platform_a.pk)
    assert Flag.objects.count() == 1
    assert not SetAside.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_sweep_starts_no_more_shards_than_it_may(
    platform_a: Organisation, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MATCH_SHARDS = 3
    ListingFactory(platform=platform_a, match_due=True)
    started: list[int] = []
    monkeypatch.setattr(tasks, "hurry", lambda _task, platform, _seconds, **_options: started.append(platform))
    tasks.match_listings_due()
    assert started == [platform_a.pk] * 3
    started.clear()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [services.matches.MATCH_LOCK, platform_a.pk])
        tasks.match_listings_due()
    assert len(started) == 2
