"""Passkeys in a real browser, with an authenticator that Chromium itself plays; and the pages of the second factor."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from portal.models import AuditEvent, SecondFactor, User
from tests.browser.accessible import problems
from tests.browser.conftest import Visit
from tests.factories import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def authenticator(page: Page) -> Any:
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def type_password(page: Page, seen: Visit, person: User) -> None:
    seen.open("/sign-in/")
    page.fill("#id_username", person.email)
    page.fill("#id_password", PASSWORD)
    page.click("button:has-text('Sign in')")


def test_a_passkey_is_made_signs_in_and_confirms(moderator_a: User, visit: Callable[..., Visit]) -> None:
    seen = visit(moderator_a)
    page = seen.page
    authenticator(page)
    seen.open("/account/second-factor/passkey/")
    assert problems(page) == []
    page.fill("#id_name", "Work laptop")
    page.click("button:has-text('Add a passkey')")
    page.wait_for_selector("text=They are not shown again")
    assert problems(page) == []
    passkey = SecondFactor.objects.get(kind="passkey")
    assert (passkey.name, passkey.person) == ("Work laptop", moderator_a)
    with page.expect_navigation():
        page.click("a:has-text('I have stored them')")
    assert problems(page) == []
    with page.expect_navigation():
        page.click("button:has-text('Sign out')")
    type_password(page, seen, moderator_a)
    page.wait_for_selector("h1:has-text('Second factor')")
    assert problems(page) == []
    page.click("button:has-text('Use a passkey')")
    page.wait_for_selector("text=Sign out")
    assert AuditEvent.objects.filter(action="person.signed_in").latest("id").after["by"] == "passkey"
    seen.open("/sign-in/confirm/?next=/account/")
    assert problems(page) == []
    page.click("button:has-text('Use a passkey')")
    page.wait_for_selector("h1:has-text('Your account')")
    passkey.refresh_from_db()
    assert passkey.counter > 0
    SecondFactor.objects.filter(pk=passkey.pk).update(counter=passkey.counter + 1_000)
    seen.open("/sign-in/confirm/?next=/account/")
    page.click("button:has-text('Use a passkey')")
    page.wait_for_selector("text=This code is not valid")  # a copy of a passkey counts behind
    assert [each for each in seen.complaints if "422" not in each] == []


def test_the_app_page_draws_a_code_that_a_telephone_reads(moderator_a: User, visit: Callable[..., Visit]) -> None:
    seen = visit(moderator_a)
    page = seen.page
    seen.open("/account/second-factor/app/")
    box = page.locator("svg").last.bounding_box()
    assert box is not None
    assert box["width"] > 150
    assert problems(page) == []
    assert seen.complaints == []
