"""Feeds: fetched on a schedule from a real server, each independently; a new file waits for a person."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from portal.http.fetching import Limits, Wanted
from portal.identity.actors import Actor
from portal.models import AuditEvent, Notification, Organisation, User
from portal.services import fetching
from recalls import services, tasks
from recalls.models import Recall, RecallFeed, RecallImport
from recalls.services.feeds import RecallFetching
from tests.factories import UserFactory
from tests.file_server import FileServer, serving
from tests.recalls.publishers.test_cpsc import record

pytestmark = pytest.mark.django_db


class Publisher(FileServer):
    def offers(self, *numbers: str, etag: str = '"one"', **changes: Any) -> None:
        self.status, self.headers["ETag"] = 200, etag
        self.body = json.dumps([record(RecallNumber=number, **changes) for number in numbers]).encode()


@pytest.fixture
def publisher(settings: Any) -> Iterator[Publisher]:
    with serving(settings, Publisher) as behind:
        yield behind


@pytest.fixture
def feed(regulator: Organisation, officer: User, publisher: Publisher, as_actor: Callable[[User], Actor]) -> RecallFeed:
    return services.create_feed(
        regulator=regulator, name="CPSC", url=publisher.url, interval_minutes=60, enabled=True, actor=as_actor(officer)
    )


def due_again(feed: RecallFeed) -> RecallFeed:
    """The feed after its time has come once more."""
    RecallFeed.objects.filter(pk=feed.pk).update(next_at=timezone.now() - timedelta(seconds=1))
    tasks.fetch_recall_feeds_due()
    feed.refresh_from_db()
    return feed


def test_a_new_file_waits_as_an_import_for_a_person(feed: RecallFeed, publisher: Publisher, officer: User) -> None:
    publisher.offers("1", "2")
    due_again(feed)
    assert (feed.result, feed.records, feed.publisher[:9], feed.failures) == ("imported", 2, "U.S. Cons", 0)
    assert timedelta(minutes=58) < feed.next_at - timezone.now() <= timedelta(minutes=60)
    tasks.run_recall_imports_due()
    job = RecallImport.objects.get()
    assert (job.feed, job.status, job.added, job.created_by) == (feed, "waiting", 2, None)
    assert not Recall.objects.exists()
    assert (
        Notification.objects.get(person=officer).subject
        == "Feed CPSC: 2 new and 0 changed recalls are waiting for confirmation"
    )


def test_an_unchanged_file_does_nothing(feed: RecallFeed, publisher: Publisher) -> None:
    publisher.offers("1")
    due_again(feed)
    assert due_again(feed).result == "unchanged", "304"
    assert publisher.asked[-1]["if-none-match"] == '"one"'
    assert publisher.asked[-1]["if-modified-since"] == "Mon, 02 Nov 2026 10:00:00 GMT"
    publisher.headers["ETag"] = '"two"'
    assert due_again(feed).result == "unchanged", "the same bytes under another ETag"
    assert RecallImport.objects.count() == 1
    assert AuditEvent.objects.filter(action="feed.imported").count() == 1


def test_unchanged_without_being_asked_is_no_file(feed: RecallFeed, publisher: Publisher) -> None:
    publisher.status, publisher.body = 304, b""
    assert (due_again(feed).result, feed.detail) == ("failed", "The server answered with status 304.")
    publisher.offers("1")
    assert due_again(feed).result == "imported"
    assert not RecallImport.objects.filter(status="failed").exists()


def test_a_newer_file_replaces_one_that_still_waits(feed: RecallFeed, publisher: Publisher) -> None:
    publisher.offers("1")
    due_again(feed)
    tasks.run_recall_imports_due()
    publisher.offers("1", "2", etag='"two"')
    due_again(feed)
    tasks.run_recall_imports_due()
    assert [(job.status, job.added) for job in RecallImport.objects.order_by("pk")] == [
        ("cancelled", 1),
        ("waiting", 2),
    ]


def test_a_failed_fetch_backs_off_and_shows_its_reason(
    feed: RecallFeed, publisher: Publisher, officer: User, sign_in: Callable[[User], Client]
) -> None:
    publisher.status, publisher.body = 503, b"busy"
    waits = []
    for _ in range(4):
        due_again(feed)
        waits.append(round((feed.next_at - timezone.now()).total_seconds() / 60))
    assert (feed.result, feed.failures, waits) == ("failed", 4, [5, 10, 20, 40])
    assert "The server answered with status 503" in sign_in(officer).get("/recalls/feeds/").content.decode()
    assert AuditEvent.objects.filter(action="feed.failed").count() == 1, "once for each reason"
    assert Notification.objects.filter(person=officer).count() == 1, "notified once, after the third"
    publisher.offers("1")
    assert due_again(feed).failures == 0


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"<!DOCTYPE html><html><head><title>Maintenance</title></head>", "web page (Maintenance)"), (b"[]", "empty list"), (b"", "The file is empty"),
        (json.dumps([record(RecallNumber=str(number)) for number in range(10)]).encode()[:-9], "incomplete: the file is cut off"),
        (json.dumps([record(RecallNumber=str(number)) for number in range(7)]).encode(), "has 7 records; the last one had 10"),
    ],
    ids=["HTML", "empty list", "nothing", "cut off", "shrunk"],
)  # fmt: skip
def test_an_implausible_file_is_refused(feed: RecallFeed, publisher: Publisher, body: bytes, detail: str) -> None:
    publisher.offers(*map(str, range(10)))
    due_again(feed)
    publisher.headers["ETag"], publisher.body = '"two"', body
    due_again(feed)
    assert (feed.result, detail in feed.detail, feed.records) == ("refused", True, 10)
    assert RecallImport.objects.count() == 1
    due_again(feed)
    assert "if-none-match" in publisher.asked[-1]
    assert feed.result == "refused", "a refused file is looked at again, not remembered as seen"


def test_a_person_accepts_a_smaller_file(
    feed: RecallFeed, publisher: Publisher, officer: User, as_actor: Callable[[User], Actor]
) -> None:
    publisher.offers(*map(str, range(10)))
    due_again(feed)
    publisher.offers("1", etag='"two"')
    assert due_again(feed).result == "refused"
    services.edit_feed(
        feed=feed,
        name=feed.name,
        url=feed.url,
        interval_minutes=60,
        enabled=True,
        accept_fewer=True,
        actor=as_actor(officer),
    )
    assert due_again(feed).result == "imported"
    assert AuditEvent.objects.get(action="feed.edited").after["accept_fewer"] is True


def test_an_endless_answer_is_cut_off(feed: RecallFeed, publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RecallFetching, "limits", Limits(max_bytes=1 << 20, max_seconds=60))
    publisher.body = b" " * (3 << 20)
    assert due_again(feed).detail == "The file is larger than the maximum of 1 MB."
    monkeypatch.setattr(RecallFetching, "limits", Limits(max_bytes=1 << 20, max_seconds=-1))
    assert "did not arrive within" in due_again(feed).detail


def test_redirects_are_followed_a_few_times_and_only_to_where_we_may_go(feed: RecallFeed, publisher: Publisher) -> None:
    publisher.status, publisher.headers["Location"] = 302, publisher.url
    assert "More than 5 redirects" in due_again(feed).detail
    publisher.headers["Location"] = "http://169.254.169.254/latest/meta-data"
    assert due_again(feed).detail == "No public address was found for 169.254.169.254."
    publisher.headers["Location"] = "http://[x"
    assert due_again(feed).result == "failed"


def test_a_failing_feed_stops_no_other(
    feed: RecallFeed, publisher: Publisher, regulator: Organisation, system: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.offers("1")
    other = services.create_feed(
        regulator=regulator, name="Poison", url=f"{publisher.url}?2", interval_minutes=60, enabled=True, actor=system
    )
    RecallFeed.objects.filter(pk=other.pk).update(next_at=timezone.now() - timedelta(days=1))
    fetch = fetching.fetch_file

    def breaks(wanted: Wanted, *others: Any) -> Any:
        if "?2" in wanted.url:
            raise RuntimeError("broken")
        return fetch(wanted, *others)

    monkeypatch.setattr(fetching, "fetch_file", breaks)
    assert due_again(feed).result == "imported"


def test_two_workers_fetch_a_feed_once(feed: RecallFeed, publisher: Publisher, system: Actor) -> None:
    publisher.offers("1")
    one, other = RecallFeed.objects.get(pk=feed.pk), RecallFeed.objects.get(pk=feed.pk)
    assert services.fetch_feed(feed=one, actor=system) is not None
    assert services.fetch_feed(feed=other, actor=system) is None
    assert (len(publisher.asked), RecallImport.objects.count()) == (1, 1)


def test_the_pages_of_feeds(
    regulator: Organisation,
    publisher: Publisher,
    officer: User,
    admin: User,
    moderator_a: User,
    sign_in: Callable[[User], Client],
) -> None:
    client = sign_in(officer)
    assert "No feeds yet" in client.get("/recalls/feeds/").content.decode()
    data = {"name": "CPSC", "url": publisher.url, "interval": "60", "enabled": "on"}
    assert client.post("/recalls/feeds/add/", data | {"url": "http://127.0.0.1:9/x"}).status_code == 422
    assert client.post("/recalls/feeds/add/", data | {"interval": "7"}).status_code == 422
    assert not RecallFeed.objects.exists()
    assert client.post("/recalls/feeds/add/", data).status_code == 302
    assert "There is already a feed for this address." in client.post("/recalls/feeds/add/", data).content.decode()
    feed = RecallFeed.objects.get()
    publisher.offers("1")
    RecallFeed.objects.update(next_at=timezone.now() + timedelta(days=1))
    client.post(f"/recalls/feeds/{feed.pk}/fetch/")
    tasks.fetch_recall_feeds_due()
    page = client.get("/recalls/feeds/").content.decode()
    assert "New file, import started" in page
    assert "1 record in the last file" in page
    client.post(f"/recalls/feeds/{feed.pk}/", data | {"name": "Renamed", "enabled": ""})
    feed.refresh_from_db()
    assert (feed.name, feed.enabled) == ("Renamed", False)
    assert "This feed is not in use" in client.post(f"/recalls/feeds/{feed.pk}/fetch/", follow=True).content.decode()
    outsider = UserFactory(role="regulator_staff", organisation__kind="regulator", organisation__name="Elsewhere")
    for person, status in ((admin, 403), (moderator_a, 403), (outsider, 404)):
        assert sign_in(person).post(f"/recalls/feeds/{feed.pk}/fetch/").status_code == status
    assert AuditEvent.objects.filter(action="feed.fetch_asked").count() == 1


def test_a_feed_is_set_up_by_staff_for_their_own_regulator(
    regulator: Organisation, publisher: Publisher, admin: User, as_actor: Callable[[User], Actor], officer: User
) -> None:
    settings = {"name": "X", "url": publisher.url, "interval_minutes": 60, "enabled": True}
    with pytest.raises(PermissionDenied):
        services.create_feed(regulator=regulator, actor=as_actor(admin), **settings)
    for url in ("http://10.0.0.1:8080/x", "ftp://x.example/a", "http://[x", "https://user:pw@x.example/"):
        with pytest.raises(ValidationError):
            services.create_feed(regulator=regulator, actor=as_actor(officer), **(settings | {"url": url}))
    assert not RecallFeed.objects.exists()
