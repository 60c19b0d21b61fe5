"""The form for an evidence pack of a period."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, gettext_noop

from enforcement.forms import DAY_INPUT, DAY_LIMITS
from portal.models import Organisation


class PackForm(forms.Form):
    """The platform, and the first and last day. A platform user has no choice of platform."""

    platform = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_noop("Platform"), empty_label=None)
    first = forms.DateField(label=capfirst(gettext_lazy("from")), widget=DAY_INPUT, validators=DAY_LIMITS)
    last = forms.DateField(
        label=capfirst(gettext_lazy("to")),
        widget=DAY_INPUT,
        validators=DAY_LIMITS,
        help_text=gettext_noop("Takedowns whose clock started on these days."),
    )

    def __init__(self, *args: Any, platforms: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["platform"].queryset = platforms  # type: ignore[attr-defined]
