"""The field by which a list is searched: one on each page, with the key that leads to it."""

from typing import Any

import django_filters
from django import forms
from django.utils.translation import gettext_lazy


class SearchFilter(django_filters.CharFilter):
    """Asks the filter set's method `search` for the rows that what is typed finds. `of_key`: what the list of shortcuts
    says of the key."""

    def __init__(self, *, of_key: object = gettext_lazy("Find in this list"), **options: Any) -> None:
        attrs = {"type": "search", "data-key": "f", "data-key-label": of_key}
        super().__init__(method="search", widget=forms.TextInput(attrs=attrs), **options)
