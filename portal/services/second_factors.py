"""A person's own second factors: setting up, proving, removing. How often one may be tried is counted first."""

import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_noop

from portal import audit
from portal.identity import throttle
from portal.identity.actors import Actor
from portal.identity.client_address import client_address, network_of
from portal.identity.encryption import decrypt, encrypt
from portal.identity.known_devices import device_for
from portal.identity.throttle import SECOND_FACTOR, SECOND_FACTOR_FROM_PLACE, Limit, Taken
from portal.models import SecondFactor, User
from portal.notifications.outbox import notify_personally
from portal.services.sessions import end_sessions
from portal.services.signing_in import record_attempt

STEP = 30  # seconds that a code of an app is shown for (RFC 6238)
CODES = 10
_CODE_SALT = "portal.services.second_factors.code"
WRONG = gettext_noop(
    "This code is not valid. Use the newest code of your app, or a recovery code you have not used yet."
)
WRONG_FIRST = gettext_noop("This code is not valid. Check the time on your phone and enter the code it shows now.")
LAST = gettext_noop("Your organisation requires a second factor. Add another one before you remove this one.")
Kind = SecondFactor.Kind


@dataclass(frozen=True, slots=True)
class FactorTry:
    """One counted try of a second factor; with `blocked_until` none is allowed until then."""

    taken: tuple[tuple[Taken, tuple[str, ...]], ...]

    @property
    def blocked_until(self) -> datetime | None:
        return next((taken.until for taken, _ in self.taken if not taken.allowed), None)

    def forget(self) -> None:
        """It was a good one."""
        for taken, key in self.taken:
            throttle.forget(taken.limit, *key)


def begin_factor(*, person: User, request: HttpRequest) -> FactorTry:
    """Count a try of a person's second factor: by the place it comes from or the known device, and for all places."""
    known = device_for(person.email, request)
    limits: list[tuple[Limit, tuple[str, ...]]] = [
        (SECOND_FACTOR_FROM_PLACE, (str(person.pk), known or network_of(client_address(request))))
    ]
    if not known:
        limits.append((SECOND_FACTOR, (str(person.pk),)))
    taken: list[tuple[Taken, tuple[str, ...]]] = []
    for limit, key in limits:
        taken.append((throttle.take(limit, *key), key))
        if not taken[-1][0].allowed:
            break
    return FactorTry(tuple(taken))


def factor_failed(*, person: User, tried: FactorTry, request: HttpRequest) -> None:
    """Write down that a second factor was wrong: whoever tried it has the password."""
    facts = {"address": client_address(request)}
    with transaction.atomic():
        record_attempt("person.factor_failed", person, person.email, facts)
        for taken, _ in tried.taken:
            if taken.is_last:
                locked = {"limit": taken.limit.name, "until": taken.until.isoformat()}
                record_attempt("person.factor_locked", person, person.email, facts | locked)


def use_code(*, person: User, code: str) -> SecondFactor | None:
    """The factor that a typed code proves: the app's, or a recovery code, which is used up. Each works once."""
    typed = "".join(code.split()).replace("-", "").upper()
    with transaction.atomic():
        return _use_app(person, typed) if typed.isdigit() else _use_recovery_code(person, typed)


def _use_app(person: User, typed: str) -> SecondFactor | None:
    app = SecondFactor.objects.filter(person=person, kind=Kind.APP).first()
    step = _step_of(decrypt(app.secret), typed) if app else None
    if app is None or step is None:
        return None
    later = SecondFactor.objects.filter(pk=app.pk, counter__lt=step)  # a code that was seen is used up
    return app if later.update(counter=step, last_used_at=timezone.now()) else None


def _step_of(secret: str, typed: str) -> int | None:
    """The time step whose code was typed: the current one, or one beside it, as clocks differ."""
    now = int(timezone.now().timestamp()) // STEP
    app = pyotp.TOTP(secret, interval=STEP)
    return next(
        (
            step
            for step in (now, now - 1, now + 1)
            if secrets.compare_digest(app.generate_otp(step).encode(), typed.encode())
        ),
        None,
    )


def _use_recovery_code(person: User, typed: str) -> SecondFactor | None:
    code = SecondFactor.objects.filter(person=person, kind=Kind.CODE, secret=_digest(typed)).first()
    if code is None or not SecondFactor.objects.filter(pk=code.pk).delete()[0]:
        return None
    left = SecondFactor.objects.filter(person=person, kind=Kind.CODE).count()
    audit.record(actor=Actor.person(person), action="person.recovery_code_used", subject=person, after={"left": left})
    _tell_owner(person, "A recovery code was used to sign in to Offshelf", f"{left} of your recovery codes are left.")
    return code


def new_app_secret() -> str:
    """The shared secret of an app that is being set up; kept once a code of it was typed."""
    return pyotp.random_base32()


def app_address(person: User, secret: str) -> str:
    """The address that a QR code hands to an app."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=person.email, issuer_name="Offshelf")


def add_app(*, person: User, secret: str, code: str, besides: str | None) -> list[str]:
    """Set up an app whose code was typed, in place of the one before; returns recovery codes where these are the first.

    `besides` is the key of the session it is done in (see factor_added). Raises ValidationError for a wrong code.
    """
    step = _step_of(secret, "".join(code.split()))
    if step is None:
        raise ValidationError(WRONG_FIRST)
    with transaction.atomic():
        SecondFactor.objects.filter(person=person, kind=Kind.APP).delete()
        factor = SecondFactor.objects.create(person=person, kind=Kind.APP, secret=encrypt(secret), counter=step)
        return factor_added(person, factor, besides=besides)


def factor_added(person: User, factor: SecondFactor, *, besides: str | None) -> list[str]:
    """Write down a new factor and tell its owner, in the transaction that added it.

    The first one brings recovery codes, and ends the sessions besides this one, which were opened without it.
    """
    others = SecondFactor.objects.filter(person=person).exclude(pk=factor.pk).exclude(kind=Kind.CODE)
    if not others.exists():
        actor = Actor.person(person)
        end_sessions(person=person, actor=actor, besides=besides, reason="A second factor was added.")
    after = {"kind": factor.kind, "name": factor.name}
    audit.record(actor=Actor.person(person), action="person.factor_added", subject=person, after=after)
    _tell_owner(person, "A second factor was added to your Offshelf account", f"{factor.get_kind_display()}.")
    has_codes = SecondFactor.objects.filter(person=person, kind=Kind.CODE).exists()
    return [] if has_codes else make_recovery_codes(person=person)


def make_recovery_codes(*, person: User) -> list[str]:
    """Ten new recovery codes in place of all earlier ones; shown now and never again, as only digests are kept."""
    codes = [pyotp.random_base32(32)[:16] for _ in range(CODES)]
    with transaction.atomic():
        SecondFactor.objects.filter(person=person, kind=Kind.CODE).delete()
        SecondFactor.objects.bulk_create(
            SecondFactor(person=person, kind=Kind.CODE, secret=_digest(code)) for code in codes
        )
        audit.record(actor=Actor.person(person), action="person.recovery_codes_made", subject=person)
    return ["-".join(code[start : start + 4] for start in range(0, 16, 4)) for code in codes]


def remove_factor(*, person: User, number: int) -> None:
    """Remove one's own app or passkey, with the last one the recovery codes. Raises ValidationError where one is required."""
    with transaction.atomic():
        own = SecondFactor.objects.select_for_update().filter(person=person).exclude(kind=Kind.CODE)
        factors = {row.pk: row for row in own}
        if (factor := factors.pop(number, None)) is None:
            return
        if not factors and person.organisation.second_factor_required:
            raise ValidationError(LAST)
        factor.delete()
        if not factors:
            SecondFactor.objects.filter(person=person).delete()
        before = {"kind": factor.kind, "name": factor.name}
        audit.record(actor=Actor.person(person), action="person.factor_removed", subject=person, before=before)
        _tell_owner(person, "A second factor was removed from your Offshelf account", f"{factor}.")


def has_factor(person: User) -> bool:
    """Whether a person signs in with a second factor."""
    return SecondFactor.objects.filter(person=person).exclude(kind=Kind.CODE).exists()


def _digest(code: str) -> str:
    return salted_hmac(_CODE_SALT, code, algorithm="sha256").hexdigest()


def _tell_owner(person: User, subject: str, body: str) -> None:
    notify_personally(
        people=[person],
        mail_to=[person.email],
        key=f"factor:{person.pk}:{secrets.token_hex(6)}",
        subject=subject,
        body=f"{body} If it was not you, change your password and tell your admin now.",
        link="/account/second-factor/",
    )
