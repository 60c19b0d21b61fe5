"""The form of an appeal."""

from django import forms
from django.utils.translation import gettext_noop

from enforcement.models import Appeal
from portal.http.language import in_words
from portal.texts import MAX_NOTE


class AppealForm(forms.Form):
    side = forms.ChoiceField(
        label=gettext_noop("Appeal by"), choices=in_words(Appeal.Side.choices), widget=forms.RadioSelect
    )
    text = forms.CharField(
        max_length=MAX_NOTE,
        label=gettext_noop("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_noop("Explain why the listing is not the recalled product."),
    )
