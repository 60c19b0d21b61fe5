"""Forms of the moderator: a decision; of the manager: a feed; and the answers of regulator and admin."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from listings.models import CatalogueImport, KnownInnocent
from listings.states import DecisionKind, DismissReason

LARGEST_UPLOAD = 2 * 1024**3

CHOICES = (
    (DecisionKind.REMOVED, "Removed", "You took the listing down; a look will prove it"),
    (DecisionKind.GEO_RESTRICTED, "Geo-restricted", "No longer shown where the recall holds"),
    (DecisionKind.NOT_THE_PRODUCT, "Not the product", "The listing stays up; say why"),
    (DecisionKind.ASK_SELLER, "Ask the seller", "The clock goes on"),
    (DecisionKind.ESCALATE, "Escalate to the regulator", "Say what they should look at"),
)


class DecisionForm(forms.Form):
    kind = forms.ChoiceField(
        label="Decision",
        choices=[(kind.value, label) for kind, label, _ in CHOICES],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a decision."},
    )
    reason = forms.ChoiceField(
        label="Reason",
        choices=[("", "Choose"), *DismissReason.choices],
        required=False,
        help_text="For not the product.",
    )
    note = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 2}), help_text="Stays in the case.")
    remember = forms.ChoiceField(
        label="Remember",
        choices=KnownInnocent.Scope.choices,
        required=False,
        help_text="For not the product: what is not flagged again under this recall.",
    )
    until = forms.DateTimeField(
        label="Remember until",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        help_text="Empty: for good.",
    )
    seen = forms.CharField(widget=forms.HiddenInput)


class ReadingForm(forms.Form):
    """What the matching engine should know of a recall, one fact a line."""

    brands = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="One name a line.")
    models = forms.CharField(
        label="Model numbers", required=False, widget=forms.Textarea(attrs={"rows": 6}), help_text="One a line."
    )
    excluded = forms.CharField(
        label="Model numbers that are not recalled",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="One a line.",
    )
    gtins = forms.CharField(
        label="GTINs", required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text="One a line, 8 to 14 digits."
    )

    def facts(self) -> dict[str, list[str]]:
        lines = {name: self.cleaned_data[name].splitlines() for name in self.fields}
        return {name: [line.strip() for line in given if line.strip()] for name, given in lines.items()}


class ReasonForm(forms.Form):
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), help_text="Stays in the audit log.")


class NoteForm(forms.Form):
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}))


class CatalogueImportForm(forms.Form):
    file = forms.FileField(
        help_text="JSONL or CSV, gzip or plain: id, title, description, brand, gtin, mpn, seller, price, link, image_link."
    )
    kind = forms.ChoiceField(
        choices=CatalogueImport.Kind.choices, widget=forms.RadioSelect, initial=CatalogueImport.Kind.DELTA
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_UPLOAD:
            raise ValidationError("The file is larger than 2 GB: split it, or send it with the API.")
        return file
