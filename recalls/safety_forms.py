"""Forms for risk, injuries, measures and businesses of a recall, for its assessment and for its owner."""

from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from portal.duty_forms import labels_of
from portal.http.language import in_words
from portal.models import User
from portal.texts import MAX_NOTE
from recalls.importers import safety
from recalls.models import RecallFile
from recalls.models.safety import BusinessRole, MeasureBasis, MeasureKind, RiskLevel, Severity


def optional(choices: list[tuple[str, str]]) -> list[tuple[str, str | Promise]]:
    return [("", gettext_lazy("Not stated")), *in_words(choices)]


def _count(label: str) -> forms.IntegerField:
    return forms.IntegerField(required=False, min_value=0, max_value=safety.MAX_COUNT, label=label)


class InjuryFields(forms.Form):
    """Every field is optional; a number that is left empty is unknown."""

    risk_level = forms.ChoiceField(
        required=False, choices=optional(RiskLevel.choices), label=gettext_noop("Risk level")
    )
    incidents = _count(gettext_noop("Incidents"))
    injuries = _count(gettext_noop("Injuries"))
    deaths = _count(gettext_noop("Deaths"))
    worst_severity = forms.ChoiceField(
        required=False, choices=optional(Severity.choices), label=gettext_noop("Worst severity")
    )
    injury_details = forms.CharField(
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        label=gettext_noop("Injury details"),
        help_text=gettext_noop("Platforms see this. Name no injured person."),
    )

    def clean_injury_details(self) -> str:
        return "\n".join(self.cleaned_data["injury_details"].split("\r\n"))


INJURY_FIELDS = tuple(InjuryFields.base_fields)


class MeasureForm(forms.Form):
    kind = forms.ChoiceField(choices=optional(MeasureKind.choices), label=gettext_noop("Measure"))
    by = forms.CharField(required=False, max_length=safety.MAX_LINE, label=gettext_noop("Ordered or taken by"))
    basis = forms.ChoiceField(
        required=False, choices=optional(MeasureBasis.choices), label=gettext_noop("Voluntary or ordered")
    )
    since = forms.DateField(
        required=False,
        label=gettext_noop("Holds from"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    details = forms.CharField(required=False, max_length=safety.MAX_LINE, label=gettext_noop("Details"))

    def content(self) -> safety.Measure:
        data = self.cleaned_data
        since = data["since"].isoformat() if data["since"] else ""
        by, details = safety.one_line(data["by"]), safety.one_line(data["details"])
        return safety.Measure(data["kind"], by, data["basis"], since, details)


class BusinessForm(forms.Form):
    role = forms.ChoiceField(choices=optional(BusinessRole.choices), label=gettext_noop("Role"))
    name = forms.CharField(max_length=safety.MAX_LINE, label=gettext_noop("Business name"))
    address = forms.CharField(
        required=False,
        max_length=safety.MAX_LINE,
        label=gettext_noop("Address"),
        help_text=gettext_noop("Platforms do not see the address."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    country = forms.CharField(required=False, max_length=safety.MAX_COUNTRY, label=gettext_noop("Country"))
    trade_names = forms.CharField(
        max_length=MAX_NOTE,
        required=False,
        label=gettext_noop("Trade names"),
        help_text=gettext_noop("One per line."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean_trade_names(self) -> tuple[str, ...]:
        names = [safety.one_line(line) for line in self.cleaned_data["trade_names"].splitlines()]
        names = list(dict.fromkeys(name for name in names if name))
        if len(names) > safety.MAX_TRADE_NAMES or any(len(name) > safety.MAX_LINE for name in names):
            detail = gettext("Enter at most %(most)d trade names of at most %(length)d characters.")
            raise forms.ValidationError(detail % {"most": safety.MAX_TRADE_NAMES, "length": safety.MAX_LINE})
        return tuple(names)

    def content(self) -> safety.Business:
        data = self.cleaned_data
        name, address, country = (safety.one_line(data[field]) for field in ("name", "address", "country"))
        return safety.Business(data["role"], name, address, country, data["trade_names"])


MeasureFormSet = formset_factory(
    MeasureForm,
    extra=1,
    can_delete=True,
    can_delete_extra=False,
    max_num=safety.MAX_MEASURES,
    validate_max=True,
)
BusinessFormSet = formset_factory(
    BusinessForm,
    extra=1,
    can_delete=True,
    can_delete_extra=False,
    max_num=safety.MAX_BUSINESSES,
    validate_max=True,
)


def rows_of(formset: Any) -> tuple[Any, ...]:
    """What the filled rows of a valid formset state, each once."""
    rows = formset.forms
    kept = [row.content() for row in rows if row.cleaned_data and not row.cleaned_data.get("DELETE")]
    return tuple(dict.fromkeys(kept))


def measure_initial(measure: safety.Measure) -> dict[str, Any]:
    return {name: getattr(measure, name) for name in measure.__slots__}


def business_initial(business: safety.Business) -> dict[str, Any]:
    return {name: getattr(business, name) for name in business.__slots__} | {
        "trade_names": "\n".join(business.trade_names)
    }


class AssessmentForm(forms.Form):
    text = forms.CharField(
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 8}),
        label=gettext_noop("Assessment"),
        help_text=gettext_noop("Why this risk level. No platform sees it. A change takes the signature away."),
    )


class OwnerForm(forms.Form):
    """Who owns the recall from now on: somebody of the regulator's staff, or nobody."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        required=False,
        label=gettext_noop("Owner"),
        empty_label=gettext_lazy("Nobody"),
        error_messages={"invalid_choice": gettext_noop("Choose a colleague of the regulator's staff.")},
    )
    note = forms.CharField(
        required=False, max_length=500, label=gettext_noop("Note for your colleague"), widget=forms.TextInput
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = people
        field.choices = [("", gettext("Nobody")), *labels_of(list(people.select_related("organisation"))).items()]


class FileForm(forms.Form):
    """A file of a recall; the service that stores it checks what it is."""

    title = forms.CharField(max_length=200, label=gettext_noop("Title"))
    kind = forms.ChoiceField(choices=in_words(RecallFile.Kind.choices), label=gettext_noop("Kind"))
    file = forms.FileField(label=gettext_noop("File"))
    for_platforms = forms.BooleanField(
        required=False,
        label=gettext_noop("Show to platforms"),
        help_text=gettext_noop("Platforms that the recall is sent to can download it. Otherwise it is internal."),
    )
