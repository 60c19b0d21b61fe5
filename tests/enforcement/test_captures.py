"""Every check is sealed as a whole: its audit event proves everything that is stored of it."""

import json
import zlib
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from enforcement import services
from enforcement.checks.captures import canonical_capture, capture_digest
from enforcement.checks.fetch import Capture
from enforcement.models import CheckPlan, Observation, Takedown
from listings.models import Flag
from portal import audit
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from tests.factories import FlagFactory, ListingFactory, NoticeFactory, RecallFactory
from tests.portal.test_imaging import claiming

pytestmark = pytest.mark.django_db
BODY = b"<html><head><title>Shop \x00 of\n heaters</title></head><body><h1>This item is no longer available</h1></body></html>"
CAPTURE = Capture(
    url="https://shop.example.org/listing/L-1",
    at=datetime(2026, 3, 3, 9, 30, 15, 123456, tzinfo=UTC),
    status=200,
    final_url="https://shop.example.org/gone/L-1",
    chain=("https://shop.example.org/listing/L-1",),
    headers={"content-type": "text/html; charset=utf-8", "chain": "a header of this name", "x-ümlaut": "ß"},
    body=BODY,
)


@pytest.fixture
def takedown(platform_a: Organisation, regulator: Organisation) -> Takedown:
    notice = NoticeFactory(recall=RecallFactory(regulator=regulator), platform=platform_a)
    flag = FlagFactory(notice=notice, listing=ListingFactory(platform=platform_a), opened_at=notice.sent_at)
    return services.start_clock(flag=flag)


@pytest.fixture
def seen(takedown: Takedown, monkeypatch: pytest.MonkeyPatch) -> Observation:
    monkeypatch.setattr("enforcement.checks.services.removal_checks.fetch_page", lambda _url, **_: CAPTURE)
    Flag.objects.update(status="claimed_removed")
    CheckPlan.objects.update(next_at=CAPTURE.at)
    assert services.observe_due() == 1
    return Observation.objects.get()


def sealed_digest() -> str:
    return str(AuditEvent.objects.get(action="observation.recorded").after["capture_digest"])


def test_the_event_proves_what_the_database_holds(seen: Observation) -> None:
    assert sealed_digest() == capture_digest(seen) == sha256(canonical_capture(seen)).hexdigest()


def test_the_capture_contains_everything_that_was_seen(seen: Observation) -> None:
    content = json.loads(canonical_capture(seen))
    assert content["status"] == 200
    assert content["redirects"] == list(CAPTURE.chain)
    assert content["final_url"] == CAPTURE.final_url
    assert content["headers"] == CAPTURE.headers, "a header called chain stays a header"
    assert content["extracted"].pop("control").startswith(f"control check {seen.control_id} of shop.example.org: ")
    assert content["extracted"] == {"title": "Shop \ufffd of heaters", "headings": "This item is no longer available"}
    assert (content["verdict"], content["rule"]) == ("gone", "says_ended")
    assert content["at"] == "2026-03-03T09:30:15.123456+00:00"
    assert content["who"] == ["System: page check", None]
    assert content["body_sha256"] == sha256(BODY).hexdigest()
    assert zlib.decompress(bytes(seen.body)) == BODY


@pytest.mark.parametrize(
    "change",
    [
        {"verdict": "live"}, {"rule": "status_404"}, {"detail": "x"}, {"status_code": 404}, {"url": "https://x.example"},
        {"final_url": ""}, {"redirects": []}, {"headers": {}}, {"extracted": {}}, {"body_digest": "0" * 64},
        {"source": "person"}, {"actor_label": "Somebody else"}, {"at": datetime(2026, 3, 3, tzinfo=UTC)},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_a_change_to_any_part_of_a_check_shows(seen: Observation, change: dict[str, Any]) -> None:
    Observation.objects.update(**change)
    assert capture_digest(Observation.objects.get()) != sealed_digest()


def test_the_chain_covers_the_digest(seen: Observation) -> None:
    audit.seal_events()
    event = AuditEvent.objects.select_related("seal").get(action="observation.recorded")
    assert audit.content_of(event)["after"]["capture_digest"] == capture_digest(seen)
    assert audit.verify_chain().problem == ""


def test_checks_without_a_page_are_sealed_too(takedown: Takedown, system: Actor) -> None:
    services.record_person_check(takedown=takedown, verdict="gone", note="Not there any more", actor=system)
    assert sealed_digest() == capture_digest(Observation.objects.get())


def test_a_screenshot_is_stored_sealed_and_served_as_an_image(
    takedown: Takedown, officer: User, sign_in: Callable[[User], Client]
) -> None:
    stream = BytesIO()
    Image.new("RGB", (40, 30), "red").save(stream, "PNG")
    picture, address = stream.getvalue(), reverse("enforcement:record_check", args=[takedown.pk])
    client = sign_in(officer)
    given = {"verdict": "gone", "note": "The page is empty.", "url": "https://shop.example.org/x"}
    for wrong in (b"<script>alert(1)</script>", picture[:30]):
        file = SimpleUploadedFile("screen.png", wrong, content_type="image/png")
        assert client.post(address, given | {"screenshot": file}).status_code == 422
    assert not Observation.objects.exists()
    file = SimpleUploadedFile("screen.html", picture, content_type="text/html")
    assert client.post(address, given | {"screenshot": file}).status_code == 302
    seen = Observation.objects.get()
    assert (seen.source, seen.headers) == ("person", {"content-type": "image/png"})
    assert seen.body_digest == sha256(picture).hexdigest()
    assert AuditEvent.objects.get(action="observation.recorded").after["body_digest"] == seen.body_digest
    answer = client.get(address, {"observation": seen.pk})
    assert (answer.content, answer["Content-Type"]) == (picture, "image/png")
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("size", [(8_000, 5_001), (30_000, 30_000)])
def test_a_screenshot_keeps_to_the_limits_of_every_image(
    takedown: Takedown, officer: User, sign_in: Callable[[User], Client], size: tuple[int, int]
) -> None:
    file = SimpleUploadedFile("screen.png", claiming(*size), content_type="image/png")
    given = {"verdict": "gone", "note": "The page is empty.", "url": "https://shop.example.org/x", "screenshot": file}
    answer = sign_in(officer).post(reverse("enforcement:record_check", args=[takedown.pk]), given)
    assert answer.status_code == 422
    assert b"has more than 40 million pixels" in answer.content
    assert not Observation.objects.exists()
