"""What is wrong with a page for someone who cannot see, point or read small print: axe's findings, and what axe cannot tell."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OFF_BY_DEFAULT = ("target-size", "label-content-name-mismatch", "table-fake-caption", "td-has-header")
"""Rules of WCAG 2.2 A and AA that axe has, and leaves off unless they are asked for."""
OPTIONS = {
    "resultTypes": ["violations"],
    "preload": False,  # no rule that is on looks at what would be preloaded
    "rules": {rule: {"enabled": True} for rule in OFF_BY_DEFAULT},
}
OF_COLOURS = OPTIONS | {"rules": {}, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
"""All that other colours can change where nothing moves: the same page in the same window, in the other theme."""
OF_STYLES = {
    "resultTypes": ["violations"],
    "preload": {"assets": ["cssom"]},
    "runOnly": {"type": "rule", "values": ["css-orientation-lock"]},
}
"""What looks at style sheets and at nothing else: it is asked once of those that pages share."""
KNOWN_COLOURS = """
(() => {
  const colour = axe.commons.color.Color.prototype;
  const parse = colour.parseString;
  const known = new Map();
  colour.parseString = function (text) {
    if (!known.has(text)) {
      const {r, g, b, alpha} = parse.call(this, text);
      known.set(text, {r, g, b, alpha});
    }
    return Object.assign(this, known.get(text));
  };
})();
"""
"""Has axe read each colour of a page once: for each text, it reads those of all elements behind it again."""
AXE = f"{Axe().axe_script};{KNOWN_COLOURS}"
FOUND = """async options => {
  if (!window.axe?.run) return null;
  await document.fonts.ready;
  const isPassing = each => Number.isFinite(each.effect?.getComputedTiming().endTime); // halfway, a colour is paler
  await Promise.allSettled(document.getAnimations().filter(isPassing).map(each => each.finished));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("details:not([open])::details-content { content-visibility: visible; display: none; }");
  document.adoptedStyleSheets.push(sheet);
  const found = await axe.run(document, options).finally(() => document.adoptedStyleSheets.pop());
  const hasArea = ({width, height}) => width > 0 && height > 0;
  const isShown = element => element.checkVisibility({visibilityProperty: true})
    && (getComputedStyle(element).display === "contents" || hasArea(element.getBoundingClientRect()));
  const isSideways = box => box.scrollWidth > box.clientWidth && box.checkVisibility() && !(box.matches(".is-scrolled")
    && (box.clientWidth > 430 || box.previousElementSibling?.matches(".wb-scroll-hint") && isShown(box.previousElementSibling)));
  return {
    violations: found.violations.flatMap(one => one.nodes.slice(0, 2).map(node => `${one.id}: ${node.html.slice(0, 150)}`)),
    headings: document.querySelectorAll("h1").length,
    wider: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    sideways: matchMedia("(max-width: 45em)").matches
      ? [...document.querySelectorAll(".wb-table-box")].filter(isSideways).map(box => box.outerHTML.slice(0, 150)) : [],
    shown: [...document.querySelectorAll("[hidden]")].filter(isShown).map(element => element.outerHTML.slice(0, 150)),
    styles: [...document.styleSheets].map(one => one.href ?? one.ownerNode.textContent),
  };
}"""
"""The violations alone: to fetch all that axe says of a page takes longer than to find it out.

While axe looks, what is in a closed `<details>` is not laid out at all, which shows and hides the same: otherwise Chromium
lays it out once for each element of it that axe asks the size of.
"""
_STYLES_SEEN: set[tuple[str, ...]] = set()
TALL = 3_000


def problems(page: Page) -> list[str]:
    """What is wrong with a page that was just opened: each on a line that says what and where; empty where all is well.

    The window is made tall first, and stays so: what lies half below an edge that one can scroll is not hard to hit.
    """
    size = page.viewport_size
    assert size is not None
    return problems_at(page, size["width"])


def problems_at(page: Page, width: int, *, in_other_colours: bool = False) -> list[str]:
    """The same at another width than the page was opened in; or, at the same one, what its other colours make wrong."""
    if page.viewport_size != {"width": width, "height": TALL}:
        page.set_viewport_size({"width": width, "height": TALL})
    seen = _looked_at(page, OF_COLOURS if in_other_colours else OPTIONS)
    if (styles := tuple(seen["styles"])) not in _STYLES_SEEN:
        seen["violations"] += page.evaluate(FOUND, OF_STYLES)["violations"]
        _STYLES_SEEN.add(styles)
    found = [f"{page.url}: {detail}" for detail in seen["violations"]]
    found += [f"{page.url}: what is hidden is shown: {element}" for element in seen["shown"]]
    found += [f"{page.url}: a table scrolls sideways: {element}" for element in seen["sideways"]]
    if not seen["headings"]:
        found.append(f"{page.url}: no heading")
    if seen["wider"]:
        found.append(f"{page.url}: wider than the screen")
    return found


def violations(page: Page) -> list[str]:
    """What axe finds by itself, in the window as it is: of what is open there, and would close or move in a taller one."""
    found: list[str] = _looked_at(page, {"resultTypes": ["violations"], "preload": False})["violations"]
    return found


def _looked_at(page: Page, options: dict[str, Any]) -> Any:
    page.wait_for_load_state()  # a page that a click led to may have half of its parts
    seen = page.evaluate(FOUND, options)
    if seen is None:
        page.add_init_script(AXE)  # what is opened next has it from the beginning, which takes half of the time
        page.evaluate(AXE)
        seen = page.evaluate(FOUND, options)
    return seen


def count(page: Page, selector: str) -> int:
    """How many elements a selector of CSS has: a locator would bring Playwright's own script into each page for it."""
    found: int = page.evaluate("selector => document.querySelectorAll(selector).length", selector)
    return found
