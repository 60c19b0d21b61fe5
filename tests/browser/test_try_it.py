""" "Try it" on the API's page: with a sandbox key, a call of each group is made and answered as a program would see it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from enforcement.sandbox.services import create_sandbox
from portal.api.docs import GROUPS
from portal.identity import api_keys
from portal.identity.access import PLATFORM_SCOPES
from portal.identity.actors import Actor
from portal.models import Organisation, User
from recalls.models import Notice, Recall
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CALLS = {
    "Keys": ("get-key", "200"),
    "Recalls and notices": ("get-notices", "200"),
    "Catalogue": ("post-listings-bulk", "200"),
    "Flags": ("get-flags", "200"),
    "Takedowns and checks": ("get-takedowns", "200"),
    "Escalations and letters": ("get-escalations", "200"),
    "Exports and audit": ("get-exports", "200"),
    "Sandbox regulator": ("post-sandbox-recalls", "201"),
    "Earlier addresses": ("get-innocents", "200"),
}


def tried(page: Page, anchor: str) -> str:
    """What is shown after a call was sent with what its form begins with."""
    details = page.locator(f"#{anchor} details[data-try]")
    details.locator("summary").click()
    details.get_by_role("button").click()
    shown = details.locator("pre")
    expect(shown).to_have_text(re.compile("[^…]"))
    return shown.inner_text()


def test_a_call_of_each_group_can_be_tried_with_a_sandbox_key_and_real_keys_change_nothing(
    visit: Callable[..., Visit], platform_a: Organisation, manager_a: User
) -> None:
    manager = Actor.person(manager_a)
    sandbox = create_sandbox(platform=platform_a, actor=manager)
    secrets = {
        owner.pk: api_keys.create_key(
            organisation=owner, name="Trying", scopes=list(PLATFORM_SCOPES), days=5, actor=manager
        )[1]
        for owner in (sandbox, platform_a)
    }
    assert CALLS.keys() == {name for name, _ in GROUPS}
    seen = visit(manager_a)
    page = seen.open("/api/docs")
    key = page.get_by_label("API key for “Try it” on this page")
    key.fill(secrets[platform_a.pk])
    assert "calls that change something are refused" in tried(page, "post-sandbox-recalls")
    page.reload()
    key.fill(secrets[sandbox.pk])
    for group, (anchor, status) in CALLS.items():
        text = tried(page, anchor)
        assert text.startswith(status), (group, text)
        assert "Offshelf-Sandbox: true" in text, group
    assert tried(page, "post-uploads").startswith("201"), "with the headers of its example"
    assert Notice.objects.filter(platform=sandbox).count() == 4
    assert not Recall.objects.exclude(regulator__sandbox_of=platform_a).exists()
    assert not [each for each in seen.complaints if "status of 4" not in each]
