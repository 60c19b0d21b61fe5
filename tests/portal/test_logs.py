"""What is logged: lines that belong together have one id, over web, worker and delivery, and hold nobody's secrets."""

import io
import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as configured
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from portal import correlation, services
from portal.background import hurry, traces
from portal.celery import app
from portal.env import Env
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.local.servers import start_valkey
from portal.logs import JsonFormatter, LineFormatter, redacted
from portal.models import Hook, Mail, Organisation, User
from portal.notifications.mail import send_mail_due
from portal.notifications.webhooks import send_hooks_due
from tests.factories import PASSWORD, FlagFactory, ListingFactory, NoticeFactory, RecallFactory

TEXT = "My neighbour's heater burnt on Tuesday"
Enter = Callable[[User], Client]


class Lines(io.StringIO):
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Everything that this process logs meanwhile, as JSON, from INFO on."""
    out = Lines()
    handler, root = logging.StreamHandler(out), logging.getLogger()
    handler.setFormatter(JsonFormatter())
    former = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield out
    root.removeHandler(handler)
    root.setLevel(former)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("mail to ada@psa.example.gov failed", "ada@psa"),
        ("SMTPRecipientsRefused: {'nia.o-x+y@bazaarly.example': (550, b'no')}", "nia.o-x"),
        ("Error 111 connecting to redis://:k4E_s3cret@10.0.0.1:6379/0", "s3cret"),
        ("postgresql://offshelf:hunter2@db/offshelf", "hunter2"),
        ("headers: {'Authorization': 'Bearer abc.def-123', 'Accept': '*/*'}", "abc.def"),
        ("Authorization: Basic dXNlcjpwYXNz", "dXNlcjp"),
        ("the key ofs_Ab3-_x9 is unknown", "Ab3-_x9"),
        ("POST password=correcthorse&next=/", "correcthorse"),
        ('{"new_password1": "correct horse battery staple", "x": 1}', "battery"),
        ("Cookie: sessionid=abcdef0123456789; offshelf_device=zzz999", "abcdef01234"),
        ("csrfmiddlewaretoken=QwErTy123", "QwErTy"),
        ("webhook_secret='whsec-0011'", "whsec"),
        ('duplicate key value violates unique constraint "x"\nDETAIL:  Key (email)=(Ada Lindqvist) already exists.', "Lindqvist"),
        ("bad value\nDETAIL:  Failing row contains (1, My text, ß).\nCONTEXT:  unnamed portal parameter $1 = 'My text'", "My text"),
        ("bad value\nDETAIL:  Failing row contains (1, first line\n\nsecond line).", "second line"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("formatter", [JsonFormatter(), LineFormatter("%(message)s")])
def test_no_line_holds_a_secret_wherever_it_comes_from(formatter: logging.Formatter, text: str, secret: str) -> None:
    for message, error in (("%s", None), ("it broke", ValueError(text))):
        record = logging.makeLogRecord({"msg": message, "args": (text,) if error is None else (), "levelno": 40})
        record.exc_info = (ValueError, error, None) if error else None
        line = formatter.format(record)
        assert secret not in line
        assert "<" in line, "something stands in its place"


FORGED = (
    "x\n2026-11-30 10:00:00 INFO portal: signed in\r\x1b[2Jhidden\x9b1A\x85next\u2028line\u202egnp.\u200bend\x00\x7f"
)


@pytest.mark.parametrize("formatter", [JsonFormatter(), LineFormatter("%(levelname)s %(message)s")])
def test_a_strangers_text_makes_no_line_of_its_own_and_steers_no_terminal(formatter: logging.Formatter) -> None:
    error = ValueError(FORGED)
    for message, exception in (("%s", None), ("it broke", error)):
        record = logging.makeLogRecord({"msg": message, "args": (FORGED,) if exception is None else (), "levelno": 40})
        record.exc_info = (ValueError, exception, None) if exception else None
        text = formatter.format(record)
        first, *rest = text.splitlines()
        assert all(line.startswith("  ") for line in rest), "what follows is seen to belong to the line before"
        assert not rest or exception, "a message is one line"
        assert all(letter.isprintable() for line in text.split("\n") for letter in line), repr(text)
        assert "signed in" in text, "what it was can still be read"
        assert "\\u001b[2Jhidden" in text
        if isinstance(formatter, JsonFormatter):
            told = json.loads(first)
            assert FORGED in (told["message"] if exception is None else told["error"])


def test_what_is_no_secret_stays_readable() -> None:
    for text in (
        "recall 26-123 could not be published; it is tried again",
        "Audit event 12 cannot be read and stays unsealed",
        "steps: enforcement.takedown 7 was set aside",
        "https://shop.example/item/4711?page=2 answered with status 503",
    ):
        assert redacted(text) == text


def test_a_redaction_takes_no_longer_for_hostile_text() -> None:
    began = time.process_time()
    for text in (
        "a." * 50_000 + "@",
        "password" * 12_000,
        "DETAIL:" * 14_000,
        "://" * 33_000,
        "ofs_" * 25_000,
        "x@" + "a." * 50_000,
    ):
        redacted(text)
    assert time.process_time() - began < 2


def test_a_refusal_names_nobody() -> None:
    error = PermissionDenied("Jonas Brandt, Market One may not do this (board.view).")
    record = logging.makeLogRecord({"msg": "Forbidden: /board/", "exc_info": (PermissionDenied, error, None)})
    for formatter in (JsonFormatter(), LineFormatter("%(message)s")):
        assert "Jonas" not in formatter.format(record)
    assert record.exc_info, "who else listens still gets it"


@pytest.mark.django_db
def test_a_request_has_an_id_which_only_our_own_proxy_can_choose(settings: Any, lines: Lines) -> None:
    def asked(given: str, address: str = "127.0.0.1") -> str:
        return Client(REMOTE_ADDR=address).get("/sign-in/", headers={"X-Request-ID": given})["X-Request-ID"]

    settings.TRUSTED_PROXIES = 0
    assert len({asked("from-a-stranger-1") for _ in range(3)}) == 3
    assert asked("from-a-stranger-1") != "from-a-stranger-1"
    settings.TRUSTED_PROXIES = 1
    assert asked("proxy-0123456789ab") == "proxy-0123456789ab"
    for odd in ("short", "x" * 65, "with blank 123", "line\tbreak12345", "<script>alert(1)", "ünïcödé-12345", ""):
        assert asked(odd) != odd
    settings.TRUSTED_PROXIES = Env({"P": "10.0.0.0/8"}).networks("P")
    assert asked("proxy-0123456789ab", "10.1.1.1") == "proxy-0123456789ab"
    assert asked("proxy-0123456789ab", "192.0.2.1") != "proxy-0123456789ab"
    told = [line for line in lines.told() if line["logger"] == "portal.requests"]
    assert {(line["method"], line["page"], line["status"]) for line in told} == {("GET", "portal:sign_in", 200)}
    assert len({line["correlation"] for line in told}) == len(told) - 1, "one id was given twice"
    assert correlation.current_id() == "", "it ends with its request"


@pytest.mark.django_db
def test_what_is_told_to_workers_goes_with_the_id_of_the_request(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    seen: list[str] = []

    class Task:
        name = "t"

        @staticmethod
        def apply_async(*_: object, **__: object) -> None:
            headers: dict[str, Any] = {}
            traces._carry(headers=headers)
            seen.append(headers[traces.HEADER])

    with correlation.working_on(correlation.Trace("request-1234")), django_capture_on_commit_callbacks(execute=True):
        hurry.hurry(Task)
    until = time.monotonic() + 10
    while not seen and time.monotonic() < until:
        time.sleep(0.01)
    assert seen == ["request-1234"]


class Program(BaseHTTPRequestHandler):
    """A platform's program that takes what it is told."""

    got: list[str | None] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append(self.headers["Offshelf-Request"])
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.mark.django_db
def test_a_flow_from_sign_in_to_deliveries_logs_one_id_and_nobodys_secrets(
    platform_a: Organisation, regulator: Organisation, moderator_a: User, officer: User, manager_a: User, admin: User,
    settings: Any, lines: Lines,
) -> None:  # fmt: skip
    settings.TRUSTED_PROXIES = 1
    server = HTTPServer(("127.0.0.1", 0), Program)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    settings.FETCH_ALLOWED_PRIVATE = [f"127.0.0.1:{server.server_port}"]
    url = f"http://127.0.0.1:{server.server_port}/hook"
    endpoint = services.add_endpoint(organisation=platform_a, url=url, event_types=[], actor=Actor.person(manager_a))
    platform_a.refresh_from_db()
    _, key = api_keys.create_key(
        organisation=platform_a, name="k", scopes=["flags"], days=9, actor=Actor.person(manager_a)
    )
    flag = FlagFactory(
        notice=NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a),
        listing=ListingFactory(platform=platform_a),
    )
    User.objects.filter(pk=moderator_a.pk).update(mail_me="at_once")
    client = Client()
    for password in ("not the password", PASSWORD):
        client.post("/sign-in/", {"username": officer.email, "password": password})
    assert client.session.get("_auth_user_id") == str(officer.pk)
    for given in (key, f"{key}x"):
        Client().get("/api/v1/flags", headers={"Authorization": f"Bearer {given}"})
    Mail.objects.all().delete()
    Hook.objects.all().delete()
    answer = client.post(
        reverse("listings:message_post", args=[flag.pk]),
        {"audience": "both", "text": TEXT},
        headers={"X-Request-ID": "case-0123456789"},
    )
    assert (answer.status_code, answer["X-Request-ID"]) == (302, "case-0123456789")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=officer.pk).update(email=moderator_a.email)
    try:
        with transaction.atomic():
            User.objects.filter(pk=officer.pk).update(email=moderator_a.email)
    except IntegrityError:
        logging.getLogger("somebody").exception("it broke")
    assert (send_mail_due(), send_hooks_due()) == (1, 1)
    server.shutdown()
    server.server_close()
    assert Program.got == ["case-0123456789"]
    told = lines.told()
    left = [line for line in told if line["message"].endswith(" left")]
    assert {line["channel"] for line in left} == {"mail", "hook"}
    assert {line["correlation"] for line in left} == {"case-0123456789"}
    assert "case-0123456789" in {line["correlation"] for line in told if line["logger"] == "portal.requests"}
    assert any(line["message"] == "it broke" for line in told)
    secrets = [
        PASSWORD, "not the password", key, key[4:], services.secret_of(endpoint), client.session.session_key, TEXT,
        client.cookies["sessionid"].value, configured.SECRET_KEY,
        *(person.email for person in (officer, moderator_a, manager_a, admin)), platform_a.contact_email,
    ]  # fmt: skip
    assert [secret for secret in secrets if not secret or secret in lines.getvalue()] == []


@pytest.mark.django_db(transaction=True)
def test_a_worker_works_under_the_id_of_what_started_it(tmp_path: Path, regulator: Organisation) -> None:
    with correlation.working_on(correlation.Trace("case-0123456789")):
        Mail.objects.create(key="k", to="ada@psa.example.gov", subject="S", body="B")
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    with start_valkey(tmp_path, durable=False) as valkey, (tmp_path / "log").open("wb") as log:
        own = {"DATABASE_URL": database, "BROKER_URL": valkey.url, "LOG_FORMAT": "json", "LOG_LEVEL": "INFO"}
        with app.connection_for_write(valkey.url) as line, correlation.working_on(correlation.Trace("starter-01234")):
            task = app.send_task("portal.tasks.send_mail_due", connection=line).id
        words = [sys.executable, "-m", "portal.worker", "deliveries"]
        environment = os.environ | own | {"WORKER_PROCESSES": "deliveries=1"}
        with subprocess.Popen(words, cwd=configured.BASE_DIR, env=environment, stdout=log, stderr=log) as worker:  # noqa: S603
            until = time.monotonic() + 60
            while b"succeeded" not in (tmp_path / "log").read_bytes() and time.monotonic() < until:
                time.sleep(0.05)
            worker.kill()
    said = (tmp_path / "log").read_text()
    told = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    (left,) = [line for line in told if line["message"].endswith(" left")]
    assert (left["correlation"], left["task"], left["task_id"]) == (
        "case-0123456789",
        "portal.tasks.send_mail_due",
        task,
    )
    (done,) = [line for line in told if "succeeded" in line["message"]]
    assert (done["correlation"], done["task_id"]) == ("starter-01234", task)
    assert "ada@" not in said
