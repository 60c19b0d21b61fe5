"""Who acts: a person on a page, a program through the API, a seller by a link, or the system itself.

A platform's program acts for the platform. A regulator's acts as the person who made its key, with the narrower of
what the key's scopes and that person's role allow: what needs a second person needs another one than that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from portal.database import acting
from portal.database.acting import Principal
from portal.identity.access import (
    IN_SANDBOXES,
    NOT_IN_SANDBOXES,
    PLATFORM_SCOPES,
    REGULATOR_SCOPES,
    ROLE_PERMISSIONS,
)
from portal.refusals import NotPermitted


class Tenant(Protocol):
    """What an actor takes from portal.models.Organisation, which is above this module."""

    @property
    def pk(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def sandbox_of_id(self) -> int | None: ...


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
    @property
    def created_by(self) -> Person: ...


_SIDES = {acting.PLATFORM, acting.REGULATOR, acting.OPERATOR}


@dataclass(frozen=True, slots=True)
class Actor:
    """An acting party. `kind` is person, api, seller or system; `label` is how the audit names it.

    `organisation_id` is its tenant (None for the system, which alone `sees_all`); `may` asks its permissions, `require` refuses. `maker_id` is
    who made the key of a program, while they are active in its organisation: that person, and not another one.
    `sandbox_id` is the sandbox that all of it happens in, where it does in one.
    """

    kind: str
    label: str
    permissions: frozenset[str]
    user_id: int | None = None
    api_key_id: int | None = None
    organisation_id: int | None = None
    organisation_kind: str = ""
    sees_all: bool = False
    maker_id: int | None = None
    sandbox_id: int | None = None

    @classmethod
    def person(cls, user: Person, *, sandbox: Tenant | None = None) -> Actor:
        """A person in their organisation; or in a `sandbox` of it, which the caller found to be one."""
        if sandbox is not None:
            granted = (ROLE_PERMISSIONS[user.role] - NOT_IN_SANDBOXES) | IN_SANDBOXES
            return cls(
                kind="person",
                label=f"{user.name}, {sandbox.name}",
                permissions=granted if user.is_active else frozenset(),
                user_id=user.pk,
                organisation_id=sandbox.pk,
                organisation_kind=sandbox.kind,
                sandbox_id=sandbox.pk,
            )
        return cls(
            kind="person",
            label=f"{user.name}, {user.organisation.name}",
            permissions=ROLE_PERMISSIONS[user.role] if user.is_active else frozenset(),
            user_id=user.pk,
            organisation_id=user.organisation_id,
            organisation_kind=user.organisation.kind,
        )

    @classmethod
    def api_client(cls, key: Key) -> Actor:
        maker, is_regulator = key.created_by, key.organisation.kind == "regulator"
        sandbox_of = key.organisation.sandbox_of_id
        is_there = maker.is_active and maker.organisation_id in {key.organisation_id, sandbox_of}
        scopes = REGULATOR_SCOPES if is_regulator else PLATFORM_SCOPES
        granted = frozenset().union(*(scopes[scope] for scope in key.scopes if scope in scopes))
        if is_regulator:
            granted &= ROLE_PERMISSIONS[maker.role] if is_there else frozenset()
        elif sandbox_of is not None:
            granted |= IN_SANDBOXES
        return cls(
            kind="api",
            label=f"{key.name} ({key.prefix}), {key.organisation.name}",
            permissions=granted if key.is_usable else frozenset(),
            user_id=maker.pk if is_regulator and is_there else None,
            api_key_id=key.pk,
            organisation_id=key.organisation_id,
            organisation_kind=key.organisation.kind,
            maker_id=maker.pk if is_there else None,
            sandbox_id=None if sandbox_of is None else key.organisation_id,
        )

    @classmethod
    def system(cls, name: str, *, sandbox_id: int | None = None) -> Actor:
        """The machine itself, for example `Actor.system("escalation sweep")`; may do everything."""
        everything = frozenset({"*"})
        return cls(kind="system", label=f"System: {name}", permissions=everything, sees_all=True, sandbox_id=sandbox_id)

    @classmethod
    def seller(cls, label: str) -> Actor:
        """Whoever wrote through a seller's link. `label` says so as what it is: a claim. Sees no rows, may only answer."""
        return cls(kind="seller", label=label, permissions=frozenset({"seller.answer", "appeal.make"}))

    @property
    def person_id(self) -> int | None:
        """Whoever acts, or made the key that acts: what counts where two people are needed, and whose exports are made."""
        return self.user_id or self.maker_id

    @property
    def platform_id(self) -> int | None:
        return self.organisation_id if self.organisation_kind == "platform" else None

    @property
    def regulator_id(self) -> int | None:
        return self.organisation_id if self.organisation_kind == "regulator" else None

    @property
    def is_operator(self) -> bool:
        """Whether it operates the site: for organisations, people and the service, and without any case."""
        return self.organisation_kind == "operator"

    @property
    def principal(self) -> Principal | None:
        """The side of the wall in the database that the actor is on; the same reading as `visible_to`."""
        if self.sees_all:
            return acting.SYSTEM
        if self.organisation_id is None or self.organisation_kind not in _SIDES:
            return None
        return Principal(self.organisation_kind, self.organisation_id)

    def may(self, permission: str) -> bool:
        return permission in self.permissions or "*" in self.permissions

    def require(self, permission: str) -> None:
        """Raise PermissionDenied (403) unless the actor holds `permission`."""
        if not self.may(permission):
            raise NotPermitted(self.label, permission)
