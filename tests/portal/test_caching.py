"""What was made for a program is kept by no one, and what is public says nothing of it.

That every page made for someone is private is asked on the walk through all pages (tests/tenancy/test_matrix.py).
"""

import pytest
from django.test import Client

from portal.identity.access import ACCESS, PUBLIC
from portal.models import Organisation, User
from tests.tenancy.test_matrix import address
from tests.world import build_populated_site

pytestmark = pytest.mark.django_db


def test_every_answer_to_a_program_is_kept_by_no_one(
    regulator: Organisation, platform_a: Organisation, officer: User, moderator_a: User, manager_a: User
) -> None:
    populated_site = build_populated_site(
        regulator=regulator, platform=platform_a, officer=officer, moderator=moderator_a, manager=manager_a
    )
    calls = [name for name in ACCESS if name.startswith("api:") and ACCESS[name] != PUBLIC]
    for name in calls:
        for method in ("GET", "POST"):
            answer = Client().generic(
                method,
                address(name, populated_site),
                b"{}",
                "application/json",
                HTTP_AUTHORIZATION=f"Bearer {populated_site.secret}",
            )
            answer.getvalue()
            said = answer.get("Cache-Control", "")
            assert ("private" in said, "no-store" in said or "immutable" in said) == (True, True), f"{name}: {said}"


def test_what_is_public_says_nothing_of_it(db: None) -> None:
    for url in ("/late-platforms/", "/api/docs", "/healthz"):
        assert "private" not in Client().get(url).get("Cache-Control", "")
