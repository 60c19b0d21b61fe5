"""Forms for imports of recall files and for feeds."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy, gettext_noop

from portal.schedule_forms import ScheduleForm
from recalls.importers.template import FIELDS
from recalls.safety_presenters import SAFETY_LABELS

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
    **SAFETY_LABELS,
}


class RecallImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_noop("File"),
        help_text=gettext_noop(
            "A file from CPSC, EU Safety Gate, UK OPSS, Health Canada, RappelConso, openFDA or NHTSA, a table as CSV, XLSX "
            "or Parquet, or our own export. The file can be packed with gzip, xz, bzip2, zstd or ZIP. You can preview the changes before anything is stored."
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


class FeedEditForm(ScheduleForm):
    accept_fewer = forms.BooleanField(
        required=False,
        label=gettext_noop("Accept a smaller file once"),
        help_text=gettext_noop("Select this if the last file was refused because it had fewer records than before."),
    )
