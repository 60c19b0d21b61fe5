"""Calendar forms: choose a calendar, add a special day, recount running clocks."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, gettext_noop

from enforcement.calendars.services.special_days import check_place
from enforcement.forms import DAY_INPUT, DAY_LIMITS
from portal.http.language import add_refusal
from portal.places import REGION, SEARCHED_COUNTRY, countries, with_own
from portal.texts import MAX_NOTE

_KINDS = [("closed", gettext_noop("closed")), ("open", gettext_noop("open")), ("half", gettext_noop("half day"))]
"""Kinds of days in lower case, because other languages use different words for a closed or open flag."""
_CODE = re.compile("[A-Z]{2}")


class PlaceForm(forms.Form):
    """Chooses a calendar."""

    country = forms.ChoiceField(label=gettext_noop("Country"), widget=forms.Select(attrs=SEARCHED_COUNTRY))
    subdivision = forms.CharField(
        required=False, max_length=10, label=gettext_noop("State or region"), widget=forms.TextInput(attrs=REGION)
    )

    def __init__(self, data: Mapping[str, str] | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        asked = (data or {}).get("country", "")
        self.fields["country"].choices = with_own(countries(), asked if _CODE.fullmatch(asked) else "")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        try:
            check_place(given.get("country", ""), given.get("subdivision", ""))
        except ValidationError as error:
            add_refusal(self, error)
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
        help_text=gettext_noop("End of a half day, in the time zone of the policy."),
    )
    name = forms.CharField(
        label=gettext_noop("Name"), max_length=80, help_text=gettext_noop("Shown in explanations of deadlines.")
    )


class RecountForm(forms.Form):
    reason = forms.CharField(
        max_length=MAX_NOTE,
        label=gettext_noop("Reason"),
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_noop("Recorded in the activity of every takedown whose deadline changes."),
    )
