"""The guided tour in a browser: by keyboard, with the focus at each stop, on a phone, and without scripts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from portal.models import User
from tests.browser.accessible import problems
from tests.browser.conftest import Visit
from tests.browser.test_stillness import moved

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_tour_is_taken_and_ended_by_keyboard(moderator_a: User, visit: Callable[..., Visit]) -> None:
    seen = visit(moderator_a, width=390, dark=True)
    page = seen.open("/getting-started/")
    page.get_by_role("link", name="Take the tour").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/notices/#tour")
    panel = page.get_by_role("complementary", name="Stop 1 of 5: Notices")
    expect(panel).to_be_focused()
    assert moved(page) < 0.001
    assert problems(page) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/queue/#tour")
    expect(page.get_by_role("complementary", name="Stop 2 of 5: Queue")).to_be_focused()
    with page.expect_response("**/queue/?tour=0"):
        page.keyboard.press("Escape")
    expect(page.locator("#tour")).to_have_count(0)
    expect(page.locator("#main")).to_be_focused()
    expect(page.locator("#announcements")).to_contain_text("The tour has ended.")
    page.reload()
    assert page.locator("#tour").count() == 0
    assert seen.complaints == []


def test_without_scripts_there_is_no_panel_and_the_guide_lists_the_stops(
    moderator_a: User, visit: Callable[..., Visit]
) -> None:
    seen = visit(moderator_a)
    context = seen.page.context.browser.new_context(
        java_script_enabled=False, storage_state=seen.page.context.storage_state()
    )
    try:
        page = context.new_page()
        page.goto(f"{seen.base}/getting-started/")
        assert page.get_by_role("link", name="Take the tour").count() == 0
        page.get_by_role("link", name="Guided tour").click()
        assert page.get_by_role("link", name="Queue").last.is_visible()
        page.goto(f"{seen.base}/guide/?tour=2")
        assert page.locator("#tour").is_hidden()
    finally:
        context.close()
