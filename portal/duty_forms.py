"""Forms of absences and duty hours, and how it is shown beside a name that somebody is away."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_noop

from portal.http.moment_fields import MomentField
from portal.http.moments import moment_words
from portal.identity.duty import Roster
from portal.models import User

WEEKDAYS = (
    gettext_noop("Monday"),
    gettext_noop("Tuesday"),
    gettext_noop("Wednesday"),
    gettext_noop("Thursday"),
    gettext_noop("Friday"),
    gettext_noop("Saturday"),
    gettext_noop("Sunday"),
)


def labels_of(people: Sequence[User]) -> dict[int, str]:
    """Person → their name, and whether they are away, until when and who stands in, or off duty now."""
    roster = Roster.of({person.organisation_id for person in people})
    return {person.pk: _label(person, roster) for person in people}


def _label(person: User, roster: Roster) -> str:
    if (absence := roster.absence(person)) is not None:
        until = moment_words(absence.ends_at)
        if (deputy := roster.stand_in(person)) is None:
            return gettext("%(name)s (away until %(until)s)") % {"name": person.name, "until": until}
        words = {"name": person.name, "until": until, "deputy": deputy.name}
        return gettext("%(name)s (away until %(until)s, deputy: %(deputy)s)") % words
    return person.name if roster.on_duty(person) else gettext("%(name)s (off duty now)") % {"name": person.name}


class AbsenceForm(forms.Form):
    """From when until when, in the reader's time zone, which the page names."""

    starts_at = MomentField(
        label=gettext_noop("Away from"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    ends_at = MomentField(
        label=gettext_noop("Back on"),
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    deputy = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_noop("Deputy"),
        required=False,
        help_text=gettext_noop("Without a deputy, everybody at the organisation is notified."),
    )

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = list(people.select_related("organisation"))
        field: Any = self.fields["deputy"]
        field.queryset = people
        field.choices = [("", gettext("Nobody")), *labels_of(found).items()]


class DutyHoursForm(forms.Form):
    """Two times for each weekday, both or none."""

    def __init__(self, *args: Any, hours: Mapping[str, Sequence[str]], **kwargs: Any) -> None:
        initial = {
            f"{side}_{day}": at
            for day, times in hours.items()
            for side, at in zip(("from", "until"), times, strict=True)
        }
        super().__init__(*args, **{"initial": initial, **kwargs})
        for day, name in enumerate(WEEKDAYS):
            for side, words in (("from", gettext("%(day)s, from")), ("until", gettext("%(day)s, until"))):
                attributes = {"type": "time", "aria-label": words % {"day": gettext(name)}}
                widget = forms.TimeInput(format="%H:%M", attrs=attributes)
                self.fields[f"{side}_{day}"] = forms.TimeField(required=False, label=name, widget=widget)

    @property
    def days(self) -> list[tuple[str, Any, Any]]:
        """(weekday, field of the start, field of the end), Monday first."""
        return [(name, self[f"from_{day}"], self[f"until_{day}"]) for day, name in enumerate(WEEKDAYS)]

    def clean(self) -> dict[str, Any]:
        for day in range(len(WEEKDAYS)):
            start, end = (self.cleaned_data.get(f"{side}_{day}") for side in ("from", "until"))
            if (start is None) != (end is None) and not {f"from_{day}", f"until_{day}"} & self.errors.keys():
                detail = gettext_noop("Enter both times of the day, or neither.")
                self.add_error(f"until_{day}" if end is None else f"from_{day}", ValidationError(detail))
        return self.cleaned_data

    @property
    def hours(self) -> dict[str, Sequence[str]]:
        """Weekday → from and until, as `set_duty_hours` takes them."""
        given: Mapping[str, time | None] = self.cleaned_data
        times = {str(day): (given[f"from_{day}"], given[f"until_{day}"]) for day in range(len(WEEKDAYS))}
        return {day: (f"{start:%H:%M}", f"{end:%H:%M}") for day, (start, end) in times.items() if start and end}
