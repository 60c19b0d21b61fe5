"""What leaves: by mail to a real server, alone or together, as each person wishes; what comes back; and webhooks."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal import services
from portal.identity.actors import Actor
from portal.models import AuditEvent, Hook, Mail, Notification, Organisation, User
from portal.notifications.bounces import record_bounce
from portal.notifications.mail import send_mail_due
from portal.notifications.outbox import notify
from portal.notifications.webhooks import send_hooks_due, signature
from tests.factories import NoticeFactory

pytestmark = pytest.mark.django_db


class Postbox:
    """What a mail server got, and whom it refuses."""

    def __init__(self) -> None:
        self.got: list[Message] = []
        self.refuses: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: object, _session: object, envelope: Any, address: str, _options: object
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802
        self.got.append(message_from_bytes(envelope.content))
        return "250 OK"


@pytest.fixture
def postbox(settings: Any) -> Iterator[Postbox]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    box = Postbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "portal.notifications.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.DEFAULT_FROM_EMAIL = "duty@offshelf.example"
    yield box
    server.stop()


def text_of(mail: Message) -> str:
    payload = mail.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode()


def test_what_waits_for_one_address_leaves_as_one_mail(postbox: Postbox) -> None:
    for number in range(300):
        notify(
            people=[], key=f"k{number}", subject=f"Late: heater {number}", body="…", mail_to=["safety@bazaarly.example"]
        )
    notify(people=[], key="other", subject="Alone", body="…", mail_to=["safety@market-one.example"])
    assert send_mail_due() == 301
    by_address = {mail["To"]: mail for mail in postbox.got}
    assert len(postbox.got) == 7, "six with fifty messages each, and one"
    assert by_address["safety@bazaarly.example"]["Subject"].startswith("50 messages: ")
    assert by_address["safety@market-one.example"]["Subject"] == "Alone"
    assert sum(text_of(mail).count("heater") for mail in postbox.got) == 300
    assert not Mail.objects.exclude(status="sent").exists()
    assert send_mail_due() == 0


def test_each_person_gets_by_mail_what_they_wish(
    postbox: Postbox, moderator_a: User, second_moderator_a: User, manager_a: User, sign_in: Callable[[User], Client]
) -> None:
    for person, wish in ((moderator_a, "at_once"), (second_moderator_a, "daily")):
        given = {"time_zone": "Asia/Shanghai", "mail_me": wish}
        assert sign_in(person).post(reverse("portal:account"), given).status_code == 302
        person.refresh_from_db()
    people = [moderator_a, second_moderator_a, manager_a]
    with time_machine.travel(datetime(2026, 3, 2, 3, tzinfo=UTC), tick=False) as clock:  # eleven in Shanghai
        for number in range(3):
            notify(people=people, key=f"k{number}", subject=f"S{number}", body="…")
        assert send_mail_due() == 3
        clock.move_to(datetime(2026, 3, 2, 23, 59, tzinfo=UTC))
        assert send_mail_due() == 0
        clock.move_to(datetime(2026, 3, 3, 0, 0, tzinfo=UTC))  # eight in the morning
        assert send_mail_due() == 3
    assert [(mail["To"], mail["Subject"]) for mail in postbox.got] == [
        (moderator_a.email, "3 messages: S0"),
        (second_moderator_a.email, "3 messages: S0"),
    ]
    assert Notification.objects.count() == 9


def test_an_address_that_is_refused_for_good_is_an_alarm_at_once(
    postbox: Postbox, platform_a: Organisation, admin: User, officer: User, sign_in: Callable[[User], Client]
) -> None:
    NoticeFactory(recall__regulator=officer.organisation, platform=platform_a)
    postbox.refuses[platform_a.contact_email] = "550 5.1.1 No such person here"
    notify(people=[], key="k", subject="Recall notice", body="…", mail_to=[platform_a.contact_email])
    assert send_mail_due() == 0
    assert Mail.objects.get(key__startswith="k").status == "bounced"
    platform_a.refresh_from_db()
    assert "No such person here" in platform_a.contact_problem
    told = Notification.objects.filter(subject="Alert: mail to Bazaarly is not delivered")
    assert set(told.values_list("person", flat=True)) == {admin.pk, officer.pk}
    assert AuditEvent.objects.filter(action="organisation.contact_failed").count() == 1
    client = sign_in(admin)
    assert "Mail not delivered" in client.get(reverse("portal:organisations")).content.decode()
    assert "Mail to Bazaarly is not delivered" in client.get(reverse("portal:health")).content.decode()
    services.edit_organisation(organisation=platform_a, contact_email="new@bazaarly.example", actor=Actor.person(admin))
    platform_a.refresh_from_db()
    assert platform_a.contact_problem == ""
    assert client.post(reverse("enforcement:failed_jobs")).status_code == 302
    assert Mail.objects.get(key__startswith="k").status == "queued"
    assert AuditEvent.objects.filter(action="mail.retried").count() == 1


def test_a_passing_refusal_is_tried_again_and_given_up_with_an_alarm(
    postbox: Postbox, platform_a: Organisation
) -> None:
    postbox.refuses[platform_a.contact_email] = "451 Try later"
    notify(people=[], key="k", subject="S", body="…", mail_to=[platform_a.contact_email])
    for _ in range(10):
        assert send_mail_due() == 0
        Mail.objects.update(next_attempt_at=timezone.now())
    assert (Mail.objects.get().status, Mail.objects.get().attempts) == ("failed", 10)
    platform_a.refresh_from_db()
    assert "451" in platform_a.contact_problem


def came_back(message_id: str, action: str = "failed") -> bytes:
    return f"""From: MAILER-DAEMON@mx.example
To: duty@offshelf.example
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; safety@bazaarly.example
Action: {action}
Status: 5.2.2
Diagnostic-Code: smtp; 552 Mailbox full

--b
Content-Type: text/rfc822-headers

Message-ID: {message_id}
Subject: whatever

--b--
""".encode()


def test_a_mail_that_comes_back_later_is_an_alarm_too(
    postbox: Postbox, platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(2):
        notify(people=[], key=f"k{number}", subject="S", body="…", mail_to=[platform_a.contact_email])
    send_mail_due()
    [sent] = postbox.got
    assert record_bounce(came_back(sent["Message-ID"], action="delayed")) == 0
    assert Mail.objects.filter(status="sent").count() == 2
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=BytesIO(came_back(sent["Message-ID"]))))
    call_command("record_bounce")
    assert Mail.objects.filter(status="bounced").count() == 2
    platform_a.refresh_from_db()
    assert "552 Mailbox full" in platform_a.contact_problem


@pytest.mark.parametrize(
    "message", [b"", b"Subject: hello\n\nIt is me.", came_back("<mail-1-00000000@elsewhere.example>")]
)
def test_what_is_no_notification_of_ours_is_refused(message: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError):
        record_bounce(message)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=BytesIO(message)))
    with pytest.raises(CommandError):
        call_command("record_bounce")


class Program(ThreadingHTTPServer):
    """A platform's program that listens for webhooks."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Takes)
        self.got: list[tuple[str, bytes]] = []
        self.at: list[float] = []
        self.status, self.slow = 200, ""


class _Takes(BaseHTTPRequestHandler):
    server: Program

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.slow and self.server.slow in self.path:
            time.sleep(2)
        self.server.got.append((self.headers["Offshelf-Signature"], body))
        self.server.at.append(time.monotonic())
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "http://169.254.169.254/latest/meta-data/")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def program(settings: Any) -> Iterator[Program]:
    with Program() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.FETCH_ALLOWED_PRIVATE = [f"127.0.0.1:{server.server_port}"]
        yield server
        server.shutdown()


def test_a_webhook_gets_a_signed_message_once_and_again_where_it_did_not_take_it(
    program: Program,
    platform_a: Organisation,
    platform_b: Organisation,
    admin: User,
    manager_a: User,
    sign_in: Callable[[User], Client],
) -> None:
    url = f"http://127.0.0.1:{program.server_port}/hook"
    services.edit_organisation(organisation=platform_a, webhook_url=url, actor=Actor.person(admin))
    platform_a.refresh_from_db()
    assert platform_a.webhook_secret in sign_in(manager_a).get(reverse("portal:keys")).content.decode()
    assert platform_a.webhook_secret not in str(AuditEvent.objects.get(action="organisation.edited").after)
    for platform in (platform_a, platform_b):
        for _ in range(2):
            notify(people=[], key="notice:1", subject="Recall notice", body="…", link="/x/", platform=platform)
    program.status = 503
    assert send_hooks_due() == 0
    hook = Hook.objects.get()
    assert (hook.status, hook.error) == ("queued", "It answered with status 503.")
    program.status = 204
    assert send_hooks_due() == 0, "it waits before it tries again"
    Hook.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    assert send_hooks_due() == 1
    header, body = program.got[-1]
    moment = int(header.partition("t=")[2].partition(",")[0])
    assert header == signature(platform_a.webhook_secret, moment, body)
    assert json.loads(body) == {
        "key": "notice:1",
        "subject": "Recall notice",
        "body": "…",
        "link": "http://127.0.0.1:8000/x/",
    }


def test_a_receiver_that_is_slow_holds_up_no_one_but_itself(
    program: Program, platform_a: Organisation, platform_b: Organisation, admin: User
) -> None:
    program.slow = "slow"
    for platform, path in ((platform_a, "slow"), (platform_b, "quick")):
        url = f"http://127.0.0.1:{program.server_port}/{path}"
        services.edit_organisation(organisation=platform, webhook_url=url, actor=Actor.person(admin))
        platform.refresh_from_db()
        for number in range(2):
            notify(people=[], key=f"{path} {number}", subject="S", body="…", platform=platform)
    assert send_hooks_due() == 4
    arrived = {json.loads(body)["key"]: at for (_, body), at in zip(program.got, program.at, strict=True)}
    assert max(arrived["quick 0"], arrived["quick 1"]) < min(arrived["slow 0"], arrived["slow 1"])


def test_a_webhook_that_redirects_is_not_followed(program: Program, platform_a: Organisation, admin: User) -> None:
    program.status = 302
    url = f"http://127.0.0.1:{program.server_port}/hook"
    services.edit_organisation(organisation=platform_a, webhook_url=url, actor=Actor.person(admin))
    platform_a.refresh_from_db()
    notify(people=[], key="k", subject="S", body="…", platform=platform_a)
    assert send_hooks_due() == 0
    assert Hook.objects.get().error == "It answered with status 302."
    assert len(program.got) == 1


def test_a_webhook_at_a_private_address_is_never_asked(platform_a: Organisation) -> None:
    Organisation.objects.filter(pk=platform_a.pk).update(webhook_url="http://127.0.0.1:9/hook")
    platform_a.refresh_from_db()
    notify(people=[], key="k", subject="S", body="…", platform=platform_a)
    assert send_hooks_due() == 0
    assert "Refused" in Hook.objects.get().error
