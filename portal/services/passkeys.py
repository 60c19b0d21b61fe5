"""Passkeys (WebAuthn) as a second factor; the cryptography is the fido2 library's."""

import base64
import json
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    RegistrationResponse,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.models import SecondFactor, User
from portal.services.second_factors import factor_added

MAX_PASSKEYS = 10
MAX_ANSWER = 50_000  # characters of what a browser sends
NOT_ACCEPTED = gettext_noop("The passkey was not accepted. Try again, or use another method.")
TOO_MANY = gettext_noop("You can have 10 passkeys. Remove one first.")
PASSKEY = SecondFactor.Kind.PASSKEY


def registration(person: User, request: HttpRequest) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser makes a passkey by (JSON), and what is to be remembered meanwhile."""
    user = PublicKeyCredentialUserEntity(
        id=f"offshelf-{person.pk}".encode(), name=person.email, display_name=person.name
    )
    options, state = _server(request).register_begin(
        user,
        credentials=_credentials_of(person),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return dict(options.public_key), state


def add_passkey(*, person: User, request: HttpRequest, state: dict[str, Any], answer: str, name: str) -> list[str]:
    """Keep a passkey that the browser made; returns recovery codes where it is the first factor. Raises ValidationError."""
    try:
        made = _server(request).register_complete(state, RegistrationResponse.from_dict(_parsed(answer)))
        data = made.credential_data
    except Exception as error:  # a browser can send anything, and the library raises whatever that leads to
        raise ValidationError(NOT_ACCEPTED) from error
    if data is None:
        raise ValidationError(NOT_ACCEPTED)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=person.pk)
        if SecondFactor.objects.filter(person=person, kind=PASSKEY).count() >= MAX_PASSKEYS:
            raise ValidationError(TOO_MANY)
        credential_id = _text(data.credential_id)
        if SecondFactor.objects.filter(credential_id=credential_id).exists():
            raise ValidationError(NOT_ACCEPTED)
        factor = SecondFactor.objects.create(
            person=person,
            kind=PASSKEY,
            name=name[:60],
            secret=_text(bytes(data)),
            credential_id=credential_id,
            counter=made.counter,
        )
        return factor_added(person, factor, besides=request.session.session_key)


def challenge(person: User, request: HttpRequest) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """What a passkey of the person is asked for (JSON), and what is to be remembered; None where they have none."""
    known = _credentials_of(person)
    if not known:
        return None
    options, state = _server(request).authenticate_begin(known, UserVerificationRequirement.PREFERRED)
    return dict(options.public_key), state


def use_passkey(*, person: User, request: HttpRequest, state: dict[str, Any], answer: str) -> SecondFactor | None:
    """The passkey that answered the challenge; None where none of the person's did, or a copy of one."""
    try:
        response = AuthenticationResponse.from_dict(_parsed(answer))
        used = _server(request).authenticate_complete(state, _credentials_of(person), response)
        counter = response.response.authenticator_data.counter
    except Exception:  # noqa: BLE001  a browser can send anything, and the library raises whatever that leads to
        return None
    with transaction.atomic():
        found = SecondFactor.objects.select_for_update().filter(person=person, kind=PASSKEY)
        factor = found.filter(credential_id=_text(used.credential_id)).first()
        if factor is None or (factor.counter and counter <= factor.counter):
            return None
        factor.counter, factor.last_used_at = counter, timezone.now()
        factor.save(update_fields=["counter", "last_used_at"])
        return factor


def _server(request: HttpRequest) -> Fido2Server:
    """Passkeys belong to a host name: in production that of BASE_URL, so that they hold whichever name is used meanwhile."""
    here = f"{request.scheme}://{request.get_host()}"
    origin = settings.BASE_URL if settings.PRODUCTION else here
    host = urlsplit(origin).hostname or ""
    return Fido2Server(
        PublicKeyCredentialRpEntity(id=host, name="Offshelf"), verify_origin=lambda given: given in {origin, here}
    )


def _credentials_of(person: User) -> list[AttestedCredentialData]:
    rows = SecondFactor.objects.filter(person=person, kind=PASSKEY)
    return [AttestedCredentialData(base64.urlsafe_b64decode(row.secret)) for row in rows]


def _parsed(answer: str) -> dict[str, Any]:
    if len(answer) > MAX_ANSWER:
        raise ValueError("Too long.")
    found = json.loads(answer)
    if not isinstance(found, dict):
        raise TypeError("No object.")
    return found


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()
