"""The queue and a flag in the reader's language, and in a script that is written from the right, in a real browser."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page

from portal.models import User
from tests.browser.conftest import Visit
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:150]}" for one in found]


def is_too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("width", [390, 1440])
def test_from_the_right_the_queue_is_not_wider_than_the_screen(
    width: int, world: World, moderator_a: User, visit: Callable[..., Visit]
) -> None:
    page = visit(moderator_a, width=width).open(reverse("listings:queue"))
    page.evaluate("document.documentElement.dir = 'rtl'; document.querySelector('main').dir = 'rtl'")
    assert not is_too_wide(page)
    assert violations(page) == []
    if width == 1440:
        queue, side = page.locator(".wb-queue").bounding_box(), page.locator(".wb-side").bounding_box()
        assert queue is not None
        assert side is not None
        assert queue["x"] > side["x"], "the list stands where reading begins"


@pytest.mark.parametrize(("language", "heading"), [("zh-hans", "决定"), ("de", "Entscheidung"), ("es", "Decisión")])
@pytest.mark.parametrize("width", [390, 1440])
def test_queue_and_flag_are_accessible_in_other_languages(
    language: str, heading: str, width: int, world: World, moderator_a: User, visit: Callable[..., Visit]
) -> None:
    seen = visit(moderator_a, width=width)
    moderator_a.language = language
    moderator_a.save(update_fields=["language"])
    for address in (reverse("listings:queue"), reverse("listings:flag", kwargs=world.kwargs("listings:flag"))):
        page = seen.open(address)
        assert page.locator("html").get_attribute("lang") == {"zh-hans": "zh-Hans"}.get(language, language)
        assert page.locator("#dec-h").inner_text() == heading
        assert violations(page) == [], address
        assert not is_too_wide(page), address
    assert seen.complaints == []
