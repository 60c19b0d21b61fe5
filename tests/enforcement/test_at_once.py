"""A decision beside what moves its clock: each waits for the other, none for ever, and nobody judges their own."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from enforcement import services
from enforcement.models import Appeal, Extension, Takedown
from listings import services as listings
from listings.models import Flag
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from portal.transitions import IllegalTransition
from recalls import services as recalls
from recalls.models import Notice, Recall
from tests.at_once import elsewhere, until_waiting
from tests.factories import TERMS, FlagFactory, ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def takedown(regulator: Organisation, platform_a: Organisation) -> Takedown:
    terms = TERMS | {"starts_on": "acknowledged"}
    notice = NoticeFactory(
        recall=RecallFactory(regulator=regulator), platform=platform_a, sent_at=timezone.now(), terms=terms
    )
    listing = ListingFactory(platform=platform_a)
    return services.start_clock(flag=FlagFactory(notice=notice, listing=listing, opened_at=timezone.now()))


def extend(takedown: Takedown, officer: User, platform_person: User) -> object:
    asked = Extension.objects.get()
    return services.answer_extension(extension=asked, grant=True, answer="Granted.", actor=Actor.person(officer))


def acknowledge(takedown: Takedown, officer: User, platform_person: User) -> object:
    return recalls.acknowledge_notice(notice=takedown.flag.notice, actor=Actor.person(platform_person))


def check(takedown: Takedown, officer: User, platform_person: User) -> object:
    seen = services.Seen(takedown=takedown, source="page", verdict="gone", rule="removed", detail="Gone.")
    return services.record_observation(seen=seen, actor=Actor.system("removal checks"))


@pytest.mark.parametrize("move", [extend, acknowledge, check])
def test_a_decision_and_what_moves_its_clock_at_the_same_moment_both_happen(
    move: Callable[..., object], takedown: Takedown, officer: User, moderator_a: User, second_moderator_a: User
) -> None:
    """Whoever moves the clock comes first and waits for the row of the clock, which somebody holds for a moment."""
    services.ask_extension(takedown=takedown, amount=3, reason="A holiday.", actor=Actor.person(moderator_a))
    decide = {"kind": "removed", "seen": listings.seen_token(takedown.flag), "actor": Actor.person(second_moderator_a)}
    with elsewhere() as do:
        with transaction.atomic():
            Takedown.objects.select_for_update(of=("self",)).get(pk=takedown.pk)
            moved = do(lambda: move(takedown, officer, moderator_a))
            until_waiting(1)
            decided = do(lambda: listings.decide(flag=takedown.flag, **decide))
            until_waiting(2)
        moved.result()
        decided.result()
    assert Flag.objects.get().status == "claimed_removed"
    flag, row = Flag.objects.get(), Takedown.objects.get()
    assert flag.due_at == row.due_at


def test_an_appeal_waits_for_a_decision_that_its_judge_takes_at_this_moment(
    takedown: Takedown, officer: User, second_officer: User, moderator_a: User
) -> None:
    flag = takedown.flag
    listings.decide(
        flag=flag, kind="escalate", note="Is it?", seen=listings.seen_token(flag), actor=Actor.person(moderator_a)
    )
    appeal = services.make_appeal(takedown=takedown, side="seller", text="It is not.", actor=Actor.person(moderator_a))
    by = Actor.person(officer)
    with elsewhere() as do:
        with transaction.atomic():
            listings.answer_referral(flag=Flag.objects.get(), note="It is.", actor=by)
            answered = do(lambda: services.answer_appeal(appeal=appeal, grant=True, answer="It is not.", actor=by))
            until_waiting()
        with pytest.raises(PermissionDenied, match="Another person"):
            answered.result()
    assert Appeal.objects.get().status == "open"
    assert Flag.objects.get().status == "open"
    services.answer_appeal(appeal=appeal, grant=True, answer="It is not.", actor=Actor.person(second_officer))
    assert Flag.objects.get().status == "dismissed"


def test_two_moderators_who_decide_undo_and_claim_the_same_flag_at_once_leave_one_story(
    takedown: Takedown, moderator_a: User, second_moderator_a: User, settings: Any
) -> None:
    """Of two decisions on what both saw, one is taken; an undoing beside a colleague's claim is one or the other."""
    settings.UNDO_SECONDS = 60
    flag, seen = takedown.flag, listings.seen_token(takedown.flag)
    people = [Actor.person(moderator_a), Actor.person(second_moderator_a)]
    with elsewhere() as do:
        with transaction.atomic():
            Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
            both = [do(partial(listings.decide, flag=flag, kind="removed", seen=seen, actor=by)) for by in people]
            until_waiting(2)
        refused = [each.exception() for each in both]
    assert [type(error).__name__ for error in refused if error] == ["Stale"]
    decision = flag.decisions.get()
    mine = people[0] if decision.user == moderator_a else people[1]
    theirs = people[1] if mine is people[0] else people[0]
    with elsewhere() as do:
        with transaction.atomic():
            Flag.objects.select_for_update(of=("self",)).get(pk=flag.pk)
            undone = do(lambda: listings.undo_decision(decision=decision, actor=mine))
            until_waiting(1)
            claimed = do(lambda: listings.claim_flag(flag=Flag.objects.get(pk=flag.pk), actor=theirs))
            again = do(lambda: listings.undo_decision(decision=decision, actor=mine))
            until_waiting(2)
        assert [each.exception() is None for each in (undone, claimed, again)] == [True, False, False]
    flag.refresh_from_db()
    assert (flag.status, flag.claimed_by_id) == ("open", mine.user_id)
    assert AuditEvent.objects.filter(action="flag.decision_undone").count() == 1


def test_a_recall_that_is_withdrawn_at_the_moment_in_which_it_is_sent_is_on_no_platforms_list(
    takedown: Takedown, officer: User, second_officer: User, platform_b: Organisation
) -> None:
    recall = Recall.objects.get()
    with elsewhere() as do:
        with transaction.atomic():
            recalls.move_recall(recall=recall, to="withdrawn", reason="An error.", actor=Actor.person(officer))
            by = Actor.person(second_officer)
            stale = Recall.objects.select_related("current").get(pk=recall.pk)
            stale.status = "published"
            sent = do(lambda: recalls.send_notice(recall=stale, platform=platform_b, terms=dict(TERMS), actor=by))
            until_waiting()
        with pytest.raises(IllegalTransition, match="Publish it first"):
            sent.result()
    assert not Notice.objects.filter(status="active").exists()
    assert not Notice.objects.filter(platform=platform_b).exists()


def test_a_notice_that_is_withdrawn_at_the_moment_in_which_it_is_acknowledged_stays_as_it_was(
    takedown: Takedown, officer: User, moderator_a: User
) -> None:
    stale = Notice.objects.get()
    with elsewhere() as do:
        with transaction.atomic():
            notice = Notice.objects.select_related("recall", "platform").get()
            recalls.withdraw_notice(notice=notice, reason="An error.", actor=Actor.person(officer))
            told = do(lambda: recalls.acknowledge_notice(notice=stale, actor=Actor.person(moderator_a)))
            until_waiting()
        with pytest.raises(IllegalTransition, match="was withdrawn"):
            told.result()
    notice = Notice.objects.get()
    assert (notice.status, notice.acknowledged_at, notice.delivered_at) == ("withdrawn", None, None)


def test_a_recall_is_withdrawn_beside_a_dismissal_under_it_and_neither_waits_for_ever(
    takedown: Takedown, officer: User, moderator_a: User
) -> None:
    flag, seen = takedown.flag, listings.seen_token(takedown.flag)
    dismissal = {"kind": "not_the_product", "reason": "other_model", "seen": seen, "actor": Actor.person(moderator_a)}
    recall = Recall.objects.get()
    with elsewhere() as do:
        with transaction.atomic():
            listings.decide(flag=flag, **dismissal)
            by = Actor.person(officer)
            withdrawn = do(lambda: recalls.move_recall(recall=recall, to="withdrawn", reason="An error.", actor=by))
            until_waiting()
        assert withdrawn.result().status == "withdrawn"
    assert Flag.objects.get().status == "dismissed"
    assert Notice.objects.get().status == "withdrawn"
