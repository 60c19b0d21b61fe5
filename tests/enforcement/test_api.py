"""The API of clocks and observations, and how it refuses."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from enforcement.evidence_packs.verification import check_pack
from enforcement.models import Letter, Observation, Takedown
from listings.models import Flag
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from tests.factories import UserFactory
from tests.world import PopulatedSite

pytestmark = pytest.mark.django_db
ONE_SITE = True


@pytest.fixture
def call(populated_site: PopulatedSite) -> Callable[..., Any]:
    """`call("POST", "observations", {...})` with platform_a's key."""

    def send(method: str, path: str, data: object = None) -> Any:
        client = Client(HTTP_AUTHORIZATION=f"Bearer {populated_site.secret}")
        return client.generic(
            method, f"/api/v1/{path}", "" if data is None else json.dumps(data), content_type="application/json"
        )

    return send


def test_a_takedown_returns_its_clock_and_every_check(populated_site: PopulatedSite, call: Callable[..., Any]) -> None:
    answer = call("GET", f"takedowns/{populated_site.flag.pk}").json()
    assert (answer["status"], answer["flag"]) == ("running", populated_site.flag.pk)
    assert "6 hours after" in answer["deadline_reason"]
    assert [check["verdict"] for check in answer["observations"]] == ["unknown"]


def test_version_one_answers_under_its_first_names_too(populated_site: PopulatedSite, call: Callable[..., Any]) -> None:
    def both(answer: dict[str, Any], **names: str) -> bool:
        return all(answer[first] == answer[today] for first, today in names.items())

    clock = call("GET", f"takedowns/{populated_site.flag.pk}").json()
    assert both(clock, started_because="start_reason", due_because="deadline_reason", next_look_at="next_check_at")
    assert both(clock["observations"][0], says="detail")
    (listed,) = call("GET", "takedowns").json()["results"]
    assert both(listed, due_because="deadline_reason", next_look_at="next_check_at")
    escalation = call("GET", "escalations").json()["results"][0]
    assert both(escalation, rung="step")
    flag = call("GET", f"flags/{populated_site.flag.pk}").json()
    assert both(flag, relisted_why="relisted_reason")
    terms = call("GET", f"notices/{populated_site.notice.pk}").json()["terms"]
    assert both(terms, looks_needed="checks_needed", looks_apart_seconds="check_interval_seconds")
    assert [step["rung"] for step in terms["steps"]] == [step["step"] for step in terms["steps"]] == [1, 2, 3, 4]
    assert call("GET", "innocents").json()["results"] == call("GET", "exclusions").json()["results"]


def test_the_schema_marks_first_names_as_deprecated(client: Client) -> None:
    schema = client.get("/api/v1/schema", {"format": "json"}).json()
    fields = {
        name: part["properties"] for name, part in schema["components"]["schemas"].items() if "properties" in part
    }
    for part, names in {
        "Observation": ("says",),
        "Clock": ("due_because", "next_look_at"),
        "Takedown": ("started_because", "due_because", "next_look_at"),
        "Escalation": ("rung",),
        "Flag": ("relisted_why",),
    }.items():
        assert all(fields[part][name].get("deprecated") for name in names), part
    assert schema["paths"]["/api/v1/innocents"]["get"]["deprecated"]
    assert "deprecated" not in schema["paths"]["/api/v1/exclusions"]["get"]


def test_a_report_is_kept_as_the_platforms_claim_and_proves_nothing(
    populated_site: PopulatedSite, call: Callable[..., Any]
) -> None:
    answer = call("POST", "observations", {"flag": populated_site.flag.pk, "verdict": "gone", "note": "taken down"})
    assert answer.status_code == 201
    assert Observation.objects.filter(source="api", verdict="gone").count() == 1
    assert Flag.objects.get(pk=populated_site.flag.pk).status == "open"


@pytest.mark.parametrize(
    ("data", "field"),
    [({}, "flag"), ({"flag": "x", "verdict": "gone"}, "flag"), ({"flag": 1, "verdict": "vanished"}, "verdict")],
)
def test_a_wrong_report_names_the_field(data: dict[str, object], field: str, call: Callable[..., Any]) -> None:
    answer = call("POST", "observations", data)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert field in answer.json()["errors"]


def test_a_report_on_a_missing_flag_is_404(call: Callable[..., Any]) -> None:
    assert call("POST", "observations", {"flag": 999_999, "verdict": "gone"}).status_code == 404


def test_a_claim_needs_a_person_of_the_platform_and_a_stale_decision_is_a_conflict(
    populated_site: PopulatedSite, officer: User, moderator_a: User, call: Callable[..., Any]
) -> None:
    assert call("POST", f"flags/{populated_site.flag.pk}/claim", {"person": officer.email}).status_code == 422
    claimed = call("POST", f"flags/{populated_site.flag.pk}/claim", {"person": moderator_a.email}).json()
    assert claimed["claimed_by"] == moderator_a.email
    assert (
        call("POST", f"flags/{populated_site.flag.pk}/decide", {"kind": "removed", "seen": claimed["seen"]}).status_code
        == 409
    ), "a person holds it"
    Flag.objects.update(claimed_by=None)
    assert (
        call("POST", f"flags/{populated_site.flag.pk}/decide", {"kind": "removed", "seen": "open:77"}).status_code
        == 409
    )
    assert (
        call("POST", f"flags/{populated_site.flag.pk}/decide", {"kind": "removed", "seen": claimed["seen"]}).json()[
            "status"
        ]
        == "claimed_removed"
    )


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '{"listings": 3}',
        '{"listings": [[[]]]}',
        '{"listings": [{"id": "\\u0000", "title": "\\ud800"}]}',
        "[" * 50_000,
    ],
)
def test_nonsense_is_refused_and_never_breaks(body: str, populated_site: PopulatedSite) -> None:
    client = Client(HTTP_AUTHORIZATION=f"Bearer {populated_site.secret}")
    answer = client.post("/api/v1/listings/bulk", body, content_type="application/json")
    assert answer.status_code in {200, 400, 422}, answer.content


def test_the_schema_names_every_call_and_the_page_shows_them(client: Client) -> None:
    schema = client.get("/api/v1/schema").content.decode()
    page = client.get("/api/docs").content.decode()
    for path in (
        "/notices",
        "/notices/{id}/acknowledge",
        "/listings/bulk",
        "/flags",
        "/flags/{id}/decide",
        "/takedowns/{flag_id}",
        "/observations",
    ):
        assert path in schema, path
        assert path in page, path


def test_the_clocks_are_listed_and_filtered(populated_site: PopulatedSite, call: Callable[..., Any]) -> None:
    [row] = call("GET", "takedowns").json()["results"]
    assert (row["flag"], row["listing"], row["is_late"]) == (
        populated_site.flag.pk,
        populated_site.listing.external_id,
        False,
    )
    assert call("GET", "takedowns?late=yes").json()["results"] == []
    Takedown.objects.update(due_at=timezone.now() - timedelta(hours=1))
    assert [row["is_late"] for row in call("GET", "takedowns?late=yes").json()["results"]] == [True]
    assert call("GET", "takedowns?status=met").json()["results"] == []


def test_a_platform_reads_the_steps_it_was_notified_of_and_the_letters_that_were_sent(
    populated_site: PopulatedSite, call: Callable[..., Any]
) -> None:
    rows = call("GET", "escalations").json()["results"]
    assert {row["kind"] for row in rows} == {"reminder"}
    assert call("GET", "letters").json()["results"] == []
    assert call("GET", f"letters/{populated_site.letter.pk}").status_code == 404
    Letter.objects.update(status="sent", reviewed_at=timezone.now())
    [letter] = call("GET", "letters").json()["results"]
    assert (letter["body"], letter["flag"]) == (populated_site.letter.body, populated_site.flag.pk)
    assert call("GET", f"letters/{populated_site.letter.pk}").json() == letter


def test_a_platforms_program_downloads_a_pack_that_verifies(
    populated_site: PopulatedSite, call: Callable[..., Any], tmp_path: Path
) -> None:
    answer = call("POST", f"takedowns/{populated_site.flag.pk}/pack")
    assert answer["Content-Type"] == "application/zip"
    path = tmp_path / "pack.zip"
    path.write_bytes(b"".join(answer.streaming_content))
    assert check_pack(path).problems == []
    assert AuditEvent.objects.filter(action="pack.made", api_key__isnull=False).count() == 1


@pytest.mark.parametrize("path", ["takedowns", "escalations", "letters"])
def test_another_platforms_key_lists_none_of_it(
    path: str, populated_site: PopulatedSite, platform_b: Organisation
) -> None:
    Letter.objects.update(status="sent", reviewed_at=timezone.now())
    _, secret = api_keys.create_key(
        organisation=platform_b,
        name="sync",
        scopes=["flags"],
        days=90,
        actor=Actor.person(UserFactory(organisation=platform_b, role="platform_manager")),
    )
    client = Client(HTTP_AUTHORIZATION=f"Bearer {secret}")
    packs = AuditEvent.objects.filter(action="pack.started").count()
    assert client.get(f"/api/v1/{path}").json()["results"] == []
    assert client.get(f"/api/v1/letters/{populated_site.letter.pk}").status_code == 404
    assert client.post(f"/api/v1/takedowns/{populated_site.flag.pk}/pack").status_code == 404
    assert AuditEvent.objects.filter(action="pack.started").count() == packs
