"""Help beside the heading: reached by keyboard, shown in a dialog, closed by Escape with the focus where it was."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from portal.models import User
from tests.browser.accessible import problems
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("path", ["/policies/", "/takedowns/"])
def test_the_question_mark_opens_its_paragraph_by_keyboard(path: str, admin: User, visit: Callable[..., Visit]) -> None:
    seen = visit(admin, width=390, dark=True)
    page = seen.open(path)
    mark = page.locator("h1 + [data-guide]")
    mark.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Help with this page")
    dialog.get_by_role("heading").wait_for()
    assert problems(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(mark).to_be_focused()
    heading, beside = page.locator("main h1").bounding_box(), mark.bounding_box()
    assert heading is not None
    assert beside is not None
    assert beside["y"] < heading["y"] + heading["height"], "the mark is beside the heading, not below it"
    assert seen.complaints == []
