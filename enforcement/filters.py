"""Shared parts of the filters of lists with rows of several platforms."""

from typing import Any

import django_filters
from django.utils.translation import gettext_noop

from portal.platform_filter import PlatformChoiceFilter

YES_NO = [("yes", gettext_noop("Yes")), ("no", gettext_noop("No"))]


class PlatformFilter(django_filters.FilterSet):
    platform = PlatformChoiceFilter()

    def __init__(self, *args: Any, one_platform: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if one_platform:
            del self.filters["platform"]
