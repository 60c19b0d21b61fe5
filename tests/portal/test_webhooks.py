"""What webhook endpoints get: signed by the standard, to those that want it, and none in the way of another."""

import base64
import hashlib
import hmac
import json
import re
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import psycopg
import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from listings import services as listings
from portal import services, tasks
from portal.identity.actors import Actor
from portal.identity.encryption import encrypt
from portal.models import AuditEvent, Hook, HookAttempt, Mail, Notification, Organisation, User, WebhookEndpoint
from portal.notifications import endpoint_health, signatures
from portal.notifications.deliveries import LEASE
from portal.notifications.events import EVENT_TYPES, Event
from portal.notifications.outbox import notify
from portal.notifications.webhooks import HOOKS, send_hooks_due
from portal.retention.running import apply_retention
from recalls import services as recalls
from tests.factories import FlagFactory, HookFactory, NoticeFactory, OrganisationFactory, WebhookEndpointFactory
from tests.owner import owner
from tests.ports import free_port

pytestmark = pytest.mark.django_db
NO_CONNECTION = "No connection to %s. It needs a public address that takes connections from the internet."


class Program(ThreadingHTTPServer):
    """Platforms' programs. A path answers as `answers` says, or 204; `/slow` only once `/quick` has its two."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Takes)
        self.got: list[tuple[str, dict[str, str], bytes]] = []
        self.quick_has_both = threading.Event()
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.asks_to_wait: dict[str, str] = {}

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{path}"


class _Takes(BaseHTTPRequestHandler):
    server: Program

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        path = self.path.strip("/")
        if path == "slow":
            self.server.quick_has_both.wait(9)
        self.server.got.append((path, dict(self.headers), body))
        if [known for known, _, _ in self.server.got].count("quick") == 2:
            self.server.quick_has_both.set()
        status, answer = self.server.answers.get(path, (204, b""))
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://169.254.169.254/latest/meta-data/")
        if path in self.server.asks_to_wait:
            self.send_header("Retry-After", self.server.asks_to_wait[path])
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def program(settings: Any) -> Iterator[Program]:
    with Program() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        settings.FETCH_ALLOWED_PRIVATE = [f"127.0.0.1:{server.server_port}"]
        yield server
        server.shutdown()


def due_now() -> None:
    Hook.objects.filter(status="queued").update(next_attempt_at=timezone.now() - timedelta(seconds=1))


def test_a_signature_is_the_one_of_the_fixed_vector() -> None:
    """The vector of the standard's own reference."""
    headers = signatures.headers_of(
        message_id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        moment=1_614_265_330,
        body=b'{"test": 2432232314}',
        valid=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_new_secret_is_base64_of_24_to_64_random_bytes() -> None:
    first, second = signatures.new_secret(), signatures.new_secret()
    assert first != second
    assert first.startswith("whsec_")
    assert 24 <= len(base64.b64decode(first.removeprefix("whsec_"), validate=True)) <= 64


def test_the_librarys_check_passes_and_a_changed_byte_fails_it(program: Program, platform_a: Organisation) -> None:
    endpoint = WebhookEndpointFactory(organisation=platform_a, url=program.url("a"))
    notify(people=[], key="notice:1", subject="Rückruf", body="…", link="/x/", platform=platform_a)
    assert send_hooks_due() == 1
    [(_, headers, body)] = program.got
    secret = services.secret_of(endpoint)
    told = Webhook(secret).verify(body, headers)
    assert told["type"] == "notification.sent"
    assert told["data"] == {"key": "notice:1", "subject": "Rückruf", "body": "…", "link": "http://127.0.0.1:8000/x/"}
    assert "Offshelf-Signature" not in headers, "only endpoints from before get it"
    for changed, with_secret in ((body + b" ", secret), (body, signatures.new_secret())):
        with pytest.raises(WebhookVerificationError):
            Webhook(with_secret).verify(changed, headers)


def test_an_attempt_after_a_refusal_has_the_same_id_and_body_and_a_signature_of_its_own_time(
    program: Program, platform_a: Organisation
) -> None:
    endpoint = WebhookEndpointFactory(organisation=platform_a, url=program.url("a"))
    program.answers["a"] = (503, b"busy")
    for _ in range(2):
        notify(people=[], key="notice:1", subject="S", body="…", platform=platform_a)
    assert send_hooks_due() == 0
    assert (Hook.objects.get().status, Hook.objects.get().error) == ("queued", "It answered with status 503.")
    program.answers["a"] = (204, b"")
    assert send_hooks_due() == 0, "it waits before it tries again"
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert send_hooks_due() == 1
        (_, first, body), (_, second, again) = program.got
        assert (first["webhook-id"], body) == (second["webhook-id"], again)
        assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) >= 119
        Webhook(services.secret_of(endpoint)).verify(again, second)


def test_for_a_day_after_a_rotation_both_secrets_verify_and_then_the_new_one_alone(
    program: Program, platform_a: Organisation, manager_a: User
) -> None:
    endpoint = WebhookEndpointFactory(organisation=platform_a, url=program.url("a"))
    old = services.secret_of(endpoint)
    new = services.secret_of(services.rotate_secret(endpoint=endpoint, actor=Actor.person(manager_a)))
    assert new != old
    for key, later, valid in (("1", timedelta(hours=23), {old, new}), ("2", timedelta(hours=25), {new})):
        with time_machine.travel(timezone.now() + later):
            notify(people=[], key=key, subject="S", body="…", platform=platform_a)
            assert send_hooks_due() == 1
            _, headers, body = program.got[-1]
            assert len(headers["webhook-signature"].split(" ")) == len(valid)
            for secret in (old, new):
                if secret in valid:
                    Webhook(secret).verify(body, headers)
                else:
                    with pytest.raises(WebhookVerificationError):
                        Webhook(secret).verify(body, headers)
    trace = str(list(AuditEvent.objects.values("before", "after"))) + str(list(HookAttempt.objects.values()))
    assert old not in trace
    assert new not in trace


def test_an_endpoint_from_before_gets_the_older_header_and_fields_and_its_secret_works_with_the_library(
    program: Program, platform_a: Organisation
) -> None:
    secret = "0f" * 32
    WebhookEndpointFactory(organisation=platform_a, url=program.url("a"), secret=encrypt(secret), legacy=True)
    notify(people=[], key="notice:1", subject="S", body="…", link="/x/", platform=platform_a)
    assert send_hooks_due() == 1
    [(_, headers, body)] = program.got
    moment, mac = headers["Offshelf-Signature"].removeprefix("t=").split(",v1=")
    assert mac == hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    assert Webhook(secret).verify(body, headers)["subject"] == "S", "where it was before there was data"
    Webhook(f"whsec_{base64.b64encode(secret.encode()).decode()}").verify(body, headers)


def test_a_request_of_a_sandbox_says_so_and_no_other_does(program: Program, platform_a: Organisation) -> None:
    sandbox = OrganisationFactory(kind="platform", name="Bazaarly sandbox", sandbox_of=platform_a)
    for organisation, path in ((platform_a, "real"), (sandbox, "test")):
        WebhookEndpointFactory(organisation=organisation, url=program.url(path))
        notify(
            people=[],
            key="letter:7",
            subject="S",
            body="…",
            platform=organisation,
            event=Event("letter.sent", {"letter_id": 7}),
        )
    assert send_hooks_due() == 2
    assert {path: headers.get("Offshelf-Sandbox") for path, headers, _ in program.got} == {"real": None, "test": "true"}


def test_each_endpoint_gets_the_types_it_wants_and_all_of_them_the_same_id(
    program: Program, platform_a: Organisation, platform_b: Organisation
) -> None:
    for path, wanted in (("all", []), ("letters", ["letter.sent"]), ("messages", ["message.posted"])):
        WebhookEndpointFactory(organisation=platform_a, url=program.url(path), event_types=wanted)
    WebhookEndpointFactory(organisation=platform_a, url=program.url("off"), state="disabled")
    WebhookEndpointFactory(organisation=platform_b, url=program.url("other"))
    event = Event("letter.sent", {"letter_id": 7})
    notify(people=[], key="letter:7", subject="S", body="…", platform=platform_a, event=event)
    assert send_hooks_due() == 2
    assert sorted(path for path, _, _ in program.got) == ["all", "letters"]
    assert len({headers["webhook-id"] for _, headers, _ in program.got}) == 1


def test_an_endpoint_that_is_slow_or_fails_holds_up_none_of_the_same_platform(
    program: Program, platform_a: Organisation
) -> None:
    for path in ("slow", "broken", "quick"):
        WebhookEndpointFactory(organisation=platform_a, url=program.url(path))
    program.answers["broken"] = (500, b"")
    for number in range(2):
        notify(people=[], key=f"{number}", subject="S", body="…", platform=platform_a)
    assert send_hooks_due() == 4
    assert [path for path, _, _ in program.got if path != "broken"] == ["quick", "quick", "slow", "slow"]
    quick = [json.loads(body)["data"]["key"] for path, _, body in program.got if path == "quick"]
    assert quick == ["0", "1"], "in their order"
    assert Hook.objects.filter(status="queued").count() == 2
    failures = dict(WebhookEndpoint.objects.values_list("url", "failures"))
    assert failures == {program.url("slow"): 0, program.url("broken"): 2, program.url("quick"): 0}


def told(program: Program) -> list[str]:
    """The keys of what arrived, in the order of arrival."""
    return [json.loads(body)["data"]["key"] for _, _, body in program.got]


def about(platform: Organisation, key: str, event: Event) -> None:
    notify(people=[], key=key, subject="S", body="…", platform=platform, event=event)


def posted(flag: int) -> Event:
    return Event("message.posted", {"flag_id": flag, "message_id": 1})


def test_events_about_one_object_arrive_in_their_order_and_no_other_waits_for_them(
    program: Program, platform_a: Organisation
) -> None:
    WebhookEndpointFactory(organisation=platform_a, url=program.url("a"))
    program.answers["a"] = (500, b"")
    about(platform_a, "first", posted(7))
    assert send_hooks_due() == 0
    about(platform_a, "second", posted(7))
    about(platform_a, "other flag", posted(8))
    about(platform_a, "many", Event("escalation.raised", {"step": "reminder", "flag_ids": [7, 9]}))
    about(platform_a, "after many", posted(9))
    program.answers["a"] = (204, b"")
    assert send_hooks_due() == 1
    assert told(program) == ["first", "other flag"]
    Hook.objects.exclude(key="first").update(next_attempt_at=timezone.now() - timedelta(minutes=1))
    assert send_hooks_due() == 0, "the first one is not due"
    due_now()
    assert send_hooks_due() == 4
    assert told(program)[2:] == ["first", "second", "many", "after many"]


def test_an_event_waits_for_one_that_another_worker_sends_and_not_for_one_that_was_given_up(
    program: Program, platform_a: Organisation
) -> None:
    endpoint = WebhookEndpointFactory(organisation=platform_a, url=program.url("a"))
    about(platform_a, "first", posted(7))
    about(platform_a, "second", posted(7))
    Hook.objects.filter(key="first").update(attempts=1, next_attempt_at=timezone.now() + LEASE)
    assert send_hooks_due() == 0
    waits = Hook.objects.get(key="second").next_attempt_at - timezone.now()
    assert timedelta(seconds=10) < waits <= timedelta(seconds=15)
    Hook.objects.filter(key="first").update(status="failed")
    due_now()
    assert send_hooks_due() == 1
    assert told(program) == ["second"]
    assert endpoint.hooks.get(key="second").attempts == 1, "waiting is no attempt"


def test_a_replay_of_what_was_taken_holds_up_nothing_new(
    program: Program, platform_a: Organisation, manager_a: User
) -> None:
    WebhookEndpointFactory(organisation=platform_a, url=program.url("a"))
    about(platform_a, "old", posted(7))
    assert send_hooks_due() == 1
    services.replay(hook=Hook.objects.get(), actor=Actor.person(manager_a))
    program.answers["a"] = (500, b"")
    assert send_hooks_due() == 0
    program.answers["a"] = (204, b"")
    about(platform_a, "new", posted(7))
    assert send_hooks_due() == 1
    assert told(program) == ["old", "old", "new"]


def test_the_log_keeps_what_was_sent_and_two_kilobytes_of_the_answer_as_text(
    program: Program, platform_a: Organisation
) -> None:
    WebhookEndpointFactory(organisation=platform_a, url=program.url("a"))
    program.answers["a"] = (500, b"\x00\xff<script>alert(1)</script>" + b"x" * 9_000)
    notify(people=[], key="1", subject="S", body="…", platform=platform_a)
    assert send_hooks_due() == 0
    attempt = HookAttempt.objects.get()
    assert (attempt.status_code, attempt.problem) == (500, "It answered with status 500.")
    assert attempt.answer.startswith("\ufffd\ufffd<script>")
    assert len(attempt.answer) == 2_048
    assert attempt.request_headers.items() <= program.got[0][1].items()
    assert 0 <= attempt.duration_ms < 5_000
    HookAttempt.objects.update(at=timezone.now() - timedelta(days=31))
    apply_retention()
    assert not HookAttempt.objects.exists()
    assert Hook.objects.count() == 1


@pytest.mark.parametrize(
    ("status", "asked", "seconds"),
    [
        (429, "3600", 3_600),
        (503, "in 6 hours", 6 * 3_600),
        (503, "999999999", 18 * 3_600),
        (429, "1", 60),
        (503, "soon", 60),
        (500, "3600", 60),
    ],
)
def test_a_receiver_is_left_alone_for_as_long_as_it_asks_within_limits(
    program: Program, platform_a: Organisation, platform_b: Organisation, status: int, asked: str, seconds: float
) -> None:
    at_six = format_datetime(datetime.now(UTC) + timedelta(hours=6), usegmt=True)
    program.answers, program.asks_to_wait = {"busy": (status, b"")}, {"busy": asked.replace("in 6 hours", at_six)}
    busy = WebhookEndpointFactory(organisation=platform_a, url=program.url("busy"))
    first = HookFactory(endpoint=busy)
    second = HookFactory(endpoint=busy, next_attempt_at=timezone.now() + timedelta(hours=30))
    HookFactory(endpoint=WebhookEndpointFactory(organisation=platform_b, url=program.url("fine")))
    assert send_hooks_due() == 1
    first.refresh_from_db()
    waits = first.next_attempt_at - HookAttempt.objects.get(hook=first).at
    assert abs(waits.total_seconds() - seconds) < 30, waits
    assert (first.attempts, first.status) == (1, "queued")
    before = second.next_attempt_at
    second.refresh_from_db()
    assert (second.next_attempt_at, second.attempts) == (before, 0), "what is due later is not brought forward"


def test_a_redirect_is_not_followed_and_a_private_address_never_asked(
    program: Program, platform_a: Organisation, platform_b: Organisation
) -> None:
    program.answers["a"] = (302, b"")
    WebhookEndpointFactory(organisation=platform_a, url=program.url("a"))
    WebhookEndpointFactory(organisation=platform_b, url="http://127.0.0.1:9/hook")
    for platform in (platform_a, platform_b):
        notify(people=[], key="1", subject="S", body="…", platform=platform)
    assert send_hooks_due() == 0
    assert len(program.got) == 1
    assert Hook.objects.get(organisation=platform_a).error == "It answered with status 302."
    assert Hook.objects.get(organisation=platform_b).error == NO_CONNECTION % "127.0.0.1"


def test_the_log_does_not_say_which_internal_names_and_ports_there_are(
    program: Program, platform_a: Organisation, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """A name without an address, one with a private one, and one whose port takes no connection: all read alike."""
    addresses = {"vault.internal": ["10.0.0.7"], "split.internal": ["93.184.216.34", "10.0.0.7"]}

    def answer(host: str, port: int, *_more: object, **_options: object) -> list[tuple[Any, ...]]:
        if host not in addresses:
            raise OSError("no such name")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in addresses[host]]

    monkeypatch.setattr("portal.http.addresses.socket.getaddrinfo", answer)
    closed = f"127.0.0.1:{free_port()}"
    addresses |= {ip: [ip] for ip in ("127.0.0.1", "10.0.0.7")}
    settings.FETCH_ALLOWED_PRIVATE = [closed]  # as a public address whose port is closed
    hosts = ["vault.internal", "split.internal", "nobody.internal", "10.0.0.7", closed]
    for host in hosts:
        WebhookEndpointFactory(organisation=platform_a, url=f"http://{host}/")
    notify(people=[], key="1", subject="S", body="…", platform=platform_a)
    assert send_hooks_due() == 0
    rows = HookAttempt.objects.order_by("hook__endpoint_id")
    told = [NO_CONNECTION % host.partition(":")[0] for host in hosts]
    assert [(row.problem, row.status_code, row.duration_ms) for row in rows] == [(text, None, 0) for text in told]
    assert list(Hook.objects.order_by("endpoint_id").values_list("error", flat=True)) == told


def test_a_receiver_in_the_place_of_the_one_that_was_asked_is_not_judged_by_its_answer(
    program: Program, platform_a: Organisation, manager_a: User
) -> None:
    endpoint = WebhookEndpointFactory(organisation=platform_a, url=program.url("gone"))
    program.answers["gone"] = (410, b"")
    notify(people=[], key="1", subject="S", body="…", platform=platform_a)
    [hook] = Hook.objects.select_related("endpoint")
    outcome = HOOKS.send([hook])  # as its thread does, while somebody enters another address
    new = "https://new.example.org/"
    services.edit_endpoint(endpoint=endpoint, url=new, event_types=[], actor=Actor.person(manager_a))
    HOOKS.noted([hook], outcome)
    endpoint.refresh_from_db()
    assert (endpoint.url, endpoint.state, endpoint.failures) == (new, "active", 0)
    assert HookAttempt.objects.get().status_code == 410, "the log has it all the same"


def test_secrets_are_kept_encrypted_and_a_former_key_of_the_site_still_reads_them(
    program: Program, platform_a: Organisation, manager_a: User, settings: Any
) -> None:
    endpoint = services.add_endpoint(
        organisation=platform_a, url="https://hooks.example.org/", event_types=[], actor=Actor.person(manager_a)
    )
    WebhookEndpoint.objects.update(url=program.url("a"))
    secret = services.secret_of(endpoint)
    services.rotate_secret(endpoint=endpoint, actor=Actor.person(manager_a))
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret, previous_secret FROM portal_webhookendpoint")
        kept = cursor.fetchone()
    assert secret.startswith("whsec_")
    assert "whsec_" not in str(kept)
    former, settings.SECRET_KEY = settings.SECRET_KEY, "another key of the site, " * 3
    settings.SECRET_KEY_FALLBACKS = [former]
    notify(people=[], key="1", subject="S", body="…", platform=platform_a)
    assert send_hooks_due() == 1
    [(_, headers, body)] = program.got
    Webhook(secret).verify(body, headers)


def test_a_secret_that_cannot_be_read_costs_its_own_endpoint_alone(
    program: Program, platform_a: Organisation, platform_b: Organisation, manager_a: User
) -> None:
    broken = WebhookEndpointFactory(organisation=platform_a, url=program.url("a"), secret="not of this key")
    WebhookEndpointFactory(organisation=platform_b, url=program.url("b"))
    for platform in (platform_a, platform_b):
        notify(people=[], key="1", subject="S", body="…", platform=platform)
    assert send_hooks_due() == 1
    assert [path for path, _, _ in program.got] == ["b"]
    assert "SECRET_KEY was changed. Rotate the secret." in Hook.objects.get(organisation=platform_a).error
    services.rotate_secret(endpoint=broken, actor=Actor.person(manager_a))
    due_now()
    assert send_hooks_due() == 1
    [(_, headers, body)] = [each for each in program.got if each[0] == "a"]
    broken.refresh_from_db()
    Webhook(services.secret_of(broken)).verify(body, headers)


def test_an_endpoint_that_takes_nothing_for_five_days_is_disabled_and_its_managers_hear_of_it(
    program: Program, platform_a: Organisation, manager_a: User, moderator_a: User
) -> None:
    program.answers["a"] = (500, b"")
    days = [timedelta(days=4, hours=23), timedelta(days=30), timedelta(days=5)]
    short, seldom, endpoint = (
        WebhookEndpointFactory(
            organisation=platform_a, url=program.url("a"), failures=failures, failing_since=timezone.now() - since
        )
        for failures, since in zip((50, 3, endpoint_health.MIN_FAILURES - 1), days, strict=True)
    )
    notify(people=[], key="1", subject="S", body="…", platform=platform_a)
    assert send_hooks_due() == 0
    for row in (short, seldom, endpoint):
        row.refresh_from_db()
    assert (short.state, seldom.state, endpoint.state) == ("active", "active", "disabled")
    assert "5 days" in endpoint.disabled_reason
    [alarm] = Notification.objects.filter(subject__contains="webhook endpoint of Bazaarly is disabled")
    assert alarm.person == manager_a
    assert Mail.objects.get(subject=alarm.subject).to == manager_a.email, "whatever she chose for her messages"
    assert AuditEvent.objects.filter(action="webhook.disabled_after_failures").count() == 1
    due_now()
    before = len(program.got)
    notify(people=[], key="2", subject="S", body="…", platform=platform_a)
    send_hooks_due()
    assert len(program.got) == before + 4, "two for each of the others"
    assert list(endpoint.hooks.values_list("key", "status")) == [("1", "queued")], "it waits, and nothing comes to it"
    program.answers["a"] = (204, b"")
    services.enable_endpoint(endpoint=endpoint, actor=Actor.person(manager_a))
    assert send_hooks_due() == 1
    assert endpoint.hooks.get().status == "sent"


def test_an_answer_of_gone_disables_at_once_and_one_delivery_that_is_taken_ends_the_count(
    program: Program, platform_a: Organisation, platform_b: Organisation
) -> None:
    gone = WebhookEndpointFactory(organisation=platform_a, url=program.url("gone"))
    well = WebhookEndpointFactory(
        organisation=platform_b, url=program.url("well"), failures=40, failing_since=timezone.now() - timedelta(days=9)
    )
    program.answers["gone"] = (410, b"")
    for platform in (platform_a, platform_b):
        notify(people=[], key="1", subject="S", body="…", platform=platform)
    assert send_hooks_due() == 1
    for row in (gone, well):
        row.refresh_from_db()
    assert (gone.state, well.state) == ("disabled", "active")
    assert (well.failures, well.failing_since) == (0, None)
    assert Mail.objects.get().to == platform_a.contact_email, "it has no manager"


def test_what_happens_to_a_platform_is_told_in_the_form_that_is_documented(
    platform_a: Organisation, officer: User
) -> None:
    WebhookEndpointFactory(organisation=platform_a)
    WebhookEndpointFactory(organisation=platform_a, legacy=True)
    notice = NoticeFactory(recall__regulator=officer.organisation, platform=platform_a)
    flag = FlagFactory(notice=notice, opened_at=timezone.now(), listing__platform=platform_a)
    listings.post_message(flag=flag, audience="both", text="Please look", actor=Actor.person(officer))
    notice = NoticeFactory(recall__regulator=officer.organisation, platform=platform_a)
    recalls.withdraw_notice(notice=notice, reason="Not theirs.", actor=Actor.person(officer))
    told = list(Hook.objects.order_by("pk"))
    assert [hook.event_type for hook in told] == ["message.posted"] * 2 + ["notice.withdrawn"] * 2
    for hook in told:
        jsonschema.validate(hook.payload, EVENT_TYPES[hook.event_type].schema(hook.event_type))
    assert told[0].payload["data"]["flag_id"] == flag.pk


def test_an_event_of_unknown_type_or_shape_is_an_error_of_ours(platform_a: Organisation) -> None:
    WebhookEndpointFactory(organisation=platform_a)
    for event in (Event("letter.lost"), Event("letter.sent"), Event("letter.sent", {"letter_id": 1, "more": 2})):
        with pytest.raises(ValueError, match="not registered"):
            notify(people=[], key="1", subject="S", body="…", platform=platform_a, event=event)
    assert not Hook.objects.exists()


def test_the_schema_of_each_event_type_is_a_valid_one() -> None:
    for name, kind in EVENT_TYPES.items():
        jsonschema.Draft202012Validator.check_schema(kind.schema(name))


def test_the_page_for_operators_names_every_type_and_what_it_adds() -> None:
    page = (Path(settings.BASE_DIR) / "docs" / "operations" / "webhooks.md").read_text()
    table = page.split("\n| Type | Happens when |")[1].split("\n\n")[0]
    told: dict[str, set[str]] = {}
    for kinds, _, adds in re.findall(r"(?m)^\| (`.+?) \| (.+?) \| (.+?) \|$", table):
        told |= {kind: set(re.findall(r"`(.+?)`", adds)) for kind in re.findall(r"`(.+?)`", kinds)}
    assert told.keys() == EVENT_TYPES.keys()
    assert {name for name, kind in EVENT_TYPES.items() if not kind.properties.keys() <= told[name]} == set()


def test_a_delivery_is_replayed_with_its_id(program: Program, platform_a: Organisation, manager_a: User) -> None:
    hook = HookFactory(endpoint__organisation=platform_a, endpoint__url=program.url("a"))
    actor = Actor.person(manager_a)
    with pytest.raises(ValidationError, match="on its way"):
        services.replay(hook=hook, actor=actor)
    assert send_hooks_due() == 1
    services.replay(hook=hook, actor=actor)
    assert send_hooks_due() == 1
    assert [headers["webhook-id"] for _, headers, _ in program.got] == [hook.message_id] * 2
    assert hook.tries.count() == 2
    services.disable_endpoint(endpoint=hook.endpoint, actor=actor)
    with pytest.raises(ValidationError, match="disabled"):
        services.replay(hook=hook, actor=actor)
    assert AuditEvent.objects.filter(action="webhook.replayed").count() == 1


def test_while_one_process_waits_for_receivers_the_other_is_free_for_mail(
    program: Program, platform_a: Organisation
) -> None:
    WebhookEndpointFactory(organisation=platform_a, url=program.url("a"))
    notify(people=[], key="1", subject="S", body="…", platform=platform_a)
    with owner() as another:
        another.execute("SELECT pg_advisory_lock(%s, 0)", [tasks.HOOKS_LOCK])
        tasks.send_hooks_due()
        assert program.got == []
        another.execute("SELECT pg_advisory_unlock(%s, 0)", [tasks.HOOKS_LOCK])
    tasks.send_hooks_due()
    assert [path for path, _, _ in program.got] == ["a"]


@pytest.mark.django_db(transaction=True)
def test_an_endpoint_is_not_deleted_under_what_is_about_to_be_told_to_it(platform_a: Organisation) -> None:
    """Else the commit of what the regulator does would fail by what a platform does at that moment."""
    endpoint = WebhookEndpointFactory(organisation=platform_a)
    with transaction.atomic():
        notify(people=[], key="1", subject="S", body="…", platform=platform_a)
        with owner() as own:
            own.execute("SET lock_timeout = '100ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                own.execute("DELETE FROM portal_webhookendpoint WHERE id = %s", [endpoint.pk])
            own.rollback()
    assert endpoint.hooks.count() == 1
