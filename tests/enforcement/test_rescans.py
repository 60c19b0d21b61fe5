"""A removal is checked again, more often and longer where listings of the seller or the recall came back before."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from enforcement import rules, services
from enforcement.models import Policy, Takedown
from listings import services as listings
from listings.models import Flag
from listings.states import FlagStatus
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from tests.factories import TERMS, FlagFactory, ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
QUICK = [600, 1800, 86_400]
USUAL = timedelta(hours=1)  # the first of the terms that tests give


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def proved(regulator: Organisation, platform_a: Organisation, clock: time_machine.Traveller) -> Callable[..., Takedown]:
    """A takedown of a seller's listing whose removal is confirmed now, under a policy with a plan for those with a history."""

    def prove(seller: str = "north", recall: str = "26117", **terms: object) -> Takedown:
        own = RecallFactory(regulator=regulator, number=recall)
        given = {**TERMS, "history_after": 1, "history_rescans": QUICK, **terms}
        notice = NoticeFactory(recall=own, platform=platform_a, sent_at=MONDAY, terms=given)
        listing = ListingFactory(platform=platform_a, seller=seller)
        flag = FlagFactory(notice=notice, listing=listing, opened_at=MONDAY, status="claimed_removed")
        takedown = services.start_clock(flag=flag)
        listings.prove(flag=flag, to=FlagStatus.REMOVED, actor=Actor.system("proof"), reason="Gone.")
        takedown.refresh_from_db()
        return takedown

    return prove


def came_back(platform: Organisation, seller: str = "", recall: str = "25001") -> Flag:
    first = FlagFactory(platform=platform, status="removed", listing=ListingFactory(platform=platform, seller=seller))
    again = ListingFactory(platform=platform, seller=seller)
    return FlagFactory(
        platform=platform,
        notice__recall__number=recall,
        listing=again,
        relisted_from=first,
        relisted_reason="same title",
    )


def test_without_a_history_the_usual_plan_holds(proved: Callable[..., Takedown]) -> None:
    takedown = proved()
    assert takedown.check_plan.next_at == MONDAY + USUAL
    assert not rules.Terms.from_json(takedown.terms).quickened


def test_a_seller_whose_listing_came_back_is_checked_sooner(
    proved: Callable[..., Takedown], platform_a: Organisation, officer: User, client: Client
) -> None:
    came_back(platform_a, seller="north")
    takedown = proved(seller="north")
    assert takedown.check_plan.next_at == MONDAY + timedelta(seconds=600)
    reason = "checked more often because 1 listing of this seller or recall came back"
    assert AuditEvent.objects.get(action="takedown.met").reason == reason
    client.force_login(officer)
    assert reason in client.get(reverse("enforcement:takedown", args=[takedown.pk])).content.decode()


def test_another_sellers_history_another_platforms_and_no_name_say_nothing(
    proved: Callable[..., Takedown], platform_a: Organisation, platform_b: Organisation
) -> None:
    came_back(platform_a, seller="south")
    came_back(platform_b, seller="north")
    came_back(platform_a, seller="")
    assert proved(seller="north").check_plan.next_at == MONDAY + USUAL
    assert proved(seller="", recall="26118").check_plan.next_at == MONDAY + USUAL


def test_a_recall_whose_listing_came_back_is_checked_sooner(
    proved: Callable[..., Takedown], platform_a: Organisation
) -> None:
    first = proved(seller="north")
    FlagFactory(
        notice=first.flag.notice, platform=platform_a, listing=ListingFactory(platform=platform_a, seller="east"),
        relisted_from=first.flag, relisted_reason="same picture",
    )  # fmt: skip
    flag = FlagFactory(notice=first.flag.notice, listing=ListingFactory(platform=platform_a), status="claimed_removed")
    second = services.start_clock(flag=flag)
    listings.prove(flag=flag, to=FlagStatus.REMOVED, actor=Actor.system("proof"), reason="Gone.")
    second.refresh_from_db()
    assert second.check_plan.next_at == MONDAY + timedelta(seconds=600)


def test_a_listing_that_came_back_itself_has_a_history(
    proved: Callable[..., Takedown], moderator_a: User, clock: time_machine.Traveller
) -> None:
    takedown = proved()
    listings.prove(flag=takedown.flag, to=FlagStatus.OPEN, actor=Actor.system("proof"), reason="Seen on sale.")
    clock.shift(timedelta(hours=1))
    flag = Flag.objects.get(pk=takedown.flag_id)
    listings.decide(
        flag=flag, kind="removed", note="again", seen=listings.seen_token(flag), actor=Actor.person(moderator_a)
    )
    flag.refresh_from_db()
    listings.prove(flag=flag, to=FlagStatus.REMOVED, actor=Actor.system("proof"), reason="Gone again.")
    takedown.refresh_from_db()
    assert takedown.check_plan.next_at == MONDAY + timedelta(hours=1, seconds=600)


def test_the_plan_for_a_history_is_followed_to_its_end(
    proved: Callable[..., Takedown], platform_a: Organisation
) -> None:
    came_back(platform_a, seller="north")
    terms = rules.Terms.from_json(proved(seller="north").terms)
    moments = [
        rules.next_check(
            terms, now=MONDAY, last_verdict="gone", unknown_in_a_row=0, proved_at=MONDAY, checks_after_proof=done
        )
        for done in range(4)
    ]
    assert moments == [*(MONDAY + timedelta(seconds=seconds) for seconds in QUICK), None]


@pytest.mark.parametrize(("after", "seconds"), [(0, None), (2, None), (1, 600)])
def test_the_policy_says_from_how_many(
    after: int, seconds: int | None, proved: Callable[..., Takedown], platform_a: Organisation
) -> None:
    came_back(platform_a, seller="north")
    takedown = proved(history_after=after)
    assert takedown.check_plan.next_at == MONDAY + (timedelta(seconds=seconds) if seconds else USUAL)


def test_terms_from_before_the_plan_was_there_still_work(
    proved: Callable[..., Takedown], platform_a: Organisation
) -> None:
    came_back(platform_a, seller="north")
    terms = rules.Terms.from_json({key: value for key, value in TERMS.items() if not key.startswith("history")})
    assert terms.for_history(9) is terms


def test_a_plan_that_runs_backwards_is_refused(regulator: Organisation, admin: User) -> None:
    for name in ("rescans", "history_rescans"):
        content = services.PolicyContent(name="x", amount=6, unit="hours", **{name: (7200, 3600)})
        with pytest.raises(ValidationError, match="longer than the previous one"):
            services.create_policy(regulator=regulator, content=content, actor=Actor.person(admin))
    assert not Policy.objects.filter(name="x").exists()
