"""The form for the statements of reasons of a period."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, gettext_noop

from enforcement.forms import DAY_INPUT, DAY_LIMITS


class StatementsForm(forms.Form):
    """The first and last day on which the decisions became final."""

    first = forms.DateField(label=capfirst(gettext_lazy("from")), widget=DAY_INPUT, validators=DAY_LIMITS)
    last = forms.DateField(
        label=capfirst(gettext_lazy("to")),
        widget=DAY_INPUT,
        validators=DAY_LIMITS,
        help_text=gettext_noop("Your decisions to remove or geo-restrict a listing that became final on these days."),
    )
