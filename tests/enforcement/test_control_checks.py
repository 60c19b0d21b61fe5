"""Control checks: a shop's answers for an impossible address and for a listing on sale show what its answer is worth."""

import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.utils import timezone

from enforcement import services
from enforcement.checks.captures import canonical_capture
from enforcement.models import CheckPlan, ControlCheck, Observation, Takedown
from enforcement.rules.similarity import compare, impossible_address, print_of
from enforcement.rules.verdict import Answer
from listings.models import Listing
from portal.models import Organisation
from tests.enforcement.shop import AnsweringShop, serving
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
MENU = "<nav><a>Uno</a><a>Duo</a></nav><footer>Societas mercatorum, via longa septima</footer>"
# A language that the lexicon does not know: only the comparison can tell.
MISSING = f"<html><title>Emporium</title><body>{MENU}<main><h2>Hoc quod quaeris apud nos iam non invenitur</h2><p>Alia placebunt tibi</p></main></html>"
WARES = (
    "<p class=price>29.90 EUR</p><button>Add to cart</button><ul class=facts><li>Blue wool</li><li>Two years</li></ul>"
)


def on_sale(title: str) -> str:
    return f"<html><head><title>{title}</title></head><body>{MENU}<main><h1>{title}</h1>{WARES}</main></body></html>"


@pytest.fixture
def shop(settings: Any) -> Iterator[AnsweringShop]:
    for server in serving(AnsweringShop()):
        settings.FETCH_ALLOWED_PRIVATE = [server.host]
        settings.CHECKS_PER_SECOND = 1000
        yield server


@pytest.fixture
def case(shop: AnsweringShop, regulator: Organisation, platform_a: Organisation) -> Callable[..., Takedown]:
    """A takedown that is due to be checked, next to a listing on the same host that is on sale."""

    def opened(*, known: bool = True, number: int = 4711) -> Takedown:
        notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, sent_at=timezone.now())
        if known:
            other = ListingFactory(
                platform=platform_a, title="Quiet reading lamp", link=f"http://{shop.host}/l/lamp-77"
            )
            shop.pages["/l/lamp-77"] = (200, on_sale(other.title))
        listing = ListingFactory(
            platform=platform_a, external_id=f"heat-{number}", link=f"http://{shop.host}/l/heat-{number}"
        )
        takedown = services.start_clock(flag=FlagFactory(notice=notice, listing=listing, status="claimed_removed"))
        CheckPlan.objects.update(next_at=timezone.now())
        return takedown

    return opened


def test_a_removal_in_an_unknown_language_is_found_by_comparison(
    shop: AnsweringShop, case: Callable[..., Takedown]
) -> None:
    takedown, shop.otherwise = case(), (404, MISSING)
    services.observe_due()
    seen = Observation.objects.get(takedown=takedown)
    assert (seen.verdict, seen.rule) == ("gone", "like_impossible")
    assert seen.control.finding == "readable"
    assert seen.control.impossible_url.startswith(f"http://{shop.host}/l/heat-4711")
    assert seen.control.live_title == "Quiet reading lamp"
    assert seen.control.impossible_digest in canonical_capture(seen).decode()
    assert seen.control.live_digest in canonical_capture(seen).decode()


def test_a_bare_404_is_gone_only_where_the_shop_answers_so_for_an_impossible_address(
    shop: AnsweringShop, case: Callable[..., Takedown]
) -> None:
    takedown, shop.otherwise = case(), (404, "")
    services.observe_due()
    assert Observation.objects.get(takedown=takedown).rule == "like_impossible"


def test_a_shop_that_answers_404_to_us_for_everything_proves_nothing_and_is_reported(
    shop: AnsweringShop, case: Callable[..., Takedown]
) -> None:
    takedown = case()
    shop.pages.clear()
    shop.otherwise = (404, "<html><body><h1>Page not found</h1></body></html>")
    services.observe_due()
    seen = Observation.objects.get(takedown=takedown)
    assert (seen.verdict, seen.rule, seen.control.finding) == ("unknown", "host_unreadable", "unreadable")
    assert [row.host for row in services.unreadable_hosts()] == [shop.host]
    assert Takedown.objects.get(pk=takedown.pk).status == "running"


def test_a_shop_that_tells_us_of_every_listing_that_it_is_gone_proves_nothing_however_its_pages_differ(
    shop: AnsweringShop, case: Callable[..., Takedown]
) -> None:
    takedown = case()

    class Babble(dict[str, tuple[int, str]]):
        def get(self, key: str, default: Any = None) -> tuple[int, str]:
            words = "".join(f"<i class='{secrets.token_hex(3)}'>{secrets.choice('abcdef') * 9}</i>" for _ in range(60))
            return 404, f"<html><body><h1>Page not found</h1><p>{key}</p>{words}</body></html>"

    shop.pages = Babble()
    services.observe_due()
    seen = Observation.objects.get(takedown=takedown)
    assert (seen.verdict, seen.rule, seen.control.finding) == ("unknown", "host_unreadable", "unreadable")


@pytest.mark.parametrize(
    "more",
    [
        '<div data-product=\'{{"name": "{title}", "price": 19}}\'></div><script src=\'/draw.js\'></script>',
        "<p><a href='/l/other-1'>{title}</a></p>",
        "<script>location.replace('/l/other-1')</script>",
    ],
)
def test_a_page_that_still_holds_the_listing_is_not_gone_because_an_impossible_address_looks_alike(
    more: str, shop: AnsweringShop, case: Callable[..., Takedown]
) -> None:
    takedown, missing = (
        case(),
        f"<html><body>{MENU}<h1>Page not found</h1><p>Alia placebunt tibi apud nos</p>{{}}</body></html>",
    )
    shop.otherwise = (404, missing.format(""))
    title = takedown.flag.listing.title
    shop.pages["/l/heat-4711"] = (404, missing.format(more.format(title=title)))
    services.observe_due()
    seen = Observation.objects.get(takedown=takedown)
    assert (seen.verdict, seen.control.finding) == ("unknown", "readable")


def test_a_clear_removal_stays_confirmed_with_a_control_that_finds_a_difference(
    shop: AnsweringShop, case: Callable[..., Takedown]
) -> None:
    takedown, shop.otherwise = case(), (404, "<html><body><h1>Page not found</h1></body></html>")
    services.observe_due()
    seen = Observation.objects.get(takedown=takedown)
    assert (seen.verdict, seen.rule, seen.control.finding) == ("gone", "not_found", "readable")


def test_an_unknown_bot_wall_for_one_listing_is_not_a_removal(
    shop: AnsweringShop, case: Callable[..., Takedown]
) -> None:
    takedown, shop.otherwise = case(), (404, MISSING)
    shop.pages["/l/heat-4711"] = (
        404,
        "<html><body><div class=porta><p>Quis es? Ostende te hominem esse</p><form><input></form></div></body></html>",
    )
    services.observe_due()
    assert Observation.objects.get(takedown=takedown).verdict == "unknown"


def test_without_a_listing_known_to_be_on_sale_there_is_no_comparison(
    shop: AnsweringShop, case: Callable[..., Takedown]
) -> None:
    takedown, shop.otherwise = case(known=False), (404, MISSING)
    services.observe_due()
    seen = Observation.objects.get(takedown=takedown)
    assert (seen.verdict, seen.control.finding) == ("unknown", "no_listing")


def test_a_flagged_listing_is_never_the_one_that_is_known_to_be_on_sale(
    shop: AnsweringShop, case: Callable[..., Takedown], regulator: Organisation, platform_a: Organisation
) -> None:
    takedown, shop.otherwise = case(), (404, MISSING)
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a, sent_at=timezone.now())
    FlagFactory(notice=notice, listing=Listing.objects.get(title="Quiet reading lamp"))
    services.observe_due()
    assert Observation.objects.get(takedown=takedown).control.finding == "no_listing"


def test_a_host_is_asked_once_for_many_checks_and_no_sooner_again_than_ten_minutes_later(
    shop: AnsweringShop, case: Callable[..., Takedown]
) -> None:
    for number in range(3):
        case(known=not number, number=4711 + number)
    shop.otherwise = (404, MISSING)
    services.observe_due()
    assert ControlCheck.objects.count() == 1
    assert len(shop.asked) == 3 + 2
    CheckPlan.objects.update(next_at=timezone.now())
    services.observe_due()
    assert ControlCheck.objects.count() == 1
    ControlCheck.objects.update(at=timezone.now() - timedelta(minutes=11))
    CheckPlan.objects.update(next_at=timezone.now())
    services.observe_due()
    assert ControlCheck.objects.count() == 2


def test_a_control_check_that_breaks_leaves_the_check_as_it_was(
    shop: AnsweringShop, case: Callable[..., Takedown], monkeypatch: pytest.MonkeyPatch
) -> None:
    takedown, shop.otherwise = case(), (404, "<html><body><h1>Page not found</h1></body></html>")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("poison")

    monkeypatch.setattr("enforcement.checks.services.control_checks._finding", broken)
    services.observe_due()
    seen = Observation.objects.get(takedown=takedown)
    assert (seen.verdict, seen.control) == ("gone", None)


@pytest.mark.parametrize(("listing_id", "url"), [("4711", "https://a.example/i/4711?x=1"), ("A b", "https://a.example/i/A%20b"), ("zz", "https://a.example/other/p")])  # fmt: skip
def test_the_address_that_cannot_exist_is_like_the_listings_and_new_each_time(listing_id: str, url: str) -> None:
    made = {impossible_address(url, listing_id) for _ in range(20)}
    assert len(made) == 20
    for address in made:
        assert address.startswith("https://a.example/")
        assert len(address.rpartition("/")[2]) >= 12
        if listing_id == "4711":
            assert address.partition("/i/")[2].partition("?")[0].isdigit()


def _printed(status: int, html: str, path: str, *echoes: str) -> Any:
    url = f"https://shop.example{path}"
    return print_of(Answer(status, url, url, {}, html), echoes=echoes)


def test_nonces_times_and_echoes_do_not_make_two_pages_different() -> None:
    def missing(path: str, title: str, nonce: str, at: str) -> str:
        return (
            f"<html><body>{MENU}<main class='m-{nonce}'><h2>Non invenimus {title}</h2><p>Pagina {path} abest, {at}</p>"
            f"<input name=token value={nonce}><small>{nonce}</small></main></body></html>"
        )

    title = "Ceramic tower heater"
    target = _printed(404, missing("/l/heat-4711", title, "9f3a77c1", "12:03:44"), "/l/heat-4711", title)
    impossible = _printed(404, missing("/l/heat-4711xk", "", "77be01aa9", "12:03:59"), "/l/heat-4711xk")
    live = _printed(200, on_sale("Quiet reading lamp"), "/l/lamp-77", "Quiet reading lamp")
    assert compare(target, impossible=impossible, live=live) == "impossible"
    assert compare(live, impossible=impossible, live=live) == "live"
    assert compare(impossible, impossible=impossible, live=impossible) == "all_alike"


def test_a_listing_that_is_no_longer_on_sale_does_not_make_a_shop_unreadable(
    shop: AnsweringShop, case: Callable[..., Takedown], platform_a: Organisation
) -> None:
    takedown, shop.otherwise = case(), (404, MISSING)
    ListingFactory(platform=platform_a, title="Sold chair", link=f"http://{shop.host}/l/chair-1")  # newest, and gone
    services.observe_due()
    seen = Observation.objects.get(takedown=takedown)
    assert (seen.verdict, seen.control.finding) == ("gone", "readable")
    assert seen.control.live_title == "Quiet reading lamp"


def test_what_another_platform_says_about_a_host_decides_nothing_there_for_this_one(
    shop: AnsweringShop, case: Callable[..., Takedown], regulator: Organisation, platform_b: Organisation
) -> None:
    """Platform B lists addresses on A's host that never were, has one of them "removed", and so finds the host unreadable."""
    removed = (404, "<html><body><h1>Page not found</h1></body></html>")
    takedown, shop.otherwise = case(), removed
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_b, sent_at=timezone.now())
    ListingFactory(platform=platform_b, title="Never was", link=f"http://{shop.host}/l/never-was", seller="b")
    listing = ListingFactory(platform=platform_b, external_id="secret-of-b", link=f"http://{shop.host}/l/secret-of-b")
    other = services.start_clock(flag=FlagFactory(notice=notice, listing=listing, status="claimed_removed"))
    for row in (other, takedown):
        CheckPlan.objects.filter(pk=row.pk).update(next_at=timezone.now())
        CheckPlan.objects.exclude(pk=row.pk).update(next_at=None)
        services.observe_due()
    assert Observation.objects.get(takedown=other).rule == "host_unreadable"
    seen = Observation.objects.get(takedown=takedown)
    assert (seen.verdict, seen.rule, seen.control.finding) == ("gone", "not_found", "readable")
    assert "secret-of-b" not in canonical_capture(seen).decode()


def test_platforms_on_one_host_whose_checks_are_due_together_have_a_control_check_each(
    shop: AnsweringShop, case: Callable[..., Takedown], regulator: Organisation, platform_b: Organisation
) -> None:
    takedown, shop.otherwise = case(), (404, "<html><body><h1>Page not found</h1></body></html>")
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_b, sent_at=timezone.now())
    ListingFactory(platform=platform_b, title="Never was", link=f"http://{shop.host}/l/never-was", seller="b")
    listing = ListingFactory(platform=platform_b, link=f"http://{shop.host}/l/of-b")
    other = services.start_clock(flag=FlagFactory(notice=notice, listing=listing, status="claimed_removed"))
    CheckPlan.objects.update(next_at=timezone.now())
    services.observe_due()
    found = {seen.takedown_id: seen.verdict for seen in Observation.objects.all()}
    assert found == {takedown.pk: "gone", other.pk: "unknown"}
    assert ControlCheck.objects.count() == 2


def test_a_shop_that_says_gone_of_everything_in_other_words_each_time_proves_nothing(
    shop: AnsweringShop, case: Callable[..., Takedown]
) -> None:
    takedown = case()
    words = map("".join, product("abcdefghij", repeat=4))

    def filler() -> str:
        items = "".join(f"<li class={next(words)}>{next(words)} {next(words)}</li>" for _ in range(6))
        return f"<html><body><h1>This listing was removed</h1><ul>{items}</ul></body></html>"

    class Changing(dict[str, tuple[int, str]]):
        def get(self, _path: str, _otherwise: object = None) -> tuple[int, str]:
            return (410, filler())

    shop.pages = Changing()
    services.observe_due()
    seen = Observation.objects.get(takedown=takedown)
    assert (seen.verdict, seen.rule, seen.control.finding) == ("unknown", "host_unreadable", "unreadable")


def test_a_flood_of_one_sellers_dead_listings_does_not_make_a_shop_unreadable(
    shop: AnsweringShop, case: Callable[..., Takedown], platform_a: Organisation
) -> None:
    takedown, shop.otherwise = case(), (404, "<html><body><h1>Page not found</h1></body></html>")
    Listing.objects.filter(title="Quiet reading lamp").update(seller="Honest lamps")
    for number in range(60):
        link = f"http://{shop.host}/l/dead-{number}"
        ListingFactory(
            platform=platform_a,
            title=f"Chair {number}",
            link=link,
            seller="Dead  Links" if number % 2 else "DEAD links",
        )
    services.observe_due()
    seen = Observation.objects.get(takedown=takedown)
    assert (seen.verdict, seen.control.finding, seen.control.live_title) == ("gone", "readable", "Quiet reading lamp")
