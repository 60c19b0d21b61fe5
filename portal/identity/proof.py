"""What a session has proved of its person: a second factor, and how lately; and what it must do before anything else."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone

from portal.identity.access import SENSITIVE

FACTOR = "factor_at"
PROVED = "proved_at"
DELEGATED = "signed_on_by"  # the organisation's own single sign-on, which asks for second factors by its own rules
REACHABLE = frozenset({"portal:password_new", "portal:confirm", "portal:second_factors", "portal:factor_app", "portal:factor_passkey",
                       "portal:sign_out"})  # fmt: skip
"""Addresses that are open to who must set something up first."""


class Tenant(Protocol):
    """What is asked here of an organisation."""

    @property
    def second_factor_required(self) -> bool: ...


class Person(Protocol):
    """What is asked here of a person. Protocols, since models stand above this module."""

    @property
    def password_must_change(self) -> bool: ...
    @property
    def organisation(self) -> Tenant: ...


def note_proof(session: SessionBase, *, factor: bool, sign_on: int | None = None) -> None:
    """The person has just proved themselves, by a second factor or without one, or by single sign-on."""
    now = timezone.now().isoformat()
    session[PROVED] = now
    if factor:
        session[FACTOR] = now
    if sign_on is not None:
        session[DELEGATED] = sign_on


def has_second_factor(session: SessionBase) -> bool:
    """Whether this session was opened, or confirmed since, with more than a password."""
    return FACTOR in session or DELEGATED in session


def is_fresh(session: SessionBase) -> bool:
    """Whether the person proved themselves lately enough for a sensitive act; signing in counts."""
    told = session.get(PROVED) or session.get("since")  # neither: this is the first request after the sign-in
    limit = timedelta(minutes=settings.REAUTHENTICATION_MINUTES)
    return told is None or datetime.fromisoformat(told) > timezone.now() - limit


def is_sensitive(name: str, arguments: Mapping[str, Any]) -> bool:
    """Whether the address `name` with these arguments needs a fresh proof (access.register_sensitive)."""
    if name not in SENSITIVE:
        return False
    only = SENSITIVE[name]
    return not only or str(arguments.get("to")) in only


def next_step(person: Person, session: SessionBase) -> str:
    """The address that a signed-in person must deal with before any other; empty where there is none."""
    if person.password_must_change and DELEGATED not in session:
        return "portal:password_new"
    if person.organisation.second_factor_required and not has_second_factor(session):
        return "portal:second_factors"
    return ""
