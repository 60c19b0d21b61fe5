"""The style sheet: parts that a person reads, one file that a browser asks for, and no rule that nothing uses."""

import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.test import Client

from portal.http.stylesheets import NAME, PARTS, STYLES

ROOT = Path(settings.BASE_DIR)
SOURCES = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "portal" / "static" / "offshelf").glob("*.js")]
CODE = [path for app in ("portal", "recalls", "listings", "enforcement") for path in (ROOT / app).rglob("*.py")]


def test_every_part_of_the_folder_is_served_once() -> None:
    assert sorted(PARTS) == sorted(path.stem for path in STYLES.iterdir())


def test_every_part_says_first_what_it_holds_and_can_be_read_in_one_sitting() -> None:
    for part in PARTS:
        text = (STYLES / f"{part}.css").read_text(encoding="utf-8")
        assert text.startswith("/* "), part
        assert text.count("\n") <= 320, part
        assert max(map(len, text.splitlines())) <= 120, part


def test_the_browser_gets_all_parts_in_their_order_by_one_request() -> None:
    served = b"".join(Client().get(static(NAME)).streaming_content)  # type: ignore[attr-defined]
    assert served == b"\n".join((STYLES / f"{part}.css").read_bytes() for part in PARTS)
    found = finders.find(NAME)
    assert isinstance(found, str)
    assert Path(found).read_bytes() == served


def test_no_rule_is_about_a_class_that_no_page_has() -> None:
    """Classes whose name a page puts together (`c-…` of a chart, `is-…` of a state) are not looked for."""
    rules = "".join(
        re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL) for path in STYLES.iterdir()
    )
    used = set(re.findall(r"[\w-]+", "".join(path.read_text(encoding="utf-8") for path in (*SOURCES, *CODE))))
    named = set(re.findall(r"\.((?:wb|usa)-[\w-]+)", rules))
    assert len(named) > 150
    assert named - used == set()


def test_no_page_has_a_class_that_no_rule_is_about() -> None:
    rules = "".join(path.read_text(encoding="utf-8") for path in STYLES.iterdir())
    named = set(re.findall(r"(?<![\w-])wb-[a-z][a-z-]*[a-z]", "".join(path.read_text("utf-8") for path in SOURCES)))
    assert len(named) > 100
    assert {name for name in named if not re.search(rf"\.{name}(?![\w-])", rules)} == set()
