"""Single sign-on: setting it up for an organisation, and whose account somebody enters who was signed on there."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_noop

from portal import audit
from portal.identity import email_addresses
from portal.identity.actors import Actor
from portal.identity.client_address import client_address
from portal.identity.encryption import decrypt, encrypt
from portal.identity.managing import require_entry
from portal.identity.openid import NotSignedOn, Provider
from portal.models import Organisation, Role, SignOnAccount, SingleSignOn, User
from portal.services.accounts import edit_person
from portal.services.inactivity import lock_if_inactive
from portal.services.mail_domains import one_speaker_at_a_time, require_own_domains
from portal.services.signing_in import record_attempt

MAPPED_ROLES = (Role.REGULATOR_STAFF, Role.MODERATOR, Role.PLATFORM_MANAGER)
"""Roles that a provider may give, those with more rights last. Admins and operators let others in, so only they make more
of them."""
MAX_SUBJECT = 255
"""Characters of a person's number at a provider (OpenID Connect Core, 2)."""
SECRET_OF_ANOTHER = gettext_noop(
    "Enter the client secret of the new issuer. The stored one is sent to no other address."
)


def edit_single_sign_on(
    *, organisation: Organisation, actor: Actor, client_secret: str = "", **fields: Any
) -> SingleSignOn:
    """Set up or change the single sign-on of an organisation; without a `client_secret` the one there was stays.

    Another `issuer` is another provider: it gets no secret of the one before, and who signed on there is known by that
    provider's numbers, so they are found by their verified addresses again. Raises ValidationError where the secret of
    another issuer is missing, for a mail domain of another organisation, or a role that does not fit this one.
    """
    actor.require("organisation.edit")
    require_entry(organisation, actor)
    with transaction.atomic():
        one_speaker_at_a_time()
        row = SingleSignOn.objects.filter(organisation=organisation).first() or SingleSignOn(organisation=organisation)
        before = {name: getattr(row, name) for name in fields} if row.pk else {}
        moved = bool(row.pk) and fields.get("issuer", row.issuer) != row.issuer
        if moved and not client_secret:
            raise ValidationError({"client_secret": SECRET_OF_ANOTHER})
        for name, value in fields.items():
            setattr(row, name, value)
        if client_secret:
            row.client_secret = encrypt(client_secret)
        row.full_clean()
        require_own_domains(row.domains, organisation, actor)
        for role in filter(None, {*row.roles.values(), row.default_role}):
            if role not in MAPPED_ROLES:
                detail = gettext("A provider cannot give this role: %(role)s.") % {"role": role}
                raise ValidationError({"roles": detail})
            User(organisation=organisation, role=role).clean()
        row.save()
        after = {**fields, "client_secret_changed": bool(client_secret)}
        if moved:
            after["accounts_unlinked"] = SignOnAccount.objects.filter(sign_on=row).delete()[0]
        audit.record(
            actor=actor, action="organisation.single_sign_on_edited", subject=organisation, before=before, after=after
        )
    return row


def sign_on_for(email: str) -> SingleSignOn | None:
    """The single sign-on that an address belongs to, by its mail domain."""
    domain = email_addresses.normal(email).rpartition("@")[2]
    found = SingleSignOn.objects.filter(is_active=True, domains__contains=[domain])
    return found.select_related("organisation").first() if domain else None


def provider_of(row: SingleSignOn) -> Provider:
    """Whom to ask, with the secret in clear. Raises Unreadable."""
    return Provider(row.issuer, row.client_id, decrypt(row.client_secret))


def enter_by_sign_on(*, row: SingleSignOn, claims: Mapping[str, Any]) -> User:
    """The person that a provider vouches for, with the role it gives; an account is made where there is none.

    Raises NotSignedOn for who may not enter: an address outside the organisation's domains or not verified, an account
    of another organisation, one that is inactive or locked, or no role.
    """
    subject = str(claims["sub"])
    if not subject.strip():  # it would be everybody's
        raise NotSignedOn("The provider gives the person no number (sub).")
    if len(subject) > MAX_SUBJECT:  # cut, it would be somebody else's whose number begins alike
        raise NotSignedOn(f"The provider's number of the person (sub) is longer than {MAX_SUBJECT} characters.")
    with transaction.atomic():
        asked, row = row, _locked(row)  # two first sign-ins at once make one account
        if not row.is_active or row.issuer != asked.issuer:
            raise NotSignedOn("The single sign-on was changed in the meantime.")
        linked = (
            SignOnAccount.objects.select_related("person__organisation").filter(sign_on=row, subject=subject).first()
        )
        person = linked.person if linked else _by_address(row, claims)
        role = _role_in(row, claims)
        if person is None:
            person = _made(row, claims, role)
        _require_entry(row, person)
        if linked is None:
            if SignOnAccount.objects.filter(sign_on=row, person=person).exists():
                raise NotSignedOn("The account belongs to somebody else at the provider.")
            SignOnAccount.objects.create(sign_on=row, subject=subject, person=person)
        if row.roles and person.role not in {Role.ADMIN, Role.OPERATOR, role}:
            if not role:
                raise NotSignedOn("The provider gives this person no role any more.")
            edit_person(person=person, actor=_actor(row), role=role)
    return person


def _locked(row: SingleSignOn) -> SingleSignOn:
    """The sign-on as it is now: it may have changed while its provider was asked."""
    return SingleSignOn.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=row.pk)


def sign_on_refused(*, request: HttpRequest, row: SingleSignOn | None, email: str, reason: str) -> None:
    """Write down that somebody was not let in by a provider. Its organisation's admins read it, also of strangers; of
    somebody else's account that the provider named, the other organisation is told nothing by it."""
    people = User.objects.filter(email=email_addresses.normal(email)) if email else User.objects.none()
    person = people.filter(**({"organisation_id": row.organisation_id} if row else {})).first()
    facts = {"address": client_address(request), "reason": reason[:300]}
    record_attempt("person.sign_on_refused", person, email, facts, at=row.organisation if row else None)


def _by_address(row: SingleSignOn, claims: Mapping[str, Any]) -> User | None:
    """Whose address the provider verified, if anybody's here; it speaks for its organisation's domains only."""
    told = str(claims.get("email") or "").strip()
    email = email_addresses.normal(told)
    if email.isascii() and not told.isascii():
        raise NotSignedOn("The email address has letters that only look like those of another address.")
    if claims.get("email_verified") is not True:
        raise NotSignedOn("The provider did not verify the email address.")
    if email.rpartition("@")[2] not in row.domains:
        raise NotSignedOn("The email address is outside the mail domains of the organisation.")
    return User.objects.select_related("organisation").filter(email=email).first()


def _require_entry(row: SingleSignOn, person: User) -> None:
    if person.organisation_id != row.organisation_id:
        raise NotSignedOn("The account belongs to another organisation.")
    if not person.is_active:
        raise NotSignedOn("The account is inactive.")
    if row.organisation.suspended_at is not None:
        raise NotSignedOn("The organisation is suspended.")
    if lock_if_inactive(person):
        raise NotSignedOn("The account is locked because it was not used.")


def _role_in(row: SingleSignOn, claims: Mapping[str, Any]) -> str:
    """The role that the values of the claim are mapped to; else the default."""
    told = claims.get(row.role_claim) if row.role_claim else None
    values = {str(value) for value in told} if isinstance(told, list) else {str(told)} if told is not None else set()
    return mapped_role(row.roles, values, default=row.default_role)


def mapped_role(roles: Mapping[str, str], values: Collection[str], *, default: str) -> str:
    """The role that `roles` has for the values that somebody's organisation tells of them; for several, the one with the
    most rights. In what order an admin entered them is not kept, so it decides nothing."""
    given = [Role(role) for value, role in roles.items() if value in values]
    return max(given, key=MAPPED_ROLES.index) if given else default


def _made(row: SingleSignOn, claims: Mapping[str, Any], role: str) -> User:
    if not role:
        raise NotSignedOn("The provider gives this person no role.")
    email = email_addresses.normal(str(claims["email"]))
    name = " ".join(str(claims.get("name") or email).split())[:120]
    person = User(email=email, name=name, role=role, organisation=row.organisation)
    person.set_unusable_password()
    try:
        person.full_clean()
    except ValidationError as error:
        raise NotSignedOn("; ".join(error.messages)) from error
    person.save()
    after = {"email": email, "role": role, "organisation": row.organisation_id}
    audit.record(actor=_actor(row), action="person.created", subject=person, after=after)
    return person


def _actor(row: SingleSignOn) -> Actor:
    return Actor.system(f"single sign-on of {row.organisation}")
