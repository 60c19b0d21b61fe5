"""A listing whose catalogue names another page since it was flagged: both pages count."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from enforcement import services
from enforcement.checks.fetch import Capture
from enforcement.checks.services import removal_checks
from enforcement.models import CheckPlan, HostPace, Observation, Takedown
from listings.models import Decision, Flag, Listing
from listings.services.flags import as_flagged, as_flagged_again
from portal.models import Organisation
from tests.enforcement.shop import AnsweringShop, serving
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
TITLE = "Hearthline HL-200R ceramic tower heater 1500 W"
OFFER = f"<html><title>{TITLE}</title><body><h1>{TITLE}</h1><p class=price>29.90 EUR</p><button>Add to cart</button></body></html>"
REMOVED = "<html><body><h1>This listing was removed</h1></body></html>"
LAMP = "<html><title>Lamp</title><body><h1>Quiet reading lamp</h1><p class=price>9.90 EUR</p><button>Add to cart</button></body></html>"
WALL = "<html><body><h1>Are you a robot?</h1><p>Prove that you are human to continue.</p></body></html>"


@pytest.fixture
def shop(settings: Any) -> Iterator[AnsweringShop]:
    settings.CHECKS_PER_SECOND = 1000
    for server in serving(AnsweringShop()):
        settings.FETCH_ALLOWED_PRIVATE = [server.host]
        server.pages = {"/l/lamp": (200, LAMP), "/l/heater": (200, OFFER), "/l/moved": (410, REMOVED)}
        yield server


@pytest.fixture
def takedown(shop: AnsweringShop, regulator: Organisation, platform_a: Organisation) -> Takedown:
    """A removal was claimed; since it was flagged at /l/heater, the catalogue says that the listing is at /l/moved."""
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, sent_at=timezone.now())
    ListingFactory(platform=platform_a, title="Quiet reading lamp", link=f"http://{shop.host}/l/lamp")
    listing = ListingFactory(platform=platform_a, title=TITLE, link=f"http://{shop.host}/l/heater")
    flag = FlagFactory(notice=notice, listing=listing, status="claimed_removed", listing_as_flagged=as_flagged(listing))
    row = services.start_clock(flag=flag)
    Listing.objects.filter(pk=listing.pk).update(link=f"http://{shop.host}/l/moved")
    return row


@pytest.fixture
def check(takedown: Takedown) -> Callable[[], Observation]:
    def checked() -> Observation:
        CheckPlan.objects.filter(pk=takedown.pk).update(next_at=timezone.now())
        services.observe_due()
        return Observation.objects.filter(takedown=takedown).latest("pk")

    return checked


def status_of(takedown: Takedown) -> str:
    return Flag.objects.get(pk=takedown.flag_id).status


def test_an_address_that_was_changed_to_a_page_that_is_gone_hides_no_offer(
    check: Callable[[], Observation], takedown: Takedown, shop: AnsweringShop
) -> None:
    seen = check()
    assert (seen.verdict, seen.url) == ("live", f"http://{shop.host}/l/heater")
    assert seen.detail.startswith("At the address under which it was flagged: ")
    assert seen.extracted["other_page"].startswith(f"http://{shop.host}/l/moved: gone, 410.")
    assert status_of(takedown) == "open"


def test_a_flag_that_opened_again_at_another_address_remembers_the_first(
    check: Callable[[], Observation], takedown: Takedown, shop: AnsweringShop
) -> None:
    """It was dismissed, moved and flagged again, so that the page of now is the one as flagged."""
    flag, listing = Flag.objects.get(pk=takedown.flag_id), Listing.objects.get(pk=takedown.flag.listing_id)
    for _ in range(2):
        flag.listing_as_flagged = as_flagged_again(flag, listing)
        flag.save()
    assert flag.listing_as_flagged["link"] == listing.page_url == f"http://{shop.host}/l/moved"
    seen = check()
    assert (seen.verdict, seen.url) == ("live", f"http://{shop.host}/l/heater")


def test_a_decision_that_was_taken_while_the_pages_were_asked_outdates_both(
    takedown: Takedown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pages were asked before the removal was claimed: what they showed says nothing against it."""
    checks = removal_checks.pages_as_flagged

    def decided_meanwhile(*given: Any, **more: Any) -> Any:
        found = checks(*given, **more)
        Decision.objects.create(
            flag_id=takedown.flag_id, kind="removed", score=0.9, at=timezone.now() - timedelta(hours=1)
        )
        return found

    monkeypatch.setattr(removal_checks, "pages_as_flagged", decided_meanwhile)
    CheckPlan.objects.filter(pk=takedown.pk).update(next_at=timezone.now())
    services.observe_due()
    assert Observation.objects.get().verdict == "live"
    assert status_of(takedown) == "claimed_removed"


def test_where_the_page_as_flagged_was_not_read_nothing_is_proved(
    check: Callable[[], Observation], takedown: Takedown, shop: AnsweringShop
) -> None:
    shop.pages["/l/heater"] = (403, WALL)
    seen = check()
    assert (seen.verdict, seen.rule) == ("unknown", "flagged_page")
    assert "another address since it was flagged" in seen.detail
    assert status_of(takedown) == "claimed_removed"


@pytest.mark.parametrize("answer", [(410, REMOVED), (404, "")], ids=["says so", "bare 404, found by the controls"])
def test_a_removal_is_seen_where_both_pages_are_gone(
    check: Callable[[], Observation], shop: AnsweringShop, answer: tuple[int, str]
) -> None:
    shop.pages["/l/heater"] = answer
    seen = check()
    assert (seen.verdict, seen.url) == ("gone", f"http://{shop.host}/l/moved")
    assert seen.extracted["other_page"].startswith(f"http://{shop.host}/l/heater: gone, {answer[0]}.")


def test_another_title_in_the_catalogue_makes_no_offer_a_removal(
    check: Callable[[], Observation], takedown: Takedown, shop: AnsweringShop
) -> None:
    """By its title a listing's own offer is told from others on a page that says "ended": the title is the platform's."""
    order = f"<p>This listing has ended.</p><p>{TITLE}. Call to order: +49 170 1234567, 24.90 EUR.</p>"
    page = f"<html><title>{TITLE}</title><body><main><h1>{TITLE}</h1>{order}</main></body></html>"
    shop.pages |= {"/l/moved": (200, page), "/l/heater": (200, page)}
    assert check().verdict != "gone"
    for title in ("Zzyx qwprt", "removed"):
        Listing.objects.filter(pk=takedown.flag.listing_id).update(title=title)
        seen = check()
        assert seen.verdict != "gone", seen.detail
    assert status_of(takedown) in {"claimed_removed", "open"}


def test_a_page_that_shows_the_offer_is_enough(check: Callable[[], Observation], shop: AnsweringShop) -> None:
    shop.pages["/l/moved"] = (200, OFFER)
    assert check().verdict == "live"
    assert "/l/heater" not in shop.asked


def test_a_listing_without_an_address_now_is_judged_by_the_page_as_flagged(
    check: Callable[[], Observation], takedown: Takedown
) -> None:
    Listing.objects.filter(pk=takedown.flag.listing_id).update(link="")
    Organisation.objects.update(listing_url_pattern="")
    assert check().verdict == "live"


def test_a_host_that_may_not_be_asked_now_leaves_it_unknown(
    check: Callable[[], Observation], takedown: Takedown, shop: AnsweringShop, settings: Any
) -> None:
    for other in serving(AnsweringShop()):
        settings.FETCH_ALLOWED_PRIVATE = [shop.host, other.host]
        other.otherwise = (410, REMOVED)
        Listing.objects.filter(pk=takedown.flag.listing_id).update(link=f"http://{other.host}/away")
        HostPace.objects.update_or_create(host=shop.host, defaults={"free_at": timezone.now() + timedelta(minutes=5)})
        seen = check()
        assert (seen.verdict, seen.rule) == ("unknown", "flagged_page")


def test_a_browser_sees_both_pages_too(takedown: Takedown, shop: AnsweringShop, settings: Any) -> None:
    settings.BROWSER_CHECKS = True
    shell = "<html><head><title></title></head><body><div id=root></div><script src=/app.js></script></body></html>"
    shop.pages |= {"/l/moved": (200, shell), "/l/heater": (200, shell)}
    CheckPlan.objects.filter(pk=takedown.pk).update(next_at=timezone.now())
    services.observe_due()
    drawn = {"/l/moved": REMOVED, "/l/heater": OFFER, "/l/lamp": LAMP}

    def render(url: str) -> Any:
        page = drawn[urlsplit(url).path].encode()
        return Capture(url, timezone.now(), 200, url, headers={"content-type": "text/html"}, body=page), b""

    assert services.browser_checks_due(render) == 1
    seen = Observation.objects.filter(takedown=takedown).latest("pk")
    assert (seen.verdict, seen.url) == ("live", f"http://{shop.host}/l/heater")
