"""The filter of lists by platform: pages name one by its id, programs by the slug that the API answers."""

import re
from typing import Any

import django_filters
from django.utils.translation import gettext_lazy
from django_filters.fields import ModelChoiceField
from drf_spectacular.utils import extend_schema_field

from portal.models import Organisation


class _PlatformField(ModelChoiceField):
    def to_python(self, value: Any) -> Organisation | None:
        is_slug = isinstance(value, str) and re.fullmatch(r"[-a-zA-Z0-9_]+", value)
        found = self.queryset.filter(slug=value).first() if is_slug else None
        return found or super().to_python(value)


@extend_schema_field({"type": "string", "description": "A platform's slug."})
class PlatformChoiceFilter(django_filters.ModelChoiceFilter):
    field_class = _PlatformField

    def __init__(self, **options: Any) -> None:
        rows = Organisation.objects.platforms().outside_sandboxes()
        super().__init__(queryset=rows, empty_label=gettext_lazy("All"), **options)
