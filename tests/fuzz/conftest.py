"""The populated site that the fuzz tests send to, and who sends."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve

from portal.identity import api_keys
from portal.identity.access import ACCESS, PLATFORM_SCOPES, REGULATOR_SCOPES, ROLE_PERMISSIONS
from portal.identity.actors import Actor
from portal.models import Organisation, User
from tests.world import PopulatedSite, build_populated_site


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def populated_site(
    folder: Path,
    regulator: Organisation,
    platform_a: Organisation,
    officer: User,
    moderator_a: User,
    manager_a: User,
) -> PopulatedSite:
    return build_populated_site(
        regulator=regulator, platform=platform_a, officer=officer, moderator=moderator_a, manager=manager_a
    )


@pytest.fixture
def cast(
    sign_in: Callable[[User], Client], officer: User, admin: User, operator: User, moderator_a: User, manager_a: User
) -> list[tuple[Client, User | None]]:
    people = (officer, admin, operator, moderator_a, manager_a)
    return [(Client(), None), *((sign_in(person), person) for person in people)]


@pytest.fixture
def keys(populated_site: PopulatedSite, admin: User, regulator: Organisation) -> Callable[[str], str]:
    """The header of a key that opens an address of the API: a platform's, an officer's or an admin's."""
    _, admins = api_keys.create_key(
        organisation=regulator, name="Admin", scopes=list(REGULATOR_SCOPES), days=5, actor=Actor.person(admin)
    )
    platform = frozenset().union(*PLATFORM_SCOPES.values())

    def for_address(url: str) -> str:
        rule = ACCESS[resolve(url.partition("?")[0]).view_name]
        officers = ROLE_PERMISSIONS["regulator_staff"]
        secret = populated_site.regulator_secret if rule in officers else admins
        return f"Bearer {populated_site.secret if rule in platform else secret}"

    return for_address
