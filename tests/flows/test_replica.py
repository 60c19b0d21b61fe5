"""Pages that may be seconds old come from a second PostgreSQL that follows the first; nothing else does, and no page waits."""

import ast
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, connections
from django.test import Client, override_settings
from django.urls import reverse

from listings.models import Listing
from portal.database import replica
from portal.database.acting import PLATFORM, Principal, acting
from portal.database.backend.base import NoActor
from portal.local.servers.postgres import postgres_server
from portal.local.servers.running import RunningServer
from portal.models import Organisation, User
from portal.monitoring.exposition import exposition
from portal.system_checks import the_replica_follows
from recalls.models import Notice
from tests.factories import ListingFactory, NoticeFactory, UserFactory
from tests.instance import make_tables, working_on

pytestmark = pytest.mark.django_db(transaction=True)
WITHIN = 60.0  # seconds in which the standby has what was written


@dataclass
class Pair:
    """Two servers, of which the second follows the first, and somebody who reads there."""

    first: RunningServer
    second: RunningServer
    officer: User

    def sign_in(self) -> Client:
        client = Client()
        client.force_login(self.officer)
        return client

    def notice(self, platform: str) -> Notice:
        return NoticeFactory(
            recall__regulator=self.officer.organisation,
            platform__name=platform,
        )

    def catch_up(self) -> None:
        end = time.monotonic() + WITHIN
        while replica.seconds_behind() != 0:
            assert time.monotonic() < end, "the standby does not follow"
            time.sleep(0.02)

    def on_the_second(self, statement: str) -> None:
        with psycopg.connect(self.second.url, autocommit=True) as own:
            own.execute(statement)


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[tuple[RunningServer, ...]]:
    """A server with the tables, and a second one that follows it."""
    place = tmp_path_factory.mktemp("replicated")
    with RunningServer(postgres_server(place / "first", durable=True)) as first:
        make_tables(first)
    (place / "second").mkdir()
    shutil.copytree(place / "first" / "postgres", place / "second" / "postgres", copy_function=shutil.copy2)
    _give_as(place / "first" / "postgres", place / "second" / "postgres")
    with RunningServer(postgres_server(place / "first", durable=True)) as first:
        host = first.url.partition("host=")[2]
        with (place / "second" / "postgres" / "postgresql.auto.conf").open("a") as file:
            file.write(f"primary_conninfo = 'host={host} user=offshelf'\n")
        (place / "second" / "postgres" / "standby.signal").touch()
        with RunningServer(postgres_server(place / "second", durable=True)) as second:
            yield first, second


def _give_as(model: Path, copy: Path) -> None:
    about = model.stat()
    for path in (copy, *copy.rglob("*")):
        shutil.chown(path, about.st_uid, about.st_gid)
    copy.chmod(0o700)


def _connect() -> None:
    there = connections[replica.REPLICA]
    if there.connection is None:
        with there.wrap_database_errors:
            there.connect()


@pytest.fixture
def pair(servers: tuple[RunningServer, RunningServer], transactional_db: None) -> Iterator[Pair]:
    """The process works with both servers, as the application's role."""
    first, second = servers
    with working_on(first):
        there = connection.settings_dict | {"HOST": second.app_url.partition("host=")[2]}
        connections.settings[replica.REPLICA] = there
        connections[replica.REPLICA].ensure_connection = _connect  # type: ignore[method-assign]  # a test may use no database that the settings do not name
        replica.rest.until = 0.0
        try:
            made = Pair(first, second, UserFactory(role="regulator_staff", organisation__kind="regulator"))
            made.catch_up()
            yield made
        finally:
            connections[replica.REPLICA].close()
            del connections[replica.REPLICA], connections.settings[replica.REPLICA]


@pytest.fixture
def standing_still(pair: Pair) -> Iterator[None]:
    """The second server takes what the first writes and shows none of it."""
    pair.on_the_second("SELECT pg_wal_replay_pause()")
    yield
    pair.on_the_second("SELECT pg_wal_replay_resume()")


def board(client: Client) -> str:
    answer = client.get(reverse("enforcement:board"))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_board_comes_from_the_replica_and_every_other_page_from_the_primary(
    pair: Pair, standing_still: None, settings: Any
) -> None:
    settings.REPLICA_LAG_SECONDS = 300
    client = pair.sign_in()
    notice = pair.notice("Slowmarket")
    assert "Slowmarket" not in board(client)
    assert "Slowmarket" in client.get(reverse("recalls:detail", args=[notice.recall_id])).content.decode()
    pair.on_the_second("SELECT pg_wal_replay_resume()")
    pair.catch_up()
    assert "Slowmarket" in board(client)


def test_a_replica_that_is_too_far_behind_draws_nothing(pair: Pair, standing_still: None) -> None:
    client = pair.sign_in()
    pair.notice("Latemarket")
    with override_settings(REPLICA_LAG_SECONDS=0):
        assert "Latemarket" in board(client)
    behind = replica.seconds_behind()
    assert behind is not None
    assert behind > 0


def test_who_wrote_something_sees_it_at_once(pair: Pair, standing_still: None, settings: Any) -> None:
    settings.REPLICA_LAG_SECONDS = 300
    client = pair.sign_in()
    pair.notice("Ownmarket")
    assert "Ownmarket" not in board(client)
    client.post(reverse("portal:notifications_read"))
    cookie = client.cookies[replica.WROTE]
    assert (cookie["max-age"], cookie["httponly"]) == (301, True)
    assert "Ownmarket" in board(client)


def test_a_page_of_what_the_replica_does_not_have_yet_is_found(pair: Pair, standing_still: None, settings: Any) -> None:
    settings.REPLICA_LAG_SECONDS = 300
    client = pair.sign_in()
    notice = pair.notice("Newmarket")
    assert client.get(reverse("enforcement:notice_board", args=[notice.pk])).status_code == 200
    assert client.get(reverse("enforcement:notice_board", args=[notice.pk + 999])).status_code == 404


def test_the_replica_shows_a_tenant_its_own_rows_and_can_be_written_by_nobody(pair: Pair) -> None:
    mine, other = ListingFactory(), ListingFactory()
    pair.catch_up()
    with acting(Principal(PLATFORM, mine.platform_id)):
        assert list(Listing.objects.using(replica.REPLICA)) == [mine]
    with acting(None), pytest.raises(NoActor):
        list(Listing.objects.using(replica.REPLICA))
    read = Listing.objects.using(replica.REPLICA).get(pk=other.pk)
    read.title = "Changed"
    read.save()
    assert Listing.objects.get(pk=other.pk).title == "Changed"
    with pytest.raises(DatabaseError, match="read-only"):
        Organisation.objects.using(replica.REPLICA).update(name="Changed")


def test_a_page_waits_for_no_replica_that_is_gone(pair: Pair, caplog: pytest.LogCaptureFixture, settings: Any) -> None:
    client = pair.sign_in()
    pair.notice("Lonelymarket")
    end = time.monotonic() + WITHIN
    while "offshelf_replica_behind_seconds 0.0" not in (
        told := exposition().decode()
    ):  # a server writes by itself, too
        assert time.monotonic() < end, re.findall("offshelf_replica_behind.*", told)
    former = connections.settings[replica.REPLICA]["HOST"]
    connections[replica.REPLICA].close()
    connections[replica.REPLICA].settings_dict["HOST"] = "/nowhere"
    try:
        assert "Lonelymarket" in board(client)
        assert "The replica does not answer" in caplog.text
        assert not replica.rest.is_over, "it is asked again only later"
        assert "offshelf_replica_behind_seconds +Inf" in exposition().decode()
    finally:
        connections[replica.REPLICA].settings_dict["HOST"] = former


def test_the_setting_names_a_server_that_is_only_read() -> None:
    code = "from django.conf import settings; print(settings.DATABASES['replica'])"
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings"}
    env["REPLICA_DATABASE_URL"] = "postgresql://offshelf_app@follower.internal:6432/offshelf?sslmode=verify-full"
    told = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True).stdout  # noqa: S603
    found = ast.literal_eval(told)
    assert [found[name] for name in ("ENGINE", "HOST", "PORT")] == [
        "portal.database.backend",
        "follower.internal",
        "6432",
    ]
    options = found["OPTIONS"]
    assert (options["sslmode"], options["connect_timeout"]) == ("verify-full", "3")
    assert options["options"].endswith("-c default_transaction_read_only=on")
    assert "statement_timeout" in options["options"]


def test_a_server_that_follows_nobody_is_no_replica(pair: Pair) -> None:
    connections[replica.REPLICA].close()
    connections[replica.REPLICA].settings_dict["HOST"] = connection.settings_dict["HOST"]
    assert replica.seconds_behind() is None
    assert [each.id for each in the_replica_follows(databases=["default"])] == ["offshelf.W005"]
