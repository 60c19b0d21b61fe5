"""Accounts that an organisation's directory keeps by SCIM: setting that up, and each change by one call of a service.

The directory speaks for the mail domains of its organisation alone, gives roles by the organisation's mapping, and makes,
changes and brings back no admin and no operator. Whoever it deactivates leaves as by hand: sessions end and keys are revoked.
"""

import hashlib
import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext

from portal import audit
from portal.identity import email_addresses
from portal.identity.actors import Actor
from portal.identity.managing import require_entry
from portal.models import Organisation, Provisioning, Role, SingleSignOn, User
from portal.services.accounts import edit_person, is_erased
from portal.services.invitations import invite_person
from portal.services.mail_domains import one_speaker_at_a_time, require_own_domains
from portal.services.single_sign_on import MAPPED_ROLES, mapped_role

MANAGING = frozenset({Role.ADMIN, Role.OPERATOR})
TOKEN_BEGINS = "ofp_"  # noqa: S105  what tokens begin with, and no token


class Refused(Exception):
    """What a directory asked for and does not get. `kind` is a scimType of RFC 7644, or empty."""

    def __init__(self, status: int, detail: str, kind: str = "") -> None:
        super().__init__(detail)
        self.status, self.detail, self.kind = status, detail, kind


def edit_provisioning(
    *, organisation: Organisation, new_token: bool, actor: Actor, **fields: Any
) -> tuple[Provisioning, str]:
    """Set up or change provisioning. With `new_token` the token before opens nothing any more; the new one is answered,
    this once. Raises ValidationError for a mail domain of another organisation, a role that does not fit this one, and what
    is for a regulator's own admin."""
    actor.require("organisation.edit")
    require_entry(organisation, actor)
    with transaction.atomic():
        one_speaker_at_a_time()
        row = Provisioning.objects.filter(organisation=organisation).first() or Provisioning(organisation=organisation)
        before = {name: getattr(row, name) for name in fields} if row.pk else {}
        for name, value in fields.items():
            setattr(row, name, value)
        token = ""
        if new_token or not row.digest:
            token = TOKEN_BEGINS + secrets.token_urlsafe(32)
            row.prefix, row.digest = token[:12], digest_of(token)
        row.full_clean()
        require_own_domains(row.domains, organisation, actor)
        for role in filter(None, {*row.roles.values(), row.default_role}):
            if role not in MAPPED_ROLES:
                detail = gettext("A directory cannot give this role: %(role)s.") % {"role": role}
                raise ValidationError({"roles": detail})
            User(organisation=organisation, role=role).clean()
        row.save()
        after = {**fields, "new_token": bool(token)}
        audit.record(
            actor=actor, action="organisation.provisioning_edited", subject=organisation, before=before, after=after
        )
    return row, token


def digest_of(token: str) -> str:
    """SHA-256 in hex. Tokens carry 256 random bits, so a fast digest is enough."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()


def provisioning_for(token: str) -> Provisioning | None:
    """Whose token it is, if it is one in use; that of a suspended organisation is not."""
    found = Provisioning.objects.filter(digest=digest_of(token), is_active=True, organisation__suspended_at=None)
    row = found.select_related("organisation").first()
    if row is not None and (row.last_used_at is None or (timezone.now() - row.last_used_at).total_seconds() > 60):
        Provisioning.objects.filter(pk=row.pk).update(last_used_at=timezone.now())
    return row


def provision(*, row: Provisioning, email: str, name: str, roles: list[str], is_active: bool = True) -> User:
    """A new account for somebody of the directory; invited, unless they sign on at their organisation. Raises Refused."""
    email, actor = email_addresses.normal(email), _actor(row)
    _require_domain(row, email)
    role = _role_of(row, roles)
    if User.objects.filter(email=email).exists():
        raise Refused(409, "An account with this userName exists.", "uniqueness")
    try:
        with transaction.atomic():
            signs_on = SingleSignOn.objects.filter(organisation=row.organisation_id, is_active=True).exists()
            asked: dict[str, Any] = {
                "email": email,
                "name": name or email,
                "role": role,
                "organisation": row.organisation,
            }
            person = _made(asked, actor) if signs_on or not is_active else invite_person(actor=actor, **asked)
            return person if is_active else edit_person(person=person, actor=actor, is_active=False)
    except IntegrityError:
        raise Refused(409, "An account with this userName exists.", "uniqueness") from None
    except ValidationError as error:
        raise _refusal(error) from None


def _made(asked: dict[str, Any], actor: Actor) -> User:
    person = User(**asked)
    person.set_unusable_password()
    person.full_clean()
    person.save()
    after = {"email": person.email, "role": person.role, "organisation": person.organisation_id}
    audit.record(actor=actor, action="person.created", subject=person, after=after)
    return person


def change_provisioned(*, row: Provisioning, person: User, changes: dict[str, Any]) -> User:
    """Change what the directory says of a person: email, name, roles, is_active; what is the same already is no change.

    Raises Refused: for another mail domain, a role that the mapping lacks, and for an admin or operator whatever gives access.
    """
    wanted = {key: value for key, value in changes.items() if key != "roles"}
    if "email" in wanted:
        wanted["email"] = email_addresses.normal(wanted["email"])
    if "roles" in changes and person.role not in MANAGING:
        wanted["role"] = _role_of(row, changes["roles"])
    wanted = {key: value for key, value in wanted.items() if getattr(person, key) != value}
    if "email" in wanted:
        _require_domain(row, wanted["email"])

    def require(now: User) -> None:
        """Asked again of the account as it is when it is changed: it may have become an admin's, or moved."""
        if now.organisation_id != row.organisation_id or is_erased(now):
            raise Refused(404, f"There is no user {now.pk}.")
        if now.role in MANAGING and (wanted.keys() & {"email", "role"} or wanted.get("is_active")):
            detail = "Accounts of admins and operators are changed by people. A directory can deactivate them only."
            raise Refused(403, detail)

    require(person)
    if not wanted:
        return person
    try:
        with transaction.atomic():
            return edit_person(person=person, actor=_actor(row), require=require, **wanted)
    except ValidationError as error:
        raise _refusal(error) from None


def _refusal(error: ValidationError) -> Refused:
    """What a directory is answered where an account cannot be so; 409 for an address that another account has."""
    problems = getattr(error, "error_dict", {}).get("email", [])
    if any(problem.code == "unique" for problem in problems):
        return Refused(409, "An account with this userName exists.", "uniqueness")
    return Refused(400, " ".join(error.messages), "invalidValue")


def _require_domain(row: Provisioning, email: str) -> None:
    if email.rpartition("@")[2] not in row.domains:
        raise Refused(400, f"{email[:254]} is outside the mail domains of the organisation.", "invalidValue")


def _role_of(row: Provisioning, values: list[str]) -> str:
    """The role that the given values are mapped to; else the default."""
    role = mapped_role(row.roles, values, default=row.default_role)
    if not role:
        raise Refused(400, "No value of roles is mapped to a role, and there is no default role.", "invalidValue")
    return str(role)


def _actor(row: Provisioning) -> Actor:
    return Actor.system(f"directory of {row.organisation}")
