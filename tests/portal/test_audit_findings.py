"""What a check of the audit log finds besides changed rows: what has no seal, what was put in later, what an anchor denies."""

import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from portal import audit
from portal.audit import anchors, sealing
from portal.identity.actors import Actor
from portal.models import AuditAnchor, AuditEvent, AuditSeal, Mail, Organisation, Pulse, User
from tests.owner import force, rebuild_chain
from tests.reading import tight

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)


def happens(organisation: Organisation, count: int = 1) -> None:
    for _ in range(count):
        audit.record(actor=Actor.system("the test"), action="organisation.changed", subject=organisation)


def put_in(organisation: Organisation, **fields: Any) -> AuditEvent:
    """An event that someone writes past the service, as the application's role can: adding is what it may do."""
    event = audit.event_for(actor=Actor.system("nobody"), action="flag.dismissed", subject=organisation)
    for name, value in fields.items():
        setattr(event, name, value)
    event.save(force_insert=True)
    return event


def refusal(*words: str) -> str:
    with pytest.raises(CommandError) as refused:
        call_command("verify_audit", *words)
    return str(refused.value)


@pytest.fixture
def old(platform_a: Organisation) -> AuditEvent:
    happens(platform_a, 3)
    audit.seal_events()
    return put_in(platform_a, at=timezone.now() - timedelta(days=40))


def test_an_event_with_an_old_date_is_found_before_it_is_sealed_and_after(
    old: AuditEvent, client: Client, operator: User
) -> None:
    assert "1 event that should have a seal by now has none" in refusal()
    assert not AuditSeal.objects.filter(event=old).exists(), "the finding stays until the sealer does its work"
    client.force_login(operator)
    assert "1 event older than a minute is not sealed" in client.get("/health/").content.decode()
    assert "should have a seal" in client.post("/audit/verify/", follow=True).content.decode()
    assert audit.seal_events() == 1
    detail = refusal()
    assert f"event {old.pk} (flag.dismissed" in detail
    assert "it was put in later, or a clock was wrong" in detail
    call_command("verify_audit", "--dates-from", str(AuditSeal.objects.get(event=old).position + 1))


def test_what_comes_after_an_event_of_a_clock_that_was_ahead_is_sealed_and_no_finding(platform_a: Organisation) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        happens(platform_a)
        audit.seal_events()
    happens(platform_a, 7)
    assert audit.overdue().count() == 0, "they were written just now"
    assert audit.seal_events() == 7
    put_in(platform_a, at=timezone.now() + timedelta(days=30))
    assert "should have a seal by now" in refusal()
    audit.seal_events()
    happens(platform_a, 2)
    call_command("verify_audit")


def test_a_minute_without_a_seal_is_an_alarm_on_the_health_page(
    platform_a: Organisation, client: Client, operator: User
) -> None:
    client.force_login(operator)
    happens(platform_a, 2)
    assert "All events are sealed" in client.get("/health/").content.decode()
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert "2 events older than a minute are not sealed" in client.get("/health/").content.decode()


@pytest.mark.parametrize("number", [-5_000, 4_000_000_000_000])
def test_a_number_of_ones_own_choice_does_not_hide_an_event_or_those_after_it(
    platform_a: Organisation, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "NEWEST", 20)
    happens(platform_a, 6)
    audit.seal_events()
    hidden = put_in(platform_a, id=number)
    happens(platform_a, 2)
    audit.seal_events()
    assert audit.unsealed().count() == (1 if number < 0 else 0), "the newest numbers alone are looked at each time"
    with time_machine.travel(timezone.now() + sealing.ALL_EVERY + timedelta(seconds=1)):
        audit.seal_events()
    assert AuditSeal.objects.filter(event=hidden).exists()
    assert audit.unsealed().count() == 0


def test_more_than_the_newest_that_wait_are_sealed_in_their_order(
    platform_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    happens(platform_a)
    audit.seal_events()
    monkeypatch.setattr(sealing, "NEWEST", 4)
    happens(platform_a, 9)
    assert audit.seal_events() == 9
    in_order = list(AuditSeal.objects.order_by("position").values_list("event_id", flat=True))
    assert in_order == sorted(in_order)


def test_one_event_that_cannot_be_read_stops_no_other_and_is_reported(
    platform_a: Organisation, client: Client, operator: User
) -> None:
    happens(platform_a, 2)
    poison = put_in(platform_a)
    happens(platform_a, 2)
    with connection.cursor() as cursor:  # as JSON has it, and Python refuses it: 5,000 digits
        cursor.execute(
            "INSERT INTO portal_auditevent SELECT (jsonb_populate_record(e, jsonb_build_object('id', e.id + 100000, 'before',"
            " jsonb_build_object('n', repeat('9', 5000)::numeric)))).* FROM portal_auditevent e WHERE id = %s",
            [poison.pk],
        )
    assert audit.seal_events() == 5
    assert audit.seal_events() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        assert "1 event that should have a seal by now has none" in refusal()
        client.force_login(operator)
        assert "1 event older than a minute is not sealed" in client.get("/health/").content.decode()


@committed
def test_a_chain_made_again_gets_no_second_anchor_for_the_same_position(
    platform_a: Organisation, tmp_path: Path
) -> None:
    file = tmp_path / "anchors.jsonl"
    happens(platform_a, 3)
    call_command("verify_audit", "--write-anchor", str(file))
    call_command("verify_audit", "--write-anchor", str(file))
    written = file.read_text()
    assert written.count("\n") == 1, "the same position is written once"
    rebuild_chain(reason="as somebody would like it")
    assert audit.verify_chain().problem == "", "in itself it fits"
    assert "position 3 differs from the anchor written down for it" in refusal("--write-anchor", str(file))
    assert "position 3 differs from the anchor written down for it" in refusal("--anchor", str(file))
    assert file.read_text() == written


def test_two_anchors_for_one_position_are_a_finding(platform_a: Organisation, tmp_path: Path) -> None:
    file, other = tmp_path / "anchors.jsonl", tmp_path / "other.jsonl"
    happens(platform_a, 3)
    audit.seal_events()
    head = audit.verify_chain().head
    file.write_text("".join(json.dumps({"position": 3, "hash": hash_}) + "\n" for hash_ in (head, "f" * 64)))
    for words in (("--anchor", str(file)), ("--write-anchor", str(file))):
        assert "has two anchors for position 3" in refusal(*words)
    other.write_text(json.dumps({"position": 3, "hash": "f" * 64}) + "\n")
    file.write_text(json.dumps({"position": 3, "hash": head}) + "\n")
    assert "Position 3 has two different anchors" in refusal("--anchor", str(other), "--write-anchor", str(file))
    AuditAnchor.objects.create(position=3, hash="e" * 64)
    assert "two anchors for position 3, and they differ" in refusal("--anchor", str(file))
    assert "position 3 differs from the anchor" in refusal()


@pytest.mark.parametrize(
    "line", ["not JSON", '{"position": "x", "hash": "y"}', "[1]", '{"position": 1}', "[" * 100_000]
)
def test_a_file_that_is_no_file_of_anchors_is_refused_with_its_line(tmp_path: Path, line: str, db: None) -> None:
    file = tmp_path / "anchors.jsonl"
    file.write_text(f"\n{line}\n")
    assert "cannot be read as an anchor file: line 2" in refusal("--anchor", str(file))


class Outside:
    """Somebody outside who takes anchors: over HTTP on this machine."""

    def __init__(self) -> None:
        self.status, self.got = 200, list[dict[str, Any]]()


@pytest.fixture
def outside(settings: Any, tmp_path: Path) -> Iterator[Outside]:
    own = Outside()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            own.got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(own.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Silent: the test says what matters."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    place = f"127.0.0.1:{server.server_address[1]}"
    settings.FETCH_ALLOWED_PRIVATE = [place]
    settings.ANCHOR_URL, settings.ANCHOR_FILE = f"http://{place}/anchors", str(tmp_path / "anchors.jsonl")
    settings.ANCHOR_MAIL_TO, settings.ANCHOR_MINUTES = "notary@elsewhere.example", 60
    yield own
    server.shutdown()
    server.server_close()


def test_anchors_leave_to_a_file_an_address_and_by_mail_every_hour(
    outside: Outside, platform_a: Organisation, settings: Any
) -> None:
    happens(platform_a, 2)
    kept = anchors.leave_due()
    assert kept
    assert anchors.leave_due() is None, "not due yet"
    wanted = (2, AuditSeal.objects.get(position=2).hash)
    written = json.loads(Path(settings.ANCHOR_FILE).read_text())
    mail = Mail.objects.get(to="notary@elsewhere.example")
    assert (kept.position, kept.hash) == wanted
    assert (written["position"], written["hash"]) == wanted
    assert [(row["position"], row["hash"]) for row in outside.got] == [wanted]
    assert written["hash"] in mail.body
    assert "--anchor FILE" in mail.body
    happens(platform_a)
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert anchors.leave_due().position == 3
    with time_machine.travel(timezone.now() + timedelta(minutes=122)):
        assert anchors.leave_due().position == 3
    assert Path(settings.ANCHOR_FILE).read_text().count("\n") == 2
    assert [row["position"] for row in outside.got] == [2, 3, 3]
    assert Mail.objects.filter(to="notary@elsewhere.example").count() == 2
    call_command("verify_audit", "--anchor", settings.ANCHOR_FILE)


def test_one_way_that_is_blocked_leaves_the_others_open_and_is_tried_again_in_a_minute(
    outside: Outside, platform_a: Organisation, settings: Any, client: Client, operator: User
) -> None:
    outside.status = 503
    happens(platform_a)
    anchors.leave_due()
    assert Path(settings.ANCHOR_FILE).exists()
    client.force_login(operator)
    page = client.get("/health/").content.decode()
    assert "anchors: ANCHOR_URL: It answered with status 503." in page
    outside.status = 200
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert anchors.leave_due()
        assert "was stored outside the database on" in client.get("/health/").content.decode()


def test_without_a_place_outside_no_anchor_is_kept_and_health_says_so(
    platform_a: Organisation, client: Client, operator: User
) -> None:
    happens(platform_a)
    assert anchors.leave_due() is None
    assert not AuditAnchor.objects.exists()
    client.force_login(operator)
    page = tight(client.get("/health/").content.decode())
    assert "Off: no location outside the database is set." in page
    assert re.search(r'Audit anchors</th><td[^>]*><span class="wb-tag ?">Off</span>', page), "what is off is not OK"
    assert re.search(r'Database</th><td[^>]*><span class="wb-tag is-ok">OK</span>', page)


@committed
def test_no_anchor_leaves_once_the_chain_was_made_again_and_health_says_why(
    outside: Outside, platform_a: Organisation, settings: Any, client: Client, operator: User
) -> None:
    happens(platform_a, 2)
    assert anchors.leave_due()
    written = Path(settings.ANCHOR_FILE).read_text()
    rebuild_chain(reason="as somebody would like it")
    force("DELETE FROM portal_auditanchor")  # the database's own copy went with it; the file is elsewhere
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert anchors.leave_due() is None
        client.force_login(operator)
        assert "position 2 differs from the anchor written down for it" in client.get("/health/").content.decode()
    assert Path(settings.ANCHOR_FILE).read_text() == written
    assert (len(outside.got), Mail.objects.filter(to="notary@elsewhere.example").count()) == (1, 1)
    assert not AuditAnchor.objects.exists()
    assert "position 2 differs" in refusal(), "ANCHOR_FILE is compared without being named"


def test_an_address_that_is_not_public_is_not_asked(outside: Outside, platform_a: Organisation, settings: Any) -> None:
    settings.FETCH_ALLOWED_PRIVATE = []
    happens(platform_a)
    anchors.leave_due()
    assert outside.got == []
    assert Pulse.objects.get(name=anchors.pulse_of("ANCHOR_URL")).detail.startswith("Refused")
