"""What every call of the API keeps to: its names, its types, its limits, one effect, and the state it was meant for."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from enforcement.models import Extension, Observation
from listings.models import CatalogueImport, Decision, Flag, Listing, Message
from listings.services.storing import STORE_LOCK
from portal.api import idempotency, in_flight
from portal.api.views import ApiView
from portal.http.problems import PROBLEMS
from portal.models import AuditEvent, KeptAnswer, Organisation
from portal.retention.running import apply_retention
from tests.world import PopulatedSite

pytestmark = pytest.mark.django_db
ONE_SITE = True
Call = Callable[..., Any]


@pytest.fixture
def call(populated_site: PopulatedSite) -> Call:
    """`call("POST", "observations", {...}, if_match=…)` with platform_a's key."""

    def send(method: str, path: str, data: object = None, **headers: str) -> Any:
        client = Client(HTTP_AUTHORIZATION=f"Bearer {populated_site.secret}")
        more = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        body = "" if data is None else json.dumps(data)
        return client.generic(method, f"/api/v1/{path}", body, content_type="application/json", **more)

    return send


def problem(answer: HttpResponse) -> tuple[int, str]:
    body = json.loads(answer.content)
    assert answer["Content-Type"] == "application/problem+json"
    assert body["type"].endswith(f"/api/docs/errors#{body['code']}")
    assert body["status"] == answer.status_code == PROBLEMS[body["code"]].status
    return answer.status_code, body["code"]


@contextmanager
def another_session() -> Iterator[Any]:
    """A connection of another process, for what it holds."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            yield cursor
    finally:
        other.close()


def api_views() -> dict[str, Any]:
    prefix = "portal.api.urls"
    parts = (part for part in get_resolver().url_patterns if isinstance(part, URLResolver))
    (api,) = (part for part in parts if getattr(part.urlconf_name, "__name__", "") == prefix)
    found: dict[str, Any] = {}
    for part in api.url_patterns:
        for pattern in getattr(part, "url_patterns", [part]):
            found[pattern.name] = getattr(pattern.callback, "view_class", pattern.callback)
    return found


def test_every_call_keeps_to_the_same_rules() -> None:
    views = api_views()
    assert len(views) > 20
    others = {name for name, view in views.items() if not (isinstance(view, type) and issubclass(view, ApiView))}
    assert others == {"schema", "docs", "errors"}


NEAR_PARAMETERS = [
    ("flags?sinse=2026-01-01T00:00:00Z", "since"),
    ("flags?statsu=open", "status"),
    ("takedowns?since=yesterday", "updated_since"),
    ("notices?update_since=x", "updated_since"),
    ("listings?feilds=id", "fields"),
]


def test_an_unknown_query_parameter_is_refused_with_the_nearest_name(call: Call) -> None:
    for path, near in NEAR_PARAMETERS:
        answer = call("GET", path)
        assert problem(answer) == (400, "unknown_parameter")
        assert f"Did you mean {near}?" in answer.json()["detail"]


def test_a_call_without_parameters_takes_none(populated_site: PopulatedSite, call: Call) -> None:
    answer = call("POST", f"notices/{populated_site.notice.pk}/acknowledge?dry_run=yes")
    assert problem(answer) == (400, "unknown_parameter")
    populated_site.notice.refresh_from_db()
    assert populated_site.notice.acknowledged_at is None


def test_an_unknown_field_is_refused_with_the_nearest_name_and_nothing_moves(
    populated_site: PopulatedSite, call: Call
) -> None:
    flag = populated_site.flag
    answer = call("POST", f"flags/{flag.pk}/decide", {"kind": "removed", "sean": "open:0"})
    assert problem(answer) == (400, "unknown_field")
    assert "Did you mean seen?" in answer.json()["detail"]
    assert Decision.objects.filter(flag=flag).count() == 0


WRONG_TYPES = [
    ("observations", {"flag": "1", "verdict": "gone"}, "flag"),
    ("observations", {"flag": True, "verdict": "gone"}, "flag"),
    ("observations", {"flag": 1, "verdict": "gone", "note": 5}, "note"),
    ("observations", {"flag": 1, "verdict": "gone", "note": ["x"]}, "note"),
    ("takedowns/{flag}/extension", {"amount": "2", "reason": "x"}, "amount"),
    ("takedowns/{flag}/extension", {"amount": 2, "reason": 7}, "reason"),
    ("flags/{flag}/decide", {"kind": "removed", "seen": 5}, "seen"),
    ("flags/{flag}/messages", {"text": "x", "mentions": [5]}, "mentions"),
    ("flags/{flag}/messages", {"text": "x", "mentions": "nia@bazaarly.example"}, "mentions"),
    ("listings/bulk", {"listings": {"id": "1"}}, "listings"),
]


def test_a_value_of_another_type_is_refused_and_nothing_moves(populated_site: PopulatedSite, call: Call) -> None:
    for path, data, field in WRONG_TYPES:
        before = [model.objects.count() for model in (Observation, Extension, Message, Decision)]
        answer = call("POST", path.format(flag=populated_site.flag.pk), data)
        assert problem(answer) == (422, "invalid")
        assert list(answer.json()["errors"]) == [field]
        after = [model.objects.count() for model in (Observation, Extension, Message, Decision)]
        assert after == before


WRONG_PARAMETERS = ["flags?since=yesterday", "flags?updated_since=yesterday", "takedowns?notice=x"]


def test_a_parameter_of_another_type_is_refused(call: Call) -> None:
    for path in WRONG_PARAMETERS:
        assert problem(call("GET", path)) == (422, "invalid")


def test_an_item_of_another_shape_costs_itself_alone(call: Call, platform_a: Organisation) -> None:
    items = [{"id": "T1", "title": ["x"]}, {"id": "T2", "titel": "Lamp", "title": "Lamp"}, {"id": True, "title": "Lamp"},
             None, {"id": "T3", "title": "Lamp", "present": "no"}, {"id": "T4", "title": "Lamp"}]  # fmt: skip
    results = call("POST", "listings/bulk", {"listings": items}).json()["results"]
    assert [row["result"] for row in results] == ["rejected"] * 5 + ["created"]
    assert [row["reasons"] for row in results[:3]] == [
        ["title must be text in quotes"],
        ["there is no field 'titel': did you mean title?"],
        ["id must be text in quotes or a number"],
    ]
    assert list(Listing.objects.filter(external_id__startswith="T").values_list("external_id", flat=True)) == ["T4"]


def test_numbers_are_taken_where_other_systems_hold_numbers(call: Call, platform_a: Organisation) -> None:
    item = {"id": 4711, "title": "Lamp", "gtin": 36000291452, "mpn": 100, "price": 12.5, "currency": "USD"}
    answer = call("POST", "listings/bulk", {"listings": [item, {"id": 4712, "title": "Lamp", "brand": 3}]}).json()
    assert [row["result"] for row in answer["results"]] == ["created", "rejected"]
    stored = Listing.objects.get(platform=platform_a, external_id="4711")
    assert (stored.gtin, stored.mpn, stored.price, stored.currency) == ("36000291452", "100", Decimal("12.5"), "USD")


def test_one_listing_is_taken_off_sale_by_the_platforms_word(populated_site: PopulatedSite, call: Call) -> None:
    path = f"listings/{populated_site.listing.external_id}"
    answer = call("PATCH", path, {"present": False}).json()
    assert (answer["result"], answer["listing"]["present"]) == ("absent", False)
    assert Listing.objects.get(pk=populated_site.listing.pk).present is False
    event = AuditEvent.objects.get(action="listing.off_sale")
    assert event.api_key_id == populated_site.key.pk
    seen = Observation.objects.filter(takedown=populated_site.takedown).latest("pk")
    assert (seen.source, seen.verdict) == ("api", "gone")
    assert Flag.objects.get(pk=populated_site.flag.pk).status == "open", "a word proves no removal"
    assert call("PATCH", path, {"present": False}).json()["result"] == "unchanged"
    assert call("PATCH", path, {"present": True}).json()["result"] == "present"
    assert Listing.objects.get(pk=populated_site.listing.pk).match_due, "what is back on sale is matched again"


def test_bulk_takes_listings_off_sale_and_says_what_happened(populated_site: PopulatedSite, call: Call) -> None:
    known = populated_site.listing.external_id
    items = [{"id": known, "present": False}, {"id": "nowhere", "present": False}, {"id": known, "present": False, "title": "x"}]  # fmt: skip
    results = call("POST", "listings/bulk", {"listings": items}).json()["results"]
    assert [row["result"] for row in results] == ["absent", "rejected", "absent"]
    assert "nothing was taken off sale" in results[1]["reasons"][0]
    listing = Listing.objects.get(pk=populated_site.listing.pk)
    assert (listing.present, listing.title) == (False, populated_site.listing.title)
    assert not Listing.objects.filter(external_id="nowhere").exists()


def test_another_platforms_listing_is_not_taken_off_sale(
    populated_site: PopulatedSite, platform_b: Organisation, call: Call
) -> None:
    other = Listing.objects.create(platform=platform_b, external_id="theirs", title="Lamp", digest="x")
    assert problem(call("PATCH", "listings/theirs", {"present": False})) == (404, "not_found")
    call("POST", "listings/bulk", {"listings": [{"id": "theirs", "present": False}]})
    other.refresh_from_db()
    assert other.present


def test_a_key_has_its_own_limit_and_every_answer_says_what_is_left(
    call: Call, populated_site: PopulatedSite, settings: Any
) -> None:
    settings.API_CALLS_PER_MINUTE = 2
    with time_machine.travel(timezone.now(), tick=False) as clock:
        first, second, third = (call("GET", "flags") for _ in range(3))
        assert [answer["RateLimit-Remaining"] for answer in (first, second, third)] == ["1", "0", "0"]
        assert (first["RateLimit-Limit"], first["RateLimit-Reset"], first["RateLimit-Policy"]) == ("2", "60", "2;w=60")
        assert problem(third) == (429, "throttled")
        assert third["Retry-After"] == "60"
        assert call("POST", "observations", {"flag": populated_site.flag.pk, "verdict": "gone"}).status_code == 429
        assert Observation.objects.filter(source="api").count() == 0
        clock.shift(timedelta(seconds=61))
        assert call("GET", "flags").status_code == 200


def test_a_repeated_call_has_one_effect_and_the_same_answer(populated_site: PopulatedSite, call: Call) -> None:
    path = f"flags/{populated_site.flag.pk}/messages"
    before = Message.objects.count()
    first = call("POST", path, {"text": "Removed.", "audience": "both"}, idempotency_key="a-1")
    again = call("POST", path, {"audience": "both", "text": "Removed."}, idempotency_key="a-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again["Idempotency-Replayed"] == "true"
    assert Message.objects.count() == before + 1
    other = call("POST", path, {"text": "Another one."}, idempotency_key="a-1")
    assert problem(other) == (422, "idempotency_key_reused")
    assert (
        problem(call("POST", "observations", {"text": "Removed."}, idempotency_key="a-1"))[1]
        == "idempotency_key_reused"
    )
    assert Message.objects.count() == before + 1


def test_a_refusal_is_the_same_answer_too_and_undoes_what_was_begun(populated_site: PopulatedSite, call: Call) -> None:
    path, data = f"flags/{populated_site.flag.pk}/decide", {"kind": "removed", "seen": "open:77"}
    first = call("POST", path, data, idempotency_key="b-1")
    again = call("POST", path, data, idempotency_key="b-1")
    assert problem(first) == (409, "stale")
    assert first.content == again.content
    assert Decision.objects.count() == 0


def test_a_call_beside_its_twin_is_refused_and_has_no_effect(
    populated_site: PopulatedSite, call: Call, platform_a: Organisation
) -> None:
    data = {"flag": populated_site.flag.pk, "verdict": "gone"}
    held, done = threading.Event(), threading.Event()

    def twin() -> None:
        with transaction.atomic():
            idempotency._lock(platform_a.pk, "c-1")
            held.set()
            done.wait(10)
        connection.close()

    thread = threading.Thread(target=twin)
    thread.start()
    assert held.wait(10)
    refused = call("POST", "observations", data, idempotency_key="c-1")
    done.set()
    thread.join()
    assert problem(refused) == (409, "idempotency_in_progress")
    assert refused["Retry-After"] == "1"
    assert Observation.objects.filter(source="api").count() == 0
    assert call("POST", "observations", data, idempotency_key="c-1").status_code == 201


def test_listings_sent_while_a_file_is_imported_are_refused_at_once_and_hold_up_nobody(
    populated_site: PopulatedSite, call: Call, platform_a: Organisation
) -> None:
    """An import may take hours. Whatever waits for it holds a thread of the web server, of which there are few."""
    job = CatalogueImport.objects.create(platform=platform_a, filename="large.csv", kind="full", status="running")
    lamp = {"listings": [{"id": "waits", "title": "Lamp"}]}
    with another_session() as importing:
        importing.execute("SELECT pg_advisory_lock(%s, %s)", [STORE_LOCK, platform_a.pk])
        began = time.monotonic()
        refused = call("POST", "listings/bulk", lamp)
        assert time.monotonic() - began < 5
        assert problem(refused) == (409, "lost_race")
        assert not Listing.objects.filter(external_id="waits").exists()
    CatalogueImport.objects.filter(pk=job.pk).update(status="done")
    assert call("POST", "listings/bulk", lamp).json()["results"][0]["result"] == "created"


def test_calls_of_one_organisation_leave_threads_for_the_others(
    platform_a: Organisation, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(in_flight, "MAX_AT_ONCE", 2)
    with in_flight.place(platform_a.pk), in_flight.place(platform_a.pk):
        refused = call("GET", "flags")
        assert problem(refused) == (429, "throttled")
        assert refused["Retry-After"] == "1"
        with in_flight.place(platform_a.pk + 1):
            pass
    assert call("GET", "flags").status_code == 200


def test_keys_belong_to_an_organisation_and_end_after_a_day(
    populated_site: PopulatedSite, call: Call, platform_b: Organisation
) -> None:
    KeptAnswer.objects.create(organisation=platform_b, key="d-1", digest="x", status=200, content=b"")
    data = {"flag": populated_site.flag.pk, "verdict": "gone"}
    assert call("POST", "observations", data, idempotency_key="d-1").status_code == 201
    KeptAnswer.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert call("POST", "observations", data, idempotency_key="d-1").status_code == 201
    assert Observation.objects.filter(source="api").count() == 2
    apply_retention()
    assert [kept.organisation_id for kept in KeptAnswer.objects.all()] == [populated_site.listing.platform_id]


def test_an_organisation_keeps_a_bounded_number_of_keys(
    populated_site: PopulatedSite, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(idempotency, "MAX_KEYS", 1)
    data = {"flag": populated_site.flag.pk, "verdict": "gone"}
    assert call("POST", "observations", data, idempotency_key="e-1").status_code == 201
    refused = call("POST", "observations", data, idempotency_key="e-2")
    assert problem(refused) == (429, "throttled")
    assert int(refused["Retry-After"]) > 3_600
    assert call("POST", "observations", data, idempotency_key="e-1").status_code == 201
    assert Observation.objects.filter(source="api").count() == 1


NO_KEYS = ["", "two words", "k" * 256, "ü"]


def test_a_key_that_is_none_is_refused(populated_site: PopulatedSite, call: Call) -> None:
    for key in NO_KEYS:
        data = {"flag": populated_site.flag.pk, "verdict": "gone"}
        assert problem(call("POST", "observations", data, idempotency_key=key)) == (400, "bad_header")
        assert Observation.objects.filter(source="api").count() == 0


def test_a_change_can_be_bound_to_the_state_that_was_fetched(populated_site: PopulatedSite, call: Call) -> None:
    path = f"flags/{populated_site.flag.pk}"
    fetched = call("GET", path)
    assert call("GET", path, if_none_match=fetched["ETag"]).status_code == 304
    claimed = call("POST", f"{path}/claim", {"person": populated_site.person.email}, if_match=fetched["ETag"])
    assert claimed.status_code == 200
    assert claimed["ETag"] == call("GET", path)["ETag"] != fetched["ETag"]
    data = {"kind": "removed", "seen": claimed.json()["seen"]}
    assert problem(call("POST", f"{path}/decide", data, if_match=fetched["ETag"])) == (412, "precondition_failed")
    assert problem(call("POST", f"{path}/decide", data, if_match="nonsense")) == (400, "bad_header")
    assert Decision.objects.count() == 0
    Flag.objects.update(claimed_by=None)
    assert call("POST", f"{path}/decide", data, if_match=call("GET", path)["ETag"]).status_code == 200


@pytest.mark.parametrize("header", ["if_none_match", "if_match"])
def test_a_header_of_blanks_takes_no_thread_from_others(header: str, populated_site: PopulatedSite, call: Call) -> None:
    blanks = ", ".join([f"x{' ' * 8_000}x"] * 20)  # as a proxy joins twenty of them
    began = time.process_time()
    path, method = f"flags/{populated_site.flag.pk}", "GET" if header == "if_none_match" else "POST"
    answer = call(
        method, path if method == "GET" else f"{path}/release", {} if method == "POST" else None, **{header: blanks}
    )
    assert answer.status_code == (200 if method == "GET" else 400)
    assert time.process_time() - began < 2, "it took a minute, and the worker was ended with all that it had under way"


OBJECTS = ["notices/{notice}", "listings/{listing}", "flags/{flag}", "takedowns/{flag}", "exclusions/{exclusion}"]


def test_an_objects_etag_stays_while_it_does(populated_site: PopulatedSite, call: Call) -> None:
    for path in OBJECTS:
        own = populated_site
        url = path.format(
            notice=own.notice.pk, listing=own.listing.external_id, flag=own.flag.pk, exclusion=own.exclusion.pk
        )
        call("GET", url)  # the first fetch of a notice delivers it
        assert call("GET", url)["ETag"] == call("GET", url)["ETag"]


LISTS = ["notices", "listings", "flags", "takedowns", "exclusions", "escalations"]


def test_a_list_returns_what_was_changed_since(populated_site: PopulatedSite, call: Call) -> None:
    for path in LISTS:
        assert call("GET", f"{path}?updated_since=2020-01-01T00:00:00Z").json()["results"]
        later = (timezone.now() + timedelta(minutes=1)).isoformat().replace("+00:00", "Z")
        assert call("GET", f"{path}?updated_since={later}").json()["results"] == []


def test_any_change_of_a_row_is_noted_whoever_makes_it(populated_site: PopulatedSite, call: Call) -> None:
    row = call("GET", f"flags/{populated_site.flag.pk}").json()
    Flag.objects.filter(pk=populated_site.flag.pk).update(score=populated_site.flag.score)
    assert call("GET", f"flags/{populated_site.flag.pk}").json()["updated_at"] == row["updated_at"]
    Flag.objects.filter(pk=populated_site.flag.pk).update(score=0.123)
    assert call("GET", f"flags/{populated_site.flag.pk}").json()["updated_at"] > row["updated_at"]


def test_only_the_fields_that_are_asked_for_are_returned(populated_site: PopulatedSite, call: Call) -> None:
    assert call("GET", f"flags/{populated_site.flag.pk}?fields=id,status").json() == {"id": populated_site.flag.pk, "status": "open"}  # fmt: skip
    assert call("GET", "takedowns?fields=flag").json()["results"] == [{"flag": populated_site.flag.pk}]
    answer = call("GET", "flags?fields=id,statsu")
    assert problem(answer) == (400, "unknown_field")
    assert "Did you mean status?" in answer.json()["detail"]


def test_every_code_has_its_place_on_the_page_of_errors(client: Client) -> None:
    page = client.get("/api/docs/errors").content.decode()
    for code, known in PROBLEMS.items():
        assert f'id="{code}"' in page, code
        assert known.title in page, code


REFUSED_BEFORE = [("nothing-here", 404, "not_found"), ("flags/999999999", 404, "not_found")]


def test_what_django_itself_refuses_has_a_code_too(call: Call) -> None:
    for path, status, code in REFUSED_BEFORE:
        assert problem(call("GET", path)) == (status, code)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b'{"text": "for one", "audience": "own", "text": "for another"}', "An object has the field text twice."),
        (b'{"audience": "own", "text": NaN}', "NaN is no number in JSON."),
        (b'{"audience": "own", "text": ' + b"9" * 5_000 + b"}", "A number has too many digits."),
        (b'{"audience": "own", "text": "\xff"}', "The body is not UTF-8."),
    ],
)
def test_json_that_two_readers_may_read_otherwise_says_nothing(
    populated_site: PopulatedSite, body: bytes, detail: str
) -> None:
    before = Message.objects.count()
    client = Client(HTTP_AUTHORIZATION=f"Bearer {populated_site.secret}")
    path = f"/api/v1/flags/{populated_site.flag.pk}/messages"
    answer = client.generic("POST", path, body, content_type="application/json")
    assert problem(answer) == (400, "parse_error")
    assert detail in answer.json()["detail"]
    assert Message.objects.count() == before
