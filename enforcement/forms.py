"""Shared parts of forms: date fields, and the answer to an extension or an appeal."""

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_noop

from portal.http.language import in_words
from portal.texts import MAX_NOTE

DAY_INPUT = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
DAY_LIMITS = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))]


class AnswerForm(forms.Form):
    decision = forms.ChoiceField(
        label=gettext_noop("Decision"),
        choices=in_words([("grant", gettext_noop("Grant")), ("refuse", gettext_noop("Refuse"))]),
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        max_length=MAX_NOTE,
        label=gettext_noop("Answer"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_noop("Give the reason. Both sides can read it."),
    )
