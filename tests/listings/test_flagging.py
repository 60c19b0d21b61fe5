"""All that a notice matches is flagged together, as if each had been flagged by itself; what breaks costs itself."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import Q
from django.forms.models import model_to_dict
from django.utils import timezone

from enforcement.models import CheckPlan, Takedown
from listings import services
from listings.exclusion_scope import identity_of
from listings.matching import Match, keys_apart, quick_read
from listings.matching.settling import stored_keys
from listings.matching_texts import listing_text
from listings.models import Exclusion, Flag, Listing
from listings.services import flagging
from listings.services.flags import as_flagged, open_flag
from listings.services.intake import Found
from portal.database.acting import SYSTEM, begin
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, SetAside
from recalls import services as recalls
from recalls.models import Notice
from tests.at_once import elsewhere, until_waiting
from tests.factories import ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
ACTOR = Actor.system("matching")
ITS_OWN = {"id", "flag", "takedown", "listing", "listing_as_flagged"}


@pytest.fixture
def notice(regulator: Organisation, platform_a: Organisation) -> Notice:
    return NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a)


def heaters(platform: Organisation, count: int) -> list[Listing]:
    """Listings that were matched before the notice came."""
    rows = ListingFactory.create_batch(count, platform=platform, match_due=False)
    for row in rows:
        row.keys = stored_keys(keys_apart(quick_read(listing_text(row))).stored())
    Listing.objects.bulk_update(rows, ["keys"])
    return rows


def found(notice: Notice, listing: Listing) -> Found:
    return Found(listing, Match(notice.recall.number, str(listing.pk), 0, 0.9, "flag", ()))


def without_its_own(row: Any) -> dict[str, Any]:
    return {name: value for name, value in model_to_dict(row).items() if name not in ITS_OWN}


def kept_of(flag: Flag) -> list[Any]:
    """What is kept of a flag's beginning, but for what is of one flag alone."""
    takedown = Takedown.objects.get(flag=flag)
    of_flag = Q(subject_type="listings.flag", subject_id=str(flag.pk))
    of_takedown = Q(subject_type="enforcement.takedown", subject_id=str(takedown.pk))
    about = AuditEvent.objects.filter(of_flag | of_takedown, organisation_id=flag.platform_id)
    events = [(event.action, event.actor_label, sorted(event.after)) for event in about.order_by("pk")]
    rows = [flag, takedown, CheckPlan.objects.get(takedown=takedown)]
    return [*map(without_its_own, rows), events, flag.due_at == takedown.due_at]


@time_machine.travel("2026-03-03 10:00:00Z", tick=False)
def test_flagged_together_or_alone_is_the_same(notice: Notice, platform_a: Organisation) -> None:
    alone, *together = heaters(platform_a, 4)
    open_flag(notice=notice, listing=alone, match=found(notice, alone).match, takes_room=True, actor=ACTOR)
    assert flagging.flag_all([found(notice, each) for each in together], notice=notice, actor=ACTOR) == 3
    first, *others = [Flag.objects.get(listing=listing) for listing in (alone, *together)]
    for flag in others:
        assert flag.listing_as_flagged == as_flagged(flag.listing)
        assert kept_of(flag) == kept_of(first)


def test_one_that_was_flagged_before_is_not_flagged_again(notice: Notice, platform_a: Organisation) -> None:
    rows = [found(notice, each) for each in heaters(platform_a, 3)]
    assert flagging.flag_all(rows[:1], notice=notice, actor=ACTOR) == 1
    assert flagging.flag_all(rows, notice=notice, actor=ACTOR) == 2
    assert Flag.objects.count() == Takedown.objects.count() == 3


def test_one_that_an_exclusion_covers_is_left_out(notice: Notice, platform_a: Organisation) -> None:
    covered, *others = heaters(platform_a, 3)
    Exclusion.objects.create(
        regulator=notice.recall.regulator, recall=notice.recall, platform=platform_a, scope="listing", listing=covered,
        identity=identity_of(covered), reason="not the product", made_by="Rea",
    )  # fmt: skip
    rows = [found(notice, each) for each in (covered, *others)]
    assert flagging.flag_all(rows, notice=notice, actor=ACTOR) == 2
    assert {flag.listing for flag in Flag.objects.all()} == set(others)


def test_where_one_listing_breaks_the_others_of_its_notice_are_flagged_by_themselves(
    notice: Notice, platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison, *good = heaters(platform_a, 4)
    make = flagging.new_flag

    def breaking(notice: Notice, listing: Listing, *more: Any, **named: Any) -> Flag:
        if listing.pk == poison.pk:
            raise ValueError("nobody can flag this")
        return make(notice, listing, *more, **named)

    monkeypatch.setattr(flagging, "new_flag", breaking)
    assert services.match_notice(notice=notice) == 3
    assert {flag.listing for flag in Flag.objects.all()} == set(good)
    assert Takedown.objects.count() == 3
    kept = SetAside.objects.get()
    assert (kept.subject_id, "nobody can flag this" in kept.error) == (poison.pk, True)
    assert Listing.objects.get(match_due=True) == poison


def test_a_later_removal_is_known_to_the_flags_of_a_notice_that_is_matched_again(
    notice: Notice, platform_a: Organisation
) -> None:
    first, second = heaters(platform_a, 2)
    Listing.objects.update(seller="Otto")
    first.refresh_from_db()
    second.refresh_from_db()
    flagging.flag_all([found(notice, first)], notice=notice, actor=ACTOR)
    Flag.objects.update(status="removed", closed_at=timezone.now())
    flagging.flag_all([found(notice, second)], notice=notice, actor=ACTOR)
    flag = Flag.objects.get(listing=second)
    assert flag.relisted_from == Flag.objects.get(listing=first)
    assert "seller_before" in {item["signal"] for item in flag.evidence}


def withdrawing(notice: Notice) -> threading.Thread:
    """A second person at work, with a connection of their own."""

    def withdraw() -> None:
        begin(SYSTEM)
        try:
            recalls.withdraw_notice(notice=Notice.objects.get(pk=notice.pk), reason="Sent by mistake", actor=ACTOR)
        finally:
            connection.close()

    thread = threading.Thread(target=withdraw)
    thread.start()
    return thread


def flag_in_batch(notice: Notice, rows: list[Found]) -> None:
    flagging.flag_all(rows, notice=notice, actor=ACTOR)


def flag_one(notice: Notice, rows: list[Found]) -> None:
    open_flag(notice=notice, listing=rows[0].listing, match=rows[0].match, actor=ACTOR)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", [flag_in_batch, flag_one])
@pytest.mark.parametrize("withdrawn", ["before", "after"])
def test_a_notice_that_is_withdrawn_while_its_matches_are_flagged_leaves_no_clock_running(
    withdrawn: str, act: Callable[[Notice, list[Found]], None], notice: Notice, platform_a: Organisation
) -> None:
    rows = [found(notice, each) for each in heaters(platform_a, 3)]
    with transaction.atomic():
        if withdrawn == "before":  # the batch has read the notice as active already
            withdrawing(notice).join()
        act(notice, rows)
        thread = withdrawing(notice) if withdrawn == "after" else None
        if thread is not None:
            thread.join(1)
            assert thread.is_alive(), "withdrawing waits for what is being flagged"
    if thread is not None:
        thread.join(20)
    assert Notice.objects.get(pk=notice.pk).status == "withdrawn"
    assert not Flag.objects.exclude(status="withdrawn").exists()
    assert not Takedown.objects.filter(status="running").exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", [flag_in_batch, flag_one])
def test_a_recall_that_is_withdrawn_while_its_matches_are_flagged_waits_for_them_and_closes_them(
    act: Callable[[Notice, list[Found]], None], notice: Notice, platform_a: Organisation
) -> None:
    rows = [found(notice, each) for each in heaters(platform_a, 3)]
    system = Actor.system("test")
    with elsewhere() as do:
        with transaction.atomic():
            act(notice, rows)
            moved = do(lambda: recalls.move_recall(recall=notice.recall, to="withdrawn", reason="R", actor=system))
            until_waiting()
        assert moved.result().status == "withdrawn"
    assert Flag.objects.exists()
    assert not Flag.objects.exclude(status="withdrawn").exists()
    assert not Takedown.objects.filter(status="running").exists()
