"""Shared parts of the filters of lists with rows of several platforms."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy, gettext_noop

from portal.models import Organisation

YES_NO = [("yes", gettext_noop("Yes")), ("no", gettext_noop("No"))]


class PlatformFilter(django_filters.FilterSet):
    platform = django_filters.ModelChoiceFilter(
        queryset=Organisation.objects.platforms().outside_sandboxes(), empty_label=gettext_lazy("All")
    )

    def __init__(self, *args: Any, one_platform: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if one_platform:
            del self.filters["platform"]
