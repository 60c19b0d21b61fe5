"""Pages of long lists by keyset: each page starts after the last row of the one before, so page 10,000 costs what page 1 does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import BadRequest
from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_noop

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class KeysetPage(Generic[M]):
    """One page of rows; `next_url` and `previous_url` are query strings ("?…"), empty where there is no such page."""

    rows: list[M]
    next_url: str
    previous_url: str


MAX_EXACT = 50


def keyset_page(
    queryset: QuerySet[M],
    request: HttpRequest,
    *,
    ordering: Sequence[str],
    size: int = 50,
    exact: QuerySet[M] | None = None,
) -> KeysetPage[M]:
    """The page that the request's `after` or `before` parameter asks for, the first one without either.

    `ordering` names fields that are never null ("-due_at" for descending) and ends with a unique one. `exact`: those of
    `queryset` that are just what was searched for; the first page begins with them (up to MAX_EXACT), whatever their
    place in the order, and no other page has them again.
    Raises BadRequest for a cursor that this function did not make.
    """
    cursor, backwards = request.GET.get("after"), False
    if cursor is None and (cursor := request.GET.get("before")) is not None:
        backwards = True
    order = [_flip(field) for field in ordering] if backwards else list(ordering)
    ahead = list(exact.order_by(*ordering)[:MAX_EXACT]) if exact is not None else []
    if ahead:
        queryset = queryset.exclude(pk__in=[row.pk for row in ahead])
    rows = queryset.order_by(*order)
    if cursor is not None:
        rows = rows.filter(_beyond(order, _decode(cursor, queryset.model, ordering)))
    found = list(rows[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_next, has_previous = (bool(cursor), more) if backwards else (more, bool(cursor))
    return KeysetPage(
        [*ahead, *found] if not has_previous else found,
        _url(request, "after", found[-1], ordering) if found and has_next else "",
        _url(request, "before", found[0], ordering) if found and has_previous else "",
    )


def _flip(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"


def _beyond(order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows after `values` in `order`: (a > x) or (a = x and b > y) or …, with the first field bounded for the index."""
    beyond, equal = Q(), Q()
    for field, value in zip(order, values, strict=True):
        name, side = field.lstrip("-"), "lt" if field.startswith("-") else "gt"
        beyond |= equal & Q(**{f"{name}__{side}": value})
        equal &= Q(**{name: value})
    first, side = order[0].lstrip("-"), "lte" if order[0].startswith("-") else "gte"
    return Q(**{f"{first}__{side}": values[0]}) & beyond


def _value(row: Model, field: str) -> Any:
    value: Any = row
    for part in field.lstrip("-").split("__"):
        value = getattr(value, part)
    return {"t": value.isoformat()} if isinstance(value, date) else value


def _url(request: HttpRequest, side: str, row: Model, ordering: Sequence[str]) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    query.pop("before", None)
    query[side] = cursors(type(row), ordering).sign_object([_value(row, field) for field in ordering])
    return f"?{query.urlencode()}"


def cursors(model: type[Model], ordering: Sequence[str]) -> Signer:
    """Who signs the cursors of one list: only what a list gave is taken, and by that list alone, so each value has the
    type that its field has."""
    return Signer(salt=f"keyset:{model._meta.label_lower}:{','.join(ordering)}")


def _decode(cursor: str, model: type[Model], ordering: Sequence[str]) -> list[Any]:
    try:
        values = cursors(model, ordering).unsign_object(cursor)
    except BadSignature:
        raise BadRequest(gettext_noop("This page address is incomplete. Open the list again.")) from None
    return [_moment(value["t"]) if isinstance(value, dict) else value for value in values]


def _moment(text: str) -> datetime | date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
