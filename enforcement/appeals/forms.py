"""The form of an appeal."""

from django import forms
from django.utils.translation import gettext_noop

from enforcement.models import Appeal
from portal.http.language import in_words


class AppealForm(forms.Form):
    side = forms.ChoiceField(
        label=gettext_noop("Who contests"), choices=in_words(Appeal.Side.choices), widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=gettext_noop("Why it is not the recalled product"), widget=forms.Textarea(attrs={"rows": 4})
    )
