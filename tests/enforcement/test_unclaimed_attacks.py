"""Attacks on the checks of listings whose removal nobody claimed: a shop, a seller or a platform that wants a false proof, or
wants that nobody looks.

All through the services, with a real shop on this machine; only the clock is staged.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from enforcement import rules, services
from enforcement.checks.services import removal_checks
from enforcement.models import CheckPlan, HostPace, Observation, Takedown
from listings import services as listings
from listings.models import CatalogueImport, Flag, Listing
from listings.services.flags import as_flagged, change_status
from listings.states import FlagStatus
from portal.identity.actors import Actor
from portal.models import Organisation, User
from portal.models.jobs import JobStatus
from recalls import services as recalls
from tests.enforcement.shop import AnsweringShop, serving
from tests.factories import TERMS, FlagFactory, ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
TITLE = "Hearthline HL-200R ceramic tower heater 1500 W"
GONE = "<html><body><h1>This listing was removed</h1></body></html>"
LIVE = f"<html><body><h1>{TITLE}</h1><p>49.90</p><button>Add to cart</button></body></html>"
LAMP = "<html><body><h1>Quiet reading lamp</h1><p>9.90</p><button>Add to cart</button></body></html>"


@pytest.fixture
def shop(settings: Any) -> Iterator[AnsweringShop]:
    for server in serving(AnsweringShop()):
        settings.FETCH_ALLOWED_PRIVATE = [server.host]
        settings.CHECKS_PER_SECOND = 1000
        server.pages = {"/l/1": (200, LIVE), "/l/lamp": (200, LAMP)}
        server.otherwise = (404, "<html><body><h1>Page not found</h1></body></html>")
        yield server


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def takedown(
    clock: time_machine.Traveller, shop: AnsweringShop, regulator: Organisation, platform_a: Organisation
) -> Takedown:
    """An open flag on Monday, whose listing is on sale beside a lamp."""
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, sent_at=MONDAY)
    ListingFactory(platform=platform_a, title="Quiet reading lamp", link=f"http://{shop.host}/l/lamp")
    listing = ListingFactory(platform=platform_a, title=TITLE, link=f"http://{shop.host}/l/1")
    kept = as_flagged(listing)
    return services.start_clock(
        flag=FlagFactory(notice=notice, listing=listing, opened_at=MONDAY, listing_as_flagged=kept)
    )


@pytest.fixture
def check(clock: time_machine.Traveller, takedown: Takedown) -> Callable[[], Takedown]:
    """Go to the time of the next check and make it."""

    def checked() -> Takedown:
        at = CheckPlan.objects.get(pk=takedown.pk).next_at
        assert at is not None
        clock.move_to(max(at, timezone.now()))
        assert services.observe_due() >= 1
        return Takedown.objects.select_related("flag", "check_plan").get(pk=takedown.pk)

    return checked


def now_planned(takedown: Takedown) -> datetime | None:
    return CheckPlan.objects.get(pk=takedown.pk).next_at


def status_of(takedown: Takedown) -> str:
    return Flag.objects.get(pk=takedown.flag_id).status


def proved(takedown: Takedown) -> Takedown:
    flag = Flag.objects.get(pk=takedown.flag_id)
    listings.prove(flag=flag, to=FlagStatus.REMOVED, actor=Actor.system("proof"), reason="Gone.")
    return Takedown.objects.select_related("flag", "check_plan").get(pk=takedown.pk)


def report(takedown: Takedown, verdict: str, person: User) -> None:
    services.record_person_check(takedown=takedown, verdict=verdict, note="As I say", actor=Actor.person(person))


# --- the shop -------------------------------------------------------------------------------------------------------


def test_a_shop_that_is_gone_for_an_hour_and_sells_again_has_proved_nothing(
    check: Callable[[], Takedown], shop: AnsweringShop
) -> None:
    shop.pages["/l/1"] = (404, GONE)
    check()
    shop.pages["/l/1"] = (200, LIVE)
    row = check()
    assert (row.flag.status, row.status) == ("open", "running")
    shop.pages["/l/1"] = (404, GONE)
    assert check().flag.status == "open"


def test_a_shop_that_alternates_never_proves_a_removal(check: Callable[[], Takedown], shop: AnsweringShop) -> None:
    for number in range(10):
        shop.pages["/l/1"] = (404, GONE) if number % 2 else (200, LIVE)
        assert check().flag.status == "open"
    assert Observation.objects.filter(verdict="gone").count() == 5


def test_a_shop_that_alternates_with_answers_that_were_not_read_is_not_gone_by_them(
    check: Callable[[], Takedown], shop: AnsweringShop
) -> None:
    for answer in ((404, GONE), (503, ""), (200, LIVE), (503, ""), (404, GONE), (503, "")):
        shop.pages["/l/1"] = answer
        assert check().flag.status == "open"


def test_a_shop_that_says_gone_of_everything_proves_nothing(check: Callable[[], Takedown], shop: AnsweringShop) -> None:
    shop.pages.clear()
    shop.otherwise = (404, GONE)
    for _ in range(4):
        row = check()
    assert row.flag.status == "open"
    assert set(Observation.objects.values_list("rule", flat=True)) == {"host_unreadable"}


def test_nobody_can_compute_when_the_next_check_comes_and_none_comes_later_than_promised(
    takedown: Takedown, check: Callable[[], Takedown], shop: AnsweringShop, settings: Any
) -> None:
    settings.CHECK_JITTER = 25
    waits = set()
    for _ in range(3):
        row = check()
        assert row.check_plan.next_at is not None
        assert timedelta(hours=1) < row.check_plan.next_at - timezone.now() <= timedelta(hours=1.5)
        waits.add(row.check_plan.next_at - timezone.now())
    assert len(waits) == 3
    shop.pages["/l/1"] = (404, GONE)
    row = check()
    assert row.check_plan.next_at is not None
    wait = row.check_plan.next_at - timezone.now()
    assert timedelta(hours=1) < wait <= timedelta(hours=1.25)  # one that came too soon would not count
    row = check()
    assert row.flag.status == "removed"
    assert row.met_at is not None
    assert row.check_plan.next_at is not None
    again = row.check_plan.next_at - row.met_at
    assert timedelta(hours=1) < again <= timedelta(hours=1.25)


def test_a_check_at_the_deadline_comes_at_the_deadline_whatever_chance_says(settings: Any) -> None:
    due = MONDAY + timedelta(hours=2)
    assert rules.next_open_check(now=due - timedelta(minutes=10), started=MONDAY, due=due, moved=0.25) == due


def test_a_platform_is_not_told_when_the_next_check_comes(
    takedown: Takedown, sign_in: Callable[[User], Client], moderator_a: User, officer: User
) -> None:
    address = reverse("enforcement:takedown", args=[takedown.pk])
    assert "Next check" in sign_in(officer).get(address).content.decode()
    shown = sign_in(moderator_a).get(address).content.decode()
    assert "Next check" not in shown
    assert "The time of the next check is not shown to platforms." in shown


def test_a_shop_that_comes_back_after_its_last_check_is_found_by_its_feed_and_by_check_now(
    takedown: Takedown, shop: AnsweringShop, clock: time_machine.Traveller, officer: User, platform_a: Organisation
) -> None:
    row = proved(takedown)
    CheckPlan.objects.filter(pk=row.pk).update(next_at=None, checks_after_proof=len(TERMS["rescans"]))
    clock.shift(timedelta(days=100))
    services.check_now(takedown=row, actor=Actor.person(officer))
    assert services.observe_due() == 1
    assert status_of(row) == "open"
    row = proved(row)
    CheckPlan.objects.filter(pk=row.pk).update(next_at=None)
    clock.shift(timedelta(days=1))
    CatalogueImport.objects.create(platform=platform_a, kind="full", filename="all.csv", status=JobStatus.DONE)
    services.observe_feeds_due()
    assert status_of(row) == "open"


def test_check_now_on_a_proved_removal_uses_up_no_planned_check(
    takedown: Takedown, shop: AnsweringShop, clock: time_machine.Traveller, officer: User
) -> None:
    shop.pages["/l/1"] = (404, GONE)
    row = proved(takedown)
    planned = row.check_plan.next_at
    for _ in range(3):
        clock.shift(timedelta(minutes=2))
        services.check_now(takedown=row, actor=Actor.person(officer))
        assert services.observe_due() == 1
    plan = CheckPlan.objects.get(pk=row.pk)
    assert (plan.next_at, plan.checks_after_proof) == (planned, 0)


@pytest.mark.parametrize("status", [429, 503])
def test_a_host_that_asks_us_to_wait_for_years_is_asked_again_within_a_day(
    status: int, check: Callable[[], Takedown], shop: AnsweringShop
) -> None:
    shop.headers = {"Retry-After": "99999999999999"}
    shop.pages["/l/1"] = (status, "")
    for _ in range(8):
        row = check()
        assert row.check_plan.next_at is not None
        assert row.check_plan.next_at - timezone.now() <= timedelta(days=1)
    shop.headers, shop.pages["/l/1"] = {}, (404, GONE)
    check()
    assert check().flag.status == "removed"


@pytest.mark.parametrize(
    "page",
    [
        "\x00<h1>This listing was removed</h1>",
        "<div>" * 60_000,
        "<h1>\ud83d</h1>".encode("utf-16", "surrogatepass").decode("latin-1"),
        "<script type='application/json'>" + "[" * 20_000 + "</script>",
        "<style>" + "a{display:none}" * 20_000 + "</style><h1>x</h1>",
        "<h1>" + "é" * 200_000 + "</h1>",
    ],
)
def test_a_page_made_to_break_the_rules_is_a_check_like_any_other(
    page: str, check: Callable[[], Takedown], shop: AnsweringShop
) -> None:
    shop.pages["/l/1"] = (200, page)
    row = check()
    assert row.observations.count() == 1
    assert (row.check_plan.attempts, row.check_plan.error) == (0, "")
    assert row.check_plan.next_at is not None


# --- two listings, one page -----------------------------------------------------------------------------------------


def test_a_second_row_for_the_same_page_does_not_make_the_host_unreadable(
    takedown: Takedown, check: Callable[[], Takedown], shop: AnsweringShop, platform_a: Organisation
) -> None:
    """A catalogue that lists the page twice: the other row is no listing on sale to compare with."""
    Listing.objects.filter(title="Quiet reading lamp").delete()
    ListingFactory(platform=platform_a, title=TITLE, link=f"http://{shop.host}/l/1")
    shop.pages["/l/1"] = (404, GONE)
    check()
    assert check().flag.status == "removed"


def test_a_page_that_another_product_took_over_proves_no_removal(
    check: Callable[[], Takedown], shop: AnsweringShop
) -> None:
    shop.pages["/l/1"] = (200, LAMP)
    for _ in range(3):
        assert check().flag.status == "open"


# --- in the middle of a check ---------------------------------------------------------------------------------------


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], None]], None]:
    """Have something happen after the page was fetched, before the check is recorded; once."""
    with_controls = removal_checks.with_controls

    def happen(act: Callable[[], None]) -> None:
        def acted(*given: Any, **more: Any) -> Any:
            monkeypatch.setattr(removal_checks, "with_controls", with_controls)
            act()
            return with_controls(*given, **more)

        monkeypatch.setattr(removal_checks, "with_controls", acted)

    return happen


def test_a_flag_dismissed_in_the_middle_of_a_check_is_checked_no_more(
    takedown: Takedown, shop: AnsweringShop, check: Callable[[], Takedown], meanwhile: Any, moderator_a: User
) -> None:
    def dismiss() -> None:
        flag = Flag.objects.get(pk=takedown.flag_id)
        given = {"kind": "not_the_product", "reason": "not_affected", "note": "Another one"}
        listings.decide(flag=flag, seen=listings.seen_token(flag), actor=Actor.person(moderator_a), **given)

    shop.pages["/l/1"] = (404, GONE)
    meanwhile(dismiss)
    row = check()
    assert (row.flag.status, row.status, row.check_plan.next_at) == ("dismissed", "cancelled", None)


def test_a_notice_withdrawn_in_the_middle_of_a_check_ends_the_checks(
    takedown: Takedown, shop: AnsweringShop, check: Callable[[], Takedown], meanwhile: Any, officer: User
) -> None:
    def withdraw() -> None:
        recalls.withdraw_notice(notice=takedown.flag.notice, reason="By mistake", actor=Actor.person(officer))

    shop.pages["/l/1"] = (404, GONE)
    meanwhile(withdraw)
    row = check()
    assert (row.flag.status, row.check_plan.next_at) == ("withdrawn", None)


def test_a_removal_claimed_in_the_middle_of_a_check_needs_its_second_check_still(
    takedown: Takedown, shop: AnsweringShop, check: Callable[[], Takedown], meanwhile: Any, moderator_a: User
) -> None:
    def claim() -> None:
        flag = Flag.objects.get(pk=takedown.flag_id)
        given = {"kind": "removed", "reason": "", "note": ""}
        listings.decide(flag=flag, seen=listings.seen_token(flag), actor=Actor.person(moderator_a), **given)

    shop.pages["/l/1"] = (404, GONE)
    meanwhile(claim)
    row = check()
    assert (row.flag.status, Observation.objects.count()) == ("claimed_removed", 1)
    assert check().flag.status == "removed"


def test_a_flag_dismissed_and_opened_again_goes_on_being_checked(
    takedown: Takedown, shop: AnsweringShop, check: Callable[[], Takedown], moderator_a: User, manager_a: User
) -> None:
    shop.pages["/l/1"] = (404, GONE)
    check()
    flag = Flag.objects.get(pk=takedown.flag_id)
    given = {"kind": "not_the_product", "reason": "not_affected", "note": "Another one"}
    listings.decide(flag=flag, seen=listings.seen_token(flag), actor=Actor.person(moderator_a), **given)
    assert now_planned(takedown) is None
    flag.refresh_from_db()
    change_status(flag, FlagStatus.OPEN, actor=Actor.system("overruled"), reason="It is the product")
    shop.pages["/l/1"] = (200, LIVE)
    assert check().flag.status == "open"


def test_a_listing_moved_in_the_middle_of_its_second_check_is_found_at_its_new_page(
    takedown: Takedown, shop: AnsweringShop, check: Callable[[], Takedown], meanwhile: Any
) -> None:
    def move() -> None:
        Listing.objects.filter(pk=takedown.flag.listing_id).update(link=f"http://{shop.host}/l/2")

    shop.pages |= {"/l/1": (404, GONE), "/l/2": (200, LIVE)}
    check()
    meanwhile(move)
    check()
    row = check()
    assert (row.flag.status, Observation.objects.latest("pk").verdict) == ("open", "live")


def test_a_listing_renamed_in_the_middle_of_a_check_is_judged_by_both_titles_from_then_on(
    takedown: Takedown, shop: AnsweringShop, check: Callable[[], Takedown], meanwhile: Any
) -> None:
    def rename() -> None:
        Listing.objects.filter(pk=takedown.flag.listing_id).update(title="Page not found: a novel")

    meanwhile(rename)
    assert check().flag.status == "open"
    assert check().flag.status == "open"
    assert set(Observation.objects.values_list("verdict", flat=True)) == {"live"}


def test_a_listing_that_leaves_the_catalogue_in_the_middle_of_a_check_is_not_gone_by_that(
    takedown: Takedown, check: Callable[[], Takedown], meanwhile: Any
) -> None:
    meanwhile(lambda: Listing.objects.filter(pk=takedown.flag.listing_id).update(present=False))
    assert check().flag.status == "open"
    assert check().flag.status == "open"
    assert set(Observation.objects.values_list("verdict", flat=True)) == {"live"}


# --- times ----------------------------------------------------------------------------------------------------------


def test_two_checks_too_close_to_one_another_are_one(
    takedown: Takedown, shop: AnsweringShop, clock: time_machine.Traveller, officer: User
) -> None:
    shop.pages["/l/1"] = (404, GONE)
    for _ in range(20):
        services.check_now(takedown=takedown, actor=Actor.person(officer))
        assert services.observe_due() == 1
        clock.shift(timedelta(minutes=2))
    assert Observation.objects.filter(verdict="gone").count() == 20
    assert status_of(takedown) == "open"


def test_a_clock_that_was_set_back_does_not_hide_that_the_listing_was_on_sale_in_between(
    takedown: Takedown, shop: AnsweringShop, clock: time_machine.Traveller, officer: User
) -> None:
    """Gone at four; the clock is set back, on sale at three; gone at half past five: only that last one counts."""
    for at, answer in ((16, (404, GONE)), (15.1, (200, LIVE)), (17.5, (404, GONE))):
        clock.move_to(MONDAY.replace(hour=0) + timedelta(hours=at))
        HostPace.objects.all().delete()  # a host's next place waits until the clock is there again
        shop.pages["/l/1"] = answer
        CheckPlan.objects.filter(pk=takedown.pk).update(next_at=timezone.now())
        assert services.observe_due() == 1
    assert list(Observation.objects.order_by("pk").values_list("verdict", flat=True)) == ["gone", "live", "gone"]
    assert status_of(takedown) == "open"


# --- reports of the platform ----------------------------------------------------------------------------------------


def test_reports_of_a_platform_use_up_none_of_the_checks_after_proof(
    takedown: Takedown, shop: AnsweringShop, clock: time_machine.Traveller, moderator_a: User
) -> None:
    row = proved(takedown)
    planned = row.check_plan.next_at
    for _ in range(12):
        report(row, "gone", moderator_a)
    plan = CheckPlan.objects.get(pk=row.pk)
    assert (plan.checks_after_proof, plan.next_at) == (0, planned)
    clock.move_to(planned)
    assert services.observe_due() == 1
    assert status_of(row) == "open"  # it was on sale all the time


def test_full_feeds_without_the_listing_use_up_none_of_the_checks_after_proof(
    takedown: Takedown, clock: time_machine.Traveller, platform_a: Organisation
) -> None:
    row = proved(takedown)
    Listing.objects.filter(pk=row.flag.listing_id).update(present=False)
    for _ in range(9):
        clock.shift(timedelta(minutes=1))
        CatalogueImport.objects.create(platform=platform_a, kind="full", filename="all.csv", status=JobStatus.DONE)
        services.observe_feeds_due()
    assert Observation.objects.filter(source="feed").count() == 9
    plan = CheckPlan.objects.get(pk=row.pk)
    assert (plan.checks_after_proof, plan.next_at) == (0, row.check_plan.next_at)


@pytest.mark.parametrize("state", ["open", "claimed_removed", "removed"])
@pytest.mark.parametrize("verdict", ["unknown", "gone", "restricted"])
def test_reports_of_a_platform_put_no_check_off(
    state: str, verdict: str, takedown: Takedown, clock: time_machine.Traveller, moderator_a: User
) -> None:
    row = takedown
    if state == "removed":
        row = proved(takedown)
    elif state == "claimed_removed":
        flag = Flag.objects.get(pk=takedown.flag_id)
        given = {"kind": "removed", "reason": "", "note": ""}
        listings.decide(flag=flag, seen=listings.seen_token(flag), actor=Actor.person(moderator_a), **given)
    planned = now_planned(takedown)
    assert planned is not None
    for _ in range(8):
        clock.shift(timedelta(seconds=5))
        report(row, verdict, moderator_a)
        moved = now_planned(takedown)
        assert moved is not None
        assert moved <= planned


def test_a_report_does_not_hide_that_a_check_breaks(takedown: Takedown, moderator_a: User) -> None:
    CheckPlan.objects.filter(pk=takedown.pk).update(attempts=9, next_at=None, error="ValueError: bad page")
    report(takedown, "gone", moderator_a)
    plan = CheckPlan.objects.get(pk=takedown.pk)
    assert (plan.attempts, plan.next_at, plan.error) == (9, None, "ValueError: bad page")
    assert "no longer checked" in services.watch_clocks().problem


# --- who fills the rate of a host -----------------------------------------------------------------------------------


def test_check_now_pressed_sixty_times_for_one_listing_is_one_check(
    takedown: Takedown, shop: AnsweringShop, officer: User
) -> None:
    services.check_now(takedown=takedown, actor=Actor.person(officer))
    for _ in range(60):
        with pytest.raises(ValidationError, match="1 minute"):
            services.check_now(takedown=takedown, actor=Actor.person(officer))
    assert services.observe_due() == 1
    assert shop.asked == ["/l/1"]


def test_sixty_listings_checked_now_leave_the_planned_check_of_a_late_flag_its_place(
    takedown: Takedown,
    shop: AnsweringShop,
    officer: User,
    platform_a: Organisation,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.CHECKS_PER_SECOND = 2
    monkeypatch.setattr("time.sleep", lambda _: None)
    for number in range(60):
        listing = ListingFactory(platform=platform_a, link=f"http://{shop.host}/many/{number}")
        row = services.start_clock(flag=FlagFactory(notice=takedown.flag.notice, listing=listing))
        services.check_now(takedown=row, actor=Actor.person(officer))
    CheckPlan.objects.filter(pk=takedown.pk).update(next_at=timezone.now() - timedelta(seconds=1))
    services.observe_due()
    assert takedown.observations.exists()


@pytest.mark.parametrize("state", ["open", "removed"])
def test_a_platform_that_claims_without_end_on_a_host_does_not_starve_the_planned_checks_there(
    state: str,
    takedown: Takedown,
    shop: AnsweringShop,
    platform_a: Organisation,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.CHECKS_PER_SECOND = 2
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setattr(removal_checks, "BATCH", 50)
    monkeypatch.setattr(removal_checks, "MAX_SECONDS", 120.0)  # three leases, also on a machine that others use
    if state == "removed":
        proved(takedown)
    for number in range(120):
        listing = ListingFactory(platform=platform_a, link=f"http://{shop.host}/many/{number}")
        flag = FlagFactory(notice=takedown.flag.notice, listing=listing, status="claimed_removed")
        services.start_clock(flag=flag)
    CheckPlan.objects.exclude(pk=takedown.pk).update(next_at=timezone.now() - timedelta(hours=1))
    CheckPlan.objects.filter(pk=takedown.pk).update(next_at=timezone.now())
    services.observe_due()
    assert takedown.observations.exists()
    assert Observation.objects.exclude(takedown=takedown).exists()
    ahead = HostPace.objects.get(host=shop.host).free_at - timezone.now()
    assert ahead <= removal_checks.WITHIN + timedelta(seconds=1)


def test_thousands_of_listings_of_one_host_delay_no_other_host(
    takedown: Takedown, shop: AnsweringShop, platform_a: Organisation, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CHECKS_PER_SECOND = 2
    monkeypatch.setattr("time.sleep", lambda _: None)
    notice = takedown.flag.notice
    rows = ListingFactory.create_batch(300, platform=platform_a, link="http://192.0.2.1:9/x")
    for listing in rows:
        services.start_clock(flag=FlagFactory(notice=notice, listing=listing, status="claimed_removed"))
    CheckPlan.objects.exclude(pk=takedown.pk).update(next_at=timezone.now() - timedelta(hours=1))
    CheckPlan.objects.filter(pk=takedown.pk).update(next_at=timezone.now())
    services.observe_due()
    assert takedown.observations.get().verdict == "live"
