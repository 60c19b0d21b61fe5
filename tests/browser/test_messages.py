"""Writing a message: an @ completes names by keyboard, and a refused file does not lose what is written."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from listings.models import Message
from portal.models import User
from tests.browser.accessible import problems
from tests.browser.conftest import Visit
from tests.world import PopulatedSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(
    populated_site: PopulatedSite,
    officer: User,
    moderator_a: User,
    second_moderator_a: User,
    visit: Callable[..., Visit],
) -> Page:
    shown = visit(moderator_a).open(f"/flags/{populated_site.flag.pk}/")
    shown.wait_for_selector("#message_text")
    return shown


def offered(page: Page) -> list[str]:
    return page.locator("#mention-names:not([hidden]) [role=option]").all_inner_texts()


def test_an_at_completes_names_by_keyboard_and_the_person_is_mentioned(page: Page, officer: User) -> None:
    page.click("#message_text")
    page.keyboard.type("Please look, @")
    assert {"Ada Lindqvist, Product Safety Authority", "Li Wen, Bazaarly"} <= set(offered(page))
    assert problems(page) == []
    page.keyboard.type("lind")
    assert offered(page) == ["Ada Lindqvist, Product Safety Authority"]
    assert page.evaluate(
        "document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).innerText"
    ).startswith("Ada")
    page.keyboard.press("Enter")
    assert page.input_value("#message_text") == "Please look, @Ada Lindqvist "
    assert offered(page) == []
    page.keyboard.type("and @L")
    page.keyboard.press("Escape")
    assert (offered(page), page.evaluate("document.activeElement.id")) == ([], "message_text")
    page.keyboard.type("i Wen")
    page.click("button:has-text('Post message')")
    page.wait_for_selector("text=Mentioned: ")
    message = Message.objects.latest("pk")
    assert {person.name for person in message.mentioned.all()} == {"Ada Lindqvist", "Li Wen"}


def test_an_email_address_offers_nobody(page: Page) -> None:
    page.click("#message_text")
    page.keyboard.type("seller@a")
    assert offered(page) == []


def test_a_refused_file_does_not_lose_the_message(page: Page, tmp_path: Path) -> None:
    count = Message.objects.count()
    for size, name in ((10, "broken.pdf"), (5 * 1024**2 + 1, "large.pdf"), (21 * 1024**2, "huge.pdf")):
        (tmp_path / name).write_bytes(b"\x00\xff" * (size // 2 + 1))
        page.fill("#message_text", "A long and careful message")
        page.set_input_files("#message_attachments", tmp_path / name)
        told = "document.querySelector('#message_attachments').validationMessage"
        if name != "broken.pdf":
            page.wait_for_function(f"name => {told}.startsWith(name)", arg=name)
        page.click("button:has-text('Post message')")
        if name == "broken.pdf":
            page.wait_for_selector("text=broken.pdf is not a readable file")
            expect(page.locator("#messages [data-autofocus]")).to_be_focused()  # what it moves the focus for is done
        else:
            assert (
                page.evaluate(told) == f"{name} is larger than 5 MB. Your message is not sent: choose a smaller file."
            )
        assert page.input_value("#message_text") == "A long and careful message"
    assert Message.objects.count() == count
    page.evaluate("document.querySelector('#message_attachments').setCustomValidity('')")  # past the page's own check
    page.click("button:has-text('Post message')")
    expect(page.locator("#announcements")).to_contain_text("accepts up to 20 MB")
    assert page.input_value("#message_text") == "A long and careful message"
    page.set_input_files("#message_attachments", [])
    page.click("button:has-text('Post message')")
    page.wait_for_function("() => document.querySelector('#message_text').value === ''")
    assert Message.objects.count() == count + 1
