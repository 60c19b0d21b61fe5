"""The form of sending a recall to platforms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_noop

from enforcement.models import Policy
from portal.models import Organisation
from portal.texts import MAX_NOTE
from portal.units import in_units


class _PolicyField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        """The name, with the time allowed where it does not say that, or says what was true once."""
        time = in_units(obj.amount, obj.unit)
        return str(obj) if time in obj.name else f"{obj} ({time})"


class SendForm(forms.Form):
    platforms = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), widget=forms.CheckboxSelectMultiple, label=gettext_noop("Platforms")
    )
    policy = _PolicyField(
        Policy.objects.none(),
        empty_label=None,
        label=gettext_noop("Policy"),
        help_text=gettext_noop(
            "Sets how long the platforms have. Later changes to the policy do not affect this notice."
        ),
    )
    message = forms.CharField(
        max_length=MAX_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        label=gettext_noop("Message"),
        help_text=gettext_noop("The platforms can read it."),
    )
    sure = forms.BooleanField(
        label=gettext_noop("Yes, all of them"),
        error_messages={"required": gettext_noop("Confirm that you want to send all matching recalls.")},
    )

    def __init__(self, *args: Any, platforms: Any, policies: Any, confirm: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not confirm:
            del self.fields["sure"]
        self.fields["platforms"].queryset = platforms  # type: ignore[attr-defined]
        self.fields["policy"].queryset = policies  # type: ignore[attr-defined]
