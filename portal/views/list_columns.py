"""Choosing the columns of a list: what the form shows, and the address that it goes to."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from portal import list_columns, services
from portal.http.requests import ActingRequest
from portal.list_columns import COLUMNS, Column, Head

OPEN = "columns"
"""The parameter of a list that opens its form of columns: moving one sends the form, and the page comes back with it."""


@dataclass(frozen=True, slots=True)
class ListColumns:
    """What templates/components/columns_form.html needs, and `heads` for the table."""

    page: str
    heads: list[Head]
    choices: list[tuple[Column, bool]]  # every column that is not fixed and whether it is shown, the shown ones first
    order: str
    field: str  # what rows are sorted by, with the sign of the direction
    kept: str  # the query string of the list
    is_open: bool

    def has(self, *names: str) -> bool:
        return any(head.column.name in names for head in self.heads)


def columns_of(request: ActingRequest, page: str, *, usual: str) -> ListColumns:
    """The columns of a list for the person who asks, and how it is sorted: by `usual` if the address says nothing valid."""
    every = list_columns.offered(page, to_platform=request.actor.platform_id is not None)
    shown = list_columns.shown(every, request.user.list_columns.get(page))
    order = list_columns.order_of(every, request.GET.get("sort", ""), usual=usual)
    kept = request.GET.copy()
    is_open = bool(kept.pop(OPEN, None))
    request.GET = QueryDict(kept.urlencode())  # no link of the page is to open the form again
    choices = [(column, True) for column in shown if not column.fixed]
    choices += [(column, False) for column in every if column not in shown]
    return ListColumns(
        page=page,
        heads=list_columns.heads(shown, order),
        choices=choices,
        order=order,
        field=list_columns.field_of(every, order),
        kept=kept.urlencode(),
        is_open=is_open,
    )


@require_POST
def columns(request: ActingRequest) -> HttpResponse:
    """Remember the columns that are ticked, in the order of the form, after one of them was moved up or down."""
    page, act = request.POST.get("page", ""), request.POST.get("do", "save")
    if page not in COLUMNS:
        raise PermissionDenied(gettext_noop("This list has no columns to choose."))
    names = request.POST.getlist("column")
    way, _, name = act.partition(":")
    if way in {"up", "down"}:
        names = list_columns.moved(names, name, -1 if way == "up" else 1)
    services.choose_columns(person=request.user, page=page, names=[] if act == "usual" else names)
    query = request.POST.get("kept", "")
    if way in {"up", "down"}:
        query = f"{query}&{OPEN}=open" if query else f"{OPEN}=open"
    return redirect(f"{reverse(page)}?{query}" if query else page)
