"""Signing in at one's organisation's own provider, and setting that up."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from portal import services
from portal.http.requests import ActingRequest
from portal.identity import openid, throttle
from portal.identity.client_address import client_address, network_of
from portal.identity.encryption import Unreadable
from portal.identity.openid import NotSignedOn
from portal.identity.proof import DELEGATED, note_proof
from portal.identity.throttle import SIGN_ONS_FROM_PLACE
from portal.models import Organisation, SingleSignOn, User
from portal.sign_in_forms import ForgottenForm, SingleSignOnForm, too_many
from portal.views.signing_in import enter

UNDER_WAY = "single_sign_on"
VALID_FOR = timedelta(minutes=15)
NO_DOMAIN = gettext_noop("There is no single sign-on for this address. Sign in with your password.")
NOT_SIGNED_ON = gettext_noop("You could not be signed in this way. Ask your admin; the audit log has the reason.")


@never_cache
def sign_on(request: HttpRequest) -> HttpResponse:
    """Ask for the address, find the organisation's provider by its domain, and lead there. Who is signed in confirms."""
    own = SingleSignOn.objects.filter(pk=request.session.get(DELEGATED, 0), is_active=True).first()
    form = ForgottenForm(request.POST or None)
    if request.method == "POST" and (own is not None or form.is_valid()):
        taken = throttle.take(SIGN_ONS_FROM_PLACE, network_of(client_address(request)))
        found = own or services.sign_on_for(form.cleaned_data["email"])
        if not taken.allowed:
            form.add_error(None, too_many(taken.until))
            return render(request, "portal/single_sign_on.html", {"form": form}, status=429)
        if found is None:
            form.add_error(None, NO_DOMAIN)
        else:
            return _lead_there(request, found, again=own is not None)
    context = {"form": form, "next": request.POST.get("next", "") or request.GET.get("next", ""), "own": own}
    return render(request, "portal/single_sign_on.html", context, status=422 if form.errors and own is None else 200)


def _lead_there(request: HttpRequest, row: SingleSignOn, *, again: bool) -> HttpResponse:
    """A link, as our content security policy lets no form lead elsewhere."""
    try:
        begun = openid.begin(services.provider_of(row), back=_back(), again=again)
    except (NotSignedOn, Unreadable) as error:
        return _refused(request, row, "", str(error))
    kept = {name: value for name, value in asdict(begun).items() if name != "address"}
    request.session[UNDER_WAY] = {
        **kept,
        "sign_on": row.pk,
        "at": timezone.now().isoformat(),
        "next": request.POST.get("next", "")[:2_000],
        "confirms": request.user.pk if again else None,
    }
    return render(
        request, "portal/single_sign_on_go.html", {"address": begun.address, "organisation": row.organisation}
    )


def _back() -> str:
    return f"{settings.BASE_URL}{reverse('portal:sign_on_return')}"


@never_cache
@require_GET
def sign_on_return(request: HttpRequest) -> HttpResponse:
    """Back from the provider. What fits no sign-on that this browser began is refused."""
    begun: dict[str, Any] = request.session.pop(UNDER_WAY, {})
    fits = begun and constant_time_compare(request.GET.get("state", ""), begun["state"])
    if not fits or datetime.fromisoformat(begun["at"]) < timezone.now() - VALID_FOR:
        return _refused(request, None, "", "It fits no sign-on that this browser began in the last minutes (state).")
    row = SingleSignOn.objects.select_related("organisation").filter(pk=begun["sign_on"], is_active=True).first()
    email = ""
    try:
        if row is None:
            raise NotSignedOn("The single sign-on was switched off.")  # noqa: TRY301
        claims = openid.finish(
            services.provider_of(row),
            code=request.GET.get("code", "")[:4_000],
            nonce=begun["nonce"],
            verifier=begun["verifier"],
            back=_back(),
            issuer=request.GET.get("iss"),
        )
        email = str(claims.get("email") or "")[:254]
        person = services.enter_by_sign_on(row=row, claims=claims)
        if begun["confirms"] is not None:
            _require_same(request, person, begun, claims)
    except (NotSignedOn, Unreadable, ValidationError) as error:
        detail = "; ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        return _refused(request, row, email, detail)
    if begun["confirms"] is not None:
        note_proof(request.session, factor=False)
        return redirect("portal:home")
    return enter(request, person, by="single sign-on", target=begun["next"], sign_on=row.pk)


def _require_same(request: HttpRequest, person: User, begun: dict[str, Any], claims: dict[str, Any]) -> None:
    """Who confirms is who is signed in, and proved it just now, where the provider says when."""
    if person.pk != begun["confirms"] or request.user.pk != person.pk:
        raise NotSignedOn("Somebody else was signed on.")
    told = claims.get("auth_time")
    if isinstance(told, int | float) and told < datetime.fromisoformat(begun["at"]).timestamp() - openid.LEEWAY:
        raise NotSignedOn("The provider did not ask the person again (auth_time).")


def _refused(request: HttpRequest, row: SingleSignOn | None, email: str, reason: str) -> HttpResponse:
    services.sign_on_refused(request=request, row=row, email=email, reason=reason)
    return render(request, "portal/single_sign_on_refused.html", {"detail": NOT_SIGNED_ON}, status=403)


def sign_on_edit(request: ActingRequest, pk: int) -> HttpResponse:
    """An admin sets up the single sign-on of their regulator, an operator that of other organisations."""
    organisation = get_object_or_404(Organisation.objects.managed_by(request.actor), pk=pk)
    row = SingleSignOn.objects.filter(organisation=organisation).first()
    form = SingleSignOnForm(request.POST or None, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_single_sign_on(organisation=organisation, actor=request.actor, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, gettext("%(name)s is saved.") % {"name": organisation})
            return redirect("portal:organisations")
    context = {"form": form, "organisation": organisation, "back": _back()}
    return render(request, "portal/single_sign_on_edit.html", context, status=422 if form.errors else 200)
