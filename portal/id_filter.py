"""The filter of lists by the id of another object, which links name and nobody types."""

from typing import Any

import django_filters
from django import forms
from drf_spectacular.utils import extend_schema_field


class IdFilter(django_filters.NumberFilter):
    """`about` says to programs whose id it is, in English."""

    def __init__(self, *, about: str, **options: Any) -> None:
        super().__init__(widget=forms.HiddenInput, **options)
        extend_schema_field({"type": "integer", "description": about})(self)
