"""Filters of takedowns, escalations and the board."""

from typing import Any

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy, gettext_noop

from enforcement.cells import TOTALS, total
from enforcement.models import Appeal, Escalation, Letter, Takedown
from enforcement.states import AppealStatus, LetterStatus, RungKind, TakedownStatus
from portal.http.language import in_words
from portal.models import Organisation
from recalls.filters import NoticeFilter
from recalls.models import Notice

_YES_NO = [("yes", gettext_noop("Yes")), ("no", gettext_noop("No"))]


class _PlatformFilter(django_filters.FilterSet):
    platform = django_filters.ModelChoiceFilter(
        queryset=Organisation.objects.platforms(), empty_label=gettext_lazy("All")
    )

    def __init__(self, *args: Any, one_platform: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if one_platform:
            del self.filters["platform"]


class TakedownFilter(_PlatformFilter):
    q = django_filters.CharFilter(
        method="search",
        label=gettext_noop("Recall number or listing id"),
        widget=forms.TextInput(
            attrs={"type": "search", "data-key": "f", "data-key-label": gettext_lazy("Find in this list")}
        ),
    )
    status = django_filters.ChoiceFilter(
        choices=in_words(TakedownStatus.choices), label=gettext_noop("State"), empty_label=gettext_lazy("All")
    )
    late = django_filters.ChoiceFilter(
        choices=in_words(_YES_NO), method="is_late", label=gettext_noop("Late"), empty_label=gettext_lazy("All")
    )
    notice = django_filters.NumberFilter(field_name="flag__notice_id", widget=forms.HiddenInput)
    total = django_filters.ChoiceFilter(
        choices=[(name, label) for name, (label, _) in TOTALS.items()], method="in_total", widget=forms.HiddenInput
    )

    class Meta:
        model = Takedown
        fields: list[str] = []

    def search(self, queryset: QuerySet[Takedown], _name: str, value: str) -> QuerySet[Takedown]:
        return queryset.filter(Q(flag__recall__number=value.strip()) | Q(flag__listing__external_id=value.strip()))

    def is_late(self, queryset: QuerySet[Takedown], _name: str, value: str) -> QuerySet[Takedown]:
        late = Q(met_at__gt=F("due_at")) | Q(
            met_at=None, paused_at=None, due_at__lt=timezone.now(), status__in=["running", "missed"]
        )
        return queryset.filter(late) if value == "yes" else queryset.exclude(late)

    def in_total(self, queryset: QuerySet[Takedown], _name: str, value: str) -> QuerySet[Takedown]:
        """What a number above the board counts."""
        return queryset.filter(total(value, timezone.now()))


class RegulatorTakedownFilter(TakedownFilter):
    """What a regulator's pages link to besides: the takedowns of one sending."""

    sending = django_filters.NumberFilter(field_name="flag__notice__sending_id", widget=forms.HiddenInput)


class BoardFilter(NoticeFilter):
    """Of the board, which has active notices only."""

    status = None
    sending = django_filters.NumberFilter(field_name="sending_id", widget=forms.HiddenInput)
    sort = django_filters.CharFilter(method="leave", widget=forms.HiddenInput)

    def leave(self, queryset: QuerySet[Notice], _name: str, _value: str) -> QuerySet[Notice]:
        """The page orders its rows itself, as it reads them by pages."""
        return queryset


class AppealFilter(_PlatformFilter):
    status = django_filters.ChoiceFilter(
        choices=in_words(AppealStatus.choices), label=gettext_noop("State"), empty_label=gettext_lazy("All")
    )
    platform = django_filters.ModelChoiceFilter(
        field_name="takedown__platform", queryset=Organisation.objects.platforms(), empty_label=gettext_lazy("All")
    )

    class Meta:
        model = Appeal
        fields: list[str] = []


class LetterFilter(_PlatformFilter):
    status = django_filters.ChoiceFilter(
        choices=in_words(LetterStatus.choices), label=gettext_noop("State"), empty_label=gettext_lazy("All")
    )

    class Meta:
        model = Letter
        fields: list[str] = []


class EscalationFilter(_PlatformFilter):
    kind = django_filters.ChoiceFilter(
        choices=in_words(RungKind.choices), label=gettext_noop("Rung"), empty_label=gettext_lazy("All")
    )
    acknowledged = django_filters.ChoiceFilter(
        choices=in_words(_YES_NO),
        method="is_acknowledged",
        label=gettext_noop("Acknowledged"),
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Escalation
        fields: list[str] = []

    def is_acknowledged(self, queryset: QuerySet[Escalation], _name: str, value: str) -> QuerySet[Escalation]:
        return queryset.filter(acknowledged_at__isnull=value == "no")
