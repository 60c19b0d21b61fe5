"""Forms of letters and their templates."""

from django import forms
from django.utils.translation import gettext_noop

from portal.http.language import in_words
from portal.models import Language
from portal.texts import MAX_TEXT


class LetterForm(forms.Form):
    subject = forms.CharField(label=gettext_noop("Subject"), max_length=300)
    body = forms.CharField(max_length=MAX_TEXT, label=gettext_noop("Text"), widget=forms.Textarea(attrs={"rows": 18}))


class TemplateForm(forms.Form):
    language = forms.ChoiceField(label=gettext_noop("Language"), choices=in_words(Language.choices))
    subject = forms.CharField(label=gettext_noop("Subject"), max_length=200)
    body = forms.CharField(max_length=MAX_TEXT, label=gettext_noop("Text"), widget=forms.Textarea(attrs={"rows": 22}))
