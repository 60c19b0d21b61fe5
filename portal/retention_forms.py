"""Forms about retention and legal holds."""

from typing import Any

from django import forms
from django.utils.translation import gettext_noop

from portal.retention.registry import HOLDABLE, KINDS, MAX_DAYS, chosen_days


class RetentionForm(forms.Form):
    """Days of each kind of data. The service asks for the minimum again, since programs send what they like."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = chosen_days()
        for name, kind in KINDS.items():
            self.fields[name] = forms.IntegerField(
                label=kind.title,
                help_text=kind.detail,
                min_value=kind.min_days,
                max_value=MAX_DAYS,
                initial=chosen[name],
            )


class HoldForm(forms.Form):
    """What is to be held, as people call it, and why."""

    label = forms.ChoiceField(
        label=gettext_noop("Kind"), choices=lambda: [(label, each.title) for label, each in HOLDABLE.items()]
    )
    named = forms.CharField(
        label=gettext_noop("Which one"),
        help_text=gettext_noop(
            "Number of a recall, notice or takedown, name of a platform or regulator, email of a person."
        ),
        max_length=300,
    )
    reason = forms.CharField(label=gettext_noop("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2_000)
