"""The reason that people give for what they do: one field, and the form of acts that ask for nothing else."""

from django import forms
from django.utils.translation import gettext_noop

from portal.texts import MAX_NOTE


def reason_field(*, required: bool = True) -> forms.CharField:
    """A reason that goes into the audit log, as the field says."""
    return forms.CharField(
        max_length=MAX_NOTE,
        label=gettext_noop("Reason"),
        required=required,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_noop("Recorded in the audit log."),
    )


class ReasonForm(forms.Form):
    reason = reason_field()
