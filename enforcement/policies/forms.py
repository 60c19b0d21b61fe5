"""The form of a policy."""

import zoneinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_noop

from enforcement.models import Policy
from enforcement.services import PolicyContent
from enforcement.states import StepKind
from portal.http.language import in_words


class PolicyForm(forms.ModelForm):
    steps = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 5}),
        label=gettext_noop("Ladder"),
    )
    rescans = forms.CharField(
        label=gettext_noop("Rescans after proof"),
        help_text=gettext_noop("Seconds after the removal was proved, separated by commas."),
    )

    history_rescans = forms.CharField(
        label=gettext_noop("Rescans after proof, with a history"),
        help_text=gettext_noop("The same, where listings came back before."),
    )

    class Meta:
        model = Policy
        fields = [
            "name", "description", "amount", "unit", "starts_on", "start_latest_hours", "begins", "cut_off", "country",
            "subdivision", "time_zone", "repeat_after", "repeat_amount", "pauses_while_referred", "extension_needs_second", "second_person_from",
            "overrule_needs_second", "steps", "checks_needed",
            "check_interval_seconds", "rescans", "history_after", "history_rescans", "is_active",
        ]  # fmt: skip
        labels = {  # as Django makes them of the names, here to be marked
            "name": gettext_noop("Name"),
            "description": gettext_noop("Description"),
            "amount": gettext_noop("Amount"),
            "unit": gettext_noop("Unit"),
            "starts_on": gettext_noop("Starts on"),
            "start_latest_hours": gettext_noop("Start latest hours"),
            "begins": gettext_noop("Begins"),
            "cut_off": gettext_noop("Cut off"),
            "country": gettext_noop("Country"),
            "subdivision": gettext_noop("Subdivision"),
            "time_zone": gettext_noop("Time zone"),
            "repeat_after": gettext_noop("Repeat after"),
            "repeat_amount": gettext_noop("Repeat amount"),
            "pauses_while_referred": gettext_noop("Pauses while referred"),
            "extension_needs_second": gettext_noop("Extension needs second"),
            "second_person_from": gettext_noop("Second person from"),
            "overrule_needs_second": gettext_noop("Overrule needs second"),
            "checks_needed": gettext_noop("Looks needed"),
            "check_interval_seconds": gettext_noop("Looks apart seconds"),
            "history_after": gettext_noop("History after"),
            "is_active": gettext_noop("Is active"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        policy = self.instance
        self.fields["unit"].choices = in_words(Policy.Unit.choices)  # type: ignore[attr-defined]
        self.fields["starts_on"].choices = in_words(Policy.StartsOn.choices)  # type: ignore[attr-defined]
        self.fields["begins"].choices = in_words(Policy.Begins.choices)  # type: ignore[attr-defined]
        self.fields["steps"].help_text = gettext(
            "One rung a line: what, and when in hours from the due moment (negative before it), like: reminder -2. "
            "What can be: %(steps)s."
        ) % {"steps": ", ".join(StepKind.values)}
        if policy.pk:
            self.initial["steps"] = "\n".join(
                f"{step.kind} {step.offset_seconds / 3600:g}" for step in policy.steps.all()
            )
        else:
            self.initial.setdefault("steps", "reminder -2\nmissed 0\nofficer 1\nletter 24")
        self.fields["second_person_from"].required = False
        for name in ("rescans", "history_rescans"):
            self.initial[name] = ", ".join(map(str, getattr(policy, name)))

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
                    gettext("Line %(number)d: write a rung and its hours, like: reminder -2.") % {"number": number}
                ) from None
            if kind not in StepKind.values or len(parts) != 2:
                raise ValidationError(
                    gettext("Line %(number)d: %(line)s is not a rung; choose from %(steps)s.")
                    % {"number": number, "line": line.strip(), "steps": ", ".join(StepKind.values)}
                )
            found.append((kind, offset))
        return tuple(found)

    def clean_second_person_from(self) -> int:
        return self.cleaned_data["second_person_from"] or 0

    def clean_rescans(self) -> tuple[int, ...]:
        return self._seconds("rescans")

    def clean_history_rescans(self) -> tuple[int, ...]:
        return self._seconds("history_rescans")

    def _seconds(self, name: str) -> tuple[int, ...]:
        try:
            return tuple(int(part) for part in self.cleaned_data[name].split(",") if part.strip())
        except ValueError:
            raise ValidationError(gettext_noop("Write whole seconds, separated by commas.")) from None

    def clean_time_zone(self) -> str:
        name: str = self.cleaned_data["time_zone"]
        if name not in zoneinfo.available_timezones():
            raise ValidationError(gettext("%(name)s is not a time zone; write it like Europe/Berlin.") % {"name": name})
        return name

    def _post_clean(self) -> None:
        """The service validates the row; Django's own step would put the typed texts into its fields."""

    def content(self) -> PolicyContent:
        return PolicyContent(**self.cleaned_data)
