"""The filter of the board."""

import django_filters
from django import forms
from django.db.models import QuerySet

from recalls.filters import NoticeFilter
from recalls.models import Notice


class BoardFilter(NoticeFilter):
    """The board shows active notices only."""

    status = None
    sending = django_filters.NumberFilter(field_name="sending_id", widget=forms.HiddenInput)
    sort = django_filters.CharFilter(method="keep_order", widget=forms.HiddenInput)

    def keep_order(self, queryset: QuerySet[Notice], _name: str, _value: str) -> QuerySet[Notice]:
        """The view sorts the rows itself, because it reads them page by page."""
        return queryset
