"""The queue and a flag in the reader's language, and in a script that is written from the right, in a real browser."""

from collections.abc import Callable

import pytest
from django.urls import reverse

from portal.models import User
from tests.browser.accessible import problems
from tests.browser.conftest import Visit
from tests.world import PopulatedSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [320, 1440])
def test_from_the_right_the_queue_is_not_wider_than_the_screen(
    width: int, populated_site: PopulatedSite, moderator_a: User, visit: Callable[..., Visit]
) -> None:
    page = visit(moderator_a, width=width).open(reverse("listings:queue"))
    page.evaluate("document.documentElement.dir = 'rtl'; document.querySelector('main').dir = 'rtl'")
    assert problems(page) == []
    if width == 1440:
        queue, side = page.locator(".wb-queue").bounding_box(), page.locator(".wb-side").bounding_box()
        assert queue is not None
        assert side is not None
        assert queue["x"] > side["x"], "the list stands where reading begins"


@pytest.mark.parametrize(("language", "heading"), [("zh-hans", "决定"), ("de", "Entscheidung"), ("es", "Decisión")])
@pytest.mark.parametrize("width", [320, 1440])
def test_queue_and_flag_are_accessible_in_other_languages(
    language: str,
    heading: str,
    width: int,
    populated_site: PopulatedSite,
    moderator_a: User,
    visit: Callable[..., Visit],
) -> None:
    seen = visit(moderator_a, width=width)
    moderator_a.language = language
    moderator_a.save(update_fields=["language"])
    for address in (reverse("listings:queue"), reverse("listings:flag", kwargs=populated_site.kwargs("listings:flag"))):
        page = seen.open(address)
        assert page.locator("html").get_attribute("lang") == {"zh-hans": "zh-Hans"}.get(language, language)
        assert page.locator("#dec-h").inner_text() == heading
        assert problems(page) == []
    assert seen.complaints == []
