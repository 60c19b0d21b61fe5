"""Pages of rows by keyset: stable while rows come and go, equally fast on page 1 and page 100,000."""

import re
from typing import Any

from django.core.signing import BadSignature, Signer
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param

_CURSORS = Signer(salt="api")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


class KeysetPagination(CursorPagination):
    """Cursors are signed: any other cursor gets a 404 that says so."""

    ordering = "-pk"
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000
    invalid_cursor_message = "This cursor was not issued by the API. Use the `next` and `previous` links unchanged."

    def decode_cursor(self, request: Request) -> Cursor | None:
        given = request.query_params.get(self.cursor_query_param)
        if given is None:
            return None
        try:
            offset, reverse, position = _CURSORS.unsign_object(given)
        except BadSignature:
            raise NotFound(self.invalid_cursor_message) from None
        return Cursor(offset=offset, reverse=reverse, position=position)

    def get_page_size(self, request: Request) -> int:
        """As the caller asks, at most `max_page_size`, or `page_size`. Raises ValidationError for what is no number."""
        given = request.query_params.get(self.page_size_query_param)
        if given is None:
            return self.page_size
        if not _NUMBER.fullmatch(given):
            raise ValidationError(
                {self.page_size_query_param: [f"Send a whole number from 1 to {self.max_page_size}."]}
            )
        return min(int(given), self.max_page_size)

    def get_schema_operation_parameters(self, view: object) -> list[dict[str, Any]]:
        about = {
            self.cursor_query_param: (
                "Part of `next` and `previous`, which are to be followed as they are.",
                {"type": "string"},
            ),
            self.page_size_query_param: (
                f"Rows of a page, up to {self.max_page_size:,}. For a larger number the page has as many.",
                {"type": "integer", "minimum": 1, "default": self.page_size},
            ),
        }
        return [
            {"name": name, "in": "query", "required": False, "description": description, "schema": schema}
            for name, (description, schema) in about.items()
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """DRF's own says `nullable`, which OpenAPI 3.1 does not have: a client would fail on the last page of every list."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": link | {"description": "The next page; null after the last one."},
                "previous": link | {"description": "The page before; null on the first one."},
                "results": schema,
            },
        }

    def encode_cursor(self, cursor: Any) -> str:
        # As the base class does, with its address filled in, but signed.
        signed = _CURSORS.sign_object([cursor.offset, cursor.reverse, cursor.position])
        return replace_query_param(str(self.base_url), self.cursor_query_param, signed)


class FileOrderPagination(KeysetPagination):
    """Rows of a file in the order of the file, fewer at once."""

    ordering = "pk"
    page_size = 50
    max_page_size = 200
