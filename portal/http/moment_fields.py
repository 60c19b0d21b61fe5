"""Fields for moments that people enter, and that pages take out of addresses."""

from datetime import datetime
from typing import Any

from django import forms
from django_filters.fields import IsoDateTimeField

from portal.http.moments import in_reach


class MomentField(forms.DateTimeField):
    """A moment in the reader's zone, or with an offset of its own."""

    def to_python(self, value: Any) -> datetime | None:
        """In UTC, as PostgreSQL refuses offsets of sixteen hours and more; a moment that no reader's zone can show is none."""
        moment = super().to_python(value)
        if moment is None:
            return None
        if (moment := in_reach(moment)) is None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class IsoMomentField(MomentField, IsoDateTimeField):
    """The same, as ISO 8601 writes it."""
