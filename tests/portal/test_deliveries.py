"""Mail and webhooks under receivers that are silent, slow, hostile or dead, and under a worker that is killed."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.identity.actors import Actor
from portal.models import Hook, Mail, Organisation, User
from portal.notifications import webhooks
from portal.notifications.deliveries import deliver, failed_rows, retry_failed
from portal.notifications.mail import MAIL, send_mail_due
from portal.notifications.outbox import notify
from portal.notifications.webhooks import HOOKS, send_hooks_due
from tests.factories import HookFactory, OrganisationFactory, WebhookEndpointFactory
from tests.ports import free_port

pytestmark = pytest.mark.django_db


class Postbox:
    """A mail server that takes what it is not told to refuse, and remembers what each mail was called."""

    def __init__(self) -> None:
        self.got: list[tuple[str, str, str]] = []
        self.refuses_words, self.slow, self.at = "", "", 0.0
        self.on_each: Callable[[int], object] = lambda _number: None

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        text = envelope.content.decode()
        if self.refuses_words and self.refuses_words in text:
            return "554 5.7.1 This looks like spam"
        name = text.partition("Message-ID: ")[2].partition("\r\n")[0].strip()
        self.got.append((envelope.rcpt_tos[0], name, text))
        self.on_each(len(self.got))
        return "250 OK"


def deliver_to(settings: Any, port: int) -> None:
    settings.EMAIL_BACKEND = "portal.notifications.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port


@pytest.fixture
def postbox(settings: Any) -> Iterator[Postbox]:
    box, port = Postbox(), free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    deliver_to(settings, port)
    yield box
    server.stop()


def queue(*addresses: str, each: int = 1, body: str = "…") -> None:
    """`each` messages to each address, as they are after the transaction that told them."""
    Mail.objects.bulk_create(
        Mail(key=f"{address} {number} {body}", to=address, subject=f"Late: heater {number}", body=body)
        for address in addresses
        for number in range(each)
    )


def listening(answer: Callable[[socket.socket], object]) -> socket.socket:
    """A server that does with each connection what `answer` says; it ends when it is closed."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                taken, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=attend, args=(taken,), daemon=True).start()

    def attend(taken: socket.socket) -> None:
        with taken:
            try:
                answer(taken)
            except OSError:
                return

    threading.Thread(target=serve, daemon=True).start()
    return server


def greet_slowly(taken: socket.socket) -> None:
    for letter in b"220-" + b"x" * 4_000:
        taken.sendall(bytes([letter]))
        time.sleep(0.05)


def greet_without_end(taken: socket.socket) -> None:
    while True:
        taken.sendall(b"220-welcome\r\n" * 1_000)


@pytest.mark.parametrize("answer", [lambda _taken: time.sleep(60), greet_slowly, greet_without_end])
def test_a_mail_server_that_never_comes_to_the_point_holds_a_few_rows_for_a_few_seconds(
    settings: Any, answer: Callable[[socket.socket], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.notifications.deliveries.PATIENCE", 0.1)
    queue(*(f"someone{number}@bazaarly.example" for number in range(500)))
    with listening(answer) as server:
        deliver_to(settings, server.getsockname()[1])
        settings.EMAIL_TIMEOUT = 0.5
        began = time.monotonic()
        assert deliver(MAIL, within=0.5) == 0
        assert time.monotonic() - began < 15  # one after the other, they would take four minutes
    tried = Mail.objects.exclude(attempts=0)
    assert 1 <= tried.filter(status="queued", next_attempt_at__gt=timezone.now()).count() == tried.count()
    if answer is not greet_without_end:
        assert tried.count() <= 20, "the others are where they were"


def test_a_receiver_whose_mail_is_slow_does_not_hold_up_the_others(settings: Any) -> None:
    """The mail server takes its time over one address, as some do over what they suspect: until it has all others."""

    class Tarpit(Postbox):
        async def handle_RCPT(  # noqa: N802
            self, _server: object, _session: object, envelope: Any, address: str, _options: object
        ) -> str:
            if address.startswith("slow"):
                for _ in range(400):
                    if len(self.got) == 20:
                        break
                    await asyncio.sleep(0.05)
            envelope.rcpt_tos.append(address)
            return "250 OK"

    box, port = Tarpit(), free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    deliver_to(settings, port)
    queue("slow@bazaarly.example")
    queue(*(f"quick{number}@market-one.example" for number in range(20)))
    try:
        assert send_mail_due() == 21
    finally:
        server.stop()
    assert [to for to, _, _ in box.got][-1] == "slow@bazaarly.example"


@pytest.mark.parametrize(
    "address", ["nobody\n@bazaarly.example", "no body@bazaarly.example", "ü@bazaarly.example", "@", ""]
)
def test_an_address_that_no_header_can_hold_costs_itself(postbox: Postbox, address: str) -> None:
    Mail.objects.create(key="poison", to=address, subject="Late\nBcc: all@bazaarly.example", body="…")
    queue("safety@bazaarly.example", "safety@market-one.example", each=2)
    assert send_mail_due() >= 4
    assert Mail.objects.exclude(key="poison").exclude(status="sent").count() == 0
    assert "\nBcc:" not in "".join(text for _, _, text in postbox.got)


def test_one_message_that_the_server_will_not_have_does_not_take_the_others_with_it(postbox: Postbox) -> None:
    postbox.refuses_words = "GTUBE"
    queue("safety@bazaarly.example", each=9)
    queue("safety@bazaarly.example", body="Listing GTUBE")
    for _ in range(2):
        send_mail_due()
    assert Mail.objects.filter(status="sent").count() == 9
    assert Mail.objects.get(status="bounced").body == "Listing GTUBE"


KILLED = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings"
django.setup()
from django.conf import settings
from portal.database import acting
acting.begin(acting.SYSTEM)
settings.EMAIL_BACKEND, settings.EMAIL_HOST = "portal.notifications.smtp.EmailBackend", "127.0.0.1"
settings.EMAIL_PORT = int(os.environ["TEST_PORT"])
from django.db import connection
from django.test.utils import CaptureQueriesContext
connection.settings_dict["NAME"] = os.environ["TEST_DATABASE"]
from portal.notifications.mail import send_mail_due
send_mail_due()
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_after_forty_mails_repeats_the_one_on_its_way_at_most(postbox: Postbox, settings: Any) -> None:
    queue(*(f"someone{number}@bazaarly.example" for number in range(60)), each=2)
    settings_of_test = {"TEST_PORT": str(settings.EMAIL_PORT), "TEST_DATABASE": connection.settings_dict["NAME"]}
    environment = {**os.environ, **settings_of_test}
    worker = subprocess.Popen([sys.executable, "-c", KILLED], env=environment)  # noqa: S603  our own program
    postbox.on_each = lambda number: worker.kill() if number == 40 else None
    assert worker.wait(timeout=120) == -9
    before = list(postbox.got)
    assert len(before) >= 40
    queue("someone39@bazaarly.example", body="It came meanwhile")
    Mail.objects.filter(status="queued").update(next_attempt_at=timezone.now())  # the leases are over
    send_mail_due()
    assert not Mail.objects.exclude(status="sent").exists()
    names = Counter(name for _, name, _ in postbox.got)
    twice = [name for name, times in names.items() if times > 1]
    assert len(twice) <= 1
    assert all(times <= 2 for times in names.values())
    assert len(names) == len({to for to, _, _ in postbox.got}) + 1, "a mail for each address, and the one that came"
    for name in twice:
        first, second = (text for _, each, text in postbox.got if each == name)
        assert first.partition("Subject")[2].count("heater") == second.partition("Subject")[2].count("heater")


class Program(ThreadingHTTPServer):
    """Platforms' programs: what they do depends on the path."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Takes)
        self.got: list[tuple[str, str]] = []
        self.at: list[tuple[str, float]] = []


class _Takes(BaseHTTPRequestHandler):
    server: Program

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((self.path, json.loads(body)["data"]["key"]))
        self.server.at.append((self.path, time.monotonic()))
        time.sleep({"/late": 1, "/steady": 0.7}.get(self.path, 0))
        if self.path == "/silent":
            time.sleep(3)
            return
        self.send_response(500 if self.path == "/broken" else 200)
        self.end_headers()
        try:
            while self.path == "/endless":
                self.wfile.write(b"x" * 65_536)
        except OSError:
            self.server.got.append((self.path, "hung up"))

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def program(settings: Any) -> Iterator[Program]:
    with Program() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        settings.FETCH_ALLOWED_PRIVATE = [f"127.0.0.1:{server.server_port}"]
        yield server
        server.shutdown()


def platform(name: str, url: str, *, messages: int = 1) -> Organisation:
    row = OrganisationFactory(name=name)
    WebhookEndpointFactory(organisation=row, url=url)
    for number in range(messages):
        notify(people=[], key=f"{name} {number}", subject="S", body="…", platform=row)
    return row


def test_an_address_that_no_parser_can_take_costs_itself_and_nothing_is_sent_twice(program: Program) -> None:
    here = f"http://127.0.0.1:{program.server_port}"
    platform("first", f"{here}/first")
    for number, poison in enumerate(("https://xn--n3h.example/", "http://[x", "http://shop℀.example/", "x")):
        platform(f"poison {number}", poison)
    platform("last", f"{here}/last")
    assert send_hooks_due() == 2
    for _ in range(3):
        assert send_hooks_due() == 0
    assert sorted(program.got) == [("/first", "first 0"), ("/last", "last 0")]
    waiting = Hook.objects.filter(status="queued")
    assert waiting.count() == 4
    assert all(hook.error and hook.attempts == 1 for hook in waiting)


def test_an_answer_without_end_is_taken_and_left(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "SECONDS", 60.0)
    platform("endless", f"http://127.0.0.1:{program.server_port}/endless")
    began = time.monotonic()
    assert send_hooks_due() == 1
    assert time.monotonic() - began < 20, "its deadline is not waited for"
    deadline = time.monotonic() + 30
    while ("/endless", "hung up") not in program.got:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_many_silent_receivers_with_much_that_waits_do_not_starve_one_that_answers(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "SECONDS", 1.0)
    here = f"http://127.0.0.1:{program.server_port}"
    for number in range(12):
        platform(f"dead {number}", f"{here}/silent", messages=20)
    platform("alive", f"{here}/alive", messages=5)
    began = time.monotonic()
    assert send_hooks_due() == 5
    assert time.monotonic() - began < 15, "two rounds of eight, whatever waits: thirty would take half a minute"
    assert sum(path == "/silent" for path, _ in program.got) <= 12, "each was asked once, for all that waits for it"
    dead = Hook.objects.filter(key__startswith="dead")
    assert dead.filter(status="queued", attempts=1, next_attempt_at__gt=timezone.now()).count() == 240
    assert not dead.filter(error="").exists()


@pytest.mark.parametrize("platforms", [1, 10])
def test_receivers_that_answer_as_late_as_they_can_hold_up_none_that_is_quick(program: Program, platforms: int) -> None:
    """Each takes what it is sent, after most of the time that it may take: ten endpoints of one platform, or of ten. What
    waits for them is older, and was first in line."""
    here = f"http://127.0.0.1:{program.server_port}"
    for number in range(platforms):
        row = platform(f"late {number}", f"{here}/late")
        for _ in range(10 // platforms - 1):
            WebhookEndpointFactory(organisation=row, url=f"{here}/late")
        for message in range(20):
            notify(people=[], key=f"late {number} {message} again", subject="S", body="…", platform=row)
    assert Hook.objects.count() >= 200
    Hook.objects.update(next_attempt_at=timezone.now() - timedelta(minutes=5))
    platform("quick", f"{here}/quick", messages=5)
    platform("steady", f"{here}/steady", messages=2)  # not quick itself, and honest
    began = time.monotonic()
    deliver(HOOKS, within=7)
    for path, number, most in (("/quick", 5, 4), ("/steady", 2, 7)):
        took = [at - began for got, at in program.at if got == path]
        assert len(took) == number, path
        assert max(took) < most, "two hundred that take a second each would take half a minute before them"
    assert sum(path == "/late" for path, _ in program.got) > 8, "they get theirs as well"


@pytest.mark.parametrize("objects", [1, 150])
def test_a_platform_that_queues_thousands_of_events_behind_failing_ones_holds_up_nobody(
    program: Program, objects: int
) -> None:
    """Events about one object wait for each other; that they do is found out together, and for some at a time."""
    here, number = f"http://127.0.0.1:{program.server_port}", 3_000
    broken = WebhookEndpointFactory(organisation=OrganisationFactory(name="broken"), url=f"{here}/broken")
    Hook.objects.bulk_create(
        Hook(organisation=broken.organisation, endpoint=broken, key=f"{n}", message_id=f"m{n}", event_type="flag.changed",
             next_attempt_at=timezone.now() - timedelta(minutes=5),
             payload={"data": {"key": f"{n}", "flag_id": 1 + n % objects, "status": "open", "before": "claimed"}})
        for n in range(number)
    )  # fmt: skip
    platform("quick", f"{here}/quick", messages=3)
    with CaptureQueriesContext(connection) as asked:
        assert deliver(HOOKS, within=8) == 3
    assert sum(path == "/quick" for path, _ in program.got) == 3
    assert len(asked) < 40 * (objects + 10), "each of three thousand would ask three times"
    assert next(key for path, key in program.got if path == "/broken") == "0"
    left = Hook.objects.filter(endpoint=broken)
    assert left.filter(attempts=0).count() + left.filter(attempts=1).count() == number
    assert not left.filter(attempts=1, pk__gt=Hook.objects.get(key=f"{objects - 1}").pk).exists(), "the first of each"


def test_what_is_given_up_is_a_failed_job_that_can_be_tried_again(program: Program, operator: User) -> None:
    row = platform("gone", f"http://127.0.0.1:{program.server_port + 1}/")
    for attempt in range(1, 13):
        Hook.objects.update(next_attempt_at=timezone.now())
        assert send_hooks_due() == 0
        hook = Hook.objects.get()
        assert hook.attempts == attempt
        if attempt < 12:
            assert hook.next_attempt_at - timezone.now() > timedelta(seconds=29 * 2 ** min(attempt, 11))
    assert list(failed_rows(HOOKS)) == [hook]
    assert send_hooks_due() == 0
    row.webhook_endpoints.update(url=f"http://127.0.0.1:{program.server_port}/here")
    assert retry_failed(HOOKS, actor=Actor.person(operator)) == 1
    assert send_hooks_due() == 1


def test_a_row_that_kills_its_worker_each_time_is_given_up(platform_a: Organisation) -> None:
    HookFactory(endpoint__organisation=platform_a, attempts=12)
    assert send_hooks_due() == 0
    assert (Hook.objects.get().status, Hook.objects.get().attempts) == ("failed", 12)
    assert "worker" in Hook.objects.get().error
