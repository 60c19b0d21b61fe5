"""One case, one truth: every place that shows its deadline means the same moment, and all agree whether it is late."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from enforcement import services
from enforcement.board_metrics import METRICS
from enforcement.models import Letter, Takedown
from enforcement.redaction.case import redacted_case
from enforcement.redaction.files import case_pack
from enforcement.redaction.rules import Receiver
from portal import audit
from portal.http.moments import zone_label
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import AuditEvent, Mail, Notification, Organisation, User
from tests.enforcement import clock_oracle as oracle
from tests.exporting import exported
from tests.factories import TERMS, FlagFactory, ListingFactory, NoticeFactory, RecallFactory

pytestmark = pytest.mark.django_db
SENT = datetime(2026, 3, 26, 15, 0, tzinfo=UTC)  # a Thursday; clocks in Berlin go forward on Sunday the 29th
DUE = datetime(2026, 3, 30, 22, 0, tzinfo=UTC)  # the end of Monday there
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
READERS = (("America/New_York", "en"), ("Europe/Berlin", "de"), ("Asia/Kathmandu", "es"), ("Asia/Shanghai", "zh-hans"))
STATES = {"late": True, "paused": False, "in time": False, "confirmed late": True}
"""What the case can have come to, and whether it is late then."""


@pytest.fixture(params=STATES)
def case(
    request: pytest.FixtureRequest, regulator: Organisation, platform_a: Organisation, moderator_a: User, officer: User
) -> Iterator[tuple[Takedown, str]]:
    """Two working days in Germany from a Thursday; looked at two days after the deadline. One person is there from the start
    on each side, so that every step reaches them."""
    state = request.param
    terms = {
        **TERMS,
        "amount": 2,
        "unit": "working_days",
        "country": "DE",
        "time_zone": "Europe/Berlin",
        "checks_needed": 1,
    }
    with time_machine.travel(SENT, tick=False) as clock:
        notice = NoticeFactory(
            recall=RecallFactory(regulator=regulator), platform=platform_a, sent_at=SENT, matched_at=SENT, terms=terms
        )
        flag = FlagFactory(notice=notice, listing=ListingFactory(platform=platform_a, link=""), opened_at=SENT)
        takedown = services.start_clock(flag=flag)
        assert takedown.due_at == DUE
        if state == "paused":
            clock.shift(HOUR)
            services.pause_clock(takedown=takedown, reason="Waiting.", actor=Actor.person(officer))
        if state in {"in time", "confirmed late"}:
            clock.move_to(DUE - SECOND if state == "in time" else DUE + SECOND)
            seen = services.Seen(takedown, "page", "gone", "test")
            services.record_observation(seen=seen, actor=Actor.system("test"))
        clock.move_to(DUE + timedelta(days=2))
        while services.sweep_escalations():
            pass
        audit.seal_events()
        takedown.refresh_from_db()
        yield takedown, state


def key_of(person: User) -> Client:
    _, secret = api_keys.create_key(
        organisation=person.organisation, name="sync", scopes=["flags"], days=90, actor=Actor.person(person)
    )
    return Client(HTTP_AUTHORIZATION=f"Bearer {secret}")


def listed(client: Client, **query: str) -> list[dict[str, str]]:
    """The rows of the list of takedowns as CSV."""
    address = f"/exports/of/takedowns/?{urlencode(query)}"
    data = exported(client, client.post(address, {"format": "csv"}))
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def packed(takedown: Takedown, officer: User) -> dict[str, bytes]:
    pack = services.start_takedown_pack(takedown=takedown, actor=Actor.person(officer))
    with zipfile.ZipFile(io.BytesIO(b"".join(services.stream_pack(pack)))) as files:
        return {name: files.read(name) for name in files.namelist()}


def handed_out(takedown: Takedown, officer: User) -> str:
    """The redacted copy for a court, as one text."""
    document = redacted_case(case_pack(takedown, Actor.person(officer)), receiver=Receiver.COURT).document
    return json.dumps([[section.title, section.rows] for section in document.sections], default=str)


def pdf_text(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())


@pytest.mark.parametrize(("zone", "language"), READERS)
def test_each_reader_is_shown_the_same_moment_in_their_own_zone(
    zone: str, language: str, case: tuple[Takedown, str], officer: User, client: Client
) -> None:
    takedown, state = case
    User.objects.filter(pk=officer.pk).update(time_zone=zone, language=language)
    client.force_login(User.objects.get(pk=officer.pk))
    pages = {
        "takedown": reverse("enforcement:takedown", args=[takedown.pk]),
        "flag": reverse("listings:flag", args=[takedown.flag_id]),
    }
    if state == "late":
        pages["escalations"] = reverse("enforcement:escalations")
    if state in {"in time", "confirmed late"}:
        pages["takedowns"] = reverse("enforcement:takedowns")
    exact = DUE.isoformat(timespec="seconds")
    for name, address in pages.items():
        shown = re.findall(
            rf'<time datetime="{re.escape(exact)}"[^>]*>([^<]*)</time>', client.get(address).content.decode()
        )
        assert shown, name
        local = DUE.astimezone(ZoneInfo(zone))
        for words in shown:
            assert words.endswith(f" {zone_label(local)}"), (name, words)
            if language == "en":
                assert words.startswith(oracle.in_words(DUE, ZoneInfo(zone))), (name, words)
            elif zone == "Europe/Berlin":
                assert "30" in words, (name, words)
                assert "00:00" not in words, (name, words)
            else:
                assert f"{local:%H:%M}" in words, (name, words)


def test_programs_files_and_mails_mean_the_same_moment(
    case: tuple[Takedown, str], officer: User, moderator_a: User, manager_a: User, sign_in: Callable[[User], Client],
    settings: Any, tmp_path: Path,
) -> None:  # fmt: skip
    settings.MEDIA_ROOT = tmp_path
    takedown, state = case
    api = key_of(manager_a)
    rows: dict[str, str] = {
        "API, list": api.get("/api/v1/takedowns").json()["results"][0]["due_at"],
        "API, takedown": api.get(f"/api/v1/takedowns/{takedown.flag_id}").json()["due_at"],
        "API, flag": api.get(f"/api/v1/flags/{takedown.flag_id}").json()["due_at"],
        "CSV": listed(sign_in(officer))[0]["due at"],
    }
    assert {name: datetime.fromisoformat(text) for name, text in rows.items()} == dict.fromkeys(rows, DUE)
    files = packed(takedown, officer)
    summary = " ".join(re.sub(r"<[^>]*>", " ", files["summary.html"].decode()).split())
    assert (
        "Deadline 2026-03-30 22:00:00: end of the 2nd working day (DE) after Thu 26 Mar 2026 in Europe/Berlin"
        in summary
    )
    assert "2026-03-30 22:00:00" in pdf_text(files["summary.pdf"])
    assert "2026-03-30 22:00" in handed_out(takedown, officer)
    if state == "late":
        assert "2026-03-30 22:00 UTC (end of the 2nd working day (DE)" in Letter.objects.get().body
        reminder = Notification.objects.get(person=moderator_a, subject__startswith="Late: Reminder")
        assert "Deadline: 30 Mar 2026 22:00 UTC." in reminder.body
        assert "Deadline: 30 Mar 2026" in Mail.objects.filter(to="safety@bazaarly.example").first().body
        assert AuditEvent.objects.get(action="takedown.missed").reason == "The deadline was 30 Mar 2026 22:00:00 UTC."


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "Frist: 2026-03-30 22:00 UTC (Ende von Arbeitstag 2 (DE) nach dem 26. März 2026 in Europe/Berlin)"),
        ("es", "Plazo: 2026-03-30 22:00 UTC ("),
        ("zh-hans", "截止时间：2026-03-30 22:00 UTC（"),
    ],
)
def test_a_letter_gives_the_reason_of_the_deadline_in_its_own_language(
    language: str, words: str, regulator: Organisation, platform_a: Organisation
) -> None:
    Organisation.objects.filter(pk=platform_a.pk).update(language=language)
    terms = {**TERMS, "amount": 2, "unit": "working_days", "country": "DE", "time_zone": "Europe/Berlin"}
    with time_machine.travel(SENT, tick=False) as clock:
        notice = NoticeFactory(
            recall=RecallFactory(regulator=regulator), platform=platform_a, sent_at=SENT, terms=terms
        )
        services.start_clock(
            flag=FlagFactory(notice=notice, listing=ListingFactory(platform=platform_a, link=""), opened_at=SENT)
        )
        clock.move_to(DUE + timedelta(days=2))
        while services.sweep_escalations():
            pass
    body = Letter.objects.get().body
    assert words in body
    assert "working day" not in body
    assert "&" not in body
    assert "<" not in body


def test_every_place_agrees_whether_the_case_is_late(
    case: tuple[Takedown, str], officer: User, manager_a: User, sign_in: Callable[[User], Client], settings: Any, tmp_path: Path
) -> None:  # fmt: skip
    settings.MEDIA_ROOT = tmp_path
    takedown, state = case
    client, api, actor = sign_in(officer), key_of(manager_a), Actor.person(officer)
    is_open, closed = state in {"late", "paused"}, state in {"in time", "confirmed late"}
    page = client.get(reverse("enforcement:takedown", args=[takedown.pk])).content.decode()
    record = services.platform_record(actor=actor, platform=takedown.platform, days=30)
    figures = services.figures(actor=actor, days=30)
    board = client.get(reverse("enforcement:board"))
    wall = {name: number for name, _, number, _ in client.get(reverse("enforcement:wallboard")).context["totals"]}
    metrics = {name: number for name, _, number in board.context["page"].rows[0].metrics}
    summary = packed(takedown, officer)["summary.html"].decode()
    places: dict[str, bool] = {
        "row": takedown.is_late,
        "page, tag": '<span class="wb-tag is-late">' in page,
        "API": api.get("/api/v1/takedowns").json()["results"][0]["is_late"],
        "CSV of the late ones": bool(listed(client, late="yes")),
        "not among those in time": not listed(client, late="no"),
        "pack": bool(re.search(r"<dt>Clock</dt>\s*<dd>[^<]*, late", summary)),
        "redacted copy": ", late" in handed_out(takedown, officer),
    }
    if is_open:
        places |= {
            "board": bool(metrics["late"]),
            "board, total": bool(board.context["totals"]["late"]),
            "wallboard": bool(wall["late"]),
            "list behind the total": bool(
                client.get(reverse("enforcement:takedowns"), {"total": "late"}).context["page"].rows
            ),
            "figures": bool(figures.total("late")),
            "platform": bool(record.late_now),
            "list, time left": "wb-due is-late" in client.get(reverse("enforcement:takedowns")).content.decode(),
        }
        assert set(METRICS) == set(metrics)
    if closed:
        places |= {
            "figures": not figures.total("in_time"),
            "record": bool(record.outcome.late),
            "total in time": not client.get(reverse("enforcement:takedowns"), {"total": "in_time"})
            .context["page"]
            .rows,
            "event": AuditEvent.objects.filter(action="takedown.met_late").exists(),
            "page, words": "late.</strong>" in page,
        }
    places["missed deadlines of the weeks"] = sum(count for _, count in figures.missed) == 1
    places["weeks of the board"] = (
        sum(each.missed for each in services.outcomes(Takedown.objects.all(), by="week")) == 1
    )
    assert {name for name, late in places.items() if late is not STATES[state]} == set()
