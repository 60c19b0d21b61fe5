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
    ahead = list(exact.order_by(*ordering)[:MAX_EXACT]) if exact is not None else []
    if ahead:
        queryset = queryset.exclude(pk__in=[row.pk for row in ahead])
    values = _decode(cursor, queryset.model, ordering) if cursor is not None else None
    found, more = rows_beyond(queryset, ordering, values, size=size, backwards=backwards)
    has_next, has_previous = (bool(cursor), more) if backwards else (more, bool(cursor))
    signer = cursors(queryset.model, ordering)

    def url(side: str, row: M) -> str:
        return _url(request, side, signer, place_of(row, ordering))

    return KeysetPage(
        [*ahead, *found] if not has_previous else found,
        url("after", found[-1]) if found and has_next else "",
        url("before", found[0]) if found and has_previous else "",
    )


def rows_beyond(
    queryset: QuerySet[M], ordering: Sequence[str], values: Sequence[Any] | None, *, size: int, backwards: bool = False
) -> tuple[list[M], bool]:
    """Up to `size` rows after the one with these `values` of `ordering`, or before it; the first ones where it is None. In
    the order of `ordering`, and whether there are more in the direction that was read."""
    order = [_flip(field) for field in ordering] if backwards else list(ordering)
    rows = queryset.order_by(*order)
    if values is not None:
        rows = rows.filter(_beyond(order, values))
    found = list(rows[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    return found, more


def place_of(row: Model, ordering: Sequence[str]) -> list[Any]:
    """The values of `ordering` that a row has, as JSON writes them; `values_at` reads them again."""
    return [_value(row, field) for field in ordering]


def values_at(place: Sequence[Any]) -> list[Any]:
    return [_moment(value["t"]) if isinstance(value, dict) else value for value in place]


def keyset_page_of_parts(
    parts: Sequence[tuple[QuerySet[M], Sequence[str]]], request: HttpRequest, *, size: int = 50
) -> KeysetPage[M]:
    """As `keyset_page`, for a list of several parts one after the other, each with its ordering. The parts share no row.

    One query for each part that the page reaches, so each can be read from an index of its own.
    Raises BadRequest for a cursor that this function did not make.
    """
    backwards = request.GET.get("after") is None and request.GET.get("before") is not None
    cursor = request.GET.get("before" if backwards else "after")
    model, kind = parts[0][0].model, [f"{number}:{field}" for number, part in enumerate(parts) for field in part[1]]
    start, *values = [0] if cursor is None else _decode(cursor, model, kind)
    found: list[tuple[int, M]] = []
    for number in range(start, -1, -1) if backwards else range(start, len(parts)):
        queryset, ordering = parts[number]
        order = [_flip(field) for field in ordering] if backwards else list(ordering)
        rows = queryset.order_by(*order)
        if number == start and values:
            rows = rows.filter(_beyond(order, values))
        found += [(number, row) for row in rows[: size + 1 - len(found)]]
        if len(found) > size:
            break
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()

    def url(side: str, place: tuple[int, M]) -> str:
        number, row = place
        return _url(request, side, cursors(model, kind), [number, *(_value(row, field) for field in parts[number][1])])

    has_next, has_previous = (bool(cursor), more) if backwards else (more, bool(cursor))
    return KeysetPage(
        [row for _, row in found],
        url("after", found[-1]) if found and has_next else "",
        url("before", found[0]) if found and has_previous else "",
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


def _url(request: HttpRequest, side: str, signer: Signer, values: Sequence[Any]) -> str:
    query = request.GET.copy()
    query.pop("after", None)
    query.pop("before", None)
    query[side] = signer.sign_object(list(values))
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
    return values_at(values)


def _moment(text: str) -> datetime | date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
