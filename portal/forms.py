"""Forms of the ground: sign-in, people, organisations, keys, the audit's filter."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, gettext_noop

from portal.audit.days import from_day, up_to_day
from portal.audit.kinds import grouped_actions
from portal.audit.words import WORDS, actions_named, event_words
from portal.http.language import in_words
from portal.identity.access import PLATFORM_SCOPES, REGULATOR_SCOPES, scope_choices
from portal.identity.api_keys import MAX_DAYS
from portal.models import ApiKey, AuditEvent, MailMe, Organisation, User
from portal.models.accounts import PLACE_OF
from portal.notifications.event_words import shown_event_type
from portal.notifications.events import EVENT_TYPES, TEST
from portal.places import SEARCHED_COUNTRY, SEARCHED_ZONE, countries, time_zones, with_own
from portal.services import SignInTry, begin_sign_in, lock_if_inactive
from portal.sign_in_forms import check_own_password, too_many

LOCKED = gettext_lazy("Your account is locked because it was not used for a long time. Ask an admin to unlock it.")
SUSPENDED = gettext_lazy("Your organisation is suspended. Ask the operator of this site.")


class SignInForm(AuthenticationForm):
    """`tried` is the try that was counted; None where there was nothing to try. A blocked one looks at no password."""

    tried: SignInTry | None = None
    error_messages = {
        "invalid_login": gettext_noop("This email address and password do not match an active account."),
        "inactive": gettext_noop("This email address and password do not match an active account."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = gettext_noop("Email address")
        self.fields["username"].widget = forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})

    def clean(self) -> dict[str, Any]:
        email, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not (email and password and self.request):
            return self.cleaned_data
        self.tried = begin_sign_in(email=email, request=self.request)
        if (until := self.tried.blocked_until) is not None:
            raise too_many(until)
        return super().clean()

    def confirm_login_allowed(self, user: User) -> None:
        """Asked once the password was right, so that this tells nobody else of the account."""
        super().confirm_login_allowed(user)
        if user.organisation.suspended_at is not None:
            raise ValidationError(SUSPENDED, code="suspended")
        if lock_if_inactive(user):
            raise ValidationError(LOCKED, code="locked")


class OwnPasswordForm(PasswordChangeForm):
    """A new password for oneself. The old one is asked for, and limited: whoever found a session open must not guess it."""

    def clean_old_password(self) -> str:
        password: str = self.cleaned_data["old_password"]
        if not check_own_password(self.user, password):
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return password


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


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_noop("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_noop("It is recorded in the audit log."),
    )


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


class _ActionSelect(forms.Select):
    """Every action by kind. What an earlier link has typed instead of chosen stays chosen."""

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> Any:
        self.choices = [("", gettext_lazy("All")), *grouped_actions()]
        self.choices += [(typed, event_words(typed)) for typed in value if typed and typed not in WORDS]
        return super().optgroups(name, value, attrs)


class _ActionField(forms.CharField):
    @property
    def choices(self) -> list[tuple[str, str]]:
        """In words, for what says which filters are set (portal/http/active_filters.py)."""
        return [(action, event_words(action)) for action in WORDS]


class _ActionFilter(django_filters.CharFilter):
    field_class = _ActionField


class AuditFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(field_name="subject_label", lookup_expr="icontains", label=gettext_noop("Object"))
    actor = django_filters.CharFilter(field_name="actor_label", lookup_expr="icontains", label=gettext_noop("Who"))
    action = _ActionFilter(
        method="by_action",
        label=gettext_noop("Action"),
        widget=_ActionSelect(
            attrs={
                "data-searchable": "yes",
                "data-found": gettext_lazy("Matching actions: #"),
                "data-none": gettext_lazy("No matching actions"),
                "data-clear": gettext_lazy("Clear action"),
            }
        ),
    )
    user = django_filters.NumberFilter(field_name="user_id", widget=forms.HiddenInput)
    subject_type = django_filters.CharFilter(widget=forms.HiddenInput)
    subject_id = django_filters.CharFilter(widget=forms.HiddenInput)
    organisation = django_filters.ModelChoiceFilter(
        queryset=Organisation.objects.platforms().outside_sandboxes(),
        label=gettext_noop("Platform"),
        empty_label=gettext_lazy("All"),
    )
    sealed_after = django_filters.NumberFilter(
        field_name="seal__position",
        lookup_expr="gt",
        label=gettext_noop("After position in the chain"),
        widget=forms.HiddenInput,
    )
    sealed_until = django_filters.NumberFilter(
        field_name="seal__position",
        lookup_expr="lte",
        label=gettext_noop("Up to position in the chain"),
        widget=forms.HiddenInput,
    )
    since = django_filters.DateFilter(
        method=from_day,
        label=capfirst(gettext_lazy("from")),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    until = django_filters.DateFilter(
        method=up_to_day,
        label=capfirst(gettext_lazy("to")),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )

    class Meta:
        model = AuditEvent
        fields: list[str] = []

    def by_action(self, events: QuerySet[AuditEvent], _name: str, value: str) -> QuerySet[AuditEvent]:
        """The action that was chosen; else an action's beginning, as the log or as pages write it, in English or in the
        reader's language."""
        if value in WORDS:
            return events.filter(action__in=actions_named(value))
        typed = value.strip().lower()
        noun, _, verb = typed.replace(".", " ", 1).partition(" ")
        written = f"{noun}.{verb.strip().replace(' ', '_')}" if verb else noun
        read = [
            action for action in WORDS if event_words(action).lower().startswith(typed) or action.startswith(written)
        ]
        named = [name for action in read for name in actions_named(action)]
        return events.filter(Q(action__startswith=written) | Q(action__in=named))
