"""Scheduled feeds: a platform's catalogue is fetched from a real server and imported like an upload."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.utils import timezone

from listings import services, tasks
from listings.models import CatalogueImport, Listing, ScheduledFeed
from listings.services import FeedSettings
from listings.services.scheduled_feeds import FETCHING, MAX_FEEDS
from portal.http.fetching import Limits
from portal.identity.actors import Actor
from portal.models import AuditEvent, Notification, Organisation, SetAside, User
from portal.services.fetching import LEASE
from tests.file_server import FileServer, serving

pytestmark = pytest.mark.django_db
SECRET = "Bearer s3cret-of-platform-a"


class Shop(FileServer):
    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/catalogue.csv"

    def offers(self, *ids: str, etag: str = '"one"') -> None:
        self.status, self.headers["ETag"] = 200, etag
        self.body = ("id,title\n" + "".join(f"{each},Lamp {each}\n" for each in ids)).encode()


@pytest.fixture
def shop(settings: Any, tmp_path: Path) -> Iterator[Shop]:
    settings.MEDIA_ROOT = tmp_path
    with serving(settings, Shop) as behind:
        yield behind


@pytest.fixture
def other_server(settings: Any) -> Iterator[Shop]:
    with serving(settings, Shop) as behind:
        yield behind


@pytest.fixture
def chosen(shop: Shop) -> FeedSettings:
    return FeedSettings(name="Nightly", url=shop.url, kind="full", interval_minutes=60)


@pytest.fixture
def feed(platform_a: Organisation, manager_a: User, chosen: FeedSettings) -> ScheduledFeed:
    return services.create_scheduled_feed(platform=platform_a, chosen=chosen, actor=Actor.person(manager_a))


def due_again(feed: ScheduledFeed) -> ScheduledFeed:
    """The feed after its time has come once more, and what it brought was imported."""
    ScheduledFeed.objects.filter(pk=feed.pk).update(next_at=timezone.now() - timedelta(seconds=1))
    tasks.fetch_scheduled_feeds_due()
    tasks.run_imports_due()
    feed.refresh_from_db()
    return feed


def on_sale() -> set[str]:
    return set(Listing.objects.filter(present=True).values_list("external_id", flat=True))


def test_a_new_file_is_imported_like_an_upload(feed: ScheduledFeed, shop: Shop, platform_a: Organisation) -> None:
    shop.offers("1", "2")
    due_again(feed)
    job = CatalogueImport.objects.get()
    assert (job.feed, job.platform, job.kind, job.status, job.added, job.filename) == (
        feed, platform_a, "full", "done", 2, "catalogue.csv",
    )  # fmt: skip
    assert (feed.result, feed.failures, job.created_by) == ("imported", 0, None)
    assert timedelta(minutes=58) < feed.next_at - timezone.now() <= timedelta(minutes=60)
    assert due_again(feed).result == "unchanged"
    assert (shop.asked[-1]["if-none-match"], CatalogueImport.objects.count()) == ('"one"', 1)
    shop.headers["ETag"] = '"two"'
    assert due_again(feed).result == "unchanged", "the same bytes under another ETag"
    assert on_sale() == {"1", "2"}


def test_a_feed_in_doubt_waits_for_a_person_and_gives_way_to_a_newer_one(feed: ScheduledFeed, shop: Shop) -> None:
    shop.offers(*map(str, range(20)))
    due_again(feed)
    shop.offers("1", etag='"two"')
    due_again(feed)
    assert CatalogueImport.objects.first().status == "waiting"
    assert len(on_sale()) == 20, "nothing is marked absent"
    shop.offers(*map(str, range(19)), etag='"three"')
    due_again(feed)
    assert list(CatalogueImport.objects.values_list("status", flat=True)) == ["done", "refused", "done"]
    assert len(on_sale()) == 19


def test_the_credential_goes_to_its_own_server_alone_and_is_never_shown(
    platform_a: Organisation, manager_a: User, shop: Shop, other_server: Shop, chosen: FeedSettings,
    sign_in: Callable[[User], Client],
) -> None:  # fmt: skip
    guarded = replace(chosen, credential_name="Authorization", credential=SECRET)
    feed = services.create_scheduled_feed(platform=platform_a, chosen=guarded, actor=Actor.person(manager_a))
    shop.status, shop.headers["Location"] = 302, other_server.url
    other_server.offers("1")
    due_again(feed)
    assert (shop.asked[0]["authorization"], "authorization" in other_server.asked[0]) == (SECRET, False)
    assert (feed.result, on_sale()) == ("imported", {"1"})
    client = sign_in(manager_a)
    pages = (
        client.get("/catalogue/imports/scheduled/").content
        + client.get(f"/catalogue/imports/scheduled/{feed.pk}/").content
    )
    told = [(event.before, event.after, event.reason) for event in AuditEvent.objects.all()]
    for shown in (pages.decode(), str(told), feed.credential, repr(guarded)):
        assert "s3cret" not in shown
    assert AuditEvent.objects.get(action="scheduled_feed.created").after["credential_name"] == "Authorization"


def test_a_stored_credential_cannot_be_sent_elsewhere(
    platform_a: Organisation, manager_a: User, shop: Shop, other_server: Shop, chosen: FeedSettings
) -> None:
    actor, guarded = Actor.person(manager_a), replace(chosen, credential_name="X-Api-Key", credential=SECRET)
    feed = services.create_scheduled_feed(platform=platform_a, chosen=guarded, actor=actor)
    for moved in (replace(guarded, url=other_server.url, credential=""), replace(guarded, credential_name="Cookie", credential="")):  # fmt: skip
        with pytest.raises(ValidationError, match="needed again"):
            services.edit_scheduled_feed(feed=feed, chosen=moved, actor=actor)
    feed.refresh_from_db()
    assert (feed.url, feed.credential_name) == (shop.url, "X-Api-Key")
    services.edit_scheduled_feed(feed=feed, chosen=replace(guarded, interval_minutes=15, credential=""), actor=actor)
    due_again(feed)
    assert shop.asked[-1]["x-api-key"] == SECRET, "kept for its own server"
    services.edit_scheduled_feed(feed=feed, chosen=chosen, actor=actor)
    feed.refresh_from_db()
    assert feed.credential == ""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "http://shop.example/a.csv"}, "url"), ({"url": "ftp://shop.example/a.csv"}, "url"),
        ({"url": "https://me:pw@shop.example/"}, "url"), ({"url": "https://shop.example:8443/"}, "url"),
        ({"interval_minutes": 1}, "interval"), ({"credential": "x"}, "credential_name"),
        ({"credential_name": "Host", "credential": "x"}, "credential_name"),
        ({"credential_name": "A: b\r\nC", "credential": "x"}, "credential_name"),
        ({"credential_name": "X-Key", "credential": "x\r\nHost: y"}, "credential"),
        ({"credential_name": "X-Key", "credential": "schlüssel"}, "credential"),
        ({"credential_name": "X-Key", "credential": "x" * 2_001}, "credential"), ({"credential_name": "X-Key"}, "credential"),
    ],
)  # fmt: skip
def test_what_cannot_be_fetched_is_refused_with_its_reason(
    platform_a: Organisation, manager_a: User, chosen: FeedSettings, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        services.create_scheduled_feed(
            platform=platform_a, chosen=replace(chosen, **changes), actor=Actor.person(manager_a)
        )
    assert list(refused.value.error_dict) == [field]
    assert not ScheduledFeed.objects.exists()


def test_a_redirect_to_an_unencrypted_address_brings_no_catalogue(
    feed: ScheduledFeed, shop: Shop, other_server: Shop, settings: Any
) -> None:
    shop.status, shop.headers["Location"] = 302, other_server.url.replace("http://127", "http://user@127")
    assert "user name" in due_again(feed).detail
    settings.FETCH_ALLOWED_PRIVATE = [shop.url.split("/")[2]]
    shop.headers["Location"] = "http://169.254.169.254/latest/meta-data"
    assert due_again(feed).detail == "No public address was found for 169.254.169.254."
    assert not CatalogueImport.objects.exists()


def test_a_server_that_fails_waits_longer_each_time_and_its_manager_is_told_once(
    feed: ScheduledFeed, shop: Shop, manager_a: User
) -> None:
    shop.status = 503
    waits = []
    for _ in range(4):
        due_again(feed)
        waits.append(round((feed.next_at - timezone.now()).total_seconds() / 60))
    assert (feed.result, feed.failures, waits) == ("failed", 4, [5, 10, 20, 40])
    assert Notification.objects.filter(person=manager_a).count() == 1
    assert AuditEvent.objects.filter(action="scheduled_feed.failed").count() == 1
    shop.status, shop.body = 200, b""
    assert due_again(feed).detail == "The file is empty."
    assert not CatalogueImport.objects.exists()


def test_an_endless_file_is_cut_off_and_costs_its_own_feed_alone(
    feed: ScheduledFeed, shop: Shop, other_server: Shop, platform_b: Organisation, chosen: FeedSettings, system: Actor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(type(FETCHING), "limits", Limits(max_bytes=1 << 20, max_seconds=30))
    shop.body, shop.headers["ETag"] = b"x" * (3 << 20), '"endless"'
    other_server.offers("7")
    other = services.create_scheduled_feed(
        platform=platform_b, chosen=replace(chosen, url=other_server.url), actor=system
    )
    assert due_again(feed).detail == "The file is larger than the maximum of 1 MB."
    other.refresh_from_db()
    assert (other.result, on_sale()) == ("imported", {"7"})


def test_a_slow_server_rests_in_proportion(feed: ScheduledFeed, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.offers("1")
    monkeypatch.setattr("portal.services.fetching.REST", 10_000_000)
    assert due_again(feed).next_at - timezone.now() > timedelta(minutes=90), "however often it is to be fetched"


def test_a_server_that_fails_slowly_rests_in_proportion_too(
    feed: ScheduledFeed, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.status = 503
    monkeypatch.setattr("portal.services.fetching.REST", 10_000_000)
    assert due_again(feed).next_at - timezone.now() > timedelta(minutes=90), "not again after 5 minutes"
    shop.status, shop.body = 200, b""
    assert due_again(feed).result == "refused"
    assert feed.next_at - timezone.now() > timedelta(minutes=90)


def test_no_file_is_fetched_while_the_last_one_is_imported(feed: ScheduledFeed, shop: Shop) -> None:
    shop.offers("1")
    ScheduledFeed.objects.update(next_at=timezone.now())
    services.fetch_scheduled_feeds_due()
    ScheduledFeed.objects.update(next_at=timezone.now())
    assert (services.fetch_scheduled_feeds_due(), len(shop.asked)) == (0, 1)
    tasks.run_imports_due()
    assert services.fetch_scheduled_feeds_due() == 1


def test_an_edit_during_a_fetch_wins(feed: ScheduledFeed, shop: Shop, chosen: FeedSettings, system: Actor) -> None:
    shop.offers("1")
    stale = ScheduledFeed.objects.get(pk=feed.pk)
    ScheduledFeed.objects.filter(pk=feed.pk).update(url="https://moved.example/", digest="", next_at=stale.next_at)
    FETCHING.fetch(stale, actor=system)
    feed.refresh_from_db()
    assert (feed.url, feed.digest, feed.next_at <= timezone.now() + LEASE) == ("https://moved.example/", "", True)


@pytest.mark.parametrize("change", [{"enabled": False}, {"url": "https://moved.example/"}, {"kind": "delta"}])
def test_what_a_feed_sends_that_was_stopped_meanwhile_is_not_imported(
    change: dict[str, Any], feed: ScheduledFeed, shop: Shop, system: Actor
) -> None:
    shop.offers("1")
    stale = ScheduledFeed.objects.get(pk=feed.pk)
    ScheduledFeed.objects.filter(pk=feed.pk).update(**change)
    FETCHING.fetch(stale, actor=system)
    assert len(shop.asked) == 1
    assert not CatalogueImport.objects.exists()
    feed.refresh_from_db()
    assert (feed.result, feed.digest, feed.fetched_at) == ("", "", None)


def test_fetch_now_imports_a_file_again_whose_import_failed(
    feed: ScheduledFeed, shop: Shop, manager_a: User, sign_in: Callable[[User], Client]
) -> None:
    shop.body = b"\x00\x01\x02 no catalogue"
    due_again(feed)
    assert CatalogueImport.objects.get().status == "failed"
    assert due_again(feed).result == "unchanged", "nothing is tried over and over"
    client = sign_in(manager_a)
    page = client.get("/catalogue/imports/scheduled/").content.decode()
    assert "catalogue.csv" in page
    assert "Failed" in page
    client.post(f"/catalogue/imports/scheduled/{feed.pk}/fetch/")
    tasks.fetch_scheduled_feeds_due()
    assert CatalogueImport.objects.count() == 2


def test_the_pages_add_change_and_pause(
    shop: Shop, manager_a: User, moderator_a: User, moderator_b: User, officer: User, platform_b: Organisation,
    sign_in: Callable[[User], Client],
) -> None:  # fmt: skip
    client, add = sign_in(manager_a), "/catalogue/imports/scheduled/add/"
    assert "No scheduled feeds yet" in client.get("/catalogue/imports/scheduled/").content.decode()
    data = {"name": "Nightly", "url": shop.url, "interval": "60", "kind": "delta", "enabled": "on"}
    assert client.post(add, data | {"url": "http://shop.example/"}).status_code == 422
    assert client.post(add, data | {"kind": "some"}).status_code == 422
    assert not ScheduledFeed.objects.exists()
    assert client.post(add, data).status_code == 302
    assert "already a scheduled feed" in client.post(add, data).content.decode()
    feed = ScheduledFeed.objects.get()
    page = f"/catalogue/imports/scheduled/{feed.pk}/"
    client.post(page, data | {"enabled": ""})
    assert not ScheduledFeed.objects.due(timezone.now()).exists()
    assert "paused" in client.post(f"{page}fetch/", follow=True).content.decode()
    managers = User.objects.create(
        name="Kim", email="kim@example.org", role="platform_manager", organisation=platform_b
    )
    for person, status in ((moderator_a, 403), (moderator_b, 403), (officer, 403), (managers, 404)):
        assert sign_in(person).post(f"{page}fetch/").status_code == status
    assert not AuditEvent.objects.filter(action="scheduled_feed.fetch_asked").exists()


def test_a_platform_has_a_few_feeds_of_its_own(
    platform_a: Organisation, platform_b: Organisation, manager_a: User, moderator_a: User, chosen: FeedSettings
) -> None:
    for person, platform in ((moderator_a, platform_a), (manager_a, platform_b)):
        with pytest.raises(PermissionDenied):
            services.create_scheduled_feed(platform=platform, chosen=chosen, actor=Actor.person(person))
    for number in range(MAX_FEEDS):
        services.create_scheduled_feed(
            platform=platform_a, chosen=replace(chosen, url=f"{chosen.url}?{number}"), actor=Actor.person(manager_a)
        )
    with pytest.raises(ValidationError, match="at most"):
        services.create_scheduled_feed(platform=platform_a, chosen=chosen, actor=Actor.person(manager_a))
    assert not SetAside.objects.exists()
