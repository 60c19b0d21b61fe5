"""Which page shows which object: for the audit, which leads to objects, and for pages, which lead to their history.

Names as strings only: the ground imports nothing above it.
"""

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

PAGES = {
    "recalls.recall": "recalls:detail",
    "recalls.notice": "recalls:notice",
    "recalls.recallimport": "recalls:import_detail",
    "recalls.recallfeed": "recalls:feed",
    "listings.flag": "listings:flag",
    "listings.catalogueimport": "listings:import_detail",
    "enforcement.takedown": "enforcement:takedown",
    "enforcement.escalation": "enforcement:escalation",
    "enforcement.letter": "enforcement:letter",
    "enforcement.appeal": "enforcement:appeal",
    "enforcement.policy": "enforcement:policy_edit",
    "portal.user": "portal:person_edit",
    "portal.organisation": "portal:organisation_edit",
}
FIRST_KINDS = {"listings.exclusion": ("listings.knowninnocent",), "enforcement.publiclisting": ("enforcement.naming",)}
"""Kind of object → what sealed events call it that were recorded before it had its name."""
_SHOWN_BY = {page: kind for kind, page in PAGES.items()} | {"enforcement:notice_board": "recalls.notice"}


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
