"""Filters of the list of appeals."""

import django_filters
from django.utils.translation import gettext_lazy, gettext_noop

from enforcement.filters import PlatformFilter
from enforcement.models import Appeal
from enforcement.states import AppealStatus
from portal.http.language import in_words
from portal.platform_filter import PlatformChoiceFilter


class AppealFilter(PlatformFilter):
    status = django_filters.ChoiceFilter(
        choices=in_words(AppealStatus.choices), label=gettext_noop("State"), empty_label=gettext_lazy("All")
    )
    platform = PlatformChoiceFilter(field_name="takedown__platform", label=gettext_noop("Platform"))

    class Meta:
        model = Appeal
        fields: list[str] = []
