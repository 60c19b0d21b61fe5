"""Forms that pause, resume and extend a clock."""

from django import forms
from django.utils.translation import gettext_noop

from portal.reason_forms import reason_field
from portal.texts import MAX_NOTE


class PauseForm(forms.Form):
    reason = reason_field()


class ResumeForm(forms.Form):
    reason = forms.CharField(
        max_length=MAX_NOTE, label=gettext_noop("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class ExtensionForm(forms.Form):
    amount = forms.IntegerField(min_value=1, label=gettext_noop("Additional time"))
    reason = forms.CharField(
        max_length=MAX_NOTE, widget=forms.Textarea(attrs={"rows": 2}), label=gettext_noop("Reason")
    )
