"""The filter of the board."""

import django_filters
from django import forms
from django.db.models import QuerySet

from portal.id_filter import IdFilter
from recalls.filters import NoticeFilter
from recalls.models import Notice


class ActiveNoticeFilter(NoticeFilter):
    """The board shows active notices only."""

    status = None


class BoardFilter(ActiveNoticeFilter):
    sending = IdFilter(field_name="sending_id", about="Id of a sending.")
    sort = django_filters.CharFilter(method="keep_order", widget=forms.HiddenInput)

    def keep_order(self, queryset: QuerySet[Notice], _name: str, _value: str) -> QuerySet[Notice]:
        """The view sorts the rows itself, because it reads them page by page."""
        return queryset
