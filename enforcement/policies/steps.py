"""The steps of a policy as rows: what happens and who is notified, and when."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_noop

from enforcement.policies.durations import SECONDS, UnitSelect, unit_choices
from enforcement.rules.durations import largest_unit
from enforcement.services import roughly_after
from enforcement.states import StepKind
from portal.http.language import in_words

MAX_STEPS = 30
UNITS = ("minutes", "hours", "days", "working_days", "seconds")
_KINDS = (
    ("", gettext_noop("No step")),
    (StepKind.REMINDER, gettext_noop("Reminder: to the platform's moderators")),
    (StepKind.MISSED, gettext_noop("Deadline missed: to the platform's manager")),
    (StepKind.CONTACT, gettext_noop("Late: to the platform's compliance contact")),
    (StepKind.OFFICER, gettext_noop("Late: to the regulator's staff")),
    (StepKind.LETTER, gettext_noop("Formal letter: drafted for the regulator's staff to send")),
    (StepKind.NAMING, gettext_noop("Public naming: proposed to the regulator's staff")),
)
_WHEN = (
    ("before", gettext_noop("before the deadline")),
    ("at", gettext_noop("at the deadline")),
    ("after", gettext_noop("after the deadline")),
)
Step = tuple[str, int] | tuple[str, int, int]


class StepForm(forms.Form):
    """One step. A row whose step is "No step" is left out."""

    kind = forms.ChoiceField(
        label=gettext_noop("What happens, and who is notified"), choices=in_words(_KINDS), required=False
    )
    amount = forms.IntegerField(label=gettext_noop("How long"), min_value=0, max_value=10_000, required=False)
    unit = forms.ChoiceField(label=gettext_noop("Unit"), choices=in_words(unit_choices(UNITS)), widget=UnitSelect)
    when = forms.ChoiceField(label=gettext_noop("When"), choices=in_words(_WHEN))

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        amount, unit, when = values.get("amount"), values.get("unit"), values.get("when")
        if not values.get("kind") or self.errors or when == "at":
            return values
        if amount is None:
            self.add_error("amount", ValidationError(gettext_noop("Enter a number.")))
        elif unit == "working_days" and when == "before":
            refusal = gettext_noop("Working days are counted after the deadline only. Choose hours or days.")
            self.add_error("unit", ValidationError(refusal))
        return values

    def step(self) -> Step | None:
        """The step of a valid row as a policy stores it; None for a row that is left out."""
        kind, when, unit = (self.cleaned_data.get(name, "") for name in ("kind", "when", "unit"))
        if not kind:
            return None
        amount = self.cleaned_data["amount"] or 0
        if when == "at" or not amount:
            return kind, 0
        if unit == "working_days":
            return kind, 0, amount
        return kind, SECONDS[unit] * amount * (-1 if when == "before" else 1)


StepFormSet = forms.formset_factory(StepForm, extra=0, max_num=MAX_STEPS, validate_max=True)


def rows_of(steps: tuple[Step, ...]) -> list[dict[str, Any]]:
    """The rows that show the steps of a policy."""
    rows = []
    for step in steps:
        amount, unit = largest_unit(abs(step[1])) if step[1] else (0, "hours")
        if len(step) == 3:
            amount, unit = step[2], "working_days"
        after = roughly_after(step)
        when = "before" if after < 0 else "after" if after else "at"
        rows.append({"kind": step[0], "amount": amount, "unit": unit, "when": when})
    return rows


def steps_of(rows: Any) -> tuple[Step, ...]:
    """The steps of a valid formset, in the order of their times: rows may be entered in any order."""
    return tuple(sorted((step for row in rows if (step := row.step())), key=roughly_after))
