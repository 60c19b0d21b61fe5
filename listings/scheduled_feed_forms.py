"""The form of a scheduled feed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_noop

from listings.models import ScheduledFeed
from listings.services import FeedSettings
from listings.states import FeedKind
from portal.http.language import in_words
from portal.schedule_forms import ScheduleForm, schedule_initial


class ScheduledFeedForm(ScheduleForm):
    """The stored credential is never shown: an empty field keeps it."""

    kind = forms.ChoiceField(
        label=gettext_noop("Kind"), choices=in_words(FeedKind.choices), widget=forms.RadioSelect, initial=FeedKind.DELTA
    )
    credential_name = forms.CharField(
        required=False,
        max_length=60,
        label=gettext_noop("Credential header"),
        help_text=gettext_noop(
            "If your server asks for one, such as Authorization. Clear it to delete the credential."
        ),
    )
    credential = forms.CharField(
        required=False,
        label=gettext_noop("Credential"),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_noop("Sent to this address's server only. Leave empty to keep the stored one."),
    )

    def chosen(self) -> FeedSettings:
        data = dict(self.cleaned_data)
        return FeedSettings(interval_minutes=data.pop("interval"), **data)


def scheduled_feed_initial(row: ScheduledFeed) -> dict[str, Any]:
    return schedule_initial(row) | {"kind": row.kind, "credential_name": row.credential_name}
