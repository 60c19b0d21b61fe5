"""The three people's main paths, with mouse and keyboard, with and without JavaScript."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Route, expect
from pytest_django.live_server_helper import LiveServer

from enforcement import services as enforcement
from enforcement.models import Policy
from enforcement.services import PolicyContent, create_policy
from listings.models import Flag
from portal.identity.actors import Actor
from portal.models import Organisation, User
from recalls.models import Notice, Recall
from tests.browser.conftest import Visit
from tests.browser.trees import check_tree
from tests.factories import FlagFactory, ListingFactory
from tests.world import CANARY, PopulatedSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_moderator_clears_flags_by_keyboard_alone(
    populated_site: PopulatedSite, moderator_a: User, platform_a: Organisation, visit: Callable[..., Visit]
) -> None:
    for _ in range(3):
        row = FlagFactory(
            notice=populated_site.notice,
            listing=ListingFactory(platform=platform_a),
            opened_at=timezone.now(),
            listing_as_flagged={"title": "x"},
        )
        enforcement.start_clock(flag=row)
    seen = visit(moderator_a)
    page = seen.open("/queue/")
    assert page.locator(".wb-item").count() == 4
    check_tree(page, "moderator-queue")
    first = page.locator("#flag-h").inner_text()
    page.keyboard.press("j")
    page.wait_for_function("title => document.querySelector('#flag-h').innerText !== title", arg=first)
    page.keyboard.press("k")
    page.wait_for_function("title => document.querySelector('#flag-h').innerText === title", arg=first)
    page.keyboard.press("c")
    page.wait_for_selector("text=Claimed by you")
    page.keyboard.press("1")
    page.keyboard.press("d")
    page.wait_for_selector("text=/Flag \\d+: removed/")
    for _ in range(3):
        page.keyboard.press("3")
        page.keyboard.press("r")
        page.keyboard.type("acc")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        page.keyboard.press("d")
        page.wait_for_selector("text=/Flag \\d+: not the product/")
    page.wait_for_selector("text=Queue clear")
    assert sorted(Flag.objects.values_list("status", flat=True)) == [
        "claimed_removed",
        "dismissed",
        "dismissed",
        "dismissed",
    ]
    check_tree(page, "moderator-queue-clear")
    assert seen.complaints == []


def test_the_next_flag_is_there_at_once_and_a_decision_can_be_undone(
    populated_site: PopulatedSite,
    moderator_a: User,
    platform_a: Organisation,
    visit: Callable[..., Visit],
    settings: Any,
) -> None:
    settings.UNDO_SECONDS = 60
    for number in range(4):
        row = FlagFactory(
            notice=populated_site.notice,
            listing=ListingFactory(platform=platform_a, title=f"Heater {number}"),
            opened_at=timezone.now(),
            listing_as_flagged={"title": f"Heater {number}"},
        )
        enforcement.start_clock(flag=row)
    seen = visit(moderator_a)
    page = seen.open("/queue/")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    for _ in range(3):
        page.wait_for_selector("a[data-ahead][data-held]")
        before = page.locator("#flag-h").inner_text()
        page.route("**/queue/**", hold)
        page.keyboard.press("j")  # it is shown from memory: the server answers nothing meanwhile
        page.wait_for_function("title => document.querySelector('#flag-h').innerText !== title", arg=before)
        while held:
            held.pop().continue_()
        page.unroute("**/queue/**")  # lets go what was asked for since
        held.clear()
    decided = page.locator("#flag-h").inner_text()
    page.keyboard.press("1")
    page.keyboard.press("d")
    page.wait_for_selector(".wb-undo")
    assert Flag.objects.filter(status="claimed_removed").count() == 1
    assert page.locator("#flag-h").inner_text() != decided
    page.keyboard.press("u")
    page.wait_for_selector("text=1 decision undone")
    assert (page.locator("#flag-h").inner_text(), page.locator(".wb-undo").count()) == (decided, 0)
    assert not Flag.objects.filter(status="claimed_removed").exists()
    assert seen.complaints == []


def test_a_jump_to_the_decision_keeps_what_is_typed(
    populated_site: PopulatedSite, moderator_a: User, visit: Callable[..., Visit]
) -> None:
    page = visit(moderator_a, width=390).open("/queue/")
    page.fill("#id_note", "half a thought")
    page.click(".wb-jump")
    page.click(".wb-jump")
    page.go_back()
    page.wait_for_timeout(500)
    assert page.input_value("#id_note") == "half a thought"


def test_a_decision_without_a_reason_keeps_the_note_and_puts_the_focus_on_the_error(
    populated_site: PopulatedSite, moderator_a: User, visit: Callable[..., Visit]
) -> None:
    page = visit(moderator_a).open("/queue/")
    page.click("label[for=d-not_the_product]")
    page.fill("#id_note", "looks like a fan")
    page.click("button:has-text('Decide and next')")
    page.wait_for_selector("text=Choose why it is not the product")
    assert page.input_value("#id_note") == "looks like a fan"
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    assert Flag.objects.get().status == "open"


def test_a_flag_handed_over_to_no_one_keeps_what_is_typed_there_and_in_the_decision(
    populated_site: PopulatedSite, moderator_a: User, second_moderator_a: User, visit: Callable[..., Visit]
) -> None:
    page = visit(moderator_a).open("/queue/")
    page.fill("#id_note", "half a thought")
    page.click("summary:has-text('Hand over')")
    page.fill("#hand_note", "You know heaters.")
    page.evaluate("document.querySelector('#hand_to').required = false")  # past the browser's own check
    page.click("#claim button:has-text('Hand over')")
    page.wait_for_selector("text=Choose a colleague to hand the flag to.")
    assert page.input_value("#hand_note") == "You know heaters."
    assert page.input_value("#id_note") == "half a thought"
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    page.select_option("#hand_to", label=second_moderator_a.name)
    page.click("#claim button:has-text('Hand over')")
    page.wait_for_selector("text=/You handed flag \\d+ to Li Wen/")
    assert Flag.objects.get().claimed_by == second_moderator_a


def test_the_keyboard_help_opens_and_the_keys_can_be_switched_off(
    populated_site: PopulatedSite, moderator_a: User, visit: Callable[..., Visit]
) -> None:
    page = visit(moderator_a).open("/queue/")
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()
    page.click("label[for=keys-on]")
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    page.wait_for_timeout(300)
    assert Flag.objects.get().claimed_by is None


def test_a_regulator_writes_publishes_and_sends_a_recall(
    populated_site: PopulatedSite, officer: User, second_officer: User, regulator: Organisation, admin: User, visit: Callable[..., Visit],
    live_server: Any,
) -> None:  # fmt: skip
    create_policy(
        regulator=regulator, content=PolicyContent(name="Six hours", amount=6, unit="hours"), actor=Actor.person(admin)
    )
    page = visit(officer).open("/recalls/add/")
    page.fill("#id_number", "26-900")
    page.fill("#id_title", "Drillrig Kettles Recalled")
    page.fill("#id_products-0-name", "Drillrig steam kettles")
    page.fill("#id_products-0-model_numbers", "KTL-4711D")
    page.get_by_role("button", name="Save", exact=True).click()
    with page.expect_navigation():
        page.click("button:has-text('Submit for review')")
    second = visit(second_officer).open(page.url.removeprefix(live_server.url))
    with second.expect_navigation():  # to the page that asks first
        second.click("button:has-text('Publish')")
    with second.expect_navigation():
        second.click("button:has-text('Publish')")
    page.reload()
    check_tree(page, "regulator-published")
    page.click("a:has-text('Send to platforms')")
    page.check("label:has-text('Bazaarly') input")
    page.select_option("#id_policy", label="Six hours (6 hours)")
    page.click("button:has-text('Preview')")
    page.wait_for_selector("button:has-text('Send 1 notice')")
    check_tree(page, "regulator-preview")
    page.click("button:has-text('Send 1 notice')")
    page.wait_for_selector("text=1 notice sent")
    notice = Notice.objects.get(recall__number="26-900")
    assert notice.terms["amount"] == 6
    assert Recall.objects.get(number="26-900").status == "published"
    assert Policy.objects.filter(name="Six hours").exists()


def test_an_admin_finds_who_did_what_and_verifies_the_chain(
    populated_site: PopulatedSite, admin: User, visit: Callable[..., Visit]
) -> None:
    seen = visit(admin)
    page = seen.open("/audit/")
    page.fill("#id_action", "takedown started")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    with page.expect_navigation():
        page.click("button:has-text('Apply')")
    page.click("a:has-text('started the takedown')")
    page.wait_for_selector("text=Due at")
    check_tree(page, "admin-event")
    page = seen.open("/audit/")
    page.click("button:has-text('Verify chain')")
    page.wait_for_selector("text=The chain is intact")


def test_deciding_works_without_javascript(
    populated_site: PopulatedSite, moderator_a: User, chromium: Browser, live_server: LiveServer
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/sign-in/")
    page.fill("#id_username", moderator_a.email)
    page.fill("#id_password", "correct horse battery staple")
    page.click("button:has-text('Sign in')")
    page.wait_for_selector("text=Sign out")
    page.goto(f"{live_server.url}/queue/")
    expect(page.locator("body")).to_contain_text(CANARY)
    page.click("label[for=d-removed]")
    page.click("button:has-text('Decide and next')")
    page.wait_for_selector("text=Queue clear")
    context.close()
    assert Flag.objects.get().status == "claimed_removed"
