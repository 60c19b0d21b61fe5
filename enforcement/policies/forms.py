"""The form of a policy, in sections; its steps are rows of their own (steps.py)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext, gettext_noop

from enforcement.models import Policy
from enforcement.policies.durations import DurationField, UnitSelect, duration_text, seconds_of
from enforcement.policies.steps import Step
from enforcement.services import PolicyContent
from portal.http.language import in_words
from portal.places import REGION, SEARCHED_COUNTRY, SEARCHED_ZONE, countries, time_zones, with_own
from portal.texts import MAX_NOTE

_SECTIONS = (
    (gettext_noop("Name"), ("name", "description", "is_active")),
    (gettext_noop("Time allowed"), ("amount", "unit")),
    (gettext_noop("Start of the clock"), ("starts_on", "start_latest_hours", "begins", "cut_off")),
    (gettext_noop("Calendar"), ("country", "subdivision", "time_zone")),
    (gettext_noop("Sellers with earlier removals"), ("repeat_after", "repeat_amount")),
    (
        gettext_noop("Second person and pauses"),
        ("pauses_while_referred", "extension_needs_second", "second_person_from", "overrule_needs_second"),
    ),
    (
        gettext_noop("Removal checks"),
        ("checks_needed", "check_interval_seconds", "rescans", "history_after", "history_rescans"),
    ),
)


class PolicyForm(forms.ModelForm):
    description = forms.CharField(
        label=gettext_noop("Description"),
        required=False,
        max_length=MAX_NOTE,
        widget=forms.Textarea,
    )
    country = forms.ChoiceField(
        label=gettext_noop("Country"),
        help_text=gettext_noop("Public holidays of this country are not working days."),
        widget=forms.Select(attrs=SEARCHED_COUNTRY),
    )
    time_zone = forms.ChoiceField(
        label=gettext_noop("Time zone"),
        help_text=gettext_noop("Working days begin and end in this time zone."),
        widget=forms.Select(attrs=SEARCHED_ZONE),
    )
    start_latest_hours = DurationField(
        units=("hours", "days"),
        label=gettext_noop("Start the clock no later than"),
        help_text=gettext_noop("If there is no delivery or acknowledgement, the clock starts this long after sending."),
    )
    check_interval_seconds = DurationField(
        units=("minutes", "hours", "days", "seconds"),
        label=gettext_noop("Minimum time between checks"),
        help_text=gettext_noop("Between two checks that confirm a removal."),
    )
    rescans = forms.CharField(
        max_length=1_000,
        label=gettext_noop("Rescans after removal"),
        help_text=gettext_noop("Times after the confirmed removal, separated by commas, like 1 h, 6 h, 3 d."),
    )
    history_rescans = forms.CharField(
        max_length=1_000,
        label=gettext_noop("Rescans after relistings"),
        help_text=gettext_noop("Times used instead if listings came back before."),
    )

    class Meta:
        model = Policy
        fields = [name for _, names in _SECTIONS for name in names]
        widgets = {"unit": UnitSelect, "subdivision": forms.TextInput(attrs=REGION)}
        labels = {
            "name": gettext_noop("Name"),
            "amount": gettext_noop("Time allowed"),
            "unit": gettext_noop("Unit"),
            "starts_on": gettext_noop("Start the clock when"),
            "begins": gettext_noop("Begin counting"),
            "cut_off": gettext_noop("Cut-off time"),
            "subdivision": gettext_noop("State or region"),
            "repeat_after": gettext_noop("Less time after"),
            "repeat_amount": gettext_noop("Time for repeat sellers"),
            "pauses_while_referred": gettext_noop("Pause while referred"),
            "extension_needs_second": gettext_noop("Second person for extensions"),
            "second_person_from": gettext_noop("Second reviewer from score"),
            "overrule_needs_second": gettext_noop("Second person for overruling"),
            "checks_needed": gettext_noop("Checks needed"),
            "history_after": gettext_noop("More rescans after"),
            "is_active": gettext_noop("In use"),
        }
        help_texts = {
            "name": gettext_noop("Regulator staff choose the policy by this name when they send notices."),
            "amount": gettext_noop("How long a platform has to remove a listing."),
            "unit": gettext_noop("Working days leave out weekends and the public holidays of the calendar below."),
            "starts_on": gettext_noop("The event from which the time counts."),
            "checks_needed": gettext_noop("A removal is confirmed when this many checks in a row find it gone."),
            "is_active": gettext_noop("Staff can choose the policy for new notices."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.initial
        self.fields["unit"].choices = in_words(Policy.Unit.choices)  # type: ignore[attr-defined]
        self.fields["starts_on"].choices = in_words(Policy.StartsOn.choices)  # type: ignore[attr-defined]
        self.fields["begins"].choices = in_words(Policy.Begins.choices)  # type: ignore[attr-defined]
        self.fields["country"].choices = with_own(countries(), stored["country"])  # type: ignore[attr-defined]
        self.fields["time_zone"].choices = with_own(time_zones(), stored["time_zone"])  # type: ignore[attr-defined]
        self.fields["second_person_from"].required = False
        self.initial["start_latest_hours"] = stored["start_latest_hours"] * 3600
        for name in ("rescans", "history_rescans"):
            self.initial[name] = ", ".join(map(duration_text, stored[name]))

    @property
    def sections(self) -> list[tuple[str, list[BoundField]]]:
        """(title, fields) in the order of the page."""
        return [(title, [self[name] for name in names]) for title, names in _SECTIONS]

    def clean_second_person_from(self) -> int:
        return self.cleaned_data["second_person_from"] or 0

    def clean_start_latest_hours(self) -> int:
        return int(self.cleaned_data["start_latest_hours"]) // 3600

    def clean_rescans(self) -> tuple[int, ...]:
        return self._durations("rescans")

    def clean_history_rescans(self) -> tuple[int, ...]:
        return self._durations("history_rescans")

    def _durations(self, name: str) -> tuple[int, ...]:
        return tuple(_seconds_of(part) for part in self.cleaned_data[name].split(",") if part.strip())

    def _post_clean(self) -> None:
        """Does nothing: the service validates the row, and Django would store the typed texts in its fields."""

    def content(self, steps: tuple[Step, ...]) -> PolicyContent:
        return PolicyContent(**self.cleaned_data, steps=steps)


def _seconds_of(text: str) -> int:
    try:
        return seconds_of(text)
    except ValueError:
        detail = gettext("%(text)s is not a length of time. Enter a number with min, h or d, like 30 min, 6 h or 3 d.")
        raise ValidationError(detail % {"text": text.strip()}) from None
