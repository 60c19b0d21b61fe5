"""A policy is tuned without reading anything: rows of steps, numbers with units, a time line that follows."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from enforcement.models import Policy
from portal.models import Organisation, User
from tests.browser.accessible import violations
from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ASKED_FOR = [("reminder", -14_400, 0), ("missed", 0, 0), ("officer", 3600, 0), ("letter", 0, 2)]


def stored() -> tuple[int, str, list[tuple[str, int, int]]]:
    policy = Policy.objects.get()
    return policy.amount, policy.unit, list(policy.steps.values_list("kind", "offset_seconds", "working_days"))


@pytest.mark.parametrize(("width", "dark"), [(1366, False), (390, True)])
def test_a_day_with_a_reminder_and_a_letter_after_two_working_days(
    width: int, dark: bool, admin: User, regulator: Organisation, visit: Callable[..., Visit]
) -> None:
    seen = visit(admin, width=width, dark=dark)
    page = seen.open("/policies/add/")
    page.get_by_label("Start from").select_option("Within hours")
    with page.expect_navigation():
        page.get_by_role("button", name="Fill in").click()
    page.get_by_label("Time allowed", exact=True).fill("24")
    reminder = page.get_by_role("group", name="Step 1", exact=True)
    reminder.get_by_label("How long").fill("4")
    expect(reminder.get_by_label("When")).to_have_value("before")
    letter = page.get_by_role("group", name="Step 4", exact=True)
    letter.get_by_role("button", name="Remove this step").click()
    page.get_by_role("button", name="Add another step").click()
    letter.get_by_label("What happens").select_option("letter")
    letter.get_by_label("How long").fill("2")
    letter.get_by_label("Unit").select_option("working days")
    letter.get_by_label("When").select_option("after the deadline")
    page.get_by_role("combobox", name="Country").fill("germ")
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Time zone").fill("berlin")
    page.keyboard.press("Enter")
    expect(page.locator("#drawn")).to_contain_text(": 24 hours after ")
    expect(page.locator("#drawn")).to_contain_text("24 hours after")
    expect(page.locator("#drawn").get_by_role("rowheader", name="Formal letter drafted")).to_have_count(1)
    assert not Policy.objects.exists(), "a preview saves nothing"
    assert violations(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    page.get_by_label("Name", exact=True).fill("A day")
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("text=Policy created")
    assert stored() == (24, "hours", ASKED_FOR)
    assert (Policy.objects.get().country, Policy.objects.get().time_zone) == ("DE", "Europe/Berlin")
    assert seen.complaints == []


def test_the_same_without_javascript(admin: User, regulator: Organisation, visit: Callable[..., Visit]) -> None:
    page = visit(admin, scripts=False).open("/policies/add/?from=day")
    page.select_option("#id_steps-3-kind", "")
    page.click("button:has-text('Add another step')")
    page.wait_for_selector("#id_steps-4-kind")
    assert not Policy.objects.exists()
    page.select_option("#id_steps-4-kind", "letter")
    page.fill("#id_steps-4-amount", "2")
    page.select_option("#id_steps-4-unit", "working_days")
    page.select_option("#id_steps-4-when", "after")
    page.click("button:has-text('Preview')")
    expect(page.locator("#drawn svg")).to_have_count(1)
    assert not Policy.objects.exists()
    page.locator("#id_name").press("Enter")  # it saves, and adds no row
    page.wait_for_selector("text=Policy created")
    assert stored() == (24, "hours", ASKED_FOR)
