"""Forms of held-back listings: the limit, and the regulator's answer."""

from django import forms
from django.utils.translation import gettext_noop

from listings.models import FlagLimit
from portal.reason_forms import reason_field


class FlagLimitForm(forms.Form):
    """How many flags of one notice may be undecided at once."""

    flags = forms.IntegerField(
        label=gettext_noop("Undecided flags per notice"),
        min_value=1,
        max_value=FlagLimit.HIGHEST,
        help_text=str(FlagLimit._meta.get_field("flags").help_text),
    )
    reason = reason_field()


class HeldReleaseForm(forms.Form):
    from_score = forms.IntegerField(
        label=gettext_noop("From score, in percent"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=gettext_noop("Listings with at least this score are released. Empty: all."),
    )
    reason = reason_field(required=False)


class HeldDismissForm(forms.Form):
    below = forms.IntegerField(
        label=gettext_noop("Below score, in percent"),
        min_value=1,
        max_value=100,
        required=False,
        help_text=gettext_noop("Listings with a lower score are dismissed. Empty: all."),
    )
    reason = reason_field()
