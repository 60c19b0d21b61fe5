"""Who sees which accounts; also the manager that creates people by e-mail address."""

from datetime import datetime
from typing import Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Func, Value

from portal.identity import email_addresses
from portal.identity.actors import Actor
from portal.identity.tenancy import TenantQuerySet


class OrganisationQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> "OrganisationQuerySet":
        return self.filter(pk=organisation_id)

    def for_regulator(self, organisation_id: int) -> "OrganisationQuerySet":
        return self.filter(models.Q(kind="platform", sandbox_of=None) | models.Q(pk=organisation_id))

    def outside_sandboxes(self) -> "OrganisationQuerySet":
        return self.filter(sandbox_of=None)

    def open_sandboxes_of(self, platform_id: int) -> "OrganisationQuerySet":
        """The platform and the regulator of a platform's sandbox, while it has one."""
        return self.filter(sandbox_of=platform_id, sandbox_closed_at=None)

    def for_operator(self) -> Self:
        return self.all()

    def managed_by(self, actor: Actor) -> Self:
        """Whose people and settings somebody manages, with the permission for it: an admin those of their own regulator, an
        operator those of all. Nobody belongs to a sandbox."""
        if actor.sees_all:
            return self.all()
        if actor.is_operator:
            return self.filter(sandbox_of=None)
        return self.filter(pk=actor.regulator_id or 0)

    def platforms(self) -> "OrganisationQuerySet":
        return self.filter(kind="platform")


class ApiKeyQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> "ApiKeyQuerySet":
        return self.filter(organisation_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> "ApiKeyQuerySet":
        return self.filter(organisation_id=organisation_id)


class WebhookEndpointQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> "WebhookEndpointQuerySet":
        return self.filter(organisation_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> "WebhookEndpointQuerySet":
        return self.none()


class HookQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> "HookQuerySet":
        return self.filter(organisation_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> "HookQuerySet":
        return self.none()


class UserQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> "UserQuerySet":
        return self.filter(organisation_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> "UserQuerySet":
        return self.filter(organisation_id=organisation_id)

    def for_operator(self) -> Self:
        return self.all()

    def managing(self, organisation_id: int) -> Self:
        """Who manages the people of an organisation and can sign in: its admins, and the operators of the site."""
        own = models.Q(role="admin", organisation_id=organisation_id)
        return self.filter(own | models.Q(role="operator"), is_active=True, locked_at=None)

    def operators(self) -> Self:
        """The operators of the site who can sign in."""
        return self.filter(role="operator", is_active=True, locked_at=None)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Any:
        person = self.model(email=email_addresses.normal(email), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Any:
        """By the one way to write the address, as tries are counted: SQL's own folding takes more spellings for the same."""
        return self.get(email=email_addresses.normal(username))


class ExportQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """One's own, as of the organisation one belongs to now. What others took, the audit log tells.
        A key has those of the person who made it."""
        if actor.person_id is None:
            return self.none()
        return self.filter(person_id=actor.person_id, organisation_id=actor.organisation_id)


class AbsenceQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> Self:
        return self.filter(organisation_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> Self:
        return self.filter(organisation_id=organisation_id)

    def for_operator(self) -> Self:
        return self.all()

    def to_come(self, now: datetime) -> Self:
        """Those that go on at `now`, or begin later."""
        return self.filter(ended_at=None, ends_at__gt=now)

    def going_on(self, now: datetime) -> Self:
        return self.to_come(now).filter(starts_at__lte=now)


SITE_SUBJECTS = frozenset({
    "portal.user", "portal.organisation", "portal.retentionrule", "portal.personerasure", "listings.ruleswitch",
})  # fmt: skip
"""What events of the site itself are about. Evidence packs are, too, of the organisation that takes one, and tell of a case."""
SITE_NOUNS = frozenset({"person", "session", "organisation", "sandbox", "retention", "audit", "rule"})
"""With what the actions of such events begin."""


class AuditEventQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """An operator sees events of the site, and of their own exports, views and holds. What a regulator or a platform sees of
        the log is decided with what each event is about, in the database alone (enforcement/row_rules.py)."""
        if actor.is_operator:
            noun = Func("action", Value("."), Value(1), function="split_part", output_field=models.TextField())
            of_site = models.Q(subject_type__in=SITE_SUBJECTS, noun__in=SITE_NOUNS)
            # Which of these, the database decides.
            own = models.Q(subject_type__in=("portal.export", "portal.legalhold", "portal.savedview"))
            return self.alias(noun=noun).filter(of_site | own)
        return self.all()


class SavedViewQuerySet(models.QuerySet):
    def open_to(self, person: Any, page: str) -> Self:
        """The views of a list that a person opens: their own, and those that colleagues share."""
        mine = models.Q(person_id=person.pk) | models.Q(shared=True)
        return self.filter(mine, organisation_id=person.organisation_id, page=page)


class NotificationQuerySet(models.QuerySet):
    def inbox_of(self, person: Any) -> Self:
        """What a person reads: of the organisation that they belong to now, and of no other one that they ever did."""
        return self.filter(person_id=person.pk, organisation_id=person.organisation_id)
