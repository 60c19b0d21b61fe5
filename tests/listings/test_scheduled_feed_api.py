"""Programs of a platform set up where its catalogue is fetched, fetch it now and read what came of it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from enforcement.sandbox.services import create_sandbox
from listings import tasks
from listings.models import CatalogueImport, ScheduledFeed
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from tests.factories import UserFactory
from tests.file_server import serving
from tests.listings.test_scheduled_feeds import SECRET, Shop, on_sale
from tests.portal.test_regulator_keys import program

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(settings: Any, tmp_path: Path) -> Iterator[Shop]:
    settings.MEDIA_ROOT = tmp_path
    with serving(settings, Shop) as behind:
        yield behind


def nightly(shop: Shop, **changes: Any) -> dict[str, Any]:
    return {"name": "Nightly", "url": shop.url, "interval_minutes": 60, "kind": "full"} | changes


def test_a_program_has_its_catalogue_fetched_and_reads_what_came_of_it(shop: Shop, manager_a: User) -> None:
    sends = program(manager_a, ["catalogue"])
    made = sends("POST", "scheduled-feeds", nightly(shop, credential_name="Authorization", credential=SECRET))
    assert made.status_code == 201, made.content
    path = made["Location"].removeprefix("/api/v1/")
    shop.offers("1", "2")
    tasks.fetch_scheduled_feeds_due()
    tasks.run_imports_due()
    answer = sends("GET", path)
    feed, job = answer.json(), CatalogueImport.objects.get()
    assert (feed["result"], feed["last_import"], feed["under_way"]) == ("imported", job.pk, False)
    assert (feed["credential_name"], feed["has_credential"]) == ("Authorization", True)
    assert SECRET not in answer.content.decode() + made.content.decode()
    assert shop.asked[-1]["authorization"] == SECRET
    assert on_sale() == {"1", "2"}
    assert [row["id"] for row in sends("GET", "scheduled-feeds").json()["results"]] == [feed["id"]]
    ScheduledFeed.objects.update(next_at=timezone.now() + timedelta(days=1))
    assert sends("POST", f"{path}/fetch").json()["under_way"] is True
    tasks.fetch_scheduled_feeds_due()
    assert sends("GET", path).json()["result"] == "unchanged"
    assert AuditEvent.objects.get(action="scheduled_feed.fetch_asked").actor_kind == "api"


def test_a_change_leaves_what_it_does_not_name_and_sends_the_credential_nowhere_else(
    shop: Shop, manager_a: User
) -> None:
    sends = program(manager_a, ["catalogue"])
    made = sends("POST", "scheduled-feeds", nightly(shop, credential_name="X-Api-Key", credential="abc")).json()
    path = f"scheduled-feeds/{made['id']}"
    changed = sends("PATCH", path, {"interval_minutes": 360}).json()
    assert (changed["interval_minutes"], changed["name"], changed["kind"], changed["has_credential"]) == (
        360, "Nightly", "full", True,
    )  # fmt: skip
    moved = sends("PATCH", path, {"url": "https://elsewhere.example.org/catalogue.csv"})
    assert (moved.status_code, list(moved.json()["errors"])) == (422, ["credential"])
    assert ScheduledFeed.objects.get().url == shop.url
    assert sends("PATCH", path, {"credential_name": ""}).json()["has_credential"] is False
    assert sends("PATCH", path, {"enabled": False}).json()["enabled"] is False
    assert sends("POST", f"{path}/fetch").status_code == 422


@pytest.mark.parametrize(
    ("changes", "status", "field"),
    [
        ({"url": "http://shop.example.org/catalogue.csv"}, 422, "url"),
        ({"url": "https://shop.example.org:8443/catalogue.csv"}, 422, "url"),
        ({"interval_minutes": 5}, 422, "interval_minutes"),
        ({"kind": "half"}, 422, "kind"),
        ({"credential": "abc"}, 422, "credential_name"),
        ({"credential_name": "Host", "credential": "abc"}, 422, "credential_name"),
        ({"credential_name": "X-Key", "credential": "a\nb"}, 422, "credential"),
        ({"enabled": "yes"}, 422, "enabled"),
        ({"credentials": "abc"}, 400, "credentials"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_no_page_would_take_is_refused(
    shop: Shop, manager_a: User, changes: dict[str, Any], status: int, field: str
) -> None:
    refused = program(manager_a, ["catalogue"])("POST", "scheduled-feeds", nightly(shop, **changes))
    assert (refused.status_code, list(refused.json()["errors"])) == (status, [field])
    assert not ScheduledFeed.objects.exists()


def test_others_neither_see_nor_change_it_and_a_sandbox_has_none(
    shop: Shop, platform_a: Organisation, platform_b: Organisation, manager_a: User, officer: User
) -> None:
    made = program(manager_a, ["catalogue"])("POST", "scheduled-feeds", nightly(shop)).json()
    path = f"scheduled-feeds/{made['id']}"
    other = program(UserFactory(role="platform_manager", organisation=platform_b), ["catalogue"])
    for call, status in ((other, 404), (program(manager_a, ["flags"]), 403), (program(officer), 403)):
        assert call("GET", path).status_code == status
        assert call("PATCH", path, {"enabled": False}).status_code == status
        assert call("POST", f"{path}/fetch").status_code == status
    assert other("GET", "scheduled-feeds").json()["results"] == []
    sandbox = create_sandbox(platform=platform_a, actor=Actor.person(manager_a))
    _, secret = api_keys.create_key(
        organisation=sandbox, name="Try", scopes=["catalogue"], days=9, actor=Actor.person(manager_a)
    )
    refused = Client(HTTP_AUTHORIZATION=f"Bearer {secret}").post(
        "/api/v1/scheduled-feeds", nightly(shop, name="Test"), content_type="application/json"
    )
    assert refused.status_code == 422
    assert "A sandbox has no scheduled feeds" in refused.content.decode()
    assert [feed.name for feed in ScheduledFeed.objects.all()] == ["Nightly"]
