"""Every search field has a label that can be seen: a placeholder is gone once one writes."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[2] / "templates"
FIELD = re.compile(r'<input\b[^>]*type="search"[^>]*>')
ID = re.compile(r'\bid="([^"]+)"')
WITH_ONE = [path for path in sorted(TEMPLATES.rglob("*.html")) if FIELD.search(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("path", WITH_ONE, ids=lambda path: path.name)
def test_each_search_field_has_a_visible_label(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    for field in FIELD.findall(source):
        found = ID.search(field)
        assert found, field
        labels = re.findall(rf'<label\b[^>]*for="{found[1]}"[^>]*>', source)
        assert labels, f"{found[1]} has no label"
        assert "usa-sr-only" not in labels[0], f"the label of {found[1]} is not visible"


def test_the_fields_of_filters_have_visible_labels() -> None:
    for name in ("listings/queue/_filters.html", "components/filter_field.html"):
        labels = re.findall(r"<label\b[^>]*>", (TEMPLATES / name).read_text(encoding="utf-8"))
        assert labels, name
        assert all("usa-label" in label for label in labels), name


def test_there_are_search_fields() -> None:
    assert len(WITH_ONE) >= 6
