"""What a key says of itself: all that a program which was given one has to know."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import ApiKey, Organisation, User
from tests.factories import OrganisationFactory
from tests.portal.test_api_calls import problem

pytestmark = pytest.mark.django_db
Made = tuple[ApiKey, Callable[[], Any]]


def made(person: User, *scopes: str) -> Made:
    key, secret = api_keys.create_key(
        organisation=person.organisation, name="Robot", scopes=list(scopes), days=3, actor=Actor.person(person)
    )
    client = Client(headers={"authorization": f"Bearer {secret}"})
    return key, lambda: client.get("/api/v1/key")


def test_a_platforms_key_says_whose_it_is_what_it_may_do_and_until_when(manager_a: User, settings: Any) -> None:
    settings.API_CALLS_PER_MINUTE = 77
    key, get = made(manager_a, "flags", "notices")
    answer = get()
    assert answer.status_code == 200
    assert answer.json() | {"created_at": "", "expires_at": ""} == {
        "name": "Robot",
        "prefix": key.prefix,
        "organisation": {"slug": "bazaarly", "name": "Bazaarly", "kind": "platform"},
        "sandbox": False,
        "scopes": ["flags", "notices"],
        "acts_as": None,
        "scopes_beyond_role": [],
        "created_at": "",
        "expires_at": "",
        "limits": {"requests_per_minute": 77, "requests_at_once": 4, "listings": None},
    }
    assert answer.json()["expires_at"][:16] == f"{key.expires_at:%Y-%m-%dT%H:%M}"
    assert answer["RateLimit-Limit"] == "77"
    assert answer["RateLimit-Remaining"] == "76", "it is a call like any other"


def test_a_regulators_key_says_as_whom_it_acts_and_what_their_role_does_not_cover(officer: User, admin: User) -> None:
    _, get = made(officer, "recalls:read", "audit:read")
    assert get().json()["acts_as"] == officer.email
    assert get().json()["scopes_beyond_role"] == ["audit:read"]
    _, get = made(admin, "recalls:read", "audit:read")
    assert get().json()["scopes_beyond_role"] == []
    User.objects.filter(pk=admin.pk).update(role="regulator_staff")
    assert get().json()["scopes_beyond_role"] == ["audit:read"], "as it is now"


def test_a_sandboxs_key_says_so(platform_a: Organisation, manager_a: User, settings: Any) -> None:
    sandbox = OrganisationFactory(kind="platform", name="Bazaarly sandbox", sandbox_of=platform_a)
    key, get = made(manager_a, "flags")
    ApiKey.objects.filter(pk=key.pk).update(organisation=sandbox)
    answer = get()
    assert answer.json()["sandbox"] is True
    assert answer.json()["limits"] == {
        "requests_per_minute": settings.SANDBOX_CALLS_PER_MINUTE,
        "requests_at_once": 4,
        "listings": settings.SANDBOX_LISTINGS,
    }
    assert answer["Offshelf-Sandbox"] == "true"


def test_without_a_key_or_with_one_that_ended_there_is_no_answer(client: Client, manager_a: User) -> None:
    assert problem(client.get("/api/v1/key")) == (401, "not_authenticated")
    key, get = made(manager_a, "flags")
    api_keys.revoke_key(key=key, reason="Lost", actor=Actor.person(manager_a))
    assert problem(get())[0] == 401
