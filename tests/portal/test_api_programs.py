"""What a program goes on by, which knows the API from its schema and its answers alone: shapes, headers, and refusals that
say how to go on."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from enforcement.services import start_clock
from listings.models import CatalogueImport, Decision, Flag, Listing, Message
from listings.services import claim_flag
from listings.services.storing import STORE_LOCK
from portal.api.answer_headers import ALWAYS
from portal.api.examples import examples
from portal.api.schema_view import schema_in
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import Organisation, User
from portal.notifications.events import EVENT_TYPES
from tests.factories import FlagFactory, ListingFactory
from tests.portal.test_api_calls import Call, another_session, call, problem
from tests.world import PopulatedSite

pytestmark = pytest.mark.django_db
ONE_SITE = True
__all__ = ["call"]


def schema() -> dict[str, Any]:
    return dict(schema_in(settings.LANGUAGE_CODE))


def operation_of(method: str, path: str) -> dict[str, Any]:
    found: dict[str, Any] = schema()["paths"][f"/api/v1/{path}"][method.lower()]
    return found


def deviations(answer: Any, shape: dict[str, Any]) -> Iterator[str]:
    """What a validator of JSON Schema, which knows no more than the schema says, finds wrong."""
    whole = {**shape, "components": schema()["components"]}
    for error in Draft202012Validator(whole).iter_errors(answer):
        yield f"{error.json_path}: {error.message[:200]}"


def words_of_another_version(part: Any, place: str = "") -> Iterator[str]:
    """Places of keywords that OpenAPI 3.1 does not have: a generator ignores them."""
    if isinstance(part, dict):
        if part.get("nullable") is True:
            yield place
        for name, inner in part.items():
            yield from words_of_another_version(inner, f"{place}/{name}")
    elif isinstance(part, list):
        for number, inner in enumerate(part):
            yield from words_of_another_version(inner, f"{place}/{number}")


def key_of(organisation: Organisation, scopes: list[str], maker: User) -> Callable[..., Any]:
    """Calls with a key of these scopes alone."""
    _, secret = api_keys.create_key(
        organisation=organisation, name="K", scopes=scopes, days=1, actor=Actor.person(maker)
    )
    client = Client(headers={"authorization": f"Bearer {secret}"})
    return lambda method, path: client.generic(method, f"/api/v1/{path}", content_type="application/json")


def test_every_answer_of_the_documentation_is_what_the_schema_says() -> None:
    judged = 0
    for name, example in examples().items():
        method, path = name.split(" ")
        answers = operation_of(method, path)["responses"][str(example.status)].get("content", {})
        if "application/json" not in answers:
            continue
        assert list(deviations(example.answer, answers["application/json"]["schema"])) == [], name
        judged += 1
    assert judged > 120


def test_the_last_page_of_every_list_is_what_the_schema_says(call: Call) -> None:
    assert list(words_of_another_version(schema())) == []
    for path in ("flags", "notices", "listings", "takedowns", "imports"):
        page = call("GET", path).json()
        assert page["next"] is None
        shape = operation_of("GET", path)["responses"]["200"]["content"]["application/json"]["schema"]
        assert list(deviations(page, shape)) == [], path
        assert list(deviations(page | {"next": 7}, shape)) != [], path


def test_a_page_has_as_many_rows_as_are_asked_for_or_the_request_is_refused(
    populated_site: PopulatedSite, call: Call
) -> None:
    for given in ("0", "-1", "x", "", "1.5", "²", "9" * 20):
        refused = call("GET", f"flags?page_size={given}")
        assert problem(refused) == (422, "invalid"), given
        assert refused.json()["errors"] == {"page_size": ["Send a whole number from 1 to 1000."]}
    assert call("GET", "flags?page_size=1").json()["results"]
    assert call("GET", "flags?page_size=5000").status_code == 200


TIMES = ("2026-03-02T15:00:00", "2026-03-02", "yesterday", "2026-13-02T15:00:00Z", "2026-03-02T15:00:00 02:00")


def test_a_time_of_which_nobody_knows_where_it_is_meant_is_refused(populated_site: PopulatedSite, call: Call) -> None:
    for given in TIMES:
        refused = call("GET", f"flags?updated_since={given}")
        assert problem(refused) == (422, "invalid"), given
        assert "with its offset, for example 2026-03-02T15:00:00Z" in refused.json()["errors"]["updated_since"][0]
    lost_plus = call("GET", "flags?updated_since=2026-03-02T15:00:00+02:00").json()
    assert "%2B" in lost_plus["errors"]["updated_since"][0]
    assert call("GET", "flags?updated_since=2020-03-02T15:00:00%2B02:00").json()["results"]

    flag = populated_site.flag
    decision = {"kind": "not_the_product", "reason": "accessory", "seen": "open:0", "until": "2027-03-02T15:00:00"}
    refused = call("POST", f"flags/{flag.pk}/decide", decision)
    assert refused.json()["errors"]["until"] == ["Send the time with its offset, for example 2026-03-02T15:00:00Z."]
    assert Decision.objects.count() == 0


def test_a_refusal_for_scopes_names_those_that_are_enough(
    populated_site: PopulatedSite, platform_a: Organisation, manager_a: User, regulator: Organisation, officer: User
) -> None:
    narrow = key_of(platform_a, ["notices"], manager_a)
    refused = narrow("POST", f"flags/{populated_site.flag.pk}/decide")
    assert problem(refused) == (403, "permission_denied")
    assert refused.json()["detail"] == "This call needs a key with the scope flags. This key has notices."
    assert "flags or observations" in narrow("GET", "flags").json()["detail"]
    assert narrow("GET", "sendings").json()["detail"] == "This call is for regulators alone."

    reading = key_of(regulator, ["recalls:read"], officer)
    assert "the scope recalls:write. This key has recalls:read" in reading("POST", "recalls").json()["detail"]
    audit = key_of(regulator, ["audit:read"], officer)("GET", "audit")
    assert "the role of the person who made it does not allow this call" in audit.json()["detail"]
    assert Flag.objects.get(pk=populated_site.flag.pk).status == "open"


def test_a_refusal_of_a_value_names_those_that_there_are(populated_site: PopulatedSite, call: Call) -> None:
    decide, flag = f"flags/{populated_site.flag.pk}/decide", populated_site.flag.pk
    kind = call("POST", decide, {"kind": "zap{}%s", "seen": "x"}).json()["errors"]["kind"][0]
    assert kind.startswith("There is no 'zap{}%s' here. Known: removed, geo_restricted, not_the_product")
    verdict = call("POST", "observations", {"flag": flag, "verdict": "off"}).json()["errors"]["verdict"][0]
    assert verdict == "There is no 'off' here. Known: gone, live, restricted, unknown."
    status = call("GET", "flags?status=openn").json()["errors"]["status"][0]
    assert status.startswith("There is no 'openn' here. Known: open, asked_seller, ")
    platform = call("GET", "flags?platform=nowhere").json()["errors"]["platform"][0]
    assert platform == "There is no 'nowhere' here. The list `platforms` has those there are."
    person = call("POST", "flags/claim-next", {"person": "jonas@market-one.example"}).json()["errors"]["person"][0]
    assert person.startswith("There is nobody with the email jonas@market-one.example whom you can name here.")


def test_what_is_not_there_is_refused_with_where_ids_come_from(call: Call) -> None:
    for method, path, body in (
        ("GET", "flags/999999", None),
        ("PATCH", "listings/nowhere", {"present": False}),
        ("POST", "observations", {"flag": 999999, "verdict": "gone"}),
    ):
        refused = call(method, path, body)
        assert problem(refused) == (404, "not_found")
        assert "Ids come from the lists of this API." in refused.json()["detail"], path


def test_each_item_of_a_bulk_decision_has_the_code_that_a_call_about_it_alone_has(
    populated_site: PopulatedSite, call: Call, moderator_a: User, as_actor: Any
) -> None:
    notice, platform = populated_site.notice, populated_site.notice.platform
    free, changed, claimed = (
        FlagFactory(notice=notice, listing=ListingFactory(platform=platform, title=f"Heater {n}")) for n in range(3)
    )
    for flag in (free, changed, claimed):
        start_clock(flag=flag)
    claim_flag(flag=claimed, actor=as_actor(moderator_a))
    asked = [(free.pk, "open:0"), (changed.pk, "open:7"), (claimed.pk, "open:0"), (999_999, "open:0")]
    body = {"kind": "removed", "flags": [{"flag": flag, "seen": seen} for flag, seen in [*asked, asked[0]]]}
    results = call("POST", "flags/bulk/decide", body).json()["results"]
    assert [(each["flag"], each["result"], each["code"]) for each in results] == [
        (free.pk, "done", ""),
        (changed.pk, "refused", "stale"),
        (claimed.pk, "refused", "lost_race"),
        (999_999, "refused", "not_found"),
    ], "each flag once, in the order of the request"
    assert all(each["detail"] for each in results[1:])
    alone = call("POST", f"flags/{changed.pk}/decide", {"kind": "removed", "seen": "open:7"})
    assert problem(alone)[1] == results[1]["code"]
    assert set(Flag.objects.filter(pk__in=[changed.pk, claimed.pk]).values_list("status", flat=True)) == {"open"}
    shape = operation_of("POST", "flags/bulk/decide")["responses"]["200"]["content"]["application/json"]["schema"]
    assert list(deviations({"results": results}, shape)) == []


def test_listings_refused_during_an_import_are_taken_after_it_with_the_same_key(
    populated_site: PopulatedSite, call: Call, platform_a: Organisation
) -> None:
    """The answer says to send them when it is done: that one must not be the answer of the whole day."""
    job = CatalogueImport.objects.create(platform=platform_a, filename="large.csv", kind="full", status="running")
    lamp = {"listings": [{"id": "waits", "title": "Lamp"}]}
    with another_session() as importing:
        importing.execute("SELECT pg_advisory_lock(%s, %s)", [STORE_LOCK, platform_a.pk])
        refused = call("POST", "listings/bulk", lamp, idempotency_key="lamp-1")
        assert problem(refused) == (409, "lost_race")
        assert int(refused["Retry-After"]) > 0
        assert not Listing.objects.filter(external_id="waits").exists()
    CatalogueImport.objects.filter(pk=job.pk).update(status="done")
    taken = call("POST", "listings/bulk", lamp, idempotency_key="lamp-1")
    assert taken.json()["results"][0]["result"] == "created"
    again = call("POST", "listings/bulk", lamp, idempotency_key="lamp-1")
    assert (again.content, again["Idempotency-Replayed"]) == (taken.content, "true")


def test_a_decision_on_a_flag_that_a_person_claimed_says_for_how_long_and_is_taken_after_it_with_the_same_key(
    populated_site: PopulatedSite, call: Call, moderator_a: User, as_actor: Any
) -> None:
    flag = populated_site.flag
    claim_flag(flag=flag, actor=as_actor(moderator_a))
    path, body = f"flags/{flag.pk}/decide", {"kind": "removed", "seen": "open:0"}
    refused = call("POST", path, body, idempotency_key="r-1")
    assert problem(refused) == (409, "lost_race")
    assert 0 < int(refused["Retry-After"]) <= 15 * 60
    assert Decision.objects.count() == 0
    Flag.objects.filter(pk=flag.pk).update(claim_expires_at=timezone.now() - timedelta(seconds=1))
    assert call("POST", path, body, idempotency_key="r-1").json()["status"] == "claimed_removed"
    assert Decision.objects.count() == 1


NOT_OURS = re.compile(r"^(allow|cache-control|content-.*|cross-origin-.*|date|referrer-policy|vary|x-.*|tus-.*)$")


def test_every_header_that_a_program_goes_on_by_is_in_the_schema(populated_site: PopulatedSite, call: Call) -> None:
    flag = populated_site.flag.pk
    calls = [
        ("GET", "flags", "flags", None),
        ("GET", "flags/{id}", f"flags/{flag}", None),
        ("GET", "flags/{id}", "flags/999999", None),
        ("POST", "flags/{id}/messages", f"flags/{flag}/messages", {"text": "Removed."}),
        ("POST", "flags/{id}/messages", f"flags/{flag}/messages", {"text": "Removed."}),
        ("POST", "flags/{id}/decide", f"flags/{flag}/decide", {"kind": "removed", "seen": "open:7"}),
        ("POST", "flags/{id}/decide", f"flags/{flag}/decide", {"kind": "removed", "seen": "open:0"}),
    ]
    seen = set()
    for method, path, address, body in calls:
        answer = call(
            method, address, body, **({"idempotency_key": f"{path} {body}"[-40:].replace(" ", "")} if body else {})
        )
        told = {name for name in answer.headers if not NOT_OURS.match(name.lower())}
        if answer.status_code >= 400:
            assert set(ALWAYS) - {"Offshelf-Sandbox"} <= told
            told -= set(ALWAYS)  # not repeated in the schema for each refusal
        assert told <= operation_of(method, path)["responses"][str(answer.status_code)]["headers"].keys(), (path, told)
        seen |= told
    assert {"RateLimit-Remaining", "ETag", "Idempotency-Replayed"} <= seen
    for name in ("409", "429"):
        assert "Retry-After" in operation_of("POST", "listings/bulk")["responses"][name]["headers"]
    refused = Client().get("/api/v1/flags")
    assert (
        set(operation_of("GET", "flags")["responses"]["401"]["headers"]) == {"WWW-Authenticate"} <= set(refused.headers)
    )


def test_the_schema_has_the_webhooks_with_what_a_receiver_verifies() -> None:
    webhooks = schema()["webhooks"]
    assert webhooks.keys() == EVENT_TYPES.keys()
    for name, methods in webhooks.items():
        assert {each["name"]: each.get("required", False) for each in methods["post"]["parameters"]} == {
            "webhook-id": True, "webhook-timestamp": True, "webhook-signature": True, "Offshelf-Sandbox": False
        }  # fmt: skip
        shape = methods["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert shape["properties"]["type"] == {"const": name}
        assert "data" in shape["required"]


def test_files_are_attached_as_the_schema_says(populated_site: PopulatedSite) -> None:
    path = f"flags/{populated_site.flag.pk}/messages"
    shape = operation_of("POST", "flags/{id}/messages")["requestBody"]["content"]["multipart/form-data"]["schema"]
    part = schema()["components"]["schemas"][shape["$ref"].rpartition("/")[2]]["properties"]["attachments"]
    assert (part["items"], part["maxItems"]) == ({"type": "string", "format": "binary"}, 3)
    client = Client(headers={"authorization": f"Bearer {populated_site.secret}"})
    files = [SimpleUploadedFile(f"{n}.txt", b"Removed.", "text/plain") for n in range(part["maxItems"])]
    sent = client.post(f"/api/v1/{path}", {"text": "See the files.", "attachments": files})
    assert [each["name"] for each in sent.json()["attachments"]] == ["0.txt", "1.txt", "2.txt"]
    before = Message.objects.count()
    refused = client.post(f"/api/v1/{path}", json.dumps({"text": "x", "attachments": ["0.txt"]}), "application/json")
    assert problem(refused) == (422, "invalid")
    assert Message.objects.count() == before


def test_a_kind_of_object_that_there_is_not_is_refused_with_the_one_that_is_meant(
    populated_site: PopulatedSite, admin: User
) -> None:
    get = key_of(admin.organisation, ["audit:read"], admin)
    refused = get("GET", "audit?subject_type=recall")
    assert problem(refused) == (422, "invalid")
    assert "Did you mean recalls.recall?" in refused.json()["errors"]["subject_type"][0]
    assert "listings.flag" in get("GET", "audit?subject_type=zap").json()["errors"]["subject_type"][0]
    assert get("GET", "audit?subject_type=recalls.recall").status_code == 200
    assert get("GET", "audit?subject_type=listings.knowninnocent").status_code == 200, "a name of before"


def test_flags_of_one_listing_are_found_by_its_id_letter_for_letter(populated_site: PopulatedSite, call: Call) -> None:
    other = FlagFactory(notice=populated_site.notice, listing=ListingFactory(platform=populated_site.notice.platform))
    path = f"flags?listing={populated_site.listing.external_id}"
    assert [row["id"] for row in call("GET", path).json()["results"]] == [populated_site.flag.pk]
    assert [row["id"] for row in call("GET", f"flags?listing={other.listing.external_id}").json()["results"]] == [
        other.pk
    ]
    assert call("GET", f"{path[:-1]}").json()["results"] == []


def test_every_parameter_of_every_call_is_explained() -> None:
    silent = [
        f"{method.upper()} {path}: {parameter['name']}"
        for path, methods in schema()["paths"].items()
        for method, operation in methods.items()
        if isinstance(operation, dict)
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "query"
        and not parameter.get("description")
        and not parameter["schema"].get("description")
    ]
    assert silent == []


def test_a_second_check_within_the_minute_is_told_when_and_goes_on_with_the_same_key(
    populated_site: PopulatedSite, call: Call
) -> None:
    Listing.objects.filter(pk=populated_site.listing.pk).update(link="https://shop.example.org/heater")
    path = f"takedowns/{populated_site.flag.pk}/check"
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert call("POST", path).status_code == 200
        clock.shift(20)
        refused = call("POST", path, idempotency_key="again")
        assert problem(refused) == (429, "throttled")
        assert refused["Retry-After"] == "40"
        clock.shift(40)
        answer = call("POST", path, idempotency_key="again")
    assert answer.status_code == 200
    assert "Idempotency-Replayed" not in answer
