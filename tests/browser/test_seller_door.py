"""The seller's page in a real browser: no account, a phone or a screen, the keyboard alone; no word of it to other sites."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from listings import services as listings
from listings.models import Message
from portal.identity.actors import Actor
from portal.models import User
from tests.browser.accessible import problems
from tests.browser.conftest import MAX_WAIT, Visit
from tests.world import PopulatedSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def seller(chromium: Browser, live_server: LiveServer) -> Iterator[Visit]:
    """A phone in the dark, signed in nowhere."""
    context = chromium.new_context(viewport={"width": 320, "height": 700}, color_scheme="dark")
    context.set_default_timeout(MAX_WAIT)
    yield Visit(context.new_page(), live_server.url)
    context.close()


def by_keyboard(page: Page, text: str) -> None:
    page.focus("#id_act_0")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type(text)


def test_a_seller_answers_on_a_phone_by_keyboard_and_a_refused_file_loses_nothing(
    seller: Visit, populated_site: PopulatedSite, moderator_a: User, tmp_path: Path
) -> None:
    given = listings.give_seller_link(flag=populated_site.flag, actor=Actor.person(moderator_a))
    page = seller.open(reverse("enforcement:seller_link", args=[given.token]))
    assert given.token not in page.url
    found = problems(page)
    by_keyboard(page, "It is lot 7.")
    bad = tmp_path / "lot.exe"
    bad.write_bytes(b"MZ\x00")
    page.set_input_files("#id_attachments", bad)
    page.click("button:has-text('Send')")
    expect(page.locator(".usa-alert--error")).to_contain_text("lot.exe")
    expect(page.locator("#id_text")).to_have_value("It is lot 7.")
    found += problems(page)
    page.set_input_files("#id_attachments", [])
    page.focus("button:has-text('Send')")
    page.keyboard.press("Enter")
    expect(page.locator("#announcements")).to_contain_text("Your text was sent")
    expect(page.locator("#given-h")).to_be_visible()
    found += problems(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(color_scheme="light")
    found += problems(page)
    assert not found, "\n".join(found)
    assert [line for line in seller.complaints if "422" not in line] == []
    assert Message.objects.filter(seller_answer__isnull=False).get().text == "It is lot 7."


def test_the_link_that_is_shown_once_is_copied_with_a_button(
    visit: Callable[..., Visit], populated_site: PopulatedSite, moderator_a: User
) -> None:
    opened = visit(moderator_a)
    opened.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = opened.open(reverse("listings:flag_seller_links", args=[populated_site.flag.pk]))
    expect(page.locator(".wb-copy")).to_have_count(0)
    page.get_by_role("button", name="Give link").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    link = page.locator("#address_once").input_value()
    assert "/seller/open/" in link
    assert page.evaluate("navigator.clipboard.readText()") == link
    assert not problems(page)
    assert opened.complaints == []
