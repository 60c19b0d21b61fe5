"""Open flags are checked without a claimed removal, and a person can request a check at once."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enforcement import services
from enforcement.checks.services import observations, removal_checks
from enforcement.models import CheckPlan, Observation, Takedown
from enforcement.rules import next_open_check
from listings import services as listings
from listings.models import Flag
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from tests.enforcement.shop import AnsweringShop, serving
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
GONE = "<html><body><h1>This listing was removed</h1></body></html>"
LIVE = "<html><body><h1>Hearthline HL-200R ceramic tower heater 1500 W</h1><p>49.90</p><button>Add to cart</button></body></html>"


@pytest.fixture
def shop(settings: Any) -> Iterator[AnsweringShop]:
    for server in serving(AnsweringShop()):
        settings.FETCH_ALLOWED_PRIVATE = [server.host]
        settings.CHECKS_PER_SECOND = 1000
        yield server


@pytest.fixture
def takedown(shop: AnsweringShop, regulator: Organisation, platform_a: Organisation) -> Iterator[Takedown]:
    """An open flag on Monday, whose listing is on sale; time stands still unless it is shifted."""
    shop.pages["/l/1"] = (200, LIVE)
    with time_machine.travel(MONDAY, tick=False):
        notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, sent_at=MONDAY)
        listing = ListingFactory(platform=platform_a, link=f"http://{shop.host}/l/1")
        yield services.start_clock(flag=FlagFactory(notice=notice, listing=listing, opened_at=MONDAY))


def check(row: Takedown) -> Takedown:
    """Go to the time of the next check and make it."""
    at = Takedown.objects.get(pk=row.pk).check_plan.next_at
    with time_machine.travel(at, tick=False):
        assert services.observe_due() >= 1
    return Takedown.objects.select_related("flag").get(pk=row.pk)


def test_open_flags_are_checked_often_before_the_deadline_and_less_often_after_it() -> None:
    due, started = MONDAY + timedelta(hours=48), MONDAY
    assert next_open_check(now=started, started=started, due=due) == started + timedelta(hours=6)
    assert next_open_check(now=due - timedelta(hours=1), started=started, due=due) == due
    assert next_open_check(now=due, started=started, due=due) == due + timedelta(days=1)
    assert next_open_check(now=due + timedelta(days=15), started=started, due=due) == due + timedelta(days=22)
    short = started + timedelta(seconds=40)
    assert next_open_check(now=started, started=started, due=short) == short


def test_a_removal_that_nobody_claimed_is_found_and_proved(takedown: Takedown, shop: AnsweringShop) -> None:
    assert takedown.check_plan.next_at is not None
    row = check(takedown)
    assert (row.flag.status, row.status) == ("open", "running")
    assert Observation.objects.latest("pk").verdict == "live"
    shop.pages["/l/1"] = (404, GONE)
    row = check(row)
    assert (row.flag.status, row.status) == ("open", "running")  # one check proves nothing yet
    row = check(row)
    assert (row.flag.status, row.status) == ("removed", "met")
    assert row.met_at is not None


def seen(takedown: Takedown, verdict: str = "live") -> observations.Seen:
    return observations.Seen(takedown, "page", verdict, "test", f"seen {verdict}")


def test_pages_still_on_sale_are_recorded_together_as_they_are_one_by_one(
    shop: AnsweringShop, regulator: Organisation, platform_a: Organisation, django_assert_max_num_queries: Any
) -> None:
    actor, rows = Actor.system("test"), []
    with time_machine.travel(MONDAY, tick=False):
        notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, sent_at=MONDAY)
        for number in range(8):
            listing = ListingFactory(platform=platform_a, link=f"http://{shop.host}/l/{number}")
            rows.append(services.start_clock(flag=FlagFactory(notice=notice, listing=listing, opened_at=MONDAY)))
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        services.record_observation(seen=seen(rows[0]), actor=actor)
        with django_assert_max_num_queries(16):
            assert observations.record_checks(checks=[seen(row) for row in rows[1:]], actor=actor) == []
    kept = CheckPlan.objects.order_by("pk").values_list(
        "last_verdict", "unknown_in_a_row", "checks_after_proof", "error"
    )
    assert set(kept) == {("live", 0, 0, "")}
    waits = [plan.next_at - MONDAY for plan in CheckPlan.objects.all() if plan.next_at]
    assert len(waits) == 8
    assert all(timedelta(hours=1) < wait <= timedelta(hours=6) for wait in waits)
    assert AuditEvent.objects.filter(action="observation.recorded").count() == Observation.objects.count() == 8
    assert set(Flag.objects.values_list("status", "takedown__status")) == {("open", "running")}


def test_of_pages_recorded_together_one_whose_removal_was_claimed_meanwhile_opens_it_again(
    takedown: Takedown, moderator_a: User
) -> None:
    flag = takedown.flag
    listings.decide(flag=flag, kind="removed", seen=listings.seen_token(flag), actor=Actor.person(moderator_a))
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        assert observations.record_checks(checks=[seen(takedown)], actor=Actor.system("test")) == []
    assert Flag.objects.get().status == "open"


def test_a_page_that_was_read_before_the_claim_says_nothing_against_it_even_if_the_clock_was_set_back(
    takedown: Takedown, shop: AnsweringShop, moderator_a: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_controls = removal_checks.with_controls

    def claim_meanwhile(seen: list[observations.Seen], **rest: Any) -> list[observations.Seen]:
        with time_machine.travel(timezone.now() - timedelta(minutes=1), tick=False):
            flag = Flag.objects.get(pk=takedown.flag_id)
            given = {"seen": listings.seen_token(flag), "actor": Actor.person(moderator_a)}
            listings.decide(flag=flag, kind="removed", reason="", note="", **given)
        return with_controls(seen, **rest)

    monkeypatch.setattr(removal_checks, "with_controls", claim_meanwhile)
    row = check(takedown)
    assert Observation.objects.latest("pk").verdict == "live"
    assert row.flag.status == "claimed_removed"
    monkeypatch.undo()
    shop.pages["/l/1"] = (404, GONE)
    assert row.check_plan.next_at is not None
    assert row.check_plan.next_at <= timezone.now() + timedelta(days=1)
    row = check(check(row))
    assert (row.flag.status, row.status) == ("removed", "met")


def test_a_dismissed_flag_is_no_longer_checked_and_one_without_an_address_never(
    takedown: Takedown, moderator_a: User, regulator: Organisation, platform_a: Organisation
) -> None:
    flag = Flag.objects.get(pk=takedown.flag_id)
    seen = listings.seen_token(flag)
    listings.decide(
        flag=flag,
        kind="not_the_product",
        reason="not_affected",
        note="Another one",
        seen=seen,
        actor=Actor.person(moderator_a),
    )
    assert Takedown.objects.get(pk=takedown.pk).check_plan.next_at is None
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, sent_at=MONDAY)
    nowhere = FlagFactory(notice=notice, listing=ListingFactory(platform=platform_a, link=""))
    assert services.start_clock(flag=nowhere).check_plan.next_at is None


@pytest.mark.parametrize("who", ["officer", "moderator_a", "manager_a"])
def test_check_now_makes_the_check_due_is_recorded_and_is_limited(
    who: str, takedown: Takedown, sign_in: Callable[[User], Client], request: pytest.FixtureRequest
) -> None:
    person, address = request.getfixturevalue(who), reverse("enforcement:check_now", args=[takedown.pk])
    client = sign_in(person)
    assert "Check now" in client.get(reverse("enforcement:takedown", args=[takedown.pk])).content.decode()
    assert client.post(address).status_code == 302
    assert Takedown.objects.get(pk=takedown.pk).check_plan.next_at == timezone.now()
    event = AuditEvent.objects.get(action="takedown.check_asked")
    assert (event.user_id, event.subject_id) == (person.pk, str(takedown.pk))
    assert services.observe_due() == 1
    planned = Takedown.objects.get(pk=takedown.pk).check_plan.next_at
    shown = client.post(address, follow=True).content.decode()
    assert "less than 1 minute ago" in shown
    assert Takedown.objects.get(pk=takedown.pk).check_plan.next_at == planned
    assert AuditEvent.objects.filter(action="takedown.check_asked").count() == 1


@pytest.mark.parametrize(("who", "status"), [("admin", 403), ("moderator_b", 404), ("outsider", 404)])
def test_check_now_is_for_the_regulator_and_the_platform_itself(
    who: str, status: int, takedown: Takedown, sign_in: Callable[[User], Client], request: pytest.FixtureRequest
) -> None:
    before = Takedown.objects.get(pk=takedown.pk).check_plan.next_at
    client = sign_in(request.getfixturevalue(who))
    assert client.post(reverse("enforcement:check_now", args=[takedown.pk])).status_code == status
    assert Takedown.objects.get(pk=takedown.pk).check_plan.next_at == before
    assert not AuditEvent.objects.filter(action="takedown.check_asked").exists()


def test_requests_are_limited_for_a_listing_and_for_a_person(
    takedown: Takedown, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor = Actor.person(officer)
    with time_machine.travel(MONDAY, tick=False) as clock:
        services.check_now(takedown=takedown, actor=actor)
        clock.shift(30)
        with pytest.raises(ValidationError, match="1 minute"):
            services.check_now(takedown=takedown, actor=actor)
        clock.shift(30)
        monkeypatch.setattr("enforcement.checks.services.requested_checks.MAX_REQUESTS", 1)
        with pytest.raises(ValidationError, match="60 checks"):
            services.check_now(takedown=takedown, actor=actor)
        clock.shift(3_600)
        services.check_now(takedown=takedown, actor=actor)
    assert AuditEvent.objects.filter(action="takedown.check_asked").count() == 2


def test_a_cancelled_takedown_is_not_checked_on_request(takedown: Takedown, officer: User) -> None:
    Takedown.objects.filter(pk=takedown.pk).update(status="cancelled")
    CheckPlan.objects.filter(pk=takedown.pk).update(next_at=None)
    with pytest.raises(ValidationError, match="while the clock runs"):
        services.check_now(takedown=takedown, actor=Actor.person(officer))
    assert Takedown.objects.get(pk=takedown.pk).check_plan.next_at is None


def test_the_takedown_page_shows_the_control_check_and_the_deadline_monitor_the_unreadable_host(
    takedown: Takedown,
    shop: AnsweringShop,
    operator: User,
    officer: User,
    platform_a: Organisation,
    sign_in: Callable[[User], Client],
) -> None:
    ListingFactory(platform=platform_a, title="Quiet reading lamp", link=f"http://{shop.host}/l/lamp")
    shop.pages.clear()
    shop.otherwise = (404, "<html><body><h1>Page not found</h1></body></html>")
    services.check_now(takedown=takedown, actor=Actor.person(officer))
    services.observe_due()
    shown = sign_in(officer).get(reverse("enforcement:takedown", args=[takedown.pk])).content.decode()
    assert "Control check: Unreadable" in shown
    assert "Its answers cannot confirm a removal" in shown
    assert shop.host in sign_in(operator).get(reverse("enforcement:deadline_monitor")).content.decode()
