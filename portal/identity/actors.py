"""Who acts: a person on a page, a platform's program through the API, or the system itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.core.exceptions import PermissionDenied

from portal.identity.access import ROLE_PERMISSIONS, SCOPE_PERMISSIONS


class Tenant(Protocol):
    """What an actor takes from portal.models.Organisation, which is above this module."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...


class Person(Protocol):
    """What an actor takes from portal.models.User."""

    @property
    def pk(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def role(self) -> str: ...
    @property
    def is_active(self) -> bool: ...
    @property
    def organisation_id(self) -> int: ...
    @property
    def organisation(self) -> Tenant: ...


class Key(Protocol):
    """What an actor takes from portal.models.ApiKey."""

    @property
    def pk(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def prefix(self) -> str: ...
    @property
    def scopes(self) -> Sequence[str]: ...
    @property
    def is_usable(self) -> bool: ...
    @property
    def organisation_id(self) -> int: ...
    @property
    def organisation(self) -> Tenant: ...


@dataclass(frozen=True, slots=True)
class Actor:
    """An acting party. `kind` is person, api or system; `label` is how the audit names it.

    `organisation_id` is its tenant (None for the system); `may` asks its permissions, `require` refuses.
    """

    kind: str
    label: str
    permissions: frozenset[str]
    user_id: int | None = None
    api_key_id: int | None = None
    organisation_id: int | None = None
    organisation_kind: str = ""
    sees_all: bool = False

    @classmethod
    def person(cls, user: Person) -> Actor:
        return cls(
            kind="person",
            label=f"{user.name}, {user.organisation.name}",
            permissions=ROLE_PERMISSIONS[user.role] if user.is_active else frozenset(),
            user_id=user.pk,
            organisation_id=user.organisation_id,
            organisation_kind=user.organisation.kind,
            sees_all=user.is_active and user.role == "admin",
        )

    @classmethod
    def api_client(cls, key: Key) -> Actor:
        granted = frozenset().union(*(SCOPE_PERMISSIONS[scope] for scope in key.scopes if scope in SCOPE_PERMISSIONS))
        return cls(
            kind="api",
            label=f"{key.name} ({key.prefix}), {key.organisation.name}",
            permissions=granted if key.is_usable else frozenset(),
            api_key_id=key.pk,
            organisation_id=key.organisation_id,
            organisation_kind=key.organisation.kind,
        )

    @classmethod
    def system(cls, name: str) -> Actor:
        """The machine itself, for example `Actor.system("escalation sweep")`; may do everything."""
        return cls(kind="system", label=f"System: {name}", permissions=frozenset({"*"}), sees_all=True)

    @property
    def platform_id(self) -> int | None:
        return self.organisation_id if self.organisation_kind == "platform" else None

    @property
    def regulator_id(self) -> int | None:
        return self.organisation_id if self.organisation_kind == "regulator" else None

    def may(self, permission: str) -> bool:
        return permission in self.permissions or "*" in self.permissions

    def require(self, permission: str) -> None:
        """Raise PermissionDenied (403) unless the actor holds `permission`."""
        if not self.may(permission):
            raise PermissionDenied(f"{self.label} may not do this ({permission}).")
