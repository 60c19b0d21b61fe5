"""What a request brings is limited before it is read, and a full disk leaves nothing half done."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from listings import services as listings
from listings.models import CatalogueImport, Message
from portal.http.body_limits import KB, MAX_ANONYMOUS, MAX_FORM, MAX_UPLOAD, MB
from portal.media.storage import HALVES
from portal.models import AuditEvent, User
from portal.retention.running import apply_retention_due
from recalls import import_forms
from recalls.models import RecallImport
from tests.ports import free_port
from tests.world import PopulatedSite, build_populated_site

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]
MANY = 300 * MB


class Unread:
    """A body of which no one may read a byte."""

    def read(self, *_sizes: object) -> bytes:
        raise AssertionError("The body was read.")

    readline = read


def send(client: Client, address: str, length: int, kind: str = "multipart/form-data; boundary=x", **extra: Any) -> Any:
    told = {"CONTENT_LENGTH": str(length), "CONTENT_TYPE": kind, "wsgi.input": Unread()}
    return client.generic("POST", address, **{**told, **extra})


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "text/plain"])
def test_a_strangers_300_mb_are_refused_before_a_byte_is_read(db: None, kind: str) -> None:
    client = Client(enforce_csrf_checks=True)
    for address in (
        "/sign-in/",
        "/late-platforms/",
        "/catalogue/imports/add/",
        "/healthz",
        "/api/v1/listings/bulk",
        "/api/docs",
    ):
        answer = send(client, address, MANY, kind)
        assert (answer.status_code, "64 KB" in answer.content.decode()) == (413, True), address
    assert send(client, "/api/v1/flags", MANY)["Content-Type"] == "application/problem+json"


def test_a_feed_is_for_those_who_may_send_one(sign_in: Enter, manager_a: User, moderator_a: User) -> None:
    address = reverse("listings:import_add")
    assert send(sign_in(moderator_a), address, MANY).status_code == 413
    with pytest.raises(AssertionError, match="was read"):
        send(sign_in(manager_a), address, MANY)
    assert send(sign_in(manager_a), address, MAX_UPLOAD["listings:import_add"] + 1).status_code == 413
    assert not CatalogueImport.objects.exists()


def test_a_file_that_the_form_for_recalls_would_refuse_is_refused_before_it_is_read(
    sign_in: Enter, officer: User
) -> None:
    client, address = sign_in(officer), reverse("recalls:import_add")
    with pytest.raises(AssertionError, match="was read"):
        send(client, address, import_forms.MAX_UPLOAD)
    assert send(client, address, import_forms.MAX_UPLOAD + 2 * MB).status_code == 413
    assert not RecallImport.objects.exists()


def test_a_page_without_files_takes_what_a_large_form_needs(sign_in: Enter, officer: User) -> None:
    assert send(sign_in(officer), reverse("recalls:add"), MAX_FORM + 1).status_code == 413
    with pytest.raises(AssertionError, match="was read"):
        send(sign_in(officer), reverse("recalls:add"), MAX_FORM)


def test_a_form_that_is_larger_than_django_reads_says_so_too(sign_in: Enter, officer: User, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = KB
    answer = sign_in(officer).post(reverse("recalls:add"), {"title": "x" * 5 * KB})
    assert (answer.status_code, "too large" in answer.content.decode()) == (413, True)


def test_what_does_not_say_how_long_it_is_is_not_read(db: None) -> None:
    answer = send(Client(), "/sign-in/", 0, HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH="")
    assert (answer.status_code, "Content-Length" in answer.content.decode()) == (411, True)


@pytest.mark.parametrize("told", ["9" * 5_000, str(2**63), str(MAX_ANONYMOUS + 1)])
def test_a_length_beyond_all_measure_is_too_large(db: None, told: str) -> None:
    answer = Client().generic("POST", "/sign-in/", b"", "text/plain", CONTENT_LENGTH=told, **{"wsgi.input": Unread()})
    assert answer.status_code == 413


# Over a real connection


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    """Our site behind a real gunicorn, with a folder for what it puts on the disk."""
    folder = tmp_path_factory.mktemp("served")
    port = free_port()
    command = (sys.executable, "-m", "gunicorn", "portal.wsgi", "--config", "python:portal.webserver",
               "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--threads", "4", "--no-control-socket")  # fmt: skip
    with subprocess.Popen(  # noqa: S603  our own server
        command, env={**os.environ, "TMPDIR": str(folder)}, stderr=subprocess.DEVNULL
    ) as process:
        try:
            for _ in range(600):
                with socket.socket() as client:
                    if client.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            else:
                pytest.fail("gunicorn did not start within a minute")
            yield port, folder
        finally:
            process.send_signal(signal.SIGINT)  # at once: gracefully it would wait for open connections


def spoken(port: int, head: bytes, body: bytes = b"", *, pieces: int = 1, is_all: bool = False) -> bytes:
    """What the server answers to these bytes; `is_all`: it is told that no more of them will come."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connected:
        try:
            connected.sendall(head)
            for _ in range(pieces):
                connected.sendall(body)
            if is_all:
                connected.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it hung up: its answer may be there all the same
        try:
            return connected.recv(200)
        except OSError:
            return b""


def test_gunicorn_hands_a_large_post_on_without_reading_or_keeping_it(served: tuple[int, Path]) -> None:
    port, folder = served
    head = b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=x\r\n"
    answer = spoken(port, head + b"Content-Length: 314572800\r\n\r\n", b"--x\r\n" + b"y" * 100_000, pieces=3)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert list(folder.rglob("*.upload*")) == []
    chunked = spoken(
        port, head + b"Transfer-Encoding: chunked\r\n\r\n", b"186a0\r\n" + b"y" * 100_000 + b"\r\n", pieces=3
    )
    assert chunked.startswith(b"HTTP/1.1 411 ")


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-A: b\r\n" * 200 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: " + b"b" * 20_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: \x00\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/html; charset=\x00\r\n\r\n",
        b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 40,
        b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
    ],
)
def test_no_line_or_header_is_answered_by_a_server_error(served: tuple[int, Path], head: bytes) -> None:
    answer = spoken(served[0], head, is_all=True)
    assert not answer or answer.split(b" ")[1][:1] == b"4", answer
    assert spoken(served[0], b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").startswith(b"HTTP/1.1 200 ")


# A full disk


@pytest.fixture
def populated_site(
    regulator: Any, platform_a: Any, officer: User, moderator_a: User, manager_a: User, settings: Any, tmp_path: Path
) -> PopulatedSite:
    settings.MEDIA_ROOT = tmp_path
    return build_populated_site(
        regulator=regulator, platform=platform_a, officer=officer, moderator=moderator_a, manager=manager_a
    )


def files() -> list[Path]:
    return sorted(path for path in Path(default_storage.path("")).rglob("*") if path.is_file())


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From when it is called, whatever is written to our folder of files meets a disk without room."""

    def fill() -> None:
        real = os.fdopen

        def opened(number: int, mode: str = "r", *rest: Any, **named: Any) -> Any:
            if "w" not in mode:
                return real(number, mode, *rest, **named)
            os.close(number)
            return real(os.open("/dev/full", os.O_WRONLY), mode, *rest, **named)

        monkeypatch.setattr("django.core.files.storage.filesystem.os.fdopen", opened)

    return fill


def test_a_file_is_kept_whole_or_not_at_all(populated_site: PopulatedSite, full_disk: Callable[[], None]) -> None:
    before = files()
    name = default_storage.save("feeds/same.csv", ContentFile(b"first"))
    other = default_storage.save("feeds/same.csv", ContentFile(b"second"))
    assert [Path(default_storage.path(each)).read_bytes() for each in (name, other)] == [b"first", b"second"]
    assert name == "feeds/same.csv"
    full_disk()
    with pytest.raises(OSError, match="No space left"):
        default_storage.save("feeds/same.csv", ContentFile(b"third" * 10_000))
    assert len(files()) == len(before) + 2


def test_what_a_killed_process_left_half_written_is_removed_after_a_day(populated_site: PopulatedSite) -> None:
    kept, old, young = (Path(default_storage.path(name)) for name in ("feeds/a.csv", f"{HALVES}/1", f"{HALVES}/2"))
    kept.parent.mkdir(parents=True, exist_ok=True)
    for path in (kept, old, young):
        path.write_text("half")
    for path in (kept, old):
        os.utime(path, (1, 1))
    apply_retention_due()
    assert [path.exists() for path in (kept, old, young)] == [True, False, True]


def test_an_upload_to_a_full_disk_is_507_with_the_reason_and_nothing_half_done(
    populated_site: PopulatedSite, sign_in: Enter, manager_a: User, full_disk: Callable[[], None]
) -> None:
    before = files(), CatalogueImport.objects.count(), Message.objects.count(), AuditEvent.objects.count()
    full_disk()
    feed = {"kind": "delta", "file": SimpleUploadedFile("feed.csv", b"id,title\n1,Heater\n")}
    answer = sign_in(manager_a).post(reverse("listings:import_add"), feed)
    assert (answer.status_code, "disk" in answer.content.decode()) == (507, True)
    program = Client().post(
        reverse("api:messages", args=[populated_site.flag.pk]),
        {"text": "See this", "attachments": SimpleUploadedFile("seen.txt", b"seen")},
        HTTP_AUTHORIZATION=f"Bearer {populated_site.secret}",
    )
    assert (program.status_code, program.json()["code"]) == (507, "no_space")
    assert before == (files(), CatalogueImport.objects.count(), Message.objects.count(), AuditEvent.objects.count())


@pytest.fixture
def full_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database says that its disk is full, as PostgreSQL does."""

    def refuse(**_message: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '53100'; END $$")

    monkeypatch.setattr(listings, "post_message", refuse)


def test_a_database_without_room_is_507_on_pages_and_for_programs(
    populated_site: PopulatedSite, sign_in: Enter, moderator_a: User, full_database: None
) -> None:
    before = Message.objects.count()
    page = sign_in(moderator_a).post(
        reverse("listings:message_post", args=[populated_site.flag.pk]),
        {"audience": "both", "text": "Words that are kept"},
    )
    assert (page.status_code, "Words that are kept" in page.content.decode()) == (507, True)
    program = Client().post(
        reverse("api:messages", args=[populated_site.flag.pk]), {"text": "See"}, "application/json",
        HTTP_AUTHORIZATION=f"Bearer {populated_site.secret}",
    )  # fmt: skip
    assert (program.status_code, program["Content-Type"]) == (507, "application/problem+json")
    assert Message.objects.count() == before
