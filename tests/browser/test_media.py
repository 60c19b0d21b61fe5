"""Case, letter and board on paper and in forced colours."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from enforcement.models import Takedown
from portal.models import User
from tests.browser.conftest import Visit
from tests.world import PopulatedSite

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
A4 = 794  # CSS pixels
PRESSED = "main form:not(:has(table)), main button, main .usa-button, header nav, .wb-help, .wb-pager-foot"
DARK = """() => [...document.querySelectorAll("body, main, main section, main figure, main table, main dl")]
  .filter(each => each.checkVisibility() && getComputedStyle(each).backgroundColor.match(/^rgb\\((\\d+)/)?.[1] < 200)
  .map(each => each.className || each.tagName)"""
CUT = """() => [...document.querySelectorAll("main, main *")].filter(each => each.checkVisibility()
  && getComputedStyle(each).overflowX !== "visible" && !each.matches(".usa-sr-only, svg, svg *")
  && each.scrollWidth > each.clientWidth + 1).map(each => each.className || each.tagName)"""
FILLS = """kinds => Object.fromEntries(kinds.map(kind => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), figure = document.createElement("figure");
  figure.className = "wb-chart wb-rows";
  const rect = svg.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "rect"));
  rect.setAttribute("class", `c-${kind}`);
  document.querySelector("main").appendChild(figure).appendChild(svg);
  const style = getComputedStyle(rect);
  return [kind, `${style.fill} ${style.strokeDasharray}`];
}))"""


def visible(page: Page, selector: str) -> list[str]:
    return [each.evaluate("each => each.outerHTML.slice(0, 80)") for each in page.locator(selector).all() if each.is_visible()]  # fmt: skip


def test_case_letter_board_and_list_are_printed_whole_and_keep_apart_in_forced_colours(
    populated_site: PopulatedSite, officer: User, visit: Callable[..., Visit]
) -> None:
    seen = visit(officer, width=A4, dark=True)
    takedown = Takedown.objects.get()
    for name, key in (
        ("enforcement:takedown", takedown.pk), ("enforcement:letter", populated_site.letter.pk), ("enforcement:board", None),
        ("recalls:list", None),
    ):  # fmt: skip
        page = seen.open(reverse(name, args=[key] if key else []))
        assert visible(page, PRESSED) != [], name
        tables = len(visible(page, "main table"))
        page.emulate_media(media="print", forced_colors="none", color_scheme="dark")
        assert visible(page, PRESSED) == [], name
        assert page.locator("h1").is_visible(), name
        assert len(visible(page, "main table")) == tables, f"{name}: what is read stands in a form, too"
        assert (page.evaluate(DARK), page.evaluate(CUT)) == ([], []), name
        assert page.evaluate("document.documentElement.scrollWidth") <= A4, name
        page.emulate_media(media="screen", forced_colors="active", color_scheme="light")
        assert visible(page, PRESSED) != [], name
    kinds = ["late", "met", "met-late", "restricted"]
    fills = page.evaluate(FILLS, kinds)
    assert len(set(fills.values())) == len(kinds), fills
    assert seen.complaints == []
