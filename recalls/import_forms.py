"""Forms for imports of recall files and for feeds."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from portal.http.language import in_words
from recalls.importers.template import FIELDS
from recalls.models import RecallFeed

MAX_UPLOAD = 200 * 1024 * 1024
FIELD_LABELS = {
    "number": gettext_noop("Recall number"),
    "title": gettext_noop("Title"),
    "recalled_on": gettext_noop("Recall date"),
    "product": gettext_noop("Product"),
    "brand": gettext_noop("Brand"),
    "models": gettext_noop("Model numbers"),
    "gtins": gettext_noop("GTINs or UPCs"),
    "sizes": gettext_noop("Sizes"),
    "units": gettext_noop("Units sold"),
    "description": gettext_noop("Description"),
    "hazard": gettext_noop("Hazard"),
    "remedy": gettext_noop("Remedy"),
    "sold_at": gettext_noop("Sold at"),
    "firms": gettext_noop("Firms"),
    "url": gettext_noop("Web address"),
    "pictures": gettext_noop("Pictures"),
    "lots": gettext_noop("Lots"),
    "category": gettext_noop("Category"),
    "country": gettext_noop("Country"),
    "risk_level": gettext_noop("Risk level"),
}
INTERVALS = (
    (15, gettext_noop("Every 15 minutes")),
    (60, gettext_noop("Every hour")),
    (360, gettext_noop("Every 6 hours")),
    (1440, gettext_noop("Every day")),
    (10_080, gettext_noop("Every week")),
)


class RecallImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_noop("File"),
        help_text=gettext_noop(
            "A file from CPSC, EU Safety Gate, UK OPSS, Health Canada, RappelConso, openFDA or NHTSA, or a table as CSV or "
            "XLSX. The file can be packed with gzip or ZIP. You can preview the changes before anything is stored."
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_UPLOAD:
            detail = gettext("The file is larger than %(most)d MB. Split it.")
            raise ValidationError(detail % {"most": MAX_UPLOAD >> 20})
        return file


class ConfirmImportForm(forms.Form):
    publish = forms.BooleanField(
        required=False,
        label=gettext_noop("Submit for publication"),
        help_text=gettext_noop("Someone else must approve it. Otherwise everything stays in draft."),
    )


class ColumnsForm(forms.Form):
    """Which column of a table is which of our fields."""

    def __init__(self, *args: Any, columns: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", gettext_lazy("Not in the table")), *((name, name) for name in columns)]
        for name in FIELDS:
            self.fields[name] = forms.ChoiceField(choices=choices, required=name == "number", label=FIELD_LABELS[name])

    def clean(self) -> dict[str, Any]:
        data = {name: column for name, column in self.cleaned_data.items() if column}
        twice = sorted({column for column in data.values() if list(data.values()).count(column) > 1})
        if twice:
            detail = gettext("Choose each column for one field only: %(columns)s.")
            raise ValidationError(detail % {"columns": ", ".join(twice)})
        if "number" in data and not data.keys() & {"title", "product"}:
            raise ValidationError(gettext_noop("Choose a column for the title or the product."))
        return data


class FeedForm(forms.Form):
    name = forms.CharField(max_length=80, label=gettext_noop("Name"))
    url = forms.URLField(max_length=1000, label=gettext_noop("Web address"), assume_scheme="https")
    interval = forms.TypedChoiceField(
        coerce=int,
        choices=in_words([(str(value), label) for value, label in INTERVALS]),
        label=gettext_noop("Frequency"),
    )
    enabled = forms.BooleanField(required=False, initial=True, label=gettext_noop("In use"))


class FeedEditForm(FeedForm):
    accept_fewer = forms.BooleanField(
        required=False,
        label=gettext_noop("Accept a smaller file once"),
        help_text=gettext_noop("Select this if the last file was refused because it had fewer records than before."),
    )


def feed_initial(feed: RecallFeed) -> dict[str, Any]:
    return {"name": feed.name, "url": feed.url, "interval": str(feed.interval_minutes), "enabled": feed.enabled}
