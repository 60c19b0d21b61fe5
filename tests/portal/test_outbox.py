"""What leaves: by mail to a real server, alone or together, as each person wishes; and what comes back."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
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
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import AuditEvent, Mail, Notification, Organisation, User
from portal.notifications.attachments import MAX_EACH
from portal.notifications.bounces import record_bounce
from portal.notifications.mail import send_mail_due
from portal.notifications.outbox import notify
from recalls.models import Notice
from tests.factories import NoticeFactory, RecallFactory
from tests.ports import free_port

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
    box, port = Postbox(), free_port()
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


def test_a_mail_gives_times_in_the_zone_of_who_reads_it_and_deadlines_as_pages_do(
    postbox: Postbox, moderator_a: User, officer: User
) -> None:
    User.objects.update(mail_me="at_once")
    moderator_a.refresh_from_db()
    officer.refresh_from_db()
    stored = "Listing A-1 on Bazaarly, recall 26-1. Deadline: 05 Mar 2026 16:00 UTC. Status: open.\nCall <us>."
    notify(people=[moderator_a, officer], key="k", subject="S", body=stored, mail_to=["safety@bazaarly.example"])
    send_mail_due()
    texts = {str(mail["To"]): text_of(mail).replace("\r\n", "\n") for mail in postbox.got}
    assert "Deadline: end of Thu 5 Mar 2026 UTC+8. Status: open.\nCall <us>." in texts[moderator_a.email]
    assert "Deadline: 05 Mar 2026, 11:00 EST. Status: open.\nCall <us>." in texts[officer.email]
    assert "Deadline: 05 Mar 2026, 16:00 UTC." in texts["safety@bazaarly.example"]
    assert set(Notification.objects.values_list("body", flat=True)) == {stored}, "the record stays as it was written"


def test_an_address_that_is_refused_for_good_is_an_alarm_at_once(
    postbox: Postbox, platform_a: Organisation, operator: User, officer: User, sign_in: Callable[[User], Client]
) -> None:
    NoticeFactory(recall__regulator=officer.organisation, platform=platform_a)
    postbox.refuses[platform_a.contact_email] = "550 5.1.1 No such person here"
    notify(people=[], key="k", subject="Recall notice", body="…", mail_to=[platform_a.contact_email])
    assert send_mail_due() == 0
    assert Mail.objects.get(key__startswith="k").status == "bounced"
    platform_a.refresh_from_db()
    assert "No such person here" in platform_a.contact_problem
    told = Notification.objects.filter(subject="Alert: mail to Bazaarly is not delivered")
    assert set(told.values_list("person", flat=True)) == {operator.pk, officer.pk}
    assert AuditEvent.objects.filter(action="organisation.contact_failed").count() == 1
    client = sign_in(operator)
    assert "Mail not delivered" in client.get(reverse("portal:organisations")).content.decode()
    assert "Mail to Bazaarly is not delivered" in client.get(reverse("portal:health")).content.decode()
    services.edit_organisation(
        organisation=platform_a, contact_email="new@bazaarly.example", actor=Actor.person(operator)
    )
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


def files_of(mail: Message) -> dict[str, bytes]:
    parts = [part for part in mail.walk() if part.get_content_disposition() == "attachment"]
    assert {part.get_content_type() for part in parts} <= {"application/json"}
    return {str(part.get_filename()): bytes(part.get_payload(decode=True)) for part in parts}


def told(notice: Notice, key: str, to: str = "duty@bazaarly.example") -> None:
    notify(people=[], key=key, subject="Notice", body="Ein Heizgerät", mail_to=[to], platform=notice.platform)


def test_the_mail_of_a_notice_carries_it_as_the_api_answers_it(
    postbox: Postbox, platform_a: Organisation, manager_a: User
) -> None:
    notice = NoticeFactory(recall=RecallFactory(title="Heizgerät ‒ 召回"), platform=platform_a, message="Dringend, 请")
    told(notice, f"notice:{notice.pk}")
    assert send_mail_due() == 1
    [mail] = postbox.got
    [(name, content)] = files_of(mail).items()
    assert name == f"offshelf-notice-{notice.pk}.json"
    key = api_keys.create_key(
        organisation=platform_a, name="x", scopes=["notices"], days=9, actor=Actor.person(manager_a)
    )[1]
    answered = Client().get(f"/api/v1/notices/{notice.pk}", HTTP_AUTHORIZATION=f"Bearer {key}").json()
    attached = json.loads(content)
    unlike = {"delivered_at", "updated_at"}  # fetching it proved its delivery
    assert {each: attached[each] for each in attached if each not in unlike} == {
        each: answered[each] for each in answered if each not in unlike
    }
    assert attached["recall"]["title"] == "Heizgerät ‒ 召回"
    [text] = [part for part in mail.walk() if part.get_content_type() == "text/plain"]
    assert "Ein Heizgerät" in text_of(text)


def test_several_notices_in_one_mail_have_a_file_each_and_other_messages_none(
    postbox: Postbox, platform_a: Organisation
) -> None:
    notices = [NoticeFactory(platform=platform_a) for _ in range(2)]
    for notice in notices:
        told(notice, f"notice:{notice.pk}")
        told(notice, f"notice:{notice.pk}:v2")
    told(notices[0], "notice:999999", "gone@bazaarly.example")
    told(notices[0], "notice:²", "odd@bazaarly.example")
    told(notices[0], "reminder:1", "duty@market.example")
    while send_mail_due():
        pass
    together = {mail["To"]: files_of(mail) for mail in postbox.got}
    assert sorted(together["duty@bazaarly.example"]) == sorted(f"offshelf-notice-{each.pk}.json" for each in notices)
    assert [together[f"{who}.example"] for who in ("gone@bazaarly", "odd@bazaarly", "duty@market")] == [{}, {}, {}]


def test_a_notice_that_is_too_large_is_named_with_its_address_instead(
    postbox: Postbox, platform_a: Organisation
) -> None:
    small, large = NoticeFactory(platform=platform_a), NoticeFactory(platform=platform_a, message="ü" * MAX_EACH)
    told(large, f"notice:{large.pk}")
    told(small, f"notice:{small.pk}")
    assert send_mail_due() == 2
    [mail] = postbox.got
    assert list(files_of(mail)) == [f"offshelf-notice-{small.pk}.json"]
    assert len(mail.as_bytes()) < MAX_EACH
    text = next(text_of(part) for part in mail.walk() if part.get_content_type() == "text/plain")
    assert f"offshelf-notice-{large.pk}.json is too large to be attached." in text
    assert f"/api/v1/notices/{large.pk}" in text


def test_a_notice_that_cannot_be_read_costs_its_own_file_alone_and_no_mail_waits(
    postbox: Postbox, platform_a: Organisation
) -> None:
    readable, broken = NoticeFactory(platform=platform_a), NoticeFactory(platform=platform_a)
    Notice.objects.filter(pk=broken.pk).update(terms={"policy": "x"})
    told(broken, f"notice:{broken.pk}")
    told(readable, f"notice:{readable.pk}")
    told(broken, "reminder:1", "duty@market.example")
    while send_mail_due():
        pass
    together = {mail["To"]: sorted(files_of(mail)) for mail in postbox.got}
    assert together == {
        "duty@bazaarly.example": [f"offshelf-notice-{readable.pk}.json"],
        "duty@market.example": [],
    }
