"""Filters of the list of escalations."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy, gettext_noop

from enforcement.filters import YES_NO, PlatformFilter
from enforcement.models import Escalation
from enforcement.states import StepKind
from portal.http.language import in_words


class EscalationFilter(PlatformFilter):
    kind = django_filters.ChoiceFilter(
        choices=in_words(StepKind.choices), label=gettext_noop("Step"), empty_label=gettext_lazy("All")
    )
    acknowledged = django_filters.ChoiceFilter(
        choices=in_words(YES_NO),
        method="is_acknowledged",
        label=gettext_noop("Acknowledged"),
        empty_label=gettext_lazy("All"),
    )

    class Meta:
        model = Escalation
        fields: list[str] = []

    def is_acknowledged(self, queryset: QuerySet[Escalation], _name: str, value: str) -> QuerySet[Escalation]:
        return queryset.filter(acknowledged_at__isnull=value == "no")
