"""Shared parts of forms: date fields, and the answer to an extension or an appeal."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext, gettext_noop

from portal.http.language import in_words

DAY_INPUT = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
DAY_LIMITS = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))]


def add_refusal(form: forms.BaseForm, error: ValidationError) -> None:
    """Show what a service refuses next to its fields, or above the form, in the reader's language."""
    by_field = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
    for field, problems in by_field.items():
        for problem in problems:
            form.add_error(field if field in form.fields else None, _translated(problem))


def refusal_text(error: ValidationError) -> str:
    """What a service refuses as one text in the reader's language."""
    return " ".join(message for problem in error.error_list for message in _translated(problem).messages)


def _translated(problem: ValidationError) -> ValidationError:
    return ValidationError(gettext(str(problem.message)), code=problem.code, params=problem.params)


class AnswerForm(forms.Form):
    decision = forms.ChoiceField(
        label=gettext_noop("Decision"),
        choices=in_words([("grant", gettext_noop("Grant")), ("refuse", gettext_noop("Refuse"))]),
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=gettext_noop("Answer"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_noop("Give the reason. Both sides can read it."),
    )
