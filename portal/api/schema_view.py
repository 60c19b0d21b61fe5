"""The address of the OpenAPI schema. Anybody may ask for it, and to make it takes seconds: it is made once a language."""

from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import spectacular_settings
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response


class _Schema(dict[str, Any]):
    """A schema, which is never changed, and how each renderer writes it."""

    def __init__(self, language: str) -> None:
        with translation.override(language):
            super().__init__(SchemaGenerator().get_schema(request=None, public=True))
        self._written: dict[type[BaseRenderer], bytes] = {}

    def written_by(self, renderer: type[BaseRenderer]) -> bytes:
        if renderer not in self._written:
            self._written[renderer] = bytes(renderer().render(dict(self)))  # type: ignore[arg-type]  # in bytes, as DRF's do
        return self._written[renderer]


@cache
def schema_in(language: str) -> _Schema:
    """The schema is made from the code, so it is the same for as long as the process lives."""
    return _Schema(language)


def _kept(renderer: type[BaseRenderer]) -> type[BaseRenderer]:
    """The same renderer, which writes a schema once."""

    class Kept(renderer):  # type: ignore[misc, valid-type]
        def render(self, data: Any, *more: Any, **named: Any) -> bytes:
            return data.written_by(renderer) if isinstance(data, _Schema) else super().render(data, *more, **named)

    return Kept


class SchemaView(SpectacularAPIView):
    """The schema in the language of `?lang=`, or of who asks, as YAML or JSON."""

    renderer_classes = [_kept(renderer) for renderer in SpectacularAPIView.renderer_classes]

    @extend_schema(exclude=True)
    def get(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        language = request.GET.get("lang") or translation.get_language() or ""
        schema = schema_in(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)
        suffix = self.perform_content_negotiation(request, force=True)[0].format
        name = f'inline; filename="{spectacular_settings.TITLE}.{suffix}"'
        return Response(schema, headers={"Content-Disposition": name})
