"""What is wrong with a page for someone who cannot see, point or read small print: axe's findings, and what axe cannot tell."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OFF_BY_DEFAULT = (
    "target-size",
    "label-content-name-mismatch",
    "css-orientation-lock",
    "table-fake-caption",
    "td-has-header",
)
"""Rules of WCAG 2.2 A and AA that axe has, and leaves off unless they are asked for."""
OPTIONS = {
    "resultTypes": ["violations"],
    "preload": False,  # no rule that is on looks at what would be preloaded
    "rules": {rule: {"enabled": True} for rule in OFF_BY_DEFAULT},
}
AXE = Axe()
FOUND = """options => axe.run(document, options).then(found => ({
  violations: found.violations.flatMap(one => one.nodes.slice(0, 2).map(node => `${one.id}: ${node.html.slice(0, 150)}`)),
  headings: document.querySelectorAll("h1").length,
  wider: document.documentElement.scrollWidth > document.documentElement.clientWidth,
}))"""
"""The violations alone: to fetch all that axe says of a page takes longer than to find it out."""
TALL = 3_000


def problems(page: Page) -> list[str]:
    """What is wrong with a page that was just opened: each on a line that says what and where; empty where all is well.

    The window is made tall first, and stays so: what lies half below an edge that one can scroll is not hard to hit.
    """
    size = page.viewport_size
    assert size is not None
    page.evaluate(AXE.axe_script)
    return problems_at(page, size["width"])


def problems_at(page: Page, width: int) -> list[str]:
    """The same of a page that `problems` has looked at already, at another width."""
    if page.viewport_size != {"width": width, "height": TALL}:
        page.set_viewport_size({"width": width, "height": TALL})
    seen = page.evaluate(FOUND, OPTIONS)
    found = [f"{page.url}: {detail}" for detail in seen["violations"]]
    if not seen["headings"]:
        found.append(f"{page.url}: no heading")
    if seen["wider"]:
        found.append(f"{page.url}: wider than the screen")
    return found
