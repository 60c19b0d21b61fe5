"""The measure does measure: each kind of fault is found where there is one, and a page is left as it was."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Error, Page

from tests.browser.accessible import OFF_BY_DEFAULT, problems

pytestmark = pytest.mark.browser
GOOD = """<!doctype html><html lang="en"><head><title>Takedowns</title></head><body><main><h1>Takedowns</h1>
<details><summary>How it is counted</summary><p id="words">From the first message on.</p></details>{}</main></body></html>"""
PALE = "<style>#words { color: #eee; background: #fff; }</style>"


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    with chromium.new_page(viewport={"width": 320, "height": 900}) as page:
        yield page


def test_a_good_page_has_no_problems_and_is_left_as_it_was(page: Page) -> None:
    page.set_content(GOOD.format(""))
    before = page.content()
    assert problems(page) == []
    assert (page.content(), page.evaluate("document.adoptedStyleSheets.length")) == (before, 0)


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ('<p style="color: #ddd">Pale</p>', "color-contrast"),
        ("<button></button>", "button-name"),
        ('<p hidden style="display: block">For nobody</p>', "what is hidden is shown"),
        ('<p style="width: 600px">Wide</p>', "wider than the screen"),
        (
            '<div class="wb-table-box" style="overflow-x: auto" tabindex="0"><p style="width: 600px">Wide</p></div>',
            "a table scrolls sideways",
        ),
        (
            "<style>@media (orientation: landscape) { html { transform: rotate(90deg); } }</style>",
            "css-orientation-lock",
        ),
    ],
)
def test_a_fault_is_found_and_named(page: Page, fault: str, named: str) -> None:
    page.set_content(GOOD.format(fault))
    [found] = problems(page)
    assert named in found


OFF = {
    "label-content-name-mismatch": '<button aria-label="Send">Delete</button>',
    "target-size": '<button style="width: 9px; height: 9px; padding: 0">x</button>' * 2,
    "table-fake-caption": "<table><tr><td colspan=3>Late</td></tr>"
    f"{'<tr><th>Flag</th><td>1</td><td>2</td></tr>' * 3}</table>",
    "td-has-header": f"<table>{'<tr><td>1</td><td>2</td><td>3</td><td>4</td></tr>' * 4}<tr><th>x</th></tr></table>",
}


def test_each_rule_that_is_off_by_default_finds_its_fault(page: Page) -> None:
    assert set(OFF) == set(OFF_BY_DEFAULT)
    for rule, fault in OFF.items():
        page.set_content(GOOD.format(fault))
        assert any(f": {rule}: " in found for found in problems(page)), rule


def test_a_page_without_a_heading_is_found(page: Page) -> None:
    page.set_content(GOOD.format("").replace("h1>", "p>"))
    assert any(found.endswith(": no heading") for found in problems(page))


def test_what_a_reader_unfolds_is_looked_at_once_it_is_open(page: Page) -> None:
    page.set_content(GOOD.format(PALE))
    assert problems(page) == []
    page.click("summary")
    [found] = problems(page)
    assert "color-contrast" in found


READ = """colours => [...colours, ...colours].map(text => {
  const {r, g, b, alpha, red, green, blue} = new axe.commons.color.Color().parseString(text);
  return [r, g, b, alpha, red, green, blue];
})"""


def test_colours_are_read_as_axe_reads_them_the_second_time_too(page: Page) -> None:
    colours = [
        "rgb(17, 34, 51)",
        "rgba(255, 0, 0, 0.4)",
        "rebeccapurple",
        "oklch(0.7 0.1 250)",
        "color(display-p3 1 0 0)",
    ]
    page.set_content(GOOD.format(""))
    assert problems(page) == []
    read = page.evaluate(READ, colours)
    assert read[:5] == read[5:]
    page.goto("about:blank")
    page.evaluate("delete window.axe")
    page.evaluate(Axe().axe_script)
    assert page.evaluate(READ, colours) == read
    with pytest.raises(Error, match="Unable to parse color"):
        page.evaluate(READ, ["no colour"])


def test_axe_is_there_from_the_beginning_of_the_next_page(page: Page) -> None:
    page.set_content(GOOD.format(""))
    problems(page)
    page.goto("data:text/html,<title>Next</title>")
    assert page.evaluate("typeof axe.run") == "function"
