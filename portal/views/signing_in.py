"""Signing in: e-mail and password, then the second factor of who has one; and confirming who one is later on."""

from datetime import datetime, timedelta

from django.contrib.auth import login, logout
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from portal import services
from portal.http.requests import ActingRequest
from portal.identity import email_addresses
from portal.identity.known_devices import mark_device
from portal.identity.proof import DELEGATED, is_fresh, note_proof
from portal.models import User
from portal.services.second_factors import WRONG
from portal.sign_in_forms import BLOCKED, CodeForm, OwnPasswordOnlyForm, SignInForm, check_own_password, too_many

PENDING, CHALLENGE = "sign_in_pending", "passkey_challenge"
PENDING_FOR = timedelta(minutes=10)
BACKEND = "portal.identity.backends.SignedInBackend"
WRONG_PASSWORD = gettext_noop("This is not your password.")


def sign_in(request: HttpRequest) -> HttpResponse:
    """E-mail and password. Tries are limited (portal/services/signing_in.py), right password or not."""
    if request.user.is_authenticated:
        return redirect("portal:home")
    form = SignInForm(request, data=request.POST or None)
    status = 200
    if request.method == "POST":
        if form.is_valid() and form.tried is not None:
            services.password_accepted(tried=form.tried)
            return _password_was_right(request, form.get_user())
        if form.has_error(NON_FIELD_ERRORS, BLOCKED):
            status = 429
        else:
            status = 422
            if form.tried is not None:
                services.sign_in_failed(tried=form.tried)
    context = {"form": form, "next": request.POST.get("next", "") or request.GET.get("next", "")}
    return render(request, "portal/sign_in.html", context, status=status)


def _password_was_right(request: HttpRequest, person: User) -> HttpResponse:
    if not services.has_factor(person):
        return enter(request, person, by="password", target=request.POST.get("next", ""))
    request.session.cycle_key()
    request.session[PENDING] = {
        "person": person.pk,
        "hash": person.get_session_auth_hash(),
        "at": timezone.now().isoformat(),
        "next": request.POST.get("next", "")[:2_000],
    }
    return redirect("portal:second_step")


def enter(
    request: HttpRequest, person: User, *, by: str, factor: bool = False, target: str = "", sign_on: int | None = None
) -> HttpResponse:
    """Sign a person in who has proved everything that is asked of them, and go to `target` if it is of this site."""
    login(request, person, backend=BACKEND)
    note_proof(request.session, factor=factor, sign_on=sign_on)
    services.signed_in(person=person, request=request, by=by)
    response = redirect(_safe(request, target) or "portal:home")
    mark_device(email_addresses.normal(person.email), request, response)
    return response


def second_step(request: HttpRequest) -> HttpResponse:
    """The second factor of whose password was right a moment ago; until then nobody is signed in."""
    pending = request.session.get(PENDING)
    person = _pending_person(pending)
    if pending is None or person is None:
        request.session.pop(PENDING, None)
        return redirect("portal:sign_in")
    if request.method == "POST":
        by, form, status = _try_factor(request, person)
        if by:
            request.session.pop(PENDING, None)
            return enter(request, person, by=by, factor=True, target=pending["next"])
    else:
        form, status = CodeForm(), 200
    return _ask_for_factor(request, person, form, status, "portal/second_step.html")


def _pending_person(pending: dict[str, str] | None) -> User | None:
    """Whose password was right within the last minutes, if it is still their password and they may still sign in."""
    if not pending or datetime.fromisoformat(pending["at"]) < timezone.now() - PENDING_FOR:
        return None
    found = User.objects.select_related("organisation").filter(pk=pending["person"], is_active=True, locked_at=None)
    person = found.first()
    same = person is not None and constant_time_compare(person.get_session_auth_hash(), pending["hash"])
    return person if same else None


def _try_factor(request: HttpRequest, person: User) -> tuple[str, CodeForm, int]:
    """What proved the person, or nothing; the form with its errors, and the status of a refusal."""
    form = CodeForm(request.POST)
    form.is_valid()
    tried = services.begin_factor(person=person, request=request)
    if (until := tried.blocked_until) is not None:
        form.add_error(None, too_many(until))
        return "", form, 429
    code, answer = form.cleaned_data.get("code", ""), form.cleaned_data.get("answer", "")
    challenge = request.session.pop(CHALLENGE, None)
    used = (
        services.use_passkey(person=person, request=request, state=challenge, answer=answer)
        if answer and challenge
        else services.use_code(person=person, code=code)
    )
    if used is None:
        services.factor_failed(person=person, tried=tried, request=request)
        form.add_error("code", WRONG)
        return "", form, 422
    tried.forget()
    return used.kind, form, 200


def _ask_for_factor(
    request: HttpRequest, person: User, form: CodeForm, status: int, template: str, **more: object
) -> HttpResponse:
    asked = services.challenge(person, request)
    if asked is not None:
        request.session[CHALLENGE] = asked[1]
    context = {"form": form, "passkey": asked[0] if asked else None, **more}
    return render(request, template, context, status=status)


def confirm(request: ActingRequest) -> HttpResponse:
    """Confirm who one is before a sensitive act: by the second factor of who has one, else by the password."""
    person, target = request.user, request.POST.get("next", "") or request.GET.get("next", "")
    has_factor, status = services.has_factor(person), 200
    if DELEGATED in request.session and not has_factor:
        return redirect("portal:home" if is_fresh(request.session) else "portal:sign_on")
    form: Form = CodeForm() if has_factor else OwnPasswordOnlyForm()
    if request.method == "POST":
        if has_factor:
            by, form, status = _try_factor(request, person)
        else:
            by, form, status = _try_password(request, person)
        if by:
            note_proof(request.session, factor=has_factor)
            return redirect(_safe(request, target) or "portal:home")
    if isinstance(form, CodeForm):
        return _ask_for_factor(request, person, form, status, "portal/confirm_identity.html", next=target)
    return render(request, "portal/confirm_identity.html", {"form": form, "next": target}, status=status)


def _try_password(request: ActingRequest, person: User) -> tuple[str, OwnPasswordOnlyForm, int]:
    form = OwnPasswordOnlyForm(request.POST)
    if form.is_valid():
        try:
            right = check_own_password(person, form.cleaned_data["password"])
        except ValidationError as error:
            form.add_error("password", error)
            return "", form, 429
        if right:
            return "password", form, 200
        form.add_error("password", WRONG_PASSWORD)
    return "", form, 422


@require_POST
def sign_out(request: ActingRequest) -> HttpResponse:
    logout(request)
    return redirect("portal:sign_in")


def _safe(request: HttpRequest, target: str) -> str:
    """An address of this site, or nothing."""
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else ""
