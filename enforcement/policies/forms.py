"""The form of a policy."""

import zoneinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_noop

from enforcement.models import Policy
from enforcement.policies.durations import duration_text, seconds_of
from enforcement.services import PolicyContent
from enforcement.states import StepKind
from portal.http.language import in_words


class PolicyForm(forms.ModelForm):
    steps = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 5}),
        label=gettext_noop("Escalation ladder"),
    )
    check_interval_seconds = forms.CharField(
        label=gettext_noop("Minimum time between checks"),
        help_text=gettext_noop("Between two checks that confirm a removal, like 30 min or 1 h."),
    )
    rescans = forms.CharField(
        label=gettext_noop("Rescans after removal"),
        help_text=gettext_noop("Times after the confirmed removal, separated by commas, like 1 h, 6 h, 3 d."),
    )
    history_rescans = forms.CharField(
        label=gettext_noop("Rescans after relistings"),
        help_text=gettext_noop("Times used instead if listings came back before."),
    )

    class Meta:
        model = Policy
        fields = [
            "name", "description", "amount", "unit", "starts_on", "start_latest_hours", "begins", "cut_off", "country",
            "subdivision", "time_zone", "repeat_after", "repeat_amount", "pauses_while_referred", "extension_needs_second", "second_person_from",
            "overrule_needs_second", "steps", "checks_needed",
            "check_interval_seconds", "rescans", "history_after", "history_rescans", "is_active",
        ]  # fmt: skip
        labels = {
            "name": gettext_noop("Name"),
            "description": gettext_noop("Description"),
            "amount": gettext_noop("Time allowed"),
            "unit": gettext_noop("Unit"),
            "starts_on": gettext_noop("Start the clock when"),
            "start_latest_hours": gettext_noop("Start the clock no later than"),
            "begins": gettext_noop("Begin counting"),
            "cut_off": gettext_noop("Cut-off time"),
            "country": gettext_noop("Country"),
            "subdivision": gettext_noop("State or region"),
            "time_zone": gettext_noop("Time zone"),
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        policy = self.instance
        self.fields["unit"].choices = in_words(Policy.Unit.choices)  # type: ignore[attr-defined]
        self.fields["starts_on"].choices = in_words(Policy.StartsOn.choices)  # type: ignore[attr-defined]
        self.fields["begins"].choices = in_words(Policy.Begins.choices)  # type: ignore[attr-defined]
        self.fields["steps"].help_text = gettext(
            "Enter one step a line: its name and the hours after the deadline (negative before it), like: reminder -2. "
            "Steps: %(steps)s."
        ) % {"steps": ", ".join(StepKind.values)}
        if policy.pk:
            self.initial["steps"] = "\n".join(
                f"{step.kind} {step.offset_seconds / 3600:g}" for step in policy.steps.all()
            )
        else:
            self.initial.setdefault("steps", "reminder -2\nmissed 0\nofficer 1\nletter 24")
        self.fields["second_person_from"].required = False
        self.initial["check_interval_seconds"] = duration_text(policy.check_interval_seconds)
        for name in ("rescans", "history_rescans"):
            self.initial[name] = ", ".join(map(duration_text, getattr(policy, name)))

    def clean_steps(self) -> tuple[tuple[str, int], ...]:
        found = []
        for number, line in enumerate(self.cleaned_data["steps"].splitlines(), 1):
            if not line.strip():
                continue
            parts = line.split()
            try:
                kind, hours = parts[0], float(parts[1])
                offset = round(hours * 3600)
            except (IndexError, ValueError, OverflowError):
                raise ValidationError(
                    gettext("Line %(number)d: enter a step and its hours, like: reminder -2.") % {"number": number}
                ) from None
            if kind not in StepKind.values or len(parts) != 2:
                raise ValidationError(
                    gettext("Line %(number)d: %(line)s is not a step. Choose one of these: %(steps)s.")
                    % {"number": number, "line": line.strip(), "steps": ", ".join(StepKind.values)}
                )
            found.append((kind, offset))
        return tuple(found)

    def clean_second_person_from(self) -> int:
        return self.cleaned_data["second_person_from"] or 0

    def clean_rescans(self) -> tuple[int, ...]:
        return self._durations("rescans")

    def clean_history_rescans(self) -> tuple[int, ...]:
        return self._durations("history_rescans")

    def clean_check_interval_seconds(self) -> int:
        return _seconds_of(self.cleaned_data["check_interval_seconds"])

    def _durations(self, name: str) -> tuple[int, ...]:
        return tuple(_seconds_of(part) for part in self.cleaned_data[name].split(",") if part.strip())

    def clean_time_zone(self) -> str:
        name: str = self.cleaned_data["time_zone"]
        if name not in zoneinfo.available_timezones():
            raise ValidationError(
                gettext("%(name)s is not a time zone. Enter one like Europe/Berlin.") % {"name": name}
            )
        return name

    def _post_clean(self) -> None:
        """Does nothing: the service validates the row, and Django would store the typed texts in its fields."""

    def content(self) -> PolicyContent:
        return PolicyContent(**self.cleaned_data)


def _seconds_of(text: str) -> int:
    try:
        return seconds_of(text)
    except ValueError:
        detail = gettext("%(text)s is not a length of time. Enter a number with min, h or d, like 30 min, 6 h or 3 d.")
        raise ValidationError(detail % {"text": text.strip()}) from None
