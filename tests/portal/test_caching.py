"""What was made for someone is in no shared cache, over the whole URL table."""

from collections.abc import Callable

import pytest
from django.test import Client

from portal.identity.access import ACCESS, PUBLIC
from portal.models import Organisation, User
from tests.fuzz.sending import may_open
from tests.fuzz.test_pages import addresses
from tests.tenancy.test_matrix import address
from tests.world import build_populated_site

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["officer", "admin", "moderator_a", "manager_a"])
def test_every_page_with_data_is_private(
    who: str, regulator: Organisation, platform_a: Organisation, officer: User, moderator_a: User, manager_a: User,
    sign_in: Callable[[User], Client], request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    populated_site = build_populated_site(
        regulator=regulator, platform=platform_a, officer=officer, moderator=moderator_a, manager=manager_a
    )
    person: User = request.getfixturevalue(who)
    client, walked = sign_in(person), 0
    for name, url, _ in addresses(populated_site):
        answer = client.get(url)
        answer.getvalue()
        assert "private" in answer.get("Cache-Control", ""), f"{name} says {answer.get('Cache-Control')}"
        walked += may_open(name, person)
    assert walked >= 50


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
