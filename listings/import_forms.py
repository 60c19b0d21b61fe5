"""Forms for imports of catalogues, and for the limits beyond which a full feed waits."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_noop

from listings.models import CatalogueImport
from portal.http.language import in_words
from portal.reason_forms import reason_field

MAX_UPLOAD = 2 * 1024**3


class CatalogueImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_noop("File"),
        help_text=gettext_noop(
            "CSV, TSV, JSONL, JSON, XLSX, Parquet, Google Merchant XML, or an export from a shop system. The file can "
            "be packed with gzip, ZIP, zstd, xz or bzip2."
        ),
    )
    kind = forms.ChoiceField(
        label=gettext_noop("Kind"),
        choices=in_words(CatalogueImport.Kind.choices),
        widget=forms.RadioSelect,
        initial=CatalogueImport.Kind.DELTA,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_UPLOAD:
            raise ValidationError(
                gettext_noop("The file is larger than 2 GB. Pack it with gzip, or turn on scripts to send it in parts.")
            )
        return file


class UploadedForm(forms.Form):
    """What a script says of a file that it uploaded in parts."""

    kind = forms.ChoiceField(choices=CatalogueImport.Kind.choices)
    sha256 = forms.RegexField(r"^[0-9a-f]{64}\Z", strip=False)


class FeedRuleForm(forms.Form):
    """The limits beyond which a full feed waits for a person."""

    min_share = forms.IntegerField(
        label=gettext_noop("Minimum size, in percent of the last full feeds"),
        min_value=1,
        max_value=100,
        help_text=gettext_noop("A full feed with fewer listings waits for confirmation."),
    )
    max_rejects = forms.IntegerField(
        label=gettext_noop("Maximum share of rejected rows, in percent"),
        min_value=0,
        max_value=99,
        help_text=gettext_noop("A full feed with more rejected rows waits for confirmation."),
    )
    reason = reason_field()
