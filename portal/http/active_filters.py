"""The filters that are set on a list, in words, each with the address that leaves it out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.forms import BaseForm
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

CURSORS = ("after", "before")


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """One filter: its label and value as pages show them, and the query string without it."""

    label: str
    value: str
    without: str


def active_filters(form: BaseForm, given: QueryDict, *, aside: Collection[str] = CURSORS) -> list[ActiveFilter]:
    """The fields of a filter's form that `given` sets, in the form's order. `aside`: parameters that say where in the
    list one is, which no longer holds once a filter goes."""
    form.is_valid()
    found = []
    for name, field in form.fields.items():
        if not (value := given.get(name, "").strip()):
            continue
        rest = given.copy()
        for other in (name, *aside):
            rest.pop(other, None)
        label = gettext(str(field.label or name.replace("_", " ").capitalize()))
        found.append(ActiveFilter(label, _shown(field, form.cleaned_data.get(name), value), rest.urlencode()))
    return found


def _shown(field: Any, cleaned: object, value: str) -> str:
    """What the person chose, in words; as it was sent where it is not valid."""
    if isinstance(cleaned, datetime):
        return date_format(timezone.localtime(cleaned), "SHORT_DATETIME_FORMAT")
    if isinstance(cleaned, str) and hasattr(field, "choices"):
        return str(dict(field.choices).get(cleaned, value))
    return value if cleaned in {None, ""} else str(cleaned)
