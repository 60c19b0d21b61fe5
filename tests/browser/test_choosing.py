"""Choosing the reason of a dismissal by typing: an accessible combobox in the place of the select, which stays without JavaScript."""

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from enforcement import services as enforcement
from listings.models import Decision, Flag
from listings.states import DismissReason
from portal.models import Organisation, User
from tests.browser.accessible import violations
from tests.browser.conftest import Visit
from tests.factories import FlagFactory, ListingFactory
from tests.world import PopulatedSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ACCESSORY, REMEDIED = "Accessory or spare part", "Repaired or replaced by the recall's remedy"
COUNT_CHANGES = """() => document.addEventListener("change", ({ target }) => {
  if (target.name === "reason") window.changes = (window.changes ?? 0) + 1;
})"""
FOCUSED = "document.activeElement.id"


@pytest.fixture
def second(populated_site: PopulatedSite, platform_a: Organisation) -> Flag:
    """Another open flag of the same notice, so that a decision has a next one."""
    flag = FlagFactory(
        notice=populated_site.notice,
        listing=ListingFactory(platform=platform_a),
        opened_at=timezone.now(),
        listing_as_flagged={"title": "Another heater"},
    )
    enforcement.start_clock(flag=flag)
    return flag


def options(page: Page) -> list[str]:
    return page.locator("[role=listbox]").get_by_role("option").all_inner_texts()


def highlighted(page: Page) -> str:
    """The option that the field tells screen readers of."""
    found: str = page.evaluate(
        "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.innerText ?? ''"
    )
    return found


def sent(page: Page) -> str:
    """What the form would send as the reason now."""
    found: str = page.evaluate("new FormData(document.querySelector('.wb-decide')).getAll('reason').join()")
    return found


def test_part_of_a_word_finds_the_reason_and_the_decision_is_stored_with_it(
    populated_site: PopulatedSite, second: Flag, moderator_a: User, visit: Callable[..., Visit]
) -> None:
    seen = visit(moderator_a)
    page = seen.open("/queue/")
    for typed in ("spare", "PÁRT acc"):
        title = page.locator("#flag-h").inner_text()
        page.keyboard.press("3")
        page.keyboard.press("r")
        assert page.evaluate(FOCUSED) == "id_reason"
        expect(page.get_by_role("combobox", name="Reason")).to_have_attribute("aria-expanded", "false")
        page.keyboard.type(typed)
        assert options(page) == [ACCESSORY]
        assert highlighted(page) == ACCESSORY
        expect(page.locator(".wb-combobox [role=status]")).to_have_text("Matching reasons: 1")
        page.keyboard.press("Enter")
        expect(page.locator("#id_reason")).to_have_value(ACCESSORY)
        expect(page.locator("[role=listbox]")).to_be_hidden()
        assert page.locator("#flag-h").inner_text() == title, "Enter chooses and decides nothing"
        page.keyboard.press("Control+Enter")
        page.wait_for_selector("text=/Flag \\d+: not the product/")
        page.wait_for_function("title => document.querySelector('h1').innerText !== title", arg=title)
    page.wait_for_selector("text=Queue clear")
    assert list(Decision.objects.values_list("kind", "reason")) == [("not_the_product", "accessory")] * 2
    assert seen.complaints == []


def test_what_is_highlighted_is_decided_with_without_pressing_enter_first(
    populated_site: PopulatedSite, moderator_a: User, visit: Callable[..., Visit]
) -> None:
    page = visit(moderator_a).open("/queue/")
    page.keyboard.press("3")
    page.keyboard.press("r")
    page.keyboard.type("remedy")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=/Flag \\d+: not the product/")
    assert Decision.objects.get().reason == "remedied"


def test_arrows_home_end_and_tab_go_through_the_list(
    populated_site: PopulatedSite, moderator_a: User, visit: Callable[..., Visit]
) -> None:
    page = visit(moderator_a).open("/queue/")
    page.keyboard.press("r")
    page.keyboard.press("ArrowDown")
    every = options(page)
    assert len(every) == len(DismissReason)
    assert "Choose" not in every, "that is no reason"
    last = len(every) - 1
    for key, place in (
        ("ArrowDown", 1), ("End", last), ("ArrowDown", 0), ("ArrowUp", last), ("Home", 0), ("ArrowDown", 1),
    ):  # fmt: skip
        page.keyboard.press(key)
        assert highlighted(page) == every[place], key
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED) == "id_note"
    assert page.input_value("#id_reason") == every[1]
    assert sent(page) == "accessory"
    expect(page.locator("[role=listbox]")).to_be_hidden()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowUp")
    assert highlighted(page) == every[1], "the list opens at what is chosen"


def test_escape_closes_the_list_first_and_then_leaves_the_field(
    populated_site: PopulatedSite, moderator_a: User, visit: Callable[..., Visit]
) -> None:
    page = visit(moderator_a).open("/queue/")
    page.keyboard.press("r")
    page.keyboard.type("maker")
    page.keyboard.press("Enter")
    page.keyboard.type("spare")
    assert highlighted(page) == ACCESSORY
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED) == "id_reason"
    expect(page.locator("[role=listbox]")).to_be_hidden()
    assert (page.input_value("#id_reason"), sent(page)) == ("Another brand or maker", "other_brand")
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED) == "flag-h"


def test_letters_in_the_field_are_no_shortcuts(
    populated_site: PopulatedSite, moderator_a: User, visit: Callable[..., Visit]
) -> None:
    page = visit(moderator_a).open("/queue/")
    page.keyboard.press("r")
    page.keyboard.type("cdnm13?")
    page.wait_for_timeout(300)
    assert page.input_value("#id_reason") == "cdnm13?"
    assert not page.locator("#help").is_visible()
    assert page.locator("[name=kind]:checked").count() == 0
    assert Flag.objects.get().claimed_by is None
    assert not Decision.objects.exists()


def test_what_matches_no_reason_is_said_and_decides_nothing(
    populated_site: PopulatedSite, moderator_a: User, visit: Callable[..., Visit]
) -> None:
    page = visit(moderator_a).open("/queue/")
    page.keyboard.press("3")
    page.keyboard.press("r")
    page.keyboard.type("maker")
    page.keyboard.press("Enter")
    page.keyboard.type("zebra")
    assert page.input_value("#id_reason") == "zebra", "what is typed takes the place of what was chosen"
    told = page.locator(".wb-combobox [role=status]")
    expect(told).to_have_text("No matching reasons")
    box = told.bounding_box()
    assert box is not None
    assert box["height"] > 20, "it is seen, not only heard"
    expect(page.locator("#id_reason")).to_have_attribute("aria-expanded", "false")
    for key in ("Enter", "Control+Enter"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    expect(told).to_have_text("No matching reasons")
    assert not Decision.objects.exists()
    page.keyboard.press("Tab")
    assert (page.input_value("#id_reason"), sent(page)) == ("", ""), "what was chosen before is not sent unseen"


def test_mouse_and_finger_choose_and_clear(
    populated_site: PopulatedSite, moderator_a: User, visit: Callable[..., Visit]
) -> None:
    page = visit(moderator_a).open("/queue/")
    page.click("#id_reason")
    page.get_by_role("option", name=REMEDIED).click()
    assert (page.input_value("#id_reason"), sent(page)) == (REMEDIED, "remedied")
    page.click("#id_reason")
    assert len(options(page)) == len(DismissReason), "what is chosen does not narrow the list"
    page.get_by_role("option", name=REMEDIED).click()
    page.get_by_role("button", name="Clear reason").click()
    assert (page.input_value("#id_reason"), sent(page)) == ("", "")
    page.click("#id_note")
    expect(page.locator("[role=listbox]")).to_be_hidden()
    expect(page.get_by_role("button", name="Clear reason")).to_be_hidden()


def test_a_refused_decision_keeps_the_reason_and_its_error_leads_to_the_field(
    populated_site: PopulatedSite, moderator_a: User, visit: Callable[..., Visit]
) -> None:
    page = visit(moderator_a).open("/queue/")
    page.keyboard.press("3")
    page.keyboard.press("r")
    page.keyboard.type("explain")
    page.keyboard.press("Control+Enter")  # another reason takes a note
    page.wait_for_selector("[role=alert]")
    assert page.input_value("#id_reason") == "Another reason (explain in the note)"
    assert sent(page) == "other"
    page.click("#id_reason")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=Choose why it is not the product")
    expect(page.locator("#id_reason")).to_have_attribute("aria-invalid", "true")
    page.click("a:has-text('Choose why it is not the product')")
    assert page.evaluate(FOCUSED) == "id_reason"
    assert Flag.objects.get().status == "open"


def test_after_a_swap_the_new_field_works_once(
    populated_site: PopulatedSite, second: Flag, moderator_a: User, visit: Callable[..., Visit]
) -> None:
    seen = visit(moderator_a)
    page = seen.open("/queue/")
    for key in "jkj":
        title = page.locator("#flag-h").inner_text()
        page.keyboard.press(key)
        page.wait_for_function("title => document.querySelector('#flag-h').innerText !== title", arg=title)
    assert page.locator("[role=combobox]").count() == 1
    assert page.locator("[id=id_reason]").count() == 1
    page.keyboard.press("r")
    page.evaluate(COUNT_CHANGES)
    page.keyboard.type("spare")
    page.keyboard.press("Enter")
    assert sent(page) == "accessory"
    assert page.evaluate("window.changes") == 1
    assert seen.complaints == []


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (1440, True), (390, False), (320, True)])
def test_the_open_list_is_accessible_and_within_the_window(
    width: int, dark: bool, populated_site: PopulatedSite, moderator_a: User, visit: Callable[..., Visit]
) -> None:
    seen = visit(moderator_a, width=width, dark=dark)
    page = seen.open("/queue/")
    for typed in ("", "an", "zebra"):
        page.click("#id_reason")
        page.keyboard.type(typed)
        assert page.locator("[role=listbox]").is_visible() == (typed != "zebra")
        assert violations(page) == []
        assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        box = page.locator(".wb-combobox > p" if typed == "zebra" else "[role=listbox]").bounding_box()
        assert box is not None
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 900
        page.keyboard.press("Escape")
    assert seen.complaints == []


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_moves_when_the_field_takes_the_place_of_the_select(
    width: int, populated_site: PopulatedSite, moderator_a: User, visit: Callable[..., Visit]
) -> None:
    pages = [visit(moderator_a, width=width, scripts=scripts) for scripts in (False, True)]
    for seen in pages:
        seen.page.route("**/*.woff2", lambda font: font.abort())  # one that comes late is left out: in both, or in none
    without_scripts, page = (seen.open("/queue/") for seen in pages)
    for name in ("#id_reason", "#id_note"):
        assert page.locator(name).bounding_box() == without_scripts.locator(name).bounding_box(), name


def test_many_flags_get_a_reason_that_was_found_by_typing(
    populated_site: PopulatedSite, second: Flag, moderator_a: User, visit: Callable[..., Visit]
) -> None:
    seen = visit(moderator_a)
    page = seen.open("/queue/")
    page.check("[data-select-all]")
    page.keyboard.press("b")
    page.click("label[for=d-not_the_product]")
    page.get_by_role("combobox", name="Reason").click()
    page.keyboard.type("media")
    page.keyboard.press("Enter")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=2 flags decided")
    assert list(Decision.objects.values_list("reason", flat=True)) == ["media", "media"]
    assert seen.complaints == []


def test_without_javascript_the_select_is_the_field(
    populated_site: PopulatedSite, moderator_a: User, visit: Callable[..., Visit]
) -> None:
    page = visit(moderator_a, scripts=False).open("/queue/")
    page.click("label[for=d-not_the_product]")
    page.select_option("#id_reason", label=ACCESSORY)
    page.click("button:has-text('Decide and next')")
    page.wait_for_selector("text=Queue clear")
    assert Decision.objects.get().reason == "accessory"


def test_countries_are_searched_by_their_names_in_the_readers_language_or_in_english(
    operator: User, visit: Callable[..., Visit]
) -> None:
    User.objects.filter(pk=operator.pk).update(language="de")
    page = visit(operator).open("/platforms/add/")
    field = page.get_by_role("combobox", name="Land")
    for typed in ("deutschl", "germ", "(de)"):
        field.fill("")
        field.fill(typed)
        assert options(page)[0] == "Deutschland (DE)", typed
        field.press("Enter")
        expect(field).to_have_value("Deutschland (DE)")
        expect(page.locator("select[name=country]")).to_have_value("DE")
