"""Recovery to a moment between two backups: the commands of docs/operations.md, on a server of their own that is then lost."""

import http.client
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as configured
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from enforcement import services as enforcement
from portal import audit
from portal.identity.actors import Actor
from portal.local.servers.postgres import installed, postgres_server
from portal.local.servers.running import RunningServer
from portal.models import AuditEvent, User
from recalls import services as recalls
from recalls.models import Notice
from tests.factories import OrganisationFactory, UserFactory
from tests.instance import Instance, make_tables, working_on
from tests.places import own_folder
from tests.ports import free_port
from tests.world import build_populated_site

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.takes(5)]
PAGE = (Path(configured.BASE_DIR) / "docs" / "operations.md").read_text()
WITHIN = 60.0  # seconds for the archive and for the way back


@dataclass
class State:
    """What a server holds: digests of its tables, the figures of the officer, and the audit chain."""

    content: dict[str, Any]
    figures: enforcement.Figures
    chain: audit.ChainReport

    @classmethod
    def of_here(cls) -> "State":
        officer = Actor.person(User.objects.get(name="Ada Lindqvist"))
        content = Instance("offshelf", configured.MEDIA_ROOT).content()
        return cls(content, enforcement.figures(actor=officer, days=30), audit.verify_chain())


@dataclass
class Recovered:
    """The server that came back and what it held then, and what the lost one held at the moment and at its end."""

    server: RunningServer
    place: Path
    restored: State
    at_the_moment: State
    at_the_end: State


def commands(language: str, place: Path, moment: datetime | None = None) -> list[str]:
    """The blocks of the section in this language, with the test's folders, and its moment, in place of the page's."""
    section = PAGE.split("\n### To any moment between backups\n")[1].split("\n## ")[0]
    blocks = re.findall(rf"```{language}\n(.*?)```", section, re.DOTALL)
    assert blocks
    account = (place / "first" / "postgres").stat().st_uid
    replaced = {
        "/archive": str(place / "archive"),
        "/backups": str(place / "backups"),
        "/var/lib/postgresql/restored": str(place / "restored" / "postgres"),
        "postgres: ": f"{account} ",
    }
    for former, now in replaced.items():
        blocks = [block.replace(former, now) for block in blocks]
    at = "2026-11-29T09:48:47+00:00"
    assert language == "sql" or at in blocks[-1]
    return [block.replace(at, moment.isoformat()) if moment else block for block in blocks]


def in_a_shell(lines: str, server: RunningServer) -> None:
    """As PostgreSQL's user types it, with the server's socket and programs at hand."""
    environment = {
        "PATH": f"{installed() / 'bin'}:{os.environ['PATH']}",
        "PGHOST": server.url.partition("host=")[2],
        "PGUSER": "offshelf",
    }
    done = subprocess.run(["sh", "-euc", lines], env=environment, capture_output=True, text=True, check=False)  # noqa: S603,S607
    assert done.returncode == 0, done.stderr


def asked(server: RunningServer, statement: str) -> Any:
    with psycopg.connect(server.url, autocommit=True) as own:
        found = own.execute(statement)
        row = found.fetchone() if found.description else None
        return row[0] if row else None


def wait(server: RunningServer, statement: str, what: str) -> None:
    end = time.monotonic() + WITHIN
    while not asked(server, statement):
        assert time.monotonic() < end, what
        time.sleep(0.05)


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Where PostgreSQL's user may walk, which is not ours where the tests are root's."""
    folder = own_folder()
    folder.chmod(0o711)
    for name in ("archive", "backups", "restored"):
        (folder / name).mkdir()
    yield folder
    shutil.rmtree(folder)


def lived(place: Path) -> Recovered:
    """A site lives, is backed up, lives on; the moment comes; somebody errs; the machine is lost."""
    with RunningServer(postgres_server(place / "first", durable=True)) as first:
        make_tables(first)
        shutil.chown(place / "archive", (place / "first" / "postgres").stat().st_uid)
        (sql,) = commands("sql", place)
        for statement in sql.split(";\n"):
            if statement.strip():
                asked(first, statement)
        asked(first, "ALTER SYSTEM SET fsync = off")  # the machine of the tests does not fail, and others use its disk
    with RunningServer(postgres_server(place / "first", durable=True)) as first, working_on(first):
        officer, moderator, manager = (
            UserFactory(role=role, organisation=organisation, name=name)
            for organisation, people in (
                (OrganisationFactory(kind="regulator", slug="psa"), (("regulator_staff", "Ada Lindqvist"),)),
                (
                    OrganisationFactory(slug="bazaarly"),
                    (("moderator", "Nia Adeyemi"), ("platform_manager", "Omar Haddad")),
                ),
            )
            for role, name in people
        )
        in_a_shell(commands("sh", place)[0], first)
        build_populated_site(
            regulator=officer.organisation, platform=moderator.organisation,
            officer=officer, moderator=moderator, manager=manager,
        )  # fmt: skip
        audit.seal_events()
        at_the_moment = State.of_here()
        moment = asked(first, "SELECT clock_timestamp()")
        withdraw(officer)
        at_the_end = State.of_here()
        name = asked(first, "SELECT pg_walfile_name(pg_switch_wal())")  # archive_timeout would do so within a minute
        archived = f"SELECT last_archived_wal >= '{name}' FROM pg_stat_archiver"  # noqa: S608
        wait(first, archived, "nothing is archived")
    shutil.rmtree(place / "first" / "postgres" / "base")
    for block in commands("sh", place, moment)[1:]:
        in_a_shell(block, first)
    shutil.rmtree(place / "first")
    restored = RunningServer(postgres_server(place / "restored", durable=True))
    wait(restored, "SELECT NOT pg_is_in_recovery()", "the server does not end its recovery")
    with working_on(restored):
        return Recovered(restored, place, State.of_here(), at_the_moment, at_the_end)


def withdraw(officer: User) -> None:
    """The act that should not have been."""
    recalls.withdraw_notice(
        notice=Notice.objects.active().get(), reason="Sent by mistake.", actor=Actor.person(officer)
    )
    audit.seal_events()


@pytest.fixture(scope="module")
def recovered(
    place: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Recovered]:
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")):
        made = lived(place)
        try:
            yield made
        finally:
            made.server.stop()


@pytest.fixture
def there(recovered: Recovered, transactional_db: None) -> Iterator[Recovered]:
    with working_on(recovered.server):
        yield recovered


def test_every_row_is_as_it_was_at_the_moment_and_the_chain_ends_where_it_did(there: Recovered) -> None:
    before, after, end = there.at_the_moment, there.restored, there.at_the_end
    numbers = [dict(state.content["sequences"]) for state in (before, after)]
    assert [name for name, at in numbers[0].items() if (numbers[1][name] or 0) < (at or 0)] == [], "none comes twice"
    assert {**after.content, "sequences": numbers[0]} == {**before.content, "sequences": numbers[0]}
    assert (after.figures, after.chain) == (before.figures, before.chain)
    assert after.chain.findings == []
    assert after.chain.events > 3
    assert end.figures != before.figures
    assert end.chain.events > before.chain.events
    assert end.content["recalls_notice"] != before.content["recalls_notice"]


def test_what_was_done_after_the_moment_can_be_done_again_and_the_log_goes_on(there: Recovered) -> None:
    officer = User.objects.get(name="Ada Lindqvist")
    assert not AuditEvent.objects.filter(action="notice.withdrawn").exists()
    withdraw(officer)
    report = audit.verify_chain()
    assert report.findings == []
    assert report.events >= there.at_the_end.chain.events
    assert report.head != there.at_the_end.chain.head
    assert (there.place / "archive" / "00000002.history").exists(), "the new server archives on a timeline of its own"
    client = Client()
    client.force_login(officer)
    assert client.get(reverse("enforcement:board")).status_code == 200


def test_the_product_starts_on_it(there: Recovered) -> None:
    port = free_port()
    call_command("check", databases=["default"], fail_level="ERROR")  # as the units do before they start
    environment = {**os.environ, "DATABASE_URL": there.server.app_url, "OWNER_DATABASE_URL": ""}
    python = [sys.executable, "-m", "gunicorn", "portal.wsgi", "--config", "python:portal.webserver"]
    server = subprocess.Popen(  # noqa: S603  our own program
        [*python, "--workers", "1", "--bind", f"127.0.0.1:{port}", "--no-control-socket"],
        cwd=configured.BASE_DIR, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        end, answers = time.monotonic() + WITHIN, dict[str, int]()
        while answers.get("/health/ready") != 200:
            assert time.monotonic() < end, answers
            time.sleep(0.2)
            answers = {path: status(port, path) for path in ("/health/ready", "/sign-in/")}
    finally:
        server.terminate()
        server.wait(WITHIN)
    assert answers == {"/health/ready": 200, "/sign-in/": 200}


def status(port: int, path: str) -> int:
    """What the web server answers; 0 as long as it does not."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        client.request("GET", path, headers={"Host": "localhost"})
        return client.getresponse().status
    except OSError:
        return 0
    finally:
        client.close()
