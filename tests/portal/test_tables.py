"""Tables that are read on a phone: each value has its column's name beside it, and each part its role."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from selectolax.lexbor import LexborHTMLParser, LexborNode

TEMPLATES = Path(settings.BASE_DIR) / "templates"
RECALLS = """{% load offshelf %}{% table %}
<table class="usa-table">
  <caption class="usa-sr-only">Recalls</caption>
  <thead>
    <tr>
      <th scope="col"><input type="checkbox" aria-label="Select all"></th>
      <th scope="col" aria-sort="ascending"><a href="?sort=number&amp;after=2">Recall</a></th>
      <th scope="col" class="wb-num">{{ heading }}</th>
      <th scope="col"><span class="usa-sr-only">Remove</span></th>
    </tr>
  </thead>
  <tbody>
    <tr lang="en">
      <td><input type="checkbox" aria-label="Select 26-101"></td>
      <th scope="row">{{ number }}</th>
      <td class="wb-num">{{ flags }}</td>
      <td><button>Remove</button></td>
    </tr>
    <tr>
      <td></td>
      <td colspan="2">Not counted yet</td>
      <td>none</td>
    </tr>
  </tbody>
</table>
{% endtable %}"""


def drawn(template: str, **values: object) -> LexborHTMLParser:
    return LexborHTMLParser(Template(template).render(Context(values)))


def cells(row: LexborNode) -> list[tuple[str | None, str | None, str | None]]:
    return [(cell.tag, cell.attributes["role"], cell.attributes.get("data-label")) for cell in row.css("td, th")]


def test_each_value_has_the_name_of_its_column_and_its_role() -> None:
    page = drawn(RECALLS, heading="Open flags", number="26-101", flags=7)
    head, first, second = page.css("tr")
    assert cells(head) == [("th", "columnheader", None)] * 4
    assert cells(first) == [
        ("td", "cell", None),
        ("th", "rowheader", "Recall"),
        ("td", "cell", "Open flags"),
        ("td", "cell", None),
    ]
    assert cells(second) == [("td", "cell", None)] * 3, (
        "a cell of two columns has no name, and none after it a wrong one"
    )
    assert [page.css_first(tag).attributes["role"] for tag in ("table", "thead", "tbody", "tr")] == [
        "table",
        "rowgroup",
        "rowgroup",
        "row",
    ]
    assert first.attributes["lang"] == "en"
    assert page.css_first("thead a").attributes["href"] == "?sort=number&after=2"
    assert [cell.text() for cell in page.css("[data-empty]")] == [""]


def test_what_a_stranger_wrote_stays_text_in_cell_and_name() -> None:
    hostile = '</td></thead><td onclick="x">"<script>'
    page = drawn(RECALLS, heading=hostile, number=hostile, flags=hostile)
    assert len(page.css("td")) == 6
    assert page.css("script, [onclick]") == []
    named = page.css_first("td.wb-num")
    assert (named.attributes["data-label"], named.text()) == (hostile, hostile)


def test_a_head_that_sorts_says_so() -> None:
    sorted_by = "tr[data-sort]"
    assert drawn(RECALLS).css_first(sorted_by).attributes["data-sort"] == "Sort by"
    plain = re.sub(r"<a [^>]*>Recall</a>", "Recall", RECALLS)
    assert drawn(plain).css(sorted_by) == []


@pytest.mark.parametrize(
    ("columns", "hint"), [(3, None), (4, "wb-scroll-hint"), (6, "wb-scroll-hint is-wide")], ids=["few", "some", "many"]
)
def test_a_table_of_figures_scrolls_by_itself_with_its_name_and_says_so_when_it_is_wide(
    columns: int, hint: str | None
) -> None:
    head = "".join(f'<th scope="col">{number}</th>' for number in range(columns))
    page = drawn(
        f'{{% load offshelf %}}{{% table scrolls=True %}}<table><caption>Figures of "A"</caption>'
        f"<thead><tr>{head}</tr></thead><tbody></tbody></table>{{% endtable %}}"
    )
    box = page.css_first(".wb-table-box.is-scrolled")
    assert (box.attributes["tabindex"], box.attributes["role"], box.attributes["aria-label"]) == (
        "0",
        "group",
        'Figures of "A"',
    )
    assert [each.attributes["class"] for each in page.css("p")] == ([hint] if hint else [])


def test_two_columns_stay_a_table() -> None:
    two = "<table><thead><tr><th>Day</th><th>Count</th></tr></thead><tbody></tbody></table>"
    assert (
        drawn(f"{{% load offshelf %}}{{% table %}}{two}{{% endtable %}}").css_first(".wb-table-box").attributes["class"]
        == "wb-table-box"
    )


def outside() -> Iterator[str]:
    """Tables of pages that are not inside the tag; packs are files of their own, which know no stylesheet of ours."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = path.relative_to(TEMPLATES).as_posix()
        if "/pack/" not in name:
            rest = re.sub(r"{% table\b.*?{% endtable %}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
            yield from (f"{name}: {line.strip()}" for line in rest.splitlines() if "<table" in line)


def test_every_table_of_a_page_is_made_by_the_one_tag() -> None:
    assert list(outside()) == []
