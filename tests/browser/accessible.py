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
VIOLATIONS = """options => axe.run(document, options).then(found => found.violations.flatMap(
  one => one.nodes.slice(0, 2).map(node => `${one.id}: ${node.html.slice(0, 150)}`)))"""
"""The violations alone: to fetch all that axe says of a page takes longer than to find it out."""


def problems(page: Page) -> list[str]:
    """Each on a line that says what and where; empty where all is well.

    The window is made tall first: what lies half below an edge that one can scroll is not hard to hit.
    """
    size = page.viewport_size
    assert size is not None
    page.set_viewport_size({"width": size["width"], "height": 3_000})
    page.evaluate(AXE.axe_script)
    found = [f"{page.url}: {detail}" for detail in page.evaluate(VIOLATIONS, OPTIONS)]
    if page.locator("h1").count() == 0:
        found.append(f"{page.url}: no heading")
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{page.url}: wider than the screen")
    return found
