"""Filters of the list of letters."""

import django_filters
from django.utils.translation import gettext_lazy, gettext_noop

from enforcement.filters import PlatformFilter
from enforcement.models import Letter
from enforcement.states import LetterStatus
from portal.http.language import in_words


class LetterFilter(PlatformFilter):
    status = django_filters.ChoiceFilter(
        choices=in_words(LetterStatus.choices), label=gettext_noop("State"), empty_label=gettext_lazy("All")
    )

    class Meta:
        model = Letter
        fields: list[str] = []
