"""Signing in: each try is counted before the password is looked at, and what came of it is in the audit log."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest

from portal import audit
from portal.identity import email_addresses, throttle
from portal.identity.actors import Actor
from portal.identity.client_address import client_address, network_of
from portal.identity.devices import device_of
from portal.identity.known_devices import device_for
from portal.identity.throttle import ACCOUNT, ACCOUNT_FROM_PLACE, PLACE, Limit, Taken
from portal.models import Organisation, User

SHOWN = 100  # characters of a tried address in the audit log: people type passwords there, too


@dataclass(frozen=True, slots=True)
class SignInTry:
    """A try that was counted. `blocked_until` says until when none is allowed; None: the password may be looked at."""

    account: str
    address: str
    device: str
    is_known: bool
    taken: tuple[tuple[Taken, tuple[str, ...]], ...]

    @property
    def blocked_until(self) -> datetime | None:
        return next((taken.until for taken, _ in self.taken if not taken.allowed), None)


def begin_sign_in(*, email: str, request: HttpRequest) -> SignInTry:
    """Count a try to sign in, by the account from this place (or known device), by the place, and by the account.

    A known device passes the limits of place and account: strangers can use those up. What is refused by one limit is
    not counted by those after it.
    """
    account, address = email_addresses.normal(email), client_address(request)
    known, place = device_for(account, request), network_of(address)
    limits: list[tuple[Limit, tuple[str, ...]]] = [(ACCOUNT_FROM_PLACE, (account, known or place))]
    if not known:
        limits += [(PLACE, (place,)), (ACCOUNT, (account,))]
    taken: list[tuple[Taken, tuple[str, ...]]] = []
    for limit, key in limits:
        taken.append((throttle.take(limit, *key), key))
        if not taken[-1][0].allowed:
            break
    device = device_of(request.headers.get("User-Agent", ""))
    return SignInTry(account, address, device, bool(known), tuple(taken))


def password_accepted(*, tried: SignInTry) -> None:
    """The password was right: the account's failures from here are forgotten, and this try counts nowhere."""
    for taken, key in tried.taken:
        if taken.limit is ACCOUNT_FROM_PLACE:
            throttle.forget(taken.limit, *key)
        else:
            throttle.give_back(taken.limit, *key)


def signed_in(*, person: User, request: HttpRequest, by: str) -> None:
    """Write down that a person is in, and `by` what: password, the kind of a second factor, or single sign-on."""
    after = {
        "address": client_address(request),
        "device": device_of(request.headers.get("User-Agent", "")),
        "known_device": bool(device_for(person.email, request)),
        "by": by,
    }
    audit.record(actor=Actor.person(person), action="person.signed_in", subject=person, after=after)


def sign_in_failed(*, tried: SignInTry) -> None:
    """It was wrong, or the account is not active or not there, which gets the same answer and takes as long."""
    person = User.objects.filter(email=tried.account).first()
    facts = {"address": tried.address, "device": tried.device}
    with transaction.atomic():
        record_attempt("person.sign_in_failed", person, tried.account, facts)
        for taken, _ in tried.taken:
            if taken.is_last:
                locked = {"limit": taken.limit.name, "until": taken.until.isoformat()}
                record_attempt("person.sign_in_locked", person, tried.account, facts | locked)
    throttle.sweep()


def record_attempt(
    action: str, person: User | None, account: str, facts: dict[str, str], *, at: Organisation | None = None
) -> None:
    """Write down what somebody who is not signed in tried with `account`; `person` is whose it is, if anybody's.

    `facts` has the `address` that it came from. Where the account is nobody's, the event is about the organisation `at`
    whose door it was, if any, so that its admins read it.
    """
    shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in account[:SHOWN])
    actor = Actor(kind="unknown", label=f"Not signed in, {facts['address']}", permissions=frozenset())
    subject, after = person or at or User(email=shown, name=shown), {"account": shown, **facts}
    event = audit.event_for(actor=actor, action=action, subject=subject, after=after)
    if subject.pk is None:
        event.subject_id = ""
    audit.record_many([event])
