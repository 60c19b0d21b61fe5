"""Lists on a phone: each row a block that needs no scrolling sideways, and still a table for a screen reader."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from portal.models import User
from tests.browser.accessible import problems
from tests.browser.conftest import Visit
from tests.browser.trees import tree_of
from tests.growth import grow
from tests.world import PopulatedSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LISTS = {
    "officer": ["recalls:list", "recalls:notices", "enforcement:board", "enforcement:takedowns", "enforcement:letters"],
    "admin": ["portal:audit", "portal:people", "enforcement:escalations", "enforcement:escalation_figures"],
    "manager_a": ["listings:catalogue", "listings:imports", "listings:exclusions", "enforcement:takedowns"],
}
FIRST = "main .usa-table >> nth=0"
PARTS = {"table", "rowgroup", "row", "columnheader", "rowheader", "cell", "gridcell"}
CELLS = """() => [...document.querySelectorAll(".is-rows tbody :is(td, th)[data-label]")].map(cell => {
  const value = document.createRange(), label = getComputedStyle(cell, "::before");
  value.selectNodeContents(cell);
  return {label: label.content, right: value.getBoundingClientRect().right, edge: cell.getBoundingClientRect().right};
})"""


def parts_of_tables(page: Page) -> Counter[str]:
    """How many of each part of a table the browser itself gives to a screen reader."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    roles = (node["role"]["value"] for node in tree["nodes"] if not node["ignored"] and "role" in node)
    return Counter(role for role in roles if role in PARTS)


@pytest.mark.parametrize("who", list(LISTS))
@pytest.mark.parametrize("language", ["de", "zh-hans"])
def test_lists_are_read_without_scrolling_sideways_and_stay_tables(
    who: str,
    language: str,
    populated_site: PopulatedSite,
    visit: Callable[..., Visit],
    request: pytest.FixtureRequest,
) -> None:
    person: User = request.getfixturevalue(who)
    seen = visit(person, width=1440)
    person.language = language
    person.save(update_fields=["language"])
    for name in LISTS[who]:
        page = seen.open(reverse(name))
        page.set_viewport_size({"width": 1440, "height": 900})
        wide, tree = parts_of_tables(page), tree_of(page, FIRST)
        assert wide["columnheader"] >= 3, name
        for width in (430, 360):
            page.set_viewport_size({"width": width, "height": 900})
            assert parts_of_tables(page) == wide, f"{name} at {width}"
            assert tree_of(page, FIRST) == tree, f"{name} at {width}"
            for cell in page.evaluate(CELLS):
                assert cell["label"] not in {"none", '""'}, name
                assert cell["right"] <= cell["edge"] + 1, f"{name} at {width}: {cell}"
        assert problems(page) == []
    assert seen.complaints == []


def test_on_a_phone_rows_are_sorted_selected_and_sent(
    populated_site: PopulatedSite, officer: User, visit: Callable[..., Visit]
) -> None:
    grow(populated_site, 1, 3)
    seen = visit(officer, width=390)
    page = seen.open(reverse("recalls:list"))
    with page.expect_navigation():
        page.get_by_role("columnheader", name="Recall").get_by_role("link").click()
    expect(page.locator("th[aria-sort]")).to_be_visible()
    bar, boxes = page.locator(".wb-selection"), page.locator("tbody .wb-row-check")
    assert bar.evaluate("bar => getComputedStyle(bar).position") == "static", "no bar over rows while none is selected"
    boxes.first.check()
    page.locator("tbody tr").nth(1).evaluate("row => row.scrollIntoView({block: 'start'})")
    box = bar.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 900, "what is done with the selected rows is in sight"
    assert box["height"] <= 225, "it leaves three quarters of the screen to the rows"
    page.get_by_label("Select all on this page").check()
    expect(page.get_by_text(f"{boxes.count()} selected")).to_be_visible()
    last = page.locator("tbody tr").last
    page.mouse.wheel(0, 20_000)
    page.wait_for_function("() => scrollY + innerHeight >= document.documentElement.scrollHeight - 1")
    row, box = last.bounding_box(), bar.bounding_box()
    assert row is not None
    assert box is not None
    assert row["y"] + row["height"] <= box["y"], "below the last row, not over it"
    page.get_by_role("button", name="Send selected").click()
    page.wait_for_url("**/send/?recall=*")
    assert seen.complaints == []


def test_figures_scroll_in_an_area_of_their_own_with_the_first_column_in_sight(
    populated_site: PopulatedSite, admin: User, visit: Callable[..., Visit]
) -> None:
    page = visit(admin, width=390).open(reverse("portal:permissions"))
    expect(page.get_by_text("Scroll sideways to see all columns.")).to_be_visible()
    area = page.get_by_role("group", name="Who may do what")
    area.focus()
    before = page.locator("tbody th").first.bounding_box()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.is-scrolled').scrollLeft > 100")
    assert page.locator("tbody th").first.bounding_box() == before
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.get_by_text("Scroll sideways to see all columns.")).to_be_hidden()


def test_a_phone_prints_tables_and_shows_the_edges_of_rows_in_forced_colours(
    populated_site: PopulatedSite, officer: User, visit: Callable[..., Visit]
) -> None:
    page = visit(officer, width=390, dark=True).open(reverse("recalls:list"))
    row: dict[str, Any] = {}
    style = """() => { const row = document.querySelector("tbody tr"), style = getComputedStyle(row);
      return {display: style.display, edge: style.borderTopStyle, ink: style.borderTopColor}; }"""
    row["screen"] = page.evaluate(style)
    page.emulate_media(forced_colors="active")
    row["forced"] = page.evaluate(style)
    page.emulate_media(forced_colors="none", media="print")
    row["print"] = page.evaluate(style)
    assert [row[look]["display"] for look in ("screen", "forced", "print")] == ["grid", "grid", "table-row"]
    assert row["forced"]["edge"] == "solid"
    assert row["forced"]["ink"] != row["screen"]["ink"], "the edge is drawn in a colour of the system"
