"""On a phone a list comes before its filters, and text twice as large needs no scrolling sideways."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from portal.models import User
from tests.browser.conftest import Visit
from tests.world import PopulatedSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE, SCREEN = 390, 800  # CSS pixels


def without_fonts(seen: Visit) -> None:
    """A font that comes late is left out: it always does, so that each run measures the same."""
    seen.page.route("**/*.woff2", lambda font: font.abort())


def test_filters_of_a_list_are_folded_on_a_phone_and_work_when_they_are_opened(
    populated_site: PopulatedSite, officer: User, visit: Callable[..., Visit]
) -> None:
    seen = visit(officer, width=PHONE)
    without_fonts(seen)
    page = seen.open(reverse("recalls:list"))
    first = page.locator("main tbody tr").first.bounding_box()
    assert first is not None
    assert first["y"] < SCREEN * 0.75
    expect(page.get_by_label("Status")).to_be_hidden()
    page.locator("summary", has_text="Filters").press("Enter")
    page.get_by_label("Status").select_option("draft")
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**status=draft**")
    expect(page.get_by_role("link", name="Remove filter Status: Draft")).to_be_visible()
    page = seen.open(reverse("enforcement:escalations"))
    expect(page.get_by_role("button", name="Apply")).to_be_hidden()
    page.locator("summary", has_text="Filters").press("Enter")
    expect(page.get_by_role("button", name="Apply")).to_be_visible()
    assert [line for line in seen.complaints if "ERR_FAILED" not in line] == []


def test_filters_of_a_list_are_in_sight_on_a_desk(
    populated_site: PopulatedSite, officer: User, visit: Callable[..., Visit]
) -> None:
    page = visit(officer, width=1366).open(reverse("recalls:list"))
    owner = page.get_by_role("search", name="Filter this list").get_by_label("Case owner")
    expect(owner).to_be_visible()
    expect(page.locator("summary", has_text="Filters")).to_be_hidden()
    owner.focus()
    expect(owner).to_be_focused()


@pytest.mark.parametrize("who", ["officer", "moderator_a"])
def test_text_twice_as_large_fits_a_phone(
    who: str, populated_site: PopulatedSite, visit: Callable[..., Visit], request: pytest.FixtureRequest
) -> None:
    """WCAG 2.2, 1.4.4: text can be twice as large without loss of content."""
    person: User = request.getfixturevalue(who)
    seen, too_wide = visit(person, width=PHONE), {}
    without_fonts(seen)
    names = ["listings:queue", "enforcement:takedown", "enforcement:escalations", "recalls:list", "recalls:detail"]
    if who == "officer":
        names += ["enforcement:board", "enforcement:send"]
    for name in names:
        kwargs = populated_site.kwargs(name) if name in {"enforcement:takedown", "recalls:detail"} else None
        page = seen.open(reverse(name, kwargs=kwargs))
        assert seen.answer is not None
        assert seen.answer.status == 200, name
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE:
            too_wide[name] = width
    assert too_wide == {}
