"""Programs of a regulator import recalls: sent as a file, previewed with what would change, and published by two people."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.test import Client

from portal.identity import api_keys
from portal.identity.access import REGULATOR_SCOPES
from portal.identity.actors import Actor
from portal.models import AuditEvent, Export, Organisation, User
from recalls import tasks
from recalls.models import Recall, RecallImport
from tests.factories import RecallFactory
from tests.portal.test_regulator_keys import program

pytestmark = pytest.mark.django_db
HEADER = b"number,title,product,brand,hazard\n"
KETTLE = b"27-101,Kettles recalled: burns,Kettle K-2,Boilwell,It can leak.\n"
FILE = HEADER + KETTLE + b"26-001,Heaters recalled: shock,Tower heater,Hearthline,It can overheat.\n,No number,Lamp,,\n"
Send = Callable[..., Any]


def sender(person: User, scopes: Sequence[str] = tuple(REGULATOR_SCOPES)) -> Send:
    """Sends files with a key that `person` made."""
    _, secret = api_keys.create_key(
        organisation=person.organisation, name="Files", scopes=list(scopes), days=9, actor=Actor.person(person)
    )

    def send(content: bytes, query: str = "?filename=recalls.csv", kind: str = "text/csv", **headers: str) -> Any:
        given = {"authorization": f"Bearer {secret}", **headers}
        return Client().generic("POST", f"/api/v1/recall-imports{query}", content, content_type=kind, headers=given)

    return send


def sent(person: User, content: bytes = FILE) -> str:
    """The address of an import that was read."""
    answer = sender(person)(content)
    assert answer.status_code == 201, answer.content
    tasks.run_recall_imports_due()
    return f"recall-imports/{answer.json()['id']}"


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_a_file_is_previewed_with_what_changes_and_published_by_the_keys_of_two_people(
    regulator: Organisation, officer: User, second_officer: User
) -> None:
    old = RecallFactory(regulator=regulator, number="26-001", title="Heaters recalled: fire")
    ada, tomas, path = program(officer), program(second_officer), sent(officer)
    job = ada("GET", path).json()
    assert {name: job[name] for name in ("status", "total", "new", "changed", "unchanged", "rejected")} == {
        "status": "waiting", "total": 3, "new": 1, "changed": 1, "unchanged": 0, "rejected": 1,
    }  # fmt: skip
    assert (job["created_by"], job["confirmed_by"], job["publish"]) == ("Ada Lindqvist", None, False)
    assert ada("GET", "recall-imports").json()["results"][0]["id"] == job["id"]

    new, changed = ada("GET", f"{path}/changes").json()["results"]
    assert (new["number"], new["outcome"], new["recall"], new["differences"]) == ("27-101", "new", None, None)
    assert (changed["number"], changed["recall"]) == ("26-001", old.pk)
    title = next(each["parts"] for each in changed["differences"]["changes"] if each["field"] == "Title")
    assert [(part["kind"], part["text"].strip()) for part in title] == [
        ("same", "Heaters recalled:"), ("removed", "fire"), ("added", "shock"),
    ]  # fmt: skip
    assert [row["number"] for row in ada("GET", f"{path}/changes?outcome=changed").json()["results"]] == ["26-001"]
    [reject] = ada("GET", f"{path}/rejects").json()["results"]
    assert "number" in reject["reason"]
    assert "No number" in reject["content"]
    assert (Recall.objects.count(), old.versions.count()) == (1, 1), "a preview changes nothing"

    assert ada("POST", f"{path}/confirm", {"publish": True}).json()["status"] == "queued"
    tasks.run_recall_imports_due()
    waiting = ada("GET", path).json()
    assert (waiting["status"], waiting["may_approve"], tomas("GET", path).json()["may_approve"]) == (
        "review",
        False,
        True,
    )
    assert ada("POST", f"{path}/approve").status_code == 403
    assert not Recall.objects.filter(number="27-101", status="published").exists()
    assert tomas("POST", f"{path}/approve").status_code == 200
    tasks.run_recall_imports_due()
    done = tomas("GET", path).json()
    assert (done["status"], done["published"], done["approved_by"]) == ("done", 2, "Tomas Berg")
    assert Recall.objects.get(number="27-101").status == "published"
    old.refresh_from_db()
    assert old.title == "Heaters recalled: shock"
    assert AuditEvent.objects.get(action="recall_import.queued").user == officer


def test_an_import_is_refused_with_a_reason_submitted_again_or_discarded(officer: User, second_officer: User) -> None:
    ada, tomas, path = program(officer), program(second_officer), sent(officer)
    ada("POST", f"{path}/confirm", {})
    tasks.run_recall_imports_due()
    assert ada("GET", path).json()["status"] == "done"
    assert set(Recall.objects.values_list("status", flat=True)) == {"draft"}
    assert ada("POST", f"{path}/submit").json()["status"] == "queued"
    assert ada("POST", f"{path}/cancel").json()["code"] == "illegal_transition"
    tasks.run_recall_imports_due()
    assert ada("GET", path).json()["status"] == "review"
    assert set(Recall.objects.values_list("status", flat=True)) == {"in_review"}
    assert tomas("POST", f"{path}/return", {}).status_code == 422
    assert set(Recall.objects.values_list("status", flat=True)) == {"in_review"}
    assert tomas("POST", f"{path}/return", {"reason": "The dates are wrong."}).json()["status"] == "done"
    assert set(Recall.objects.values_list("status", flat=True)) == {"draft"}
    assert tomas("POST", f"{path}/cancel").json()["code"] == "illegal_transition"
    other = sent(officer, HEADER + KETTLE.replace(b"27-101", b"27-102"))
    assert ada("POST", f"{other}/cancel").json()["status"] == "cancelled"
    assert ada("POST", f"{other}/confirm", {"publish": False}).status_code == 409
    assert not Recall.objects.filter(number="27-102").exists()


def test_columns_that_nobody_knows_are_asked_for_and_chosen(officer: User) -> None:
    ada, path = program(officer), sent(officer, b"Foo,Bar\n27-101,Kettle K-2\n")
    asked = ada("GET", path).json()["columns_asked"]
    assert (asked["columns"], asked["sample"]) == (["Foo", "Bar"], [["27-101", "Kettle K-2"]])
    assert ada("POST", f"{path}/confirm", {}).status_code == 422
    for wrong in ({"number": "Foo"}, {"number": "Nowhere", "title": "Bar"}, {"number": "Bar", "product": "Bar"},
                  {"number": "Foo", "title": "Bar", "colour": "Bar"}):  # fmt: skip
        assert ada("POST", f"{path}/columns", {"mapping": wrong}).status_code == 422, wrong
    assert ada("GET", path).json()["mapping"] == {}
    chosen = {"mapping": {"number": "Foo", "product": "Bar"}}
    assert ada("POST", f"{path}/columns", chosen).status_code == 200
    tasks.run_recall_imports_due()
    job = ada("GET", path).json()
    assert (job["status"], job["new"], job["columns_asked"]) == ("waiting", 1, None)


def test_a_file_sent_twice_with_one_key_is_one_import_and_a_stale_confirmation_none(officer: User) -> None:
    send, ada = sender(officer), program(officer)
    first, again = (send(FILE, **{"idempotency-key": "k-1"}) for _ in range(2))
    assert (first.json(), again["Idempotency-Replayed"]) == (again.json(), "true")
    assert first["Location"] == f"/api/v1/recall-imports/{first.json()['id']}"
    other = send(HEADER + KETTLE, **{"idempotency-key": "k-1"})
    assert other.json()["code"] == "idempotency_key_reused"
    assert RecallImport.objects.count() == 1
    path = f"recall-imports/{first.json()['id']}"
    etag = ada("GET", path)["ETag"]
    tasks.run_recall_imports_due()
    assert ada("POST", f"{path}/confirm", {}, if_match=etag).json()["code"] == "precondition_failed"
    assert RecallImport.objects.get().status == "waiting"
    assert ada("POST", f"{path}/confirm", {}, if_match=ada("GET", path)["ETag"]).status_code == 200


def test_what_is_no_file_with_a_name_makes_no_import(officer: User) -> None:
    send = sender(officer)
    refused = {
        ("", "text/csv", FILE): (422, "invalid"),
        ("?filename=", "text/csv", FILE): (422, "invalid"),
        ("?filename=..", "text/csv", FILE): (422, "invalid"),
        ("?filename=a%00.csv", "text/csv", FILE): (400, "bad_request"),
        (f"?filename={'x' * 300}", "text/csv", FILE): (422, "invalid"),
        ("?filename=a.csv&publish=true", "text/csv", FILE): (400, "unknown_parameter"),
        ("?filename=a.csv", "text/csv", b""): (422, "invalid"),
    }
    for (query, kind, content), outcome in refused.items():
        answer = send(content, query, kind)
        assert (answer.status_code, answer.json()["code"]) == outcome, query
    assert not RecallImport.objects.exists()
    assert send(FILE, **{"content-length": str(201 << 20)}).json()["code"] == "too_large"
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data", "application/json"):
        answer = send(FILE, "?filename=C%3A%5Cfiles%5Crecalls.csv", kind)  # whatever the client says that it sends
        assert (answer.status_code, answer.json()["filename"]) == (201, "recalls.csv"), kind
    tasks.run_recall_imports_due()
    assert set(RecallImport.objects.values_list("status", flat=True)) == {"waiting"}


def test_a_file_whose_name_no_storage_can_keep_is_imported_under_it(officer: User) -> None:
    answer = sender(officer)(FILE, "?filename=%26")
    assert (answer.status_code, answer.json()["filename"]) == (201, "&")
    with RecallImport.objects.get().file as kept:
        assert kept.read() == FILE


def test_a_file_of_which_nothing_can_be_used_fails_with_the_reason(officer: User) -> None:
    ada, path = program(officer), sent(officer, HEADER + b",No number,Lamp,,\n")
    job = ada("GET", path).json()
    assert (job["status"], job["total"]) == ("failed", 1)
    assert "None of the 1 records can be used" in job["error"]
    assert ada("POST", f"{path}/confirm", {"publish": True}).status_code == 403, "only an operator retries it"
    assert not Recall.objects.exists()


def test_who_may_not_import_does_not_and_sees_no_import(
    officer: User, admin: User, manager_a: User, neighbour_officer: User
) -> None:
    path = sent(officer)
    assert sender(officer, ["recalls:read"])(FILE).status_code == 403
    assert sender(admin)(FILE).status_code == 403
    shop = program(manager_a, ["notices", "catalogue"])
    assert [shop("GET", "recall-imports").status_code, shop("POST", f"{path}/cancel").status_code] == [403, 403]
    elsewhere = program(neighbour_officer)
    assert elsewhere("GET", "recall-imports").json()["results"] == []
    calls = [("GET", ""), ("GET", "/changes"), ("GET", "/rejects"), ("POST", "/rejects/export"), ("POST", "/confirm"),
             ("POST", "/approve"), ("POST", "/cancel")]  # fmt: skip
    assert {elsewhere(method, path + call, {}).status_code for method, call in calls} == {404}
    assert (RecallImport.objects.get().status, Export.objects.count()) == ("waiting", 0)


def test_rejects_are_a_file_for_whoever_may_export(officer: User) -> None:
    path = sent(officer)
    assert program(officer, ["recalls:write"])("POST", f"{path}/rejects/export").status_code == 403
    started = program(officer)("POST", f"{path}/rejects/export")
    assert (started.status_code, started.json()["kind"]) == (201, "recall_rejects")
    assert Export.objects.get().arguments == {"import": RecallImport.objects.get().pk}
