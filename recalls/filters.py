"""Filters of the lists of recalls and notices, the same for page and API."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy, gettext_noop

from portal.http.language import in_words
from portal.models import Organisation
from recalls.models import Notice, Recall
from recalls.states import NoticeStatus, RecallStatus

_DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class RecallFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(
        method="search",
        label=gettext_noop("Number, title, brand, model or GTIN"),
        widget=forms.TextInput(
            attrs={"type": "search", "data-key": "f", "data-key-label": gettext_lazy("Find in this list")}
        ),
    )
    status = django_filters.ChoiceFilter(
        choices=in_words(RecallStatus.choices), label=gettext_noop("Status"), empty_label=gettext_lazy("All")
    )
    priority = django_filters.ChoiceFilter(
        choices=in_words(Recall.Priority.choices), label=gettext_noop("Priority"), empty_label=gettext_lazy("All")
    )
    since = django_filters.DateFilter(
        field_name="recalled_on", lookup_expr="gte", label=gettext_noop("Recalled from"), widget=_DATE
    )
    until = django_filters.DateFilter(
        field_name="recalled_on", lookup_expr="lte", label=gettext_noop("Recalled until"), widget=_DATE
    )
    noticed = django_filters.ChoiceFilter(
        choices=in_words([("yes", gettext_noop("Sent to a platform")), ("no", gettext_noop("Not sent"))]),
        method="on_a_list",
        label=gettext_noop("Notices"),
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Recall
        fields: list[str] = []

    def search(self, queryset: QuerySet[Recall], _name: str, value: str) -> QuerySet[Recall]:
        for word in value.lower().split():
            queryset = queryset.filter(search__contains=word)
        return queryset

    def on_a_list(self, queryset: QuerySet[Recall], _name: str, value: str) -> QuerySet[Recall]:
        noticed = Exists(Notice.objects.active().filter(recall=OuterRef("pk")))
        return queryset.filter(noticed) if value == "yes" else queryset.filter(~noticed)


class NoticeFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="recall__search", lookup_expr="icontains", label=gettext_noop("Recall"))
    status = django_filters.ChoiceFilter(
        choices=in_words(NoticeStatus.choices), label=gettext_noop("Status"), empty_label=gettext_lazy("All")
    )
    acknowledged = django_filters.ChoiceFilter(
        choices=in_words([("no", gettext_noop("Not yet")), ("yes", gettext_noop("Yes"))]),
        method="is_acknowledged",
        label=gettext_noop("Acknowledged"),
        empty_label=gettext_lazy("All"),
    )
    platform = django_filters.ModelChoiceFilter(
        queryset=Organisation.objects.platforms(), empty_label=gettext_lazy("All")
    )

    class Meta:
        model = Notice
        fields: list[str] = []

    def __init__(self, *args: Any, one_platform: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if one_platform:  # a platform sees its own notices only
            del self.filters["platform"]

    def is_acknowledged(self, queryset: QuerySet[Notice], _name: str, value: str) -> QuerySet[Notice]:
        return queryset.filter(acknowledged_at__isnull=value == "no")
