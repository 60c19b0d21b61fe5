"""Strangers' texts in matching: one listing costs itself alone, also where it kills its worker, and no platform
starves."""

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone

from listings import services, tasks
from listings.matching import ListingText, RecallIndex, settling
from listings.matching.bulk.filter import BulkFilter
from listings.models import Flag, Listing
from listings.services import matches, notice_matches
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, SetAside
from recalls.models import Notice
from tests.factories import ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
POISON = "Hearthline HL-200R with a text that nobody can read"


class Killed(BaseException):
    """What a worker that is killed leaves behind: nothing."""


@pytest.fixture
def notice(regulator: Organisation, platform_a: Organisation) -> Notice:
    return NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, matched_at=timezone.now())


def break_at_poison(monkeypatch: pytest.MonkeyPatch, error: type[BaseException]) -> None:
    """Have the matching engine raise at the poison, as a pattern does that runs out of time or memory."""
    match = RecallIndex.match

    def breaking(self: RecallIndex, text: ListingText, *more: Any, **named: Any) -> Any:
        if text.title == POISON:
            raise error
        return match(self, text, *more, **named)

    monkeypatch.setattr(RecallIndex, "match", breaking)


def heaters(platform: Organisation, count: int) -> list[Listing]:
    return ListingFactory.create_batch(count, platform=platform, match_due=True)


def test_a_title_of_a_thousand_random_letters_is_matched_like_any_other(
    notice: Notice, platform_a: Organisation
) -> None:
    chance = random.Random(7)  # noqa: S311  a title, no secret
    title = "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(1_000))
    longest = "".join(chance.choices("abcdefghijklmnop0123456789", k=20_000))
    rows = [
        {"title": title},
        {"title": "Lamp", "description": title * 15},
        {"title": longest[:2_000], "description": longest},
    ]
    for row in rows:
        ListingFactory(platform=platform_a, match_due=True, **row)
    [good] = heaters(platform_a, 1)
    assert services.match_listings_due(platform_id=platform_a.pk) == 4
    assert Flag.objects.get().listing == good
    assert not SetAside.objects.exists()
    for listing in Listing.objects.all():
        assert max(len(key.encode()) for key in listing.keys) <= settling.MAX_KEY_BYTES


def test_a_long_key_is_found_by_its_digest() -> None:
    long = "k:" + "量" * 400
    [kept] = settling.stored_keys([long])
    assert len(kept.encode()) < 100
    assert settling.stored_keys([long, "b:short"]) == sorted(["b:short", kept])


def test_a_listing_that_breaks_a_batch_is_set_aside_and_stays_out_of_the_next(
    notice: Notice, platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_at_poison(monkeypatch, RecursionError)
    poison = ListingFactory(platform=platform_a, title=POISON, match_due=True)
    good = heaters(platform_a, 2)
    assert services.match_listings_due(platform_id=platform_a.pk) == 3
    assert {flag.listing for flag in Flag.objects.all()} == set(good)
    kept = SetAside.objects.get()
    assert (kept.subject_id, kept.error, kept.attempts) == (poison.pk, "RecursionError: ", 1)
    later = heaters(platform_a, 1)
    assert services.match_listings_due(platform_id=platform_a.pk) == 1, "in one batch, without the poison"
    assert Flag.objects.filter(listing=later[0]).exists()
    assert services.match_listings_due(platform_id=platform_a.pk) == 0
    assert Listing.objects.get(match_due=True) == poison


def test_one_broken_listing_in_a_large_batch_has_few_others_taken_one_by_one(
    notice: Notice, platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_at_poison(monkeypatch, ValueError)
    alone: list[int] = []
    match_alone = matches._Matcher.match_alone

    def counted(self: Any, listing: Listing) -> Any:
        alone.append(listing.pk)
        return match_alone(self, listing)

    monkeypatch.setattr(matches._Matcher, "match_alone", counted)
    heaters(platform_a, 30)
    poison = ListingFactory(platform=platform_a, title=POISON, match_due=True)
    heaters(platform_a, 33)
    assert services.match_listings_due(platform_id=platform_a.pk) == 64
    assert len(alone) == matches.MIN_BATCH
    assert Listing.objects.get(match_due=True) == poison
    assert Flag.objects.count() == 63


def test_a_listing_that_is_fixed_or_gone_is_forgotten(
    notice: Notice, platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        break_at_poison(broken, ValueError)
        fixed, gone = (ListingFactory(platform=platform_a, title=POISON, match_due=True) for _ in range(2))
        services.match_listings_due(platform_id=platform_a.pk)
    assert SetAside.objects.count() == 2
    Listing.objects.filter(pk=gone.pk).delete()
    SetAside.objects.update(next_attempt_at=timezone.now())
    assert services.match_listings_due(platform_id=platform_a.pk) == 1
    assert services.match_listings_due(platform_id=platform_a.pk) == 0
    assert Flag.objects.get().listing == fixed
    assert not SetAside.objects.exists()


def test_after_a_worker_died_the_first_rows_are_taken_one_by_one_and_the_one_it_died_on_is_set_aside(
    notice: Notice, platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_at_poison(monkeypatch, Killed)
    good = heaters(platform_a, 1)
    poison = ListingFactory(platform=platform_a, title=POISON, match_due=True)
    good += heaters(platform_a, 1)
    with pytest.raises(Killed):
        tasks.match_shard(platform_a.pk)
    assert not Flag.objects.exists(), "the batch went with its worker"
    with pytest.raises(Killed):
        tasks.match_shard(platform_a.pk)
    assert [flag.listing for flag in Flag.objects.all()] == good[:1]
    assert SetAside.objects.get(subject_type="listings.listing").at_work
    tasks.match_shard(platform_a.pk)
    assert {flag.listing for flag in Flag.objects.all()} == set(good), "the lease of the poison holds"
    with time_machine.travel(timezone.now() + matches.LEASE + timedelta(seconds=1), tick=False):
        tasks.match_shard(platform_a.pk)
        kept = SetAside.objects.get()
        assert (kept.subject_id, kept.error, kept.at_work) == (poison.pk, "Its worker died on it.", False)


def test_a_notice_that_breaks_leaves_the_others_matched_and_listings_go_on_without_it(
    notice: Notice, platform_a: Organisation
) -> None:
    bad = NoticeFactory(
        recall=RecallFactory(regulator=notice.recall.regulator), platform=platform_a, terms={"nonsense": True}
    )
    good = NoticeFactory(recall=RecallFactory(regulator=notice.recall.regulator), platform=platform_a)
    tasks.match_notices_due()
    assert list(Notice.objects.filter(matched_at=None)) == [bad]
    kept = SetAside.objects.get()
    assert (kept.sweep, kept.subject_id, kept.at_work) == (matches.NOTICES, bad.pk, False)
    assert "KeyError" in kept.error
    [listing] = heaters(platform_a, 1)
    assert services.match_listings_due(platform_id=platform_a.pk) == 1
    assert {flag.notice for flag in listing.flags.all()} == {notice, good}
    Notice.objects.filter(pk=bad.pk).update(terms=good.terms)
    SetAside.objects.update(next_attempt_at=timezone.now())
    tasks.match_notices_due()
    assert listing.flags.filter(notice=bad).exists(), "once it is fixed it finds what has come since"
    assert not SetAside.objects.exists()


def test_a_recall_that_cannot_be_read_any_more_sets_its_own_notice_aside(
    notice: Notice, platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = NoticeFactory(
        recall=RecallFactory(regulator=notice.recall.regulator), platform=platform_a, matched_at=timezone.now()
    )
    read = matches.reading_of

    def breaking(version: Any) -> Any:
        if version.pk == bad.version_id:
            raise ValueError("unreadable")
        return read(version)

    def index(versions: tuple[int, ...]) -> RecallIndex:
        if bad.version_id in versions:
            raise ValueError("unreadable")
        return index_of(versions)

    index_of = matches.index_of
    monkeypatch.setattr(matches, "reading_of", breaking)
    monkeypatch.setattr(matches, "index_of", index)
    [listing] = heaters(platform_a, 1)
    assert services.match_listings_due(platform_id=platform_a.pk) == 1
    assert [flag.notice for flag in listing.flags.all()] == [notice]
    bad.refresh_from_db()
    assert bad.matched_at is None
    assert SetAside.objects.get().subject_id == bad.pk
    assert AuditEvent.objects.get(action="notice.match_again").reason == "ValueError: unreadable"


def test_a_listing_that_breaks_with_a_new_notice_is_set_aside_and_the_notice_is_matched(
    notice: Notice, platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison, good = ListingFactory(platform=platform_a, title=POISON, match_due=True), heaters(platform_a, 1)[0]
    services.match_listings_due(platform_id=platform_a.pk)
    break_at_poison(monkeypatch, ValueError)
    fresh = NoticeFactory(recall=RecallFactory(regulator=notice.recall.regulator), platform=platform_a)
    tasks.match_notices_due()
    fresh.refresh_from_db()
    assert fresh.matched_at is not None
    assert [flag.listing for flag in fresh.flags.all()] == [good]
    assert SetAside.objects.get().subject_id == poison.pk
    poison.refresh_from_db()
    assert poison.match_due


def test_a_batch_that_is_ruled_out_together_gives_the_same_flags(
    notice: Notice, platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = [*heaters(platform_a, 2), ListingFactory(platform=platform_a, title="H E A R T H L I N E HL-200R heater")]
    for title in ("Hearthline heater cover", "Wall heater 1500 W", "Glass vase"):
        ListingFactory(platform=platform_a, title=title, brand="", match_due=True)
    Listing.objects.update(match_due=True)
    services.match_listings_due(platform_id=platform_a.pk)
    found = {}
    for together_from in (1, 1_000):
        monkeypatch.setattr(notice_matches, "TOGETHER_FROM", together_from)
        fresh = NoticeFactory(recall=RecallFactory(regulator=notice.recall.regulator), platform=platform_a)
        tasks.match_notices_due()
        found[together_from] = {(flag.listing_id, flag.score, flag.band) for flag in fresh.flags.all()}
    assert found[1] == found[1_000]
    assert {listing_id for listing_id, _, _ in found[1]} == {listing.pk for listing in good}


def test_a_listing_that_breaks_a_batch_ruled_out_together_costs_itself_alone(
    notice: Notice, platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison, good = ListingFactory(platform=platform_a, title=POISON, match_due=True), heaters(platform_a, 1)[0]
    services.match_listings_due(platform_id=platform_a.pk)
    break_at_poison(monkeypatch, ValueError)
    monkeypatch.setattr(notice_matches, "TOGETHER_FROM", 1)
    hopeful = BulkFilter.hopeful

    def breaking(self: BulkFilter, texts: Sequence[ListingText], *more: Any) -> Any:
        if any(text.title == POISON for text in texts):
            raise ValueError
        return hopeful(self, texts, *more)

    monkeypatch.setattr(BulkFilter, "hopeful", breaking)
    fresh = NoticeFactory(recall=RecallFactory(regulator=notice.recall.regulator), platform=platform_a)
    tasks.match_notices_due()
    assert [flag.listing for flag in fresh.flags.all()] == [good]
    assert SetAside.objects.get().subject_id == poison.pk


def test_where_everything_breaks_the_notice_is_at_fault_and_nothing_of_it_stays(
    notice: Notice, platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    heaters(platform_a, notice_matches.MAX_BROKEN + 1)
    Listing.objects.update(title=POISON)
    services.match_listings_due(platform_id=platform_a.pk)
    break_at_poison(monkeypatch, ValueError)
    fresh = NoticeFactory(recall=RecallFactory(regulator=notice.recall.regulator), platform=platform_a)
    tasks.match_notices_due()
    assert Notice.objects.get(matched_at=None) == fresh
    assert SetAside.objects.get().subject_id == fresh.pk
    assert not Listing.objects.filter(match_due=True).exists()


def test_what_breaks_with_one_notice_is_flagged_under_the_others(notice: Notice, platform_a: Organisation) -> None:
    broken = NoticeFactory(
        recall=RecallFactory(regulator=notice.recall.regulator), platform=platform_a, matched_at=timezone.now()
    )
    Notice.objects.filter(pk=broken.pk).update(terms={"nonsense": True})
    [listing] = heaters(platform_a, 1)
    services.match_listings_due(platform_id=platform_a.pk)
    assert [flag.notice for flag in listing.flags.all()] == [notice]
    assert SetAside.objects.get().error == f"KeyError: 'steps'; notice {broken.pk}"


def test_the_flood_of_one_platform_starves_no_other(
    regulator: Organisation, platform_a: Organisation, platform_b: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    heaters(platform_a, 3)
    heaters(platform_b, 1)
    turns: list[tuple[int, float, float]] = []
    monkeypatch.setattr(tasks, "hurry", lambda _task, *given, expires: turns.append((*given, expires)))
    tasks.match_listings_due()
    assert [turn[0] for turn in turns] == [platform_a.pk, platform_b.pk]
    before = 0.0
    for _, seconds, expires in turns:
        assert seconds <= tasks.MAX_SECONDS / 2
        assert expires > before + seconds, "a turn waits until those handed out before it are over"
        before += seconds


def test_since_when_a_listing_waits_is_kept(platform_a: Organisation) -> None:
    feeds = (b'{"id": "1", "title": "Lamp"}', b'{"id": "1", "title": "Chair"}', b'{"id": "1", "title": "Table"}')
    now = timezone.now()
    for hours, feed in enumerate(feeds):
        with time_machine.travel(now + timedelta(hours=hours), tick=False):
            job = services.start_import(
                platform=platform_a, file=ContentFile(feed, "f"), filename="f", kind="delta", actor=Actor.system("test")
            )
            services.run_import(job)
        if hours == 0:
            Listing.objects.update(match_due=False)
    assert Listing.objects.get().match_due_since == now + timedelta(hours=1), "since the first change, not the last"
    assert services.unmatched(now=now + timedelta(hours=1, minutes=4)).count == 0
    assert services.unmatched(now=now + timedelta(hours=1, minutes=6)).count == 1
