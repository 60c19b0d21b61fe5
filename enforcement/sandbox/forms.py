"""The forms of a sandbox's key, and of what its regulator does."""

from django import forms
from django.utils.translation import gettext_noop

from enforcement.sandbox.regulator import MAX_MINUTES, Sample
from portal.identity.access import PLATFORM_SCOPES, scope_choices
from portal.identity.api_keys import MAX_DAYS
from recalls.forms import ProductForm


class SandboxKeyForm(forms.Form):
    name = forms.CharField(label=gettext_noop("Name"), max_length=80, initial="Sandbox")
    scopes = forms.MultipleChoiceField(
        label=gettext_noop("Scopes"),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: scope_choices(PLATFORM_SCOPES),
        initial=list(PLATFORM_SCOPES),
    )
    days = forms.IntegerField(min_value=1, max_value=MAX_DAYS, initial=30, label=gettext_noop("Days until it expires"))


class SampleForm(ProductForm):
    """One product of a made-up recall."""

    hazard = forms.CharField(label=gettext_noop("Hazard"), widget=forms.Textarea(attrs={"rows": 2}), max_length=10_000)

    def sample(self) -> Sample:
        return Sample(products=(self.content(),), hazard=self.cleaned_data["hazard"])


class SampleVersionForm(SampleForm):
    change_note = forms.CharField(
        label=gettext_noop("Change note"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2_000
    )


class MinutesForm(forms.Form):
    minutes = forms.IntegerField(label=gettext_noop("Minutes"), min_value=1, max_value=MAX_MINUTES, initial=30)
