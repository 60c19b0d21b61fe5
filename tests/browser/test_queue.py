"""The queue in a moderator's hands: what a phone shows after a decision, and what a lost session leaves on the page."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from enforcement import services as enforcement
from listings.models import Decision, Flag
from portal.models import Organisation, User
from tests.browser.accessible import problems
from tests.browser.conftest import Visit
from tests.factories import FlagFactory, ListingFactory
from tests.world import PopulatedSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
IN_SIGHT = """() => {
  const heading = document.querySelector("#flag-h"), box = heading.getBoundingClientRect();
  return document.activeElement === heading && box.top >= 0 && box.bottom <= innerHeight;
}"""
PHONE = 390


@pytest.fixture
def flags(populated_site: PopulatedSite, platform_a: Organisation) -> list[Flag]:
    """Three open flags, each with so much evidence that the form is far below the heading."""
    evidence = [
        {"signal": "same_gtin", "weight": 1.0, "says": f"Same GTIN {n}.", "recall_span": None, "listing_span": None}
        for n in range(40)
    ]
    rows = []
    for number in range(3):
        listing = ListingFactory(platform=platform_a, title=f"Heater {number}")
        row = FlagFactory(
            notice=populated_site.notice,
            listing=listing,
            opened_at=timezone.now(),
            evidence=evidence,
            listing_as_flagged={"title": listing.title},
        )
        enforcement.start_clock(flag=row)
        rows.append(row)
    return rows


def heading(page: Page) -> str:
    return page.locator("#flag-h").inner_text()


def test_on_a_phone_the_next_flag_is_seen_before_it_is_decided(
    flags: list[Flag], moderator_a: User, visit: Callable[..., Visit]
) -> None:
    seen = visit(moderator_a, width=PHONE)
    page = seen.open("/queue/")
    before = heading(page)
    page.click("label[for=d-removed]")
    page.click("button:has-text('Decide and next')")
    page.wait_for_function("title => document.querySelector('#flag-h')?.innerText !== title", arg=before)
    page.wait_for_function(IN_SIGHT)
    assert Decision.objects.count() == 1
    shown = heading(page)
    page.locator(".wb-jump").click()
    subject = page.locator(".wb-subject")
    expect(subject).to_be_in_viewport()
    expect(subject).to_contain_text(shown)
    assert problems(page) == []
    assert seen.complaints == []


def test_on_a_phone_another_flag_of_the_list_is_shown_from_its_heading(
    flags: list[Flag], moderator_a: User, visit: Callable[..., Visit]
) -> None:
    page = visit(moderator_a, width=PHONE).open("/queue/")
    before = heading(page)
    page.locator(".wb-item a").last.scroll_into_view_if_needed()
    page.locator(".wb-item a").last.click()
    page.wait_for_function("title => document.querySelector('#flag-h').innerText !== title", arg=before)
    page.wait_for_function(IN_SIGHT)


def test_on_a_wide_screen_the_subject_is_not_repeated(
    flags: list[Flag], moderator_a: User, visit: Callable[..., Visit]
) -> None:
    page = visit(moderator_a).open("/queue/")
    expect(page.locator(".wb-subject")).to_be_hidden()
    page.keyboard.press("j")
    page.wait_for_function("() => document.activeElement.id === 'flag-h'")


def test_a_refused_decision_stays_in_the_queue_and_the_next_one_goes_on(
    flags: list[Flag], moderator_a: User, visit: Callable[..., Visit]
) -> None:
    seen = visit(moderator_a)
    page = seen.open("/queue/")
    before, listed = heading(page), page.locator(".wb-item").count()
    page.keyboard.press("3")
    page.keyboard.press("d")
    page.wait_for_selector("text=Choose why it is not the product")
    assert (heading(page), page.locator(".wb-item").count()) == (before, listed)
    expect(page.locator(".wb-pager")).to_contain_text(f"1 of {listed}")
    page.keyboard.press("1")
    page.keyboard.press("d")
    page.wait_for_function("title => document.querySelector('#flag-h').innerText !== title", arg=before)
    assert [row.kind for row in Decision.objects.all()] == ["removed"]
    assert [line for line in seen.complaints if "422" not in line] == []


def test_after_a_lost_session_one_signs_in_and_finds_the_decision_chosen(
    flags: list[Flag], moderator_a: User, visit: Callable[..., Visit]
) -> None:
    seen = visit(moderator_a)
    page = seen.open("/queue/")
    before = heading(page)
    page.keyboard.press("4")
    page.fill("#id_note", "Ask them once more")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    page.click("button:has-text('Decide and next')")
    page.wait_for_selector("h1:has-text('Signed out')")
    expect(page.locator(".wb-top")).not_to_contain_text("Sign out")
    expect(page.locator("main")).to_contain_text("Ask them once more")
    page.locator("main").get_by_role("link", name="Sign in").click()
    page.fill("#id_username", moderator_a.email)
    page.fill("#id_password", "correct horse battery staple")
    page.click("main button:has-text('Sign in')")
    page.wait_for_selector("#flag-h")
    assert heading(page) == before
    expect(page.locator("#d-ask_seller")).to_be_checked()
    assert not Decision.objects.exists()


def test_the_question_for_the_seller_is_asked_for_where_asking_is_chosen(
    flags: list[Flag], moderator_a: User, visit: Callable[..., Visit]
) -> None:
    page = visit(moderator_a).open("/queue/")
    expect(page.locator("#id_question")).to_be_hidden()
    page.keyboard.press("4")
    expect(page.locator("#id_question")).to_be_visible()
    page.fill("#id_question", "Which lot is it?")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=/Flag \\d+: ask the seller/")
    assert Decision.objects.get().question == "Which lot is it?"
