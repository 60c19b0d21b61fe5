"""Forms of the ground: people, organisations, keys, webhooks, the own account."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy, gettext_noop

from portal.http.language import in_words
from portal.identity.access import PLATFORM_SCOPES, REGULATOR_SCOPES, scope_choices
from portal.identity.api_keys import MAX_DAYS
from portal.models import ApiKey, MailMe, Organisation, User
from portal.models.accounts import PLACE_OF
from portal.notifications.event_words import shown_event_type
from portal.notifications.events import EVENT_TYPES, TEST
from portal.places import SEARCHED_COUNTRY, SEARCHED_ZONE, countries, time_zones, with_own


def _put_choices_in_words(form: forms.ModelForm, *names: str) -> None:
    """Choices that come from the model, in the language of the page."""
    for name in names:
        field = form.fields[name]
        field.choices = in_words(field.choices)  # type: ignore[attr-defined]


class EditForm(forms.ModelForm):
    """A form that knows what its page showed: one that was open for long takes nothing back that others changed."""

    def remember_shown(self) -> None:
        """Send along, hidden, what each field of an existing row shows."""
        for field in self.fields.values():
            field.show_hidden_initial = bool(self.instance.pk)

    @property
    def changes(self) -> dict[str, Any]:
        """The fields of the row that somebody changed on the page, with their values; all of what came without what the
        page showed."""
        names = [name for name in self.fields if name in self._meta.fields]  # type: ignore[operator]
        return {
            name: self.cleaned_data[name] for name in names if name in self.changed_data or not self._was_shown(name)
        }

    def _was_shown(self, name: str) -> bool:
        return self[name].html_initial_name in self.data


class PersonForm(EditForm):
    class Meta:
        model = User
        fields = ["name", "email", "role", "organisation", "is_active"]
        labels = {
            "name": gettext_noop("Name"),
            "email": gettext_noop("Email"),
            "role": gettext_noop("Role"),
            "organisation": gettext_noop("Organisation"),
            "is_active": gettext_noop("Active"),
        }
        help_texts = {"is_active": gettext_noop("An inactive person is signed out at once and cannot sign in.")}

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        """With the organisations whose people the reader manages, and the roles that there are at those."""
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        kinds = set(organisations.order_by().values_list("kind", flat=True).distinct())
        role = self.fields["role"]
        role.choices = [(value, label) for value, label in role.choices if not value or PLACE_OF[value] in kinds]  # type: ignore[attr-defined]
        _put_choices_in_words(self, "role")
        self.remember_shown()


class LeavingForm(PersonForm):
    """The same once more, hidden, and the question which of the keys that someone made are to be revoked: all, unless unticked."""

    asked = forms.CharField(required=False, widget=forms.HiddenInput)
    revoke = forms.MultipleChoiceField(
        label=gettext_noop("API keys to revoke"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_noop(
            "This person created these keys and may know them. Programs that use a revoked key stop working."
        ),
    )

    def __init__(self, *args: Any, made: Sequence[ApiKey], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.Meta.fields:
            self.fields[name].widget = forms.HiddenInput()
            self.fields[name].show_hidden_initial = False
        numbers = [str(key.pk) for key in made]
        choices = [(str(key.pk), f"{key}, {key.organisation}, {', '.join(key.scopes)}") for key in made]
        self.fields["revoke"].choices = choices  # type: ignore[attr-defined]
        self.initial.update(revoke=numbers, asked=",".join(numbers))

    @property
    def kept(self) -> list[int]:
        """The keys that were asked about and are to stay."""
        asked = set(self.cleaned_data["asked"].split(",")) & {number for number, _ in self.fields["revoke"].choices}  # type: ignore[attr-defined]
        return [int(number) for number in asked - set(self.cleaned_data["revoke"])]


class NewPersonForm(PersonForm):
    class Meta(PersonForm.Meta):
        fields = ["name", "email", "role", "organisation"]
        help_texts = {"email": gettext_noop("An invitation is sent here. The person chooses their own password.")}


class OrganisationForm(EditForm):
    country = forms.ChoiceField(label=gettext_noop("Country"), widget=forms.Select(attrs=SEARCHED_COUNTRY))
    time_zone = forms.ChoiceField(label=gettext_noop("Time zone"), widget=forms.Select(attrs=SEARCHED_ZONE))

    class Meta:
        model = Organisation
        fields = [
            "kind",
            "name",
            "slug",
            "country",
            "time_zone",
            "language",
            "contact_email",
            "listing_url_pattern",
            "second_factor_required",
        ]
        labels = {
            "second_factor_required": gettext_noop("Require a second factor"),
            "kind": gettext_noop("Kind"),
            "name": gettext_noop("Name"),
            "slug": gettext_noop("Short name"),
            "language": gettext_noop("Language"),
            "contact_email": gettext_noop("Contact email"),
            "listing_url_pattern": gettext_noop("Listing URL pattern"),
        }
        help_texts = {
            "second_factor_required": gettext_noop(
                "Everyone here also signs in with an authenticator app or a passkey. People without one set it up first."
            ),
            "slug": gettext_noop(
                "For commands and addresses: letters, digits, hyphens and underscores, for example market-one."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unchosen = [] if self.instance.pk else [("", gettext_lazy("Choose"))]  # nobody is at a place that nobody chose
        for name, choices in (("country", countries()), ("time_zone", time_zones())):
            field: Any = self.fields[name]
            field.choices = [*unchosen, *with_own(choices, getattr(self.instance, name))]
        _put_choices_in_words(self, "kind", "language")
        self.remember_shown()


class KeyForm(forms.Form):
    organisation = forms.ModelChoiceField(Organisation.objects.all(), label=gettext_noop("Organisation"))
    name = forms.CharField(
        label=gettext_noop("Name"),
        max_length=80,
        help_text=gettext_noop("Purpose of the key, for example Catalogue upload."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_noop("Scopes"),
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(min_value=1, max_value=MAX_DAYS, initial=90, label=gettext_noop("Days until it expires"))

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        kinds = set(organisations.values_list("kind", flat=True))
        offered = {"platform": PLATFORM_SCOPES, "regulator": REGULATOR_SCOPES}
        names = dict.fromkeys(scope for kind, scopes in offered.items() if kind in kinds for scope in scopes)
        self.fields["scopes"].choices = scope_choices(names)  # type: ignore[attr-defined]
        if "regulator" in kinds:
            self.fields["organisation"].help_text = gettext_noop(
                "A key for a regulator acts as you: it can do what both its scopes and your role allow."
            )


class WebhookForm(forms.Form):
    """Where an endpoint is and what it gets; whose it is, where the reader may choose."""

    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=gettext_noop("Platform"))
    url = forms.URLField(
        label=gettext_noop("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=gettext_noop("A public address, port 80 or 443. It receives a signed POST of each event."),
    )
    event_types = forms.MultipleChoiceField(
        label=gettext_noop("Event types"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_noop("Select none to receive all, including types added later."),
    )

    def __init__(self, *args: Any, organisations: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = sorted(set(EVENT_TYPES) - {TEST})
        self.fields["event_types"].choices = [(name, shown_event_type(name)) for name in names]  # type: ignore[attr-defined]
        if organisations is None:
            del self.fields["organisation"]
        else:
            self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]


class AccountForm(forms.ModelForm):
    """What a person chooses for themselves. Every language calls itself by its own name."""

    language = forms.ChoiceField(
        label=gettext_noop("Language of the pages"),
        required=False,
        choices=[("", gettext_lazy("Browser language")), *settings.LANGUAGES],
        help_text=gettext_noop("Messages, letters, the audit log and evidence packs stay in their own language."),
    )

    time_zone = forms.ChoiceField(
        label=gettext_noop("Time zone"), required=False, widget=forms.Select(attrs=SEARCHED_ZONE)
    )

    class Meta:
        model = User
        fields = ["language", "time_zone", "mail_me"]
        labels = {"mail_me": gettext_noop("Messages by email")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = with_own(time_zones(), self.initial["time_zone"])
        self.fields["time_zone"].choices = [("", gettext_lazy("Organisation's time zone")), *zones]  # type: ignore[attr-defined]
        self.fields["mail_me"].choices = in_words(MailMe.choices)  # type: ignore[attr-defined]
