"""The menus of the header: by keyboard, on a phone, and without any script."""

from collections.abc import Callable

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import expect

from portal.models import User
from tests.browser.accessible import problems
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_groups_open_close_and_are_walked_by_keyboard(admin: User, visit: Callable[..., Visit]) -> None:
    seen = visit(admin, width=1366)
    page = seen.open("/audit/")
    setup = page.locator("nav summary", has_text="Setup")
    setup.focus()
    page.keyboard.press("Enter")
    policies = page.get_by_role("link", name="Policies")
    expect(policies).to_be_visible()
    assert problems(page) == [], "an open menu is accessible"
    page.set_viewport_size({"width": 1366, "height": 900})
    page.keyboard.press("Escape")
    expect(policies).to_be_hidden()
    expect(setup).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("nav details[open] a").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.locator("nav details[open] a").last).to_be_focused()
    page.keyboard.press("Tab")
    expect(policies).to_be_hidden()
    setup.click()
    page.locator("nav summary", has_text="Oversight").click()
    expect(policies).to_be_hidden()
    page.locator("h1").click()
    expect(page.locator("nav details[open]")).to_have_count(0)
    assert seen.complaints == []


def test_a_phone_has_one_menu_button_and_nothing_that_scrolls_sideways(
    admin: User, visit: Callable[..., Visit]
) -> None:
    seen = visit(admin, width=390)
    page = seen.open("/audit/")
    expect(page.get_by_role("link", name="Recalls")).to_be_hidden()
    menu = page.get_by_role("button", name="Menu")
    menu.click()
    expect(page.get_by_role("link", name="Recalls")).to_be_visible()
    page.locator("nav summary", has_text="Setup").click()
    assert problems(page) == []
    page.set_viewport_size({"width": 390, "height": 700})
    nav = page.locator("#nav")
    assert nav.evaluate("nav => nav.scrollWidth <= nav.clientWidth")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Policies")).to_be_hidden()
    expect(page.get_by_role("link", name="Recalls")).to_be_visible()
    page.keyboard.press("Escape")
    expect(nav).to_be_hidden()
    menu.click()
    page.locator("nav summary", has_text="Setup").click()
    page.get_by_role("link", name="Policies").click()
    page.wait_for_url("**/policies/")


@pytest.mark.parametrize("width", [390, 1366])
def test_menus_work_without_a_script(admin: User, visit: Callable[..., Visit], width: int) -> None:
    page = visit(admin, width=width, scripts=False).open("/recalls/")
    if width == 390:
        page.get_by_role("button", name="Menu").click()
    page.locator("nav summary", has_text="Oversight").click()
    page.get_by_role("link", name="Audit").click()
    page.wait_for_url("**/audit/")


@pytest.mark.parametrize("language", ["en", "de", "es", "zh-hans"])
@pytest.mark.parametrize("who", ["officer", "admin"])
def test_the_header_of_a_laptop_is_one_row(
    who: str, language: str, visit: Callable[..., Visit], request: pytest.FixtureRequest
) -> None:
    """For those who have the most entries, with the mark of sample data and with as much waiting as is shown."""
    person: User = request.getfixturevalue(who)
    User.objects.filter(pk=person.pk).update(language=language)
    page = visit(person, width=1440).open("/board/")
    with translation.override(language):
        mark = gettext("Sample data")
    page.evaluate(
        """mark => {
          const count = "<b class=wb-count>99+</b>";
          document.querySelector(".wb-brand").insertAdjacentHTML("afterend", `<span class=wb-tag>${mark}</span>`);
          document.querySelectorAll(".wb-nav > a:nth-of-type(-n+2), .wb-user > a:first-of-type").forEach(
            each => each.insertAdjacentHTML("beforeend", count));
        }""",
        mark,
    )
    for width in (1440, 1366, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.querySelector('.wb-top').offsetHeight") <= 50, width
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), width
        who_one_is = page.locator(".wb-who").bounding_box()
        assert who_one_is is not None
        assert who_one_is["width"] >= 100, "the name can still be read"
