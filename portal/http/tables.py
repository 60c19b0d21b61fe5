"""Tables that are read on a phone: the names of the columns beside the values of each row, and roles for each part.

Templates write a plain table inside `{% table %}`. The stylesheet uses what is added here where the screen is narrow.
"""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

MIN_ROW_COLUMNS = 3
"""Fewer columns fit on every screen as they are."""
MAX_COLUMNS_ON_PHONE, MAX_COLUMNS_ON_TABLET = 3, 5
"""A table that scrolls says so where it has more columns."""

_CAPTION = re.compile(r"<caption\b[^>]*>(.*?)</caption>", re.DOTALL)
_CELL = re.compile(r"<(t[hd])\b([^>]*)>(.*?)</\1>", re.DOTALL)
_COLSPAN = re.compile(r'\bcolspan="(\d+)"')
_ROW_OR_CELL = re.compile(r"<tr\b([^>]*)>|<(t[hd])\b([^>]*)>(.*?)</\2>", re.DOTALL)
_FOR_EARS_ALONE = re.compile(r'<span class="usa-sr-only">.*?</span>', re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>")


def as_table(content: str, *, scrolls: bool) -> SafeString:
    """The table that `content` is, in its box.

    `content`: one `<table>` with a `<thead>` of one row, as a template wrote it: values are escaped, tables not nested.
    `scrolls`: on a narrow screen it stays a table, in an area that scrolls by itself with the first column in sight,
    for figures that are compared down a column; otherwise each of its rows becomes a block.
    """
    head, end_of_head, body = content.partition("</thead>")
    labels = [_label(cell[2]) for cell in _CELL.findall(head)]
    table = f"{_head(head)}{end_of_head}{_body(body, labels)}"
    if scrolls:
        hint = _hint(len(labels))
        name = _words(caption[1]) if (caption := _CAPTION.search(content)) else ""
        box = f'{hint}<div class="wb-table-box is-scrolled" tabindex="0" role="group" aria-label="{name}">'
    else:
        kind = " is-rows" if len(labels) >= MIN_ROW_COLUMNS else ""
        box = f'<div class="wb-table-box{kind}" tabindex="0">'
    return mark_safe(f"{box}{table}</div>")  # noqa: S308  the template's own text, and attributes of what it escaped


def _head(head: str) -> str:
    head = head.replace("<table", '<table role="table"', 1).replace("<thead", '<thead role="rowgroup"', 1)
    sort_by = gettext("Sort by")
    sorts = f' data-sort="{escape(sort_by)}"' if "<a " in head else ""
    head = head.replace("<tr", f'<tr role="row"{sorts}', 1)
    return _CELL.sub(r'<\1\2 role="columnheader">\3</\1>', head)


def _body(body: str, labels: list[str]) -> str:
    column = 0

    def with_role(found: re.Match[str]) -> str:
        nonlocal column
        tag = found[2]
        if tag is None:
            column = 0
            return f'<tr role="row"{found[1]}>'
        attributes, inner = found[3], found[4]
        spanned = _COLSPAN.search(attributes)
        label = labels[column] if spanned is None and column < len(labels) else ""
        column += int(spanned[1]) if spanned else 1
        role = "rowheader" if tag == "th" else "cell"
        named = f' data-label="{label}"' if label else ""
        empty = "" if inner.strip() else " data-empty"
        return f'<{tag}{attributes} role="{role}"{named}{empty}>{inner}</{tag}>'

    return _ROW_OR_CELL.sub(with_role, body.replace("<tbody", '<tbody role="rowgroup"', 1))


def _label(heading: str) -> str:
    """The words of a heading that are seen; none where it holds a box to tick, or names buttons with names."""
    return "" if "<input" in heading else _words(_FOR_EARS_ALONE.sub("", heading))


def _words(markup: str) -> str:
    """The text of escaped markup on one line, for an attribute."""
    return " ".join(_MARKUP.sub("", markup).split()).replace('"', "&quot;")


def _hint(columns: int) -> str:
    if columns <= MAX_COLUMNS_ON_PHONE:
        return ""
    wide = " is-wide" if columns > MAX_COLUMNS_ON_TABLET else ""
    hint = gettext("Scroll sideways to see all columns.")
    return f'<p class="wb-scroll-hint{wide}">{escape(hint)}</p>'
