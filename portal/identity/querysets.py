"""Who sees which accounts; also the manager that creates people by e-mail address."""

from typing import Any, Self

from django.contrib.auth.base_user import BaseUserManager
from django.db import models

from portal.identity import email_addresses
from portal.identity.actors import Actor
from portal.identity.tenancy import TenantQuerySet


class OrganisationQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> "OrganisationQuerySet":
        return self.filter(pk=organisation_id)

    def for_regulator(self, organisation_id: int) -> "OrganisationQuerySet":
        return self.filter(models.Q(kind="platform") | models.Q(pk=organisation_id))

    def platforms(self) -> "OrganisationQuerySet":
        return self.filter(kind="platform")


class ApiKeyQuerySet(TenantQuerySet):
    def for_platform(self, organisation_id: int) -> "ApiKeyQuerySet":
        return self.filter(organisation_id=organisation_id)

    def for_regulator(self, organisation_id: int) -> "ApiKeyQuerySet":
        return self.none()


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
        """One's own, as of the organisation one belongs to now. An admin's too: what others took, the audit log tells."""
        if actor.user_id is None:
            return self.none()
        return self.filter(person_id=actor.user_id, organisation_id=actor.organisation_id)


class NotificationQuerySet(models.QuerySet):
    def inbox_of(self, person: Any) -> Self:
        """What a person reads: of the organisation that they belong to now, and of no other one that they ever did."""
        return self.filter(person_id=person.pk, organisation_id=person.organisation_id)
