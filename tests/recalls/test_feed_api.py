"""Programs of a regulator set up recall feeds, fetch them now and read what came of it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from portal.models import AuditEvent, Organisation, User
from recalls import tasks
from recalls.models import Recall, RecallFeed, RecallImport
from tests.factories import UserFactory
from tests.file_server import serving
from tests.portal.test_regulator_keys import program
from tests.recalls.test_feeds import Publisher

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher(settings: Any, tmp_path: Any) -> Iterator[Publisher]:
    settings.MEDIA_ROOT = tmp_path
    with serving(settings, Publisher) as behind:
        yield behind


def test_a_program_adds_a_feed_and_reads_what_came_of_it(
    publisher: Publisher, officer: User, regulator: Organisation
) -> None:
    ada = program(officer, ["recalls:write"])
    made = ada("POST", "recall-feeds", {"name": "CPSC", "url": publisher.url, "interval_minutes": 60})
    assert made.status_code == 201, made.content
    path = made["Location"].removeprefix("/api/v1/")
    feed = made.json()
    assert path == f"recall-feeds/{feed['id']}"
    assert (feed["result"], feed["fetched_at"], feed["under_way"], feed["last_import"]) == (None, None, True, None)
    publisher.offers("1", "2")
    tasks.fetch_recall_feeds_due()
    tasks.run_recall_imports_due()
    feed = ada("GET", path).json()
    job = RecallImport.objects.get()
    assert (feed["result"], feed["records"], feed["under_way"], feed["last_import"]) == ("imported", 2, False, job.pk)
    assert ada("GET", f"recall-imports/{job.pk}").json()["status"] == "waiting"
    assert not Recall.objects.exists(), "a feed changes nothing before somebody confirms it"
    assert [row["id"] for row in ada("GET", "recall-feeds").json()["results"]] == [feed["id"]]
    row = RecallFeed.objects.get()
    assert (row.regulator, row.created_by) == (regulator, officer)
    assert AuditEvent.objects.get(action="feed.created").user == officer


def test_a_feed_is_fetched_now_and_says_why_it_failed(publisher: Publisher, officer: User) -> None:
    ada = program(officer)
    path = f"recall-feeds/{_added(ada, publisher)}"
    RecallFeed.objects.update(next_at=timezone.now() + timedelta(days=1))
    publisher.status, publisher.body = 503, b"busy"
    assert ada("POST", f"{path}/fetch").json()["under_way"] is True
    tasks.fetch_recall_feeds_due()
    feed = ada("GET", path).json()
    assert (feed["result"], feed["failures"], feed["under_way"]) == ("failed", 1, False)
    assert "status 503" in feed["detail"]
    assert ada("PATCH", path, {"enabled": False}).json()["enabled"] is False
    refused = ada("POST", f"{path}/fetch")
    assert (refused.status_code, RecallFeed.objects.get().is_under_way) == (422, False)
    assert "not in use" in str(refused.json()["errors"])
    assert AuditEvent.objects.filter(action="feed.fetch_asked").count() == 1


def test_a_change_leaves_what_it_does_not_name(publisher: Publisher, officer: User) -> None:
    ada = program(officer)
    path = f"recall-feeds/{_added(ada, publisher)}"
    publisher.offers(*map(str, range(10)))
    tasks.fetch_recall_feeds_due()
    publisher.offers("1", etag='"two"')
    changed = ada("PATCH", path, {"name": "Lamps"}).json()
    assert (changed["name"], changed["url"], changed["interval_minutes"]) == ("Lamps", publisher.url, 60)
    tasks.fetch_recall_feeds_due()
    assert ada("GET", path).json()["result"] == "refused"
    ada("PATCH", path, {"accept_fewer": True})
    tasks.fetch_recall_feeds_due()
    assert ada("GET", path).json()["result"] == "imported"
    etag = ada("GET", path)["ETag"]
    assert ada("PATCH", path, {"interval_minutes": 360}, if_match='"old"').status_code == 412
    assert ada("PATCH", path, {"interval_minutes": 360}, if_match=etag).json()["interval_minutes"] == 360


@pytest.mark.parametrize(
    ("change", "status", "field", "words"),
    [
        ({"url": "http://127.0.0.1:9/x"}, 422, "url", "Port 9 is not asked"),
        ({"url": "ftp://example.org/x"}, 422, "url", "http"),
        ({"url": "https://user:pw@example.org/x"}, 422, "url", "user name"),
        ({"interval_minutes": 7}, 422, "interval_minutes", "15, 60, 360, 1440, 10080"),
        ({"interval_minutes": "60"}, 422, "interval_minutes", "whole number"),
        ({"name": ""}, 422, "name", "blank"),
        ({"name": "x" * 81}, 422, "name", "80"),
        ({"intervall_minutes": 60}, 400, "intervall_minutes", "interval_minutes"),
        ({}, 422, "request", "at least one"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_no_page_would_take_is_refused_and_changes_nothing(
    publisher: Publisher, officer: User, change: dict[str, Any], status: int, field: str, words: str
) -> None:
    ada = program(officer)
    feed = RecallFeed.objects.get(pk=_added(ada, publisher))
    refused = ada("PATCH", f"recall-feeds/{feed.pk}", change)
    assert refused.status_code == status, refused.content
    assert words in str(refused.json()["errors"][field])
    if change:
        new = {"name": "New", "url": "https://feed.example.org/x", "interval_minutes": 60} | change
        assert ada("POST", "recall-feeds", new).status_code == status
    [row] = RecallFeed.objects.all()
    assert (row.name, row.url, row.interval_minutes) == (feed.name, feed.url, feed.interval_minutes)
    assert not AuditEvent.objects.filter(action="feed.edited").exists()


def test_the_same_address_is_one_feed(publisher: Publisher, officer: User) -> None:
    ada = program(officer)
    _added(ada, publisher)
    refused = ada("POST", "recall-feeds", {"name": "Again", "url": publisher.url, "interval_minutes": 60})
    assert (refused.status_code, refused.json()["errors"]) == (
        422,
        {"url": ["There is already a feed for this address."]},
    )
    assert RecallFeed.objects.count() == 1


def test_others_neither_see_nor_change_it(publisher: Publisher, officer: User, admin: User, manager_a: User) -> None:
    path = f"recall-feeds/{_added(program(officer), publisher)}"
    elsewhere = program(UserFactory(role="regulator_staff", organisation__kind="regulator"))
    reader = program(officer, ["recalls:read"])
    for call, status in (
        (elsewhere, 404),
        (reader, 403),
        (program(admin), 403),
        (program(manager_a, ["notices"]), 403),
    ):
        assert call("GET", path).status_code == status
        assert call("PATCH", path, {"enabled": False}).status_code == status
        assert call("POST", f"{path}/fetch").status_code == status
    assert elsewhere("GET", "recall-feeds").json()["results"] == []
    assert RecallFeed.objects.get().enabled
    assert not AuditEvent.objects.filter(action__in=["feed.edited", "feed.fetch_asked"]).exists()


def _added(call: Any, publisher: Publisher) -> int:
    made = call("POST", "recall-feeds", {"name": "CPSC", "url": publisher.url, "interval_minutes": 60})
    return int(made.json()["id"])
