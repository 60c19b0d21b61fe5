"""Setting passwords: one's own, by a mailed link, or asked for by an admin. Each is an audit event and told by mail."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import audit
from portal.background import sweeping
from portal.identity import email_addresses, throttle
from portal.identity.actors import Actor
from portal.identity.client_address import client_address, network_of
from portal.identity.devices import device_of
from portal.identity.managing import require_managed_person
from portal.identity.throttle import PASSWORD_REQUESTS, PASSWORD_REQUESTS_FROM_PLACE, Taken
from portal.models import AccountLink, PasswordRequest, User
from portal.notifications.outbox import notify_personally
from portal.services.account_links import give_link, use_link, withdraw_links
from portal.services.sessions import end_sessions, require_own
from portal.services.signing_in import record_attempt

SWEEP = "password requests"
CHANGED = gettext_noop("Your password was changed in the meantime, so no changes were made. Sign in again.")


def change_password(*, person: User, password: str, actor: Actor, besides: str | None) -> None:
    """Set one's own password, checked already. Sessions elsewhere end: they were opened with the old one.

    Raises PermissionDenied where it was changed since then: whoever did so, by a mailed link perhaps, ended this session
    too.
    """
    require_own(person, actor)
    with transaction.atomic():
        stored = User.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
        if stored.password != person.password:
            raise PermissionDenied(CHANGED)
        _set(person, password)
        audit.record(actor=actor, action="person.password_changed", subject=person)
        end_sessions(person=person, actor=actor, besides=besides, reason="The password was changed.")
        _tell_owner(person)


def ask_for_new_password(*, email: str, request: HttpRequest) -> Taken | None:
    """Note that somebody at `request` asks for a new password for `email`; a worker does the rest.

    Whether there is such an account is not looked at here, so neither answer nor time tells. Returns the try that was
    one too many from its place; more than three an hour for one account are taken silently.
    """
    account, address = email_addresses.normal(email), client_address(request)
    from_place = throttle.take(PASSWORD_REQUESTS_FROM_PLACE, network_of(address))
    if not from_place.allowed:
        return from_place
    if throttle.take(PASSWORD_REQUESTS, account).allowed:
        device = device_of(request.headers.get("User-Agent", ""))
        PasswordRequest.objects.create(account=account, address=address[:60], device=device)
    return None


def answer_password_requests() -> int:
    """Mail a link to each active account that a new password was asked for; returns how many requests were dealt with."""
    waiting = sweeping.ready(PasswordRequest.objects.all(), sweep=SWEEP)
    sweeping.forget_others(PasswordRequest.objects.all(), sweep=SWEEP)
    return sweeping.each(waiting, _answer, sweep=SWEEP).done


def _answer(asked: PasswordRequest) -> None:
    """Whoever is inactive, locked, invited but not here yet, or signs in elsewhere, gets none."""
    person = User.objects.select_related("organisation").filter(email=asked.account).first()
    facts = {"address": asked.address, "device": asked.device}
    record_attempt("person.password_requested", person, asked.account, facts)
    if person is not None and person.is_active and person.locked_at is None and person.has_usable_password():
        give_link(
            person=person,
            kind=AccountLink.Kind.RESET,
            subject="Choose a new password for Offshelf",
            body=f"{person.name}, somebody asked for a new password for your account at Offshelf, from the address "
            f"{asked.address}. If it was not you, ignore this mail: your password has not changed.\n\n"
            "Choose a new password here within 1 hour. The link works once:",
        )
    PasswordRequest.objects.filter(pk=asked.pk).delete()


def set_password_by_link(*, link: AccountLink, password: str) -> User:
    """Set the password, checked already, of whom the link was sent to. All their sessions end.

    Raises ValidationError where the link was used meanwhile. It signs nobody in, and replaces no second factor.
    """
    person = link.person
    actor = Actor.person(person)
    accepts = link.kind == AccountLink.Kind.INVITATION
    with transaction.atomic():
        use_link(link)
        _set(person, password)
        action = "person.invitation_accepted" if accepts else "person.password_reset"
        audit.record(actor=actor, action=action, subject=person)
        end_sessions(person=person, actor=actor, reason="A new password was chosen through a mailed link.")
        if not accepts:
            _tell_owner(person)
    return person


def require_new_password(*, person: User, actor: Actor) -> None:
    """Have a person choose another password before anything else: at once where they are signed in, else at sign-in."""
    require_managed_person(person, actor)
    with transaction.atomic():
        if User.objects.filter(pk=person.pk, password_must_change=False).update(password_must_change=True):
            person.password_must_change = True
            audit.record(actor=actor, action="person.password_change_required", subject=person)


def _set(person: User, password: str) -> None:
    person.set_password(password)
    person.password_must_change = False
    person.save(update_fields=["password", "password_must_change"])
    withdraw_links(person=person)


def _tell_owner(person: User) -> None:
    notify_personally(
        people=[person],
        mail_to=[person.email],
        key=f"password:{person.pk}:{timezone.now().timestamp():.0f}",
        subject="Your Offshelf password was changed",
        body="If you did not do this, tell your admin now: somebody else can read your mail or knew your password.",
        link="/account/",
    )
