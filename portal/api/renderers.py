"""Responses of the API as JSON, even if they repeat text that is not valid UTF-8."""

from typing import Any

from rest_framework.renderers import JSONRenderer


class _Spelled(JSONRenderer):
    ensure_ascii = True


class SpelledJSONRenderer(JSONRenderer):
    """Half of a surrogate pair, which a program can send as an escape, is returned as that escape."""

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        try:
            return bytes(super().render(data, accepted_media_type, renderer_context))
        except UnicodeEncodeError:
            return bytes(_Spelled().render(data, accepted_media_type, renderer_context))
