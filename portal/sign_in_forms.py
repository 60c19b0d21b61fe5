"""Forms around signing in: the password, a new one, a forgotten one, the second factor, and what an organisation sets up."""

import math
import re
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy, gettext_noop, ngettext_lazy

from portal.identity import throttle
from portal.identity.throttle import OWN_PASSWORD
from portal.models import Provisioning, SingleSignOn, User
from portal.services import SignInTry, begin_sign_in, lock_if_inactive
from portal.texts import MAX_NOTE

BLOCKED = "blocked"
LOCKED = gettext_lazy("Your account is locked because it was not used for a long time. Ask an admin to unlock it.")
SUSPENDED = gettext_lazy("Your organisation is suspended. Ask the operator of this site.")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


def too_many(until: datetime) -> ValidationError:
    """The error of a try that came too often, with how long to wait."""
    detail = ngettext_lazy(
        "Too many failed attempts. Try again in %(minutes)s minute.",
        "Too many failed attempts. Try again in %(minutes)s minutes.",
        "minutes",
    )
    minutes = max(1, math.ceil((until - timezone.now()).total_seconds() / 60))
    return ValidationError(detail, code=BLOCKED, params={"minutes": minutes})


def check_own_password(person: User, password: str) -> bool:
    """Whether it is the person's password. Tries are counted first: whoever found a session open must not guess it.

    Raises ValidationError where there were too many.
    """
    taken = throttle.take(OWN_PASSWORD, str(person.pk))
    if not taken.allowed:
        raise too_many(taken.until)
    if not person.check_password(password):
        return False
    throttle.forget(OWN_PASSWORD, str(person.pk))
    return True


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


def _say_which_password(form: forms.Form) -> None:
    """Django's "the same password as before" would be taken for the old one."""
    form.fields["new_password2"].help_text = gettext_noop("Enter the new password again.")


class ChosenPasswordForm(SetPasswordForm):
    """A password chosen by whoever opened an invitation or a reset link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_which_password(self)


class OwnPasswordForm(PasswordChangeForm):
    """A new password for oneself. The old one is asked for, and limited: whoever found a session open must not guess it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say_which_password(self)

    def clean_old_password(self) -> str:
        password: str = self.cleaned_data["old_password"]
        if not check_own_password(self.user, password):
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return password


class ForgottenForm(forms.Form):
    email = forms.CharField(
        label=gettext_noop("Email address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )


class CodeForm(forms.Form):
    """A code of an app, or a recovery code; empty where a passkey answers instead."""

    code = forms.CharField(
        label=gettext_noop("Code"),
        max_length=40,
        required=False,
        help_text=gettext_noop("The 6 digits that your authenticator app shows, or one of your recovery codes."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )
    answer = forms.CharField(required=False, widget=forms.HiddenInput)


class AppForm(forms.Form):
    code = forms.CharField(
        label=gettext_noop("Code that the app shows"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasskeyForm(forms.Form):
    name = forms.CharField(
        label=gettext_noop("Name of the passkey"),
        max_length=60,
        help_text=gettext_noop("To tell it from others, for example Work laptop."),
    )
    answer = forms.CharField(widget=forms.HiddenInput, required=False)


class OwnPasswordOnlyForm(forms.Form):
    """Proof of who one is, by the password alone."""

    password = forms.CharField(
        label=gettext_noop("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class _DirectoryForm(forms.Form):
    """For whom an organisation's own directory speaks, and which roles it gives."""

    domains = forms.CharField(
        max_length=2_000,
        label=gettext_noop("Mail domains"),
        help_text=gettext_noop("Separated by commas. Only verified addresses of these domains may sign in."),
    )
    roles = forms.CharField(
        max_length=MAX_NOTE,
        label=gettext_noop("Roles by value of the claim"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_noop(
            "One per line, for example: recall-team = regulator_staff. Who has several values gets the role with the most "
            "rights."
        ),
    )
    default_role = forms.CharField(
        label=gettext_noop("Role without a matching value"),
        max_length=20,
        required=False,
        help_text=gettext_noop("regulator_staff, moderator or platform_manager. Leave empty to refuse them."),
    )
    is_active = forms.BooleanField(label=gettext_noop("In use"), required=False)

    def fill(self, row: SingleSignOn | Provisioning | None, *names: str) -> None:
        """Show what is stored."""
        if row is None:
            self.initial["is_active"] = True
            return
        for name in (*names, "default_role", "is_active"):
            self.initial[name] = getattr(row, name)
        self.initial["domains"] = ", ".join(row.domains)
        self.initial["roles"] = "\n".join(f"{value} = {role}" for value, role in row.roles.items())

    def clean_domains(self) -> list[str]:
        found = [word.strip().lower().lstrip("@") for word in self.cleaned_data["domains"].split(",") if word.strip()]
        if any(not _DOMAIN.fullmatch(domain) for domain in found):
            raise ValidationError(gettext_noop("Enter domains such as agency.example.gov, separated by commas."))
        return found

    def clean_roles(self) -> dict[str, str]:
        found = {}
        for line in filter(str.strip, self.cleaned_data["roles"].splitlines()):
            value, equals, role = (part.strip() for part in line.rpartition("="))
            if not (value and equals and role):
                raise ValidationError(gettext_noop("Write each line as: value of the claim = role."))
            found[value] = role
        return found


class SingleSignOnForm(_DirectoryForm):
    """How an organisation's people sign on. The secret is written and never shown."""

    issuer = forms.URLField(
        label=gettext_noop("Issuer"),
        assume_scheme="https",
        max_length=300,
        help_text=gettext_noop("The provider's address, exactly as it calls itself."),
    )
    client_id = forms.CharField(label=gettext_noop("Client ID"), max_length=200)
    client_secret = forms.CharField(
        label=gettext_noop("Client secret"),
        required=False,
        strip=True,
        max_length=1_000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_noop("Leave empty to keep the current one."),
    )
    role_claim = forms.CharField(label=gettext_noop("Claim for roles"), max_length=80, required=False)
    field_order = (
        "issuer",
        "client_id",
        "client_secret",
        "domains",
        "role_claim",
        "roles",
        "default_role",
        "is_active",
    )

    def __init__(self, *args: Any, row: SingleSignOn | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client_secret"].required = row is None
        self.fill(row, "issuer", "client_id", "role_claim")


class ProvisioningForm(_DirectoryForm):
    """What a directory that keeps accounts by SCIM may do. The token is made here and shown once."""

    new_token = forms.BooleanField(
        label=gettext_noop("Create a new token"),
        required=False,
        help_text=gettext_noop("The token before stops working immediately."),
    )
    field_order = ("domains", "roles", "default_role", "is_active", "new_token")

    def __init__(self, *args: Any, row: Provisioning | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["domains"].help_text = gettext_noop(
            "Separated by commas. The directory keeps only addresses of these domains."
        )
        self.fields["roles"].label = gettext_noop("Roles by value of the attribute roles")
        if row is None:
            del self.fields["new_token"]
        self.fill(row)
