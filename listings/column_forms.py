"""The form that says which column of a catalogue file is which field of a listing."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from listings.ingest.columns import NEEDED
from listings.services import COLUMN_NEEDED, FIELD_LABELS, problems_of
from portal.http.language import add_refusal


class ColumnsForm(forms.Form):
    """One choice for each field of a listing, among the columns of the file."""

    def __init__(self, *args: Any, columns: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._columns = columns
        choices = [("", gettext_lazy("Not in the file")), *((name, name) for name in columns)]
        for field, label in FIELD_LABELS.items():
            self.fields[field] = forms.CharField(
                label=label,
                required=field in NEEDED,
                strip=False,
                widget=forms.Select(choices=choices),
                error_messages={"required": gettext_lazy(COLUMN_NEEDED)},
            )

    def clean(self) -> dict[str, str]:
        mapping = {field: column for field, column in self.cleaned_data.items() if column}
        problems = {
            field: problem for field, problem in problems_of(mapping, self._columns).items() if field not in self.errors
        }
        if problems:
            add_refusal(self, ValidationError(problems))
        return mapping

    def so_far(self) -> dict[str, str]:
        """The choice at this moment, possible or not, without columns that the file does not have."""
        chosen = {field: str(self[field].value() or "") for field in self.fields}
        return {field: column for field, column in chosen.items() if column in self._columns}
