"""Forms around signing in: a forgotten password, a new one, and the second factor."""

import math
from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_noop, ngettext_lazy

from portal.identity import throttle
from portal.identity.throttle import OWN_PASSWORD
from portal.models import User

BLOCKED = "blocked"


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
