"""Filters of the board."""

import django_filters
from django import forms
from django.db.models import QuerySet

from recalls.filters import NoticeFilter
from recalls.models import Notice


class BoardFilter(NoticeFilter):
    """Of the board, which has active notices only."""

    status = None
    sending = django_filters.NumberFilter(field_name="sending_id", widget=forms.HiddenInput)
    sort = django_filters.CharFilter(method="leave", widget=forms.HiddenInput)

    def leave(self, queryset: QuerySet[Notice], _name: str, _value: str) -> QuerySet[Notice]:
        """The page orders its rows itself, as it reads them by pages."""
        return queryset
