"""Pages of rows by keyset: stable while rows come and go, equally fast on page 1 and page 100,000.

A list that says when its rows were last changed also says from when to ask for the next round (`next_updated_since`). The
moment is taken before the first page is read, and goes from page to page in the cursor.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.signing import BadSignature, Signer
from django.db.models import Model
from django.utils import timezone
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from portal.database.complete_until import OVERLAP, complete_until
from portal.http.cursors import place_of, rows_beyond, values_at

SINCE = "updated_since"
CURSOR, SIZE = "cursor", "page_size"
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_NEXT_SINCE = (
    "Send it as `updated_since` with your next round: each change from before it is in this round. The same on all pages of "
    "a round."
)


class KeysetPagination(BasePagination):
    """The last created row first; where `updated_since` is given and the database notes the changes itself, the first
    changed one, up to the moment to which nothing is missing. Cursors are signed: any other one gets a 404 that says so."""

    ordering: Sequence[str] = ("-pk",)
    page_size = 100
    max_page_size = 1000
    changes = False
    """Whether the list says when its rows were changed, for the schema."""
    invalid_cursor_message = "This cursor was not issued by the API. Use the `next` and `previous` links unchanged."

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self._request = request
        field = getattr(view, "updated_field", "")
        is_round = bool(field) and view.noted_by_database and view.since is not None
        self._order = (field, "pk") if is_round else self.ordering
        self._signer = Signer(salt=f"api:{queryset.model._meta.label_lower}:{','.join(self._order)}")
        size, place = self.get_page_size(request), self._place(request)
        if place is None:
            self._until = _until(queryset.model, view) if field else None
            backwards, values = False, None
        else:
            until, backwards, *values = place
            self._until = None if until is None else datetime.fromisoformat(until)
        if is_round:
            queryset = queryset.filter(**{f"{field}__lt": self._until})
        given = None if values is None else values_at(values)
        self._rows, more = rows_beyond(queryset, self._order, given, size=size, backwards=backwards)
        self._has_next, self._has_previous = (True, more) if backwards else (more, place is not None)
        return self._rows

    def get_paginated_response(self, data: Any) -> Response:
        page = {
            "next": self._link(self._rows[-1], backwards=False) if self._rows and self._has_next else None,
            "previous": self._link(self._rows[0], backwards=True) if self._rows and self._has_previous else None,
        }
        if self._until is not None:
            page["next_updated_since"] = self._until.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return Response({**page, "results": data})

    def get_page_size(self, request: Request) -> int:
        """As the caller asks, at most `max_page_size`, or `page_size`. Raises ValidationError for what is no number."""
        given = request.query_params.get(SIZE)
        if given is None:
            return self.page_size
        if not _NUMBER.fullmatch(given):
            raise ValidationError({SIZE: [f"Send a whole number from 1 to {self.max_page_size}."]})
        return min(int(given), self.max_page_size)

    def _place(self, request: Request) -> list[Any] | None:
        given = request.query_params.get(CURSOR)
        if given is None:
            return None
        try:
            place: list[Any] = self._signer.unsign_object(given)
        except BadSignature:
            raise NotFound(self.invalid_cursor_message) from None
        return place

    def _link(self, row: Model, *, backwards: bool) -> str:
        until = None if self._until is None else self._until.isoformat()
        signed = self._signer.sign_object([until, backwards, *place_of(row, self._order)])
        base = remove_query_param(self._request.build_absolute_uri(), CURSOR)
        return str(replace_query_param(base, CURSOR, signed))

    def get_schema_operation_parameters(self, view: object) -> list[dict[str, Any]]:
        about = {
            CURSOR: ("Part of `next` and `previous`, which are to be followed as they are.", {"type": "string"}),
            SIZE: (
                f"Rows of a page, up to {self.max_page_size:,}. For a larger number the page has as many.",
                {"type": "integer", "minimum": 1, "default": self.page_size},
            ),
        }
        return [
            {"name": name, "in": "query", "required": False, "description": description, "schema": schema}
            for name, (description, schema) in about.items()
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """`null` is a type here: OpenAPI 3.1 has no `nullable`, and a client would fail on the last page of every list."""
        link = {"type": ["string", "null"], "format": "uri"}
        found: dict[str, Any] = {
            "next": link | {"description": "The next page; null after the last one."},
            "previous": link | {"description": "The page before; null on the first one."},
        }
        if self.changes:
            found["next_updated_since"] = {"type": "string", "format": "date-time", "description": _NEXT_SINCE}
        found["results"] = schema
        return {"type": "object", "required": list(found), "properties": found}


def _until(model: type[Model], view: Any) -> datetime:
    """From when the next round has to ask, so that it misses nothing of what is written meanwhile."""
    if not view.noted_by_database:
        return timezone.now() - OVERLAP
    field: Any = model._meta.get_field(view.updated_field.partition("__")[0])
    until = complete_until(field.related_model or model)
    # A writer that began before the last round, and waited, may lead back behind what that round has brought.
    return until if view.since is None else max(until, view.since)


class FileOrderPagination(KeysetPagination):
    """Rows of a file in the order of the file, fewer at once."""

    ordering = ("pk",)
    page_size = 50
    max_page_size = 200
