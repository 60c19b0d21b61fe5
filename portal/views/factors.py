"""One's own second factors: an authenticator app, passkeys, recovery codes."""

from typing import Any

import segno
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_noop
from django.views.decorators.cache import never_cache

from portal import services
from portal.http.requests import ActingRequest
from portal.identity.encryption import Unreadable, decrypt, encrypt
from portal.identity.proof import FACTOR, has_second_factor, is_fresh, note_proof
from portal.models import SecondFactor
from portal.sign_in_forms import AppForm, PasskeyForm

APP_SECRET, REGISTRATION = "new_app_secret", "passkey_registration"


def _unproved(request: ActingRequest) -> HttpResponse | None:
    """Factors are changed by who proved themselves lately, with a factor where there is one; others prove it first."""
    if is_fresh(request.session) and (FACTOR in request.session or not services.has_factor(request.user)):
        return None
    return redirect(f"{reverse('portal:confirm')}?next={request.path}")


def second_factors(request: ActingRequest) -> HttpResponse:
    """The factors that there are; a POST removes one or makes new recovery codes."""
    if (elsewhere := _unproved(request)) is not None:
        return elsewhere
    if request.method == "POST":
        if "codes" in request.POST and services.has_factor(request.user):
            return _show_codes(request, services.make_recovery_codes(person=request.user))
        try:
            services.remove_factor(person=request.user, number=_number(request.POST.get("factor", "")))
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            messages.success(request, gettext_noop("The second factor was removed."))
        return redirect("portal:second_factors")
    own = request.user.second_factors
    context = {
        "factors": own.exclude(kind=SecondFactor.Kind.CODE),
        "codes_left": own.filter(kind=SecondFactor.Kind.CODE).count(),
        "must": request.user.organisation.second_factor_required and not has_second_factor(request.session),
        "required": request.user.organisation.second_factor_required,
    }
    return render(request, "portal/second_factors.html", context)


@never_cache
def factor_app(request: ActingRequest) -> HttpResponse:
    """Set up an authenticator app: its secret is kept only after a code of it was typed."""
    if (elsewhere := _unproved(request)) is not None:
        return elsewhere
    form, secret = AppForm(request.POST or None), _secret_in(request)
    if request.method == "POST" and secret and form.is_valid():
        try:
            codes = services.add_app(
                person=request.user,
                secret=secret,
                code=form.cleaned_data["code"],
                besides=request.session.session_key,
            )
        except ValidationError as error:
            form.add_error("code", error)
        else:
            request.session.pop(APP_SECRET, None)
            return _added(request, codes)
    if not secret:
        secret = services.new_app_secret()
        request.session[APP_SECRET] = encrypt(secret)
    drawn = segno.make(services.app_address(request.user, secret), error="m")
    context = {
        "form": form,
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "qr": SafeString(drawn.svg_inline(scale=5, border=3, light="#fff", dark="#000", svgclass=None)),
    }
    return render(request, "portal/factor_app.html", context, status=422 if form.errors else 200)


@never_cache
def factor_passkey(request: ActingRequest) -> HttpResponse:
    """Make a passkey; the browser does it by portal/static/offshelf/passkeys.js."""
    if (elsewhere := _unproved(request)) is not None:
        return elsewhere
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        state: dict[str, Any] = request.session.pop(REGISTRATION, {})  # an empty one fits no answer
        try:
            codes = services.add_passkey(
                person=request.user,
                request=request,
                state=state,
                answer=form.cleaned_data["answer"],
                name=form.cleaned_data["name"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _added(request, codes)
    options, request.session[REGISTRATION] = services.registration(request.user, request)
    return render(
        request, "portal/factor_passkey.html", {"form": form, "options": options}, status=422 if form.errors else 200
    )


def _added(request: ActingRequest, codes: list[str]) -> HttpResponse:
    note_proof(request.session, factor=True)
    if codes:
        return _show_codes(request, codes)
    messages.success(request, gettext_noop("The second factor was added."))
    return redirect("portal:second_factors")


def _show_codes(request: ActingRequest, codes: list[str]) -> HttpResponse:
    return render(request, "portal/recovery_codes.html", {"codes": codes})


def _secret_in(request: ActingRequest) -> str:
    try:
        return decrypt(request.session.get(APP_SECRET, ""))
    except Unreadable:
        return ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0
