"""What a platform says about its own listing moves no check of the page away, and uses up none."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from enforcement import rules, services
from enforcement.models import CheckPlan, Takedown
from listings import services as listings
from listings.models import CatalogueImport, Flag, Listing
from listings.states import FlagStatus
from portal.identity.actors import Actor
from portal.models import Organisation, User
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
Begin = Callable[[str], Takedown]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def begin(regulator: Organisation, platform_a: Organisation, clock: time_machine.Traveller) -> Begin:
    """A takedown whose flag has the given status."""

    def begin(status: str) -> Takedown:
        notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, sent_at=MONDAY)
        listing = ListingFactory(platform=platform_a)
        before = status if status == FlagStatus.OPEN else FlagStatus.CLAIMED_REMOVED
        takedown = services.start_clock(
            flag=FlagFactory(notice=notice, listing=listing, opened_at=MONDAY, status=before)
        )
        if status == FlagStatus.REMOVED:
            listings.prove(flag=takedown.flag, to=FlagStatus.REMOVED, actor=Actor.system("proof"), reason="Gone.")
        elif status == FlagStatus.CLAIMED_REMOVED:
            CheckPlan.objects.filter(pk=takedown.pk).update(next_at=MONDAY + timedelta(minutes=5))
        return Takedown.objects.get(pk=takedown.pk)

    return begin


def _report(takedown: Takedown, verdict: str, who: User) -> None:
    services.record_api_report(takedown=takedown, verdict=verdict, note="Our word.", actor=Actor.person(who))


@pytest.mark.parametrize("verdict", ["gone", "restricted", "unknown"])
@pytest.mark.parametrize("status", ["open", "claimed_removed", "removed"])
def test_reports_of_a_platform_postpone_no_check(
    status: str, verdict: str, begin: Begin, moderator_a: User, clock: time_machine.Traveller
) -> None:
    takedown = begin(status)
    planned = takedown.check_plan.next_at
    for _ in range(10):
        clock.shift(timedelta(seconds=20))
        _report(takedown, verdict, moderator_a)
    now = CheckPlan.objects.get(pk=takedown.pk)
    assert takedown.observations.count() == 10
    assert now.next_at is not None
    assert planned is not None
    assert now.next_at <= planned
    assert now.unknown_in_a_row == 0


def test_reports_of_a_platform_use_up_no_rescan_of_a_confirmed_removal(begin: Begin, moderator_a: User) -> None:
    takedown = begin("removed")
    planned, rescans = takedown.check_plan.next_at, rules.Terms.from_json(takedown.terms).rescans
    for _ in range(len(rescans) + 1):
        _report(takedown, "gone", moderator_a)
    now = CheckPlan.objects.get(pk=takedown.pk)
    assert (now.next_at, now.checks_after_proof) == (planned, 0)


def test_full_feeds_use_up_no_rescan_of_a_confirmed_removal(
    begin: Begin, platform_a: Organisation, clock: time_machine.Traveller
) -> None:
    takedown = begin("removed")
    planned, rescans = takedown.check_plan.next_at, rules.Terms.from_json(takedown.terms).rescans
    Listing.objects.filter(pk=takedown.flag.listing_id).update(present=False)
    for _ in range(len(rescans) + 1):
        clock.shift(timedelta(seconds=20))
        CatalogueImport.objects.create(
            platform=platform_a, kind="full", filename="all.csv", status="done", created_at=datetime.now(UTC)
        )
        assert services.observe_feeds_due() == 1
    now = CheckPlan.objects.get(pk=takedown.pk)
    assert (now.next_at, now.checks_after_proof) == (planned, 0)


def test_a_report_revives_no_check_that_was_set_aside(begin: Begin, moderator_a: User) -> None:
    takedown = begin("claimed_removed")
    CheckPlan.objects.filter(pk=takedown.pk).update(next_at=None, attempts=9, error="broke")
    _report(takedown, "gone", moderator_a)
    plan = CheckPlan.objects.get(pk=takedown.pk)
    assert (plan.next_at, plan.attempts, plan.error) == (None, 9, "broke")


def test_a_report_of_a_removal_nobody_claimed_brings_the_check_forward(begin: Begin, moderator_a: User) -> None:
    takedown = begin("open")
    interval = rules.Terms.from_json(takedown.terms).check_interval_seconds
    CheckPlan.objects.filter(pk=takedown.pk).update(next_at=MONDAY + timedelta(days=6))
    _report(takedown, "gone", moderator_a)
    assert CheckPlan.objects.get(pk=takedown.pk).next_at == MONDAY + timedelta(seconds=interval)


def test_a_listing_that_a_platform_reports_on_sale_is_open_again(begin: Begin, moderator_a: User) -> None:
    takedown = begin("removed")
    _report(takedown, "live", moderator_a)
    assert Flag.objects.get(pk=takedown.flag_id).status == FlagStatus.OPEN
