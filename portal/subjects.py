"""Which page shows which object: for the audit, which leads to objects, and for pages, which lead to their history.

Names as strings only: the ground imports nothing above it.
"""

from collections.abc import Mapping

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

PAGES: dict[str, str] = {}
"""Kind of object → the page that shows one. Each app adds its own (registration.py)."""
FIRST_KINDS: dict[str, tuple[str, ...]] = {}
"""Kind of object → what sealed events call it that were recorded before it had its name."""
_SHOWN_BY: dict[str, str] = {}


def register(
    pages: Mapping[str, str],
    *,
    also_shown_by: Mapping[str, str] | None = None,
    first_kinds: Mapping[str, tuple[str, ...]] | None = None,
) -> None:
    """Say which page shows which kind of object of an app, and which other pages (`also_shown_by`) are about one."""
    PAGES.update(pages)
    _SHOWN_BY.update({page: kind for kind, page in pages.items()} | dict(also_shown_by or {}))
    FIRST_KINDS.update(first_kinds or {})


def kinds_of(kind: str) -> list[str]:
    """Every name under which events about objects of a kind stand in the log, today's first."""
    today = next((name for name, first in FIRST_KINDS.items() if kind in first), kind)
    return [today, *FIRST_KINDS.get(today, ())]


def page_of(kind: str, pk: str) -> str:
    """The address of an object's page; empty where objects of its kind have none."""
    try:
        return reverse(PAGES[kind], args=[pk])
    except (KeyError, NoReverseMatch):
        return ""


def history_address(request: HttpRequest) -> str:
    """The address of the history of what a page shows; empty where the page is about no single object."""
    match = request.resolver_match
    kind = _SHOWN_BY.get(match.view_name) if match else None
    return reverse("enforcement:history", args=[kind, match.kwargs["pk"]]) if kind and match else ""
