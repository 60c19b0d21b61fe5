"""The populated site that the fuzz tests send to, and who sends."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

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
    sign_in: Callable[[User], Client], officer: User, admin: User, moderator_a: User, manager_a: User
) -> list[tuple[Client, User | None]]:
    people = (officer, admin, moderator_a, manager_a)
    return [(Client(), None), *((sign_in(person), person) for person in people)]
