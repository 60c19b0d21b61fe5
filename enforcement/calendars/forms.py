"""Forms of a calendar: its place, its special days, counting clocks again."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, gettext_noop

from enforcement.calendars.services.special_days import check_place
from enforcement.forms import DAY_INPUT, DAY_LIMITS

_KINDS = [("closed", gettext_noop("closed")), ("open", gettext_noop("open")), ("half", gettext_noop("half day"))]
"""Kinds of days, small: in other languages Closed and Open of a flag are other words."""


class PlaceForm(forms.Form):
    """Which calendar."""

    country = forms.RegexField(
        r"^[A-Z]{2}$",
        strip=True,
        error_messages={"invalid": gettext_noop("Two capital letters, like DE.")},
        label=gettext_noop("Country"),
    )
    subdivision = forms.CharField(required=False, max_length=10, label=gettext_noop("Part of it"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        check_place(given.get("country", ""), given.get("subdivision", ""))
        return given


class CalendarDayForm(forms.Form):
    day = forms.DateField(label=gettext_noop("Day"), widget=DAY_INPUT, validators=DAY_LIMITS)
    kind = forms.ChoiceField(
        label=gettext_noop("Kind"), choices=[(kind, capfirst(gettext_lazy(words))) for kind, words in _KINDS]
    )
    closes_at = forms.TimeField(
        label=gettext_noop("Closes at"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=gettext_noop("When a half day ends, in the policy's zone."),
    )
    name = forms.CharField(
        label=gettext_noop("Name"), max_length=80, help_text=gettext_noop("Explanations of deadlines use it.")
    )


class RecountForm(forms.Form):
    reason = forms.CharField(
        label=gettext_noop("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_noop("Stays in the history of every takedown it moves."),
    )
