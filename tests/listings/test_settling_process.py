"""A long feed is read for its keys by processes: what a row does to one of them costs its chunk some time, and nothing more."""

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from listings import services
from listings.ingest.rows import parse_row
from listings.matching import ListingText, RecallIndex, keys_apart, quick_read
from listings.matching.settling import Sought, answer, array_literal, stored_keys
from listings.matching_texts import listing_text
from listings.models import CatalogueImport, Listing
from listings.row_texts import row_fields, row_text
from listings.services import settled_rows, settling_process
from listings.services.matches import active_recalls
from listings.services.settled_rows import Settling
from listings.services.settling_process import SettlingFailed, SettlingProcess
from portal.identity.actors import Actor
from portal.models import Organisation
from tests.factories import NoticeFactory, RecallFactory

HEATER = {"id": "H", "title": "Hearthline space heater HL-200R", "brand": "Hearthline"}
LAMP = {"id": "L", "title": 'Norvik "Fjell" floor lamp NV\\300-B, "white"', "mpn": "NV\\300", "price": "10.00"}
NOTHING_SOUGHT = Sought(None, frozenset())


def fields_of(row: dict[str, str]) -> tuple[Any, ...]:
    parsed, _ = parse_row(1, row)
    assert parsed is not None
    return row_fields(parsed)


def keys_of(row: dict[str, str]) -> str:
    parsed, _ = parse_row(1, row)
    assert parsed is not None
    return array_literal(stored_keys(keys_apart(quick_read(row_text(parsed))).stored()))


@pytest.fixture
def process() -> Iterator[SettlingProcess]:
    process = SettlingProcess()
    yield process
    process.close()


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> list[SettlingProcess]:
    """Every row is read by a process, however short the feed and whatever the machine; those that were started."""
    started: list[SettlingProcess] = []

    class Noted(SettlingProcess):
        def __init__(self) -> None:
            super().__init__()
            started.append(self)

    monkeypatch.setattr(settled_rows, "ROWS_ALONE", 0)
    monkeypatch.setattr(settled_rows, "processes", lambda: 1)
    monkeypatch.setattr(settled_rows, "SettlingProcess", Noted)
    return started


def taken_in(platform: Organisation, *rows: dict[str, str]) -> CatalogueImport:
    feed = ContentFile("\n".join(map(json.dumps, rows)).encode(), "feed")
    job = services.start_import(platform=platform, file=feed, filename="feed", kind="full", actor=Actor.system("test"))
    return services.run_import(job)


def due() -> list[str]:
    return sorted(Listing.objects.filter(match_due=True).values_list("external_id", flat=True))


def has_ended(process: SettlingProcess) -> bool:
    return not Path(f"/proc/{process.pid}").exists()


def test_it_answers_with_the_keys_that_matching_would_store(process: SettlingProcess) -> None:
    assert process.settle([fields_of(HEATER), fields_of(LAMP)], NOTHING_SOUGHT) == [keys_of(HEATER), keys_of(LAMP)]


def test_a_row_that_breaks_costs_itself_alone(process: SettlingProcess) -> None:
    broken = ("X", 5, *fields_of(LAMP)[2:])
    keys, why, more = process.settle([fields_of(HEATER), broken, fields_of(LAMP)], NOTHING_SOUGHT)
    assert (keys, more) == (keys_of(HEATER), keys_of(LAMP))
    assert isinstance(why, list)
    assert why[0].startswith("TypeError")
    assert answer(broken, NOTHING_SOUGHT) == why


@pytest.mark.django_db
def test_it_goes_by_the_notices_that_it_was_told_last(
    process: SettlingProcess, regulator: Organisation, platform_a: Organisation
) -> None:
    rows = [fields_of(HEATER), fields_of(LAMP)]
    NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, matched_at=timezone.now())
    active = active_recalls(platform_a.pk)
    assert process.settle(rows, Sought(active.recalls, active.without)) == [None, keys_of(LAMP)]
    assert process.settle(rows, NOTHING_SOUGHT) == [keys_of(HEATER), keys_of(LAMP)]
    bare = Sought(active.recalls, active.without).bare().recalls
    assert isinstance(bare, RecallIndex)
    assert len(bare.readings) == 0, "what is compared later is not sent"


def test_it_is_given_no_secret(process: SettlingProcess) -> None:
    process.settle([fields_of(LAMP)], NOTHING_SOUGHT)
    names = {
        line.partition(b"=")[0].decode() for line in Path(f"/proc/{process.pid}/environ").read_bytes().split(b"\0")
    }
    assert names <= {"", "PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH"}
    assert "DATABASE_URL" in os.environ


def test_one_that_was_killed_says_so(process: SettlingProcess) -> None:
    os.kill(process.pid, signal.SIGKILL)
    with pytest.raises(SettlingFailed):
        process.settle([fields_of(LAMP)], NOTHING_SOUGHT)
    assert has_ended(process)


def test_one_that_hangs_is_ended_in_time(process: SettlingProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settling_process, "MAX_SECONDS", 0.3)
    os.kill(process.pid, signal.SIGSTOP)
    started = time.monotonic()
    with pytest.raises(SettlingFailed):
        process.settle([fields_of(LAMP)] * 5_000, NOTHING_SOUGHT)
    assert time.monotonic() - started < 10
    assert has_ended(process)


@pytest.mark.django_db
def test_an_import_by_processes_stores_what_one_by_threads_does_and_leaves_none_behind(
    apart: list[SettlingProcess], regulator: Organisation, platform_a: Organisation
) -> None:
    NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, matched_at=timezone.now())
    assert taken_in(platform_a, HEATER, LAMP).added == 2
    assert due() == ["H"]
    lamp = Listing.objects.get(external_id="L")
    assert lamp.keys == stored_keys(keys_apart(quick_read(listing_text(lamp))).stored()) != []
    assert len(apart) == 1
    assert has_ended(apart[0])


@pytest.mark.django_db
def test_the_rows_of_a_process_that_died_are_stored_and_left_to_matching(
    apart: list[SettlingProcess], platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle = SettlingProcess.settle

    def dying(self: SettlingProcess, *given: Any) -> Any:
        os.kill(self.pid, signal.SIGKILL)
        return settle(self, *given)

    with monkeypatch.context() as patch:
        patch.setattr(SettlingProcess, "settle", dying)
        job = taken_in(platform_a, HEATER, LAMP)
    assert (job.status, job.added, job.rejected) == ("done", 2, 0)
    assert due() == ["H", "L"]
    assert has_ended(apart[0])
    while services.match_listings_due(platform_id=platform_a.pk):
        pass
    assert due() == []
    lamp = Listing.objects.get(external_id="L")
    assert lamp.keys == stored_keys(keys_apart(quick_read(listing_text(lamp))).stored()) != []


@pytest.mark.django_db
def test_after_some_processes_failed_no_more_are_started(
    apart: list[SettlingProcess], platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle, parsed = SettlingProcess.settle, parse_row(1, LAMP)[0]
    assert parsed is not None
    settling = Settling(platform_a.pk)

    def dying(self: SettlingProcess, *given: Any) -> Any:
        os.kill(self.pid, signal.SIGKILL)
        return settle(self, *given)

    with monkeypatch.context() as patch:
        patch.setattr(SettlingProcess, "settle", dying)
        for _ in range(settled_rows.MAX_FAILURES - 1):
            assert settling.prepare([parsed])().keys == {}
    assert settling.prepare([parsed])().keys == {"L": keys_of(LAMP)}, "a new one reads on"
    monkeypatch.setattr(SettlingProcess, "settle", dying)
    assert [settling.prepare([parsed])().keys for _ in range(5)] == [{}] * 5
    assert len(apart) == settled_rows.MAX_FAILURES
    settling.close()


@pytest.mark.django_db
def test_whoever_waits_for_a_process_goes_on_once_it_is_closed(
    apart: list[SettlingProcess], platform_a: Organisation
) -> None:
    parsed = parse_row(1, LAMP)[0]
    assert parsed is not None
    settling, kept = Settling(platform_a.pk), []
    assert settling.prepare([parsed])().keys != {}
    os.kill(apart[0].pid, signal.SIGSTOP)
    waiting = threading.Thread(target=lambda: kept.append(settling.prepare([parsed])().keys))
    waiting.start()
    settling.close()
    waiting.join(10)
    assert kept == [{}]
    assert settling.prepare([parsed])().keys == {}
    assert all(map(has_ended, apart)), "none is left that was started after that"


@pytest.mark.django_db
def test_on_a_single_core_and_for_a_short_feed_none_is_started(
    platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settled_rows, "SettlingProcess", None)
    taken_in(platform_a, HEATER)
    monkeypatch.setattr(settled_rows, "ROWS_ALONE", 0)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0})
    assert settled_rows.processes() == 0
    taken_in(platform_a, HEATER, LAMP)
    assert due() == []


def test_a_text_is_sent_whole() -> None:
    parsed = parse_row(1, {**LAMP, "seller": "S", "category": "C", "gtin": "4006381333931", "description": "D"})[0]
    assert parsed is not None
    assert ListingText(*row_fields(parsed)) == row_text(parsed)
