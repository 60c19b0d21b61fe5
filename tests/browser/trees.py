"""What a screen reader is given on a page, as text that is compared: roles, names and states, in their order.

`TREES=write .venv/bin/python -m pytest tests/browser/test_people.py` writes the files again after a page has changed; what
changed is then read in the diff.
"""

import os
import re
from pathlib import Path

from playwright.sync_api import Page

FOLDER = Path(__file__).parent / "trees"
_SPAN = r"(?:0 d 0 h|0 h 0 min|0 min|0 s)"
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_CHANGES = (
    (r"(?<=hash )[0-9a-f]{8,}|\b(?=[a-f]*[0-9])[0-9a-f]{16,}\b", "DIGEST"),
    (r"(?<!level=)\d+", "0"),
    (r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?=0 [A-Z])", ""),
    (rf"\b0 {_MONTH} 0\b", "DATE"),
    (r"\b(?:EST|EDT|CET|CEST|UTC[+-]0)\b", "ZONE"),
    (rf"\b{_SPAN} (?=left|late|ago)", "SPAN "),
)
"""What differs from run to run: digests, numbers, dates, the time left; in the order in which they are replaced."""


def tree_of(page: Page, part: str = "main") -> str:
    text = page.locator(part).aria_snapshot()
    for pattern, word in _CHANGES:
        text = re.sub(pattern, word, text)
    return f"{text}\n"


def check_tree(page: Page, name: str) -> None:
    """Compare the tree of the page's content with the file of that name; it has a heading that names the page."""
    path, found = FOLDER / f"{name}.txt", tree_of(page)
    assert "[level=1]" in found, "The page has no main heading."
    if os.environ.get("TREES") == "write":
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8"), f"{path.name} differs: read it and write it again (trees.py)."
