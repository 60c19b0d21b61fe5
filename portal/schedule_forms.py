"""Forms of addresses whose files are fetched on a schedule."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext_noop

from portal.http.language import in_words
from portal.models.fetching import FetchSchedule

S = TypeVar("S", bound=FetchSchedule)
INTERVALS = (
    (15, gettext_noop("Every 15 minutes")),
    (60, gettext_noop("Every hour")),
    (360, gettext_noop("Every 6 hours")),
    (1440, gettext_noop("Every day")),
    (10_080, gettext_noop("Every week")),
)


class ScheduleForm(forms.Form):
    name = forms.CharField(max_length=80, label=gettext_noop("Name"))
    url = forms.URLField(max_length=1000, label=gettext_noop("Web address"), assume_scheme="https")
    interval = forms.TypedChoiceField(
        coerce=int,
        choices=in_words([(str(value), label) for value, label in INTERVALS]),
        label=gettext_noop("Frequency"),
    )
    enabled = forms.BooleanField(required=False, initial=True, label=gettext_noop("In use"))


def schedule_initial(row: FetchSchedule) -> dict[str, Any]:
    return {"name": row.name, "url": row.url, "interval": str(row.interval_minutes), "enabled": row.enabled}


def with_frequency(rows: Iterable[S]) -> list[tuple[S, str]]:
    """Each schedule and how often it is fetched, as its page says."""
    frequencies = dict(INTERVALS)
    return [(row, frequencies.get(row.interval_minutes, "")) for row in rows]
