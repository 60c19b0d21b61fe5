"""What regulators record: risk, injuries, measures, businesses; kept by forms, versions, exports, imports and the API."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from recalls import services
from recalls.importers import registry, safety
from recalls.importers.records import ImportedRecall, Reject
from recalls.models import Recall, RecallImport
from recalls.safety_forms import INJURY_FIELDS
from recalls.services import Business, Measure, ProductContent, RecallContent
from recalls.services.content import as_json, content_of, from_json
from recalls.services.differences import differences
from tests.exporting import exported
from tests.factories import NoticeFactory
from tests.portal.test_regulator_keys import program

BARE = RecallContent(
    title="Heaters Recalled", products=(ProductContent("Heaters", "Hearthline"),), firms=("Hearthline",)
)
FULL = replace(
    BARE,
    risk_level="high",
    incidents=12,
    injuries=0,
    worst_severity="minor",
    injury_details="=Burns | of hands\nand arms",
    measures=(
        Measure("recall", "Acme | Sons \\ Co", "ordered", "2026-03-02"),
        Measure("listing_removal", "Bazaarly", "voluntary", "", "all | colours"),
        Measure("refund"),
    ),
    businesses=(
        Business("manufacturer", "Acme Ltd", "1 Main Street, Dover", "GB", ("Acmo", "Hearth | Line")),
        Business("importer", "Hearthline"),
    ),
)


@pytest.fixture
def recall(regulator: Organisation, officer: User) -> Recall:
    return services.create_recall(regulator=regulator, number="26-1", content=FULL, actor=Actor.person(officer))


def test_a_recall_without_any_of_it_has_the_digest_it_always_had() -> None:
    assert BARE.digest == "d11369a4e9a83117c484ce2de715af733a0c01cbe98d0a35557acbce7aba7bf8"
    assert FULL.digest != BARE.digest
    assert replace(BARE, deaths=0).digest != BARE.digest, "none is not unknown"
    assert FULL.identifiers == BARE.identifiers, "what a listing is recognised by is as it was"


def test_a_business_is_one_of_the_firms_and_none_is_there_twice() -> None:
    assert FULL.firms == ("Hearthline", "Acme Ltd")
    assert from_json(json.loads(json.dumps(as_json(FULL)))) == FULL


@pytest.mark.parametrize("text", ["", "|", "\\", "\\|", "a\\", "|a", "a | b", "\\\\|", "a||b"])
def test_any_text_comes_back_from_a_cell(text: str) -> None:
    measures = (Measure("other", text, "", "", text), Measure("other", "x", "ordered", "2026-01-02", text))
    assert safety.measures_in(safety.measure_cell(measures)) == tuple(dict.fromkeys(measures))
    business = Business("seller", text or "x", text, text, (text,) if text else ())
    assert safety.businesses_in(safety.business_cell((business,))) == (business,)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"risk_level": "awful"}, "risk_level"),
        ({"worst_severity": "bad"}, "worst_severity"),
        ({"deaths": 1}, "worst_severity"),
        ({"deaths": 0, "worst_severity": "fatal"}, "worst_severity"),
        ({"injuries": -1}, "injuries"),
        ({"incidents": 10_000_001}, "incidents"),
        ({"measures": (Measure("scolding"),)}, "measures"),
        ({"measures": (Measure("refund", basis="maybe"),)}, "measures"),
        ({"businesses": (Business("cousin", "Acme"),)}, "businesses"),
    ],
)
def test_what_is_outside_a_vocabulary_or_contradicts_itself_is_refused(
    wrong: dict[str, Any], field: str, recall: Recall, officer: User
) -> None:
    events = AuditEvent.objects.count()
    with pytest.raises(ValidationError) as refused:
        services.edit_version(
            version=recall.versions.get(), content=replace(FULL, **wrong), actor=Actor.person(officer)
        )
    assert list(refused.value.message_dict) == [field]
    assert content_of(recall.versions.get()) == FULL
    assert AuditEvent.objects.count() == events


WRITTEN = {
    "number": "26-9", "title": "Heaters Recalled", "priority": "normal", "products-TOTAL_FORMS": "1",
    "products-INITIAL_FORMS": "0", "products-0-name": "Heaters", "risk_level": "high", "incidents": "12", "injuries": "0",
    "deaths": "", "worst_severity": "minor", "injury_details": "Burns", "measures-TOTAL_FORMS": "2",
    "measures-INITIAL_FORMS": "0", "measures-0-kind": "recall", "measures-0-by": "Acme", "measures-0-basis": "ordered",
    "measures-0-since": "2026-03-02", "businesses-TOTAL_FORMS": "1", "businesses-INITIAL_FORMS": "0",
    "businesses-0-role": "importer", "businesses-0-name": "Acme  Ltd", "businesses-0-address": "1 Main Street\nDover",
    "businesses-0-trade_names": "Acmo\nAcmo\nHearth",
}  # fmt: skip


@pytest.mark.django_db
def test_the_form_takes_it_all_and_gives_it_back(officer: User, sign_in: Callable[[User], Client]) -> None:
    client = sign_in(officer)
    empty = client.get(reverse("recalls:add")).content.decode()
    assert empty.count("<details>") == 3, "the three groups are closed while they are empty"
    answer = client.post(reverse("recalls:add"), WRITTEN)
    recall = Recall.objects.get()
    assert answer.status_code == 302
    content = content_of(recall.versions.get())
    assert (content.risk_level, content.incidents, content.injuries, content.deaths) == ("high", 12, 0, None)
    assert content.measures == (Measure("recall", "Acme", "ordered", "2026-03-02"),)
    assert content.businesses == (
        Business("importer", "Acme Ltd", "1 Main Street Dover", trade_names=("Acmo", "Hearth")),
    )
    edit = reverse("recalls:edit", args=[recall.pk])
    page = client.get(edit).content.decode()
    assert page.count("<details open>") == 3
    for text in ('value="2026-03-02"', "1 Main Street Dover", '<option value="importer" selected>', 'value="12"'):
        assert text in page, text
    assert "Acme Ltd" not in page.partition('name="firms"')[2].partition("</textarea>")[0], "it is entered once"


@pytest.mark.django_db
def test_a_form_that_is_sent_without_the_groups_changes_nothing_of_them(
    recall: Recall, officer: User, sign_in: Callable[[User], Client]
) -> None:
    sent = {name: value for name, value in WRITTEN.items() if not name.startswith(("measures", "businesses"))}
    assert sign_in(officer).post(reverse("recalls:edit", args=[recall.pk]), sent).status_code == 302
    content = content_of(recall.versions.get())
    assert (content.measures, content.businesses) == (FULL.measures, FULL.businesses)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "shown"),
    [
        ({"measures-0-kind": ""}, "This field is required"),
        ({"measures-0-kind": "scolding"}, "Select a valid choice"),
        ({"measures-0-since": "soon"}, "Enter a valid date"),
        ({"businesses-0-name": ""}, "This field is required"),
        ({"businesses-0-trade_names": "\n".join(map(str, range(21)))}, "at most 20 trade names"),
        ({"deaths": "-1"}, "greater than or equal to 0"),
        ({"deaths": "1"}, "Deaths are recorded, so the worst severity is fatal."),
        ({"measures-TOTAL_FORMS": "51"}, "Please submit at most 50 forms"),
    ],
)
def test_a_wrong_entry_comes_back_in_an_open_group(
    wrong: dict[str, str], shown: str, officer: User, sign_in: Callable[[User], Client]
) -> None:
    rows = {f"measures-{place}-kind": "refund" for place in range(51)} if "TOTAL" in next(iter(wrong)) else {}
    answer = sign_in(officer).post(reverse("recalls:add"), WRITTEN | rows | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert shown in page
    assert "<details open>" in page
    assert not Recall.objects.exists()


@pytest.mark.django_db
def test_another_row_is_added_without_a_script_and_all_that_was_typed_stays(
    officer: User, sign_in: Callable[[User], Client]
) -> None:
    for word, name in (("measure", "measures-2-kind"), ("business", "businesses-1-role")):
        page = sign_in(officer).post(reverse("recalls:add"), WRITTEN | {"another": word}).content.decode()
        assert f'name="{name}"' in page
        assert 'value="2026-03-02"' in page
    assert not Recall.objects.exists()


def test_the_differences_of_versions_name_it_in_words() -> None:
    after = replace(FULL, risk_level="low", injuries=None, deaths=None, measures=FULL.measures[1:], businesses=())
    found = {
        change.label: [(part.kind, part.text) for part in change.parts] for change in differences(FULL, after).fields
    }
    assert list(found)[-4:] == ["Risk level", "Injuries", "Corrective measures", "Businesses"]
    assert ("removed", "High") in found["Risk level"]
    assert ("added", "Low") in found["Risk level"]
    assert any(
        "Recall from end users, Acme | Sons" in text for kind, text in found["Corrective measures"] if kind == "removed"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl", "parquet"])
def test_a_table_that_left_comes_back_unchanged(
    form: str, recall: Recall, officer: User, sign_in: Callable[[User], Client], settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    client = sign_in(officer)
    data = exported(client, client.post("/exports/of/recalls/", {"format": form}))
    if form in {"jsonl", "parquet"}:
        assert len(data) > 100  # read again by programs
        return
    job = services.start_recall_import(
        regulator=recall.regulator,
        file=ContentFile(data, f"a.{form}"),
        filename=f"a.{form}",
        actor=Actor.person(officer),
    )
    services.run_recall_import(job)
    job = RecallImport.objects.get(pk=job.pk)
    assert (job.status, job.unchanged, job.added, job.revised, job.rejected) == ("done", 1, 0, 0, 0), job.error


def read(text: str) -> list[ImportedRecall | Reject]:
    return registry.read(text.encode()).rows


def test_a_table_is_filled_in_by_people() -> None:
    (row,) = read(
        "Recall number,Title,Risk level,Injuries,Deaths,Corrective measures,Businesses\n"
        '7,Heaters,Serious risk,about three,2,"Recall of the product from end users\nRefund\nScolding\nstop sale | Acme",'
        '"Importer | Acme Ltd | | GB"\n'
    )
    assert isinstance(row, ImportedRecall)
    assert row.recorded == {
        "risk_level": "serious",
        "injuries": None,
        "deaths": 2,
        "injury_details": "Injuries: about three",
        "measures": (
            Measure("recall"), Measure("refund"), Measure("other", details="Scolding"), Measure("stop_sale", "Acme"),
        ),
        "businesses": (Business("importer", "Acme Ltd", "", "GB"),),
    }  # fmt: skip
    assert "risk_level" not in row.facts


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("Worst severity", "bad", "write one of fatal, serious, moderate, minor, none"),
        ("Corrective measures", "scolding | Acme", "measure 1: 'scolding' is not known: write one of stop sale"),
        ("Corrective measures", "refund | Acme | maybe", "'maybe' is not known: write one of voluntary, ordered"),
        ("Corrective measures", "refund | | | 2/3/26", "'2/3/26' is not a date: write it like 2025-06-26"),
        ("Businesses", "importer", "business 1 has no name"),
        ("Businesses", "cousin | Acme", "business 1: 'cousin' is not known"),
        ("Businesses", "importer | " + "x" * 501, "more than 500 characters: shorten it"),
    ],
)
def test_a_cell_that_no_one_can_read_costs_its_row_alone_and_says_why(column: str, cell: str, reason: str) -> None:
    good, bad = read(f"Recall number,Title,{column}\n1,Good,\n2,Bad,{cell}\n")
    assert isinstance(good, ImportedRecall)
    assert isinstance(bad, Reject)
    assert reason in bad.reason
    assert "line 3" in bad.reason


@pytest.mark.django_db
def test_an_import_keeps_what_its_publisher_does_not_speak_about(recall: Recall, officer: User) -> None:
    table = f"Recall number,Title,Product,Brand,Firms\n26-1,{FULL.title},Heaters,Hearthline,Hearthline\n"
    job = services.start_recall_import(
        regulator=recall.regulator,
        file=ContentFile(table.encode(), "a.csv"),
        filename="a.csv",
        actor=Actor.person(officer),
    )
    services.run_recall_import(job)
    assert RecallImport.objects.get(pk=job.pk).unchanged == 1


CPSC = {
    "RecallID": 1, "RecallNumber": "26-5", "RecallDate": "2026-01-02", "Title": "Acme Recalls Heaters",
    "Products": [{"Name": "Heaters"}], "Injuries": [{"Name": "Two reports of burns."}],
}  # fmt: skip


@pytest.mark.django_db
def test_an_archive_that_was_imported_before_makes_no_version_for_what_is_read_of_it_now(
    regulator: Organisation, officer: User
) -> None:
    def imported() -> RecallImport:
        data = ContentFile(json.dumps([CPSC]).encode(), "a.json")
        actor = Actor.person(officer)
        job = services.start_recall_import(regulator=regulator, file=data, filename="a.json", actor=actor)
        services.run_recall_import(job)
        return RecallImport.objects.get(pk=job.pk)

    first = imported()
    services.confirm_recall_import(job=first, publish=False, actor=Actor.person(officer))
    services.run_recall_import(RecallImport.objects.get(pk=first.pk))
    version = Recall.objects.get().versions.get()
    assert version.injury_details == "Two reports of burns."
    assert (version.injuries, version.incidents) == (None, None), "no number is guessed from words"
    content = replace(content_of(version), injury_details="")
    version.injury_details, version.digest = "", content.digest  # as it was stored before
    version.save()
    assert (imported().unchanged, imported().revised) == (1, 0)
    renewed = CPSC | {"Injuries": [{"Name": "Three reports of burns."}]}
    data = ContentFile(json.dumps([renewed]).encode(), "a.json")
    job = services.start_recall_import(regulator=regulator, file=data, filename="a.json", actor=Actor.person(officer))
    services.run_recall_import(job)
    assert RecallImport.objects.get(pk=job.pk).revised == 1, "what the publisher says new is a change"


@pytest.mark.django_db
def test_programs_write_and_read_it_sign_and_assign(officer: User, second_officer: User, manager_a: User) -> None:
    ada, tomas = program(officer), program(second_officer)
    body = {
        "title": "Heaters", "products": [{"name": "Heaters"}], "risk_level": "serious", "deaths": 1, "worst_severity": "fatal",
        "measures": [{"kind": "listing_removal", "by": "Bazaarly", "basis": "ordered", "since": "2026-03-02"}],
        "businesses": [{"role": "seller", "name": "Acme", "address": "7 Hidden Lane", "trade_names": ["Acmo"]}],
    }  # fmt: skip
    made = ada("POST", "recalls", body | {"number": "27-1"}).json()
    path, draft = f"recalls/{made['id']}", made["draft"]
    assert (draft["risk_level"], draft["deaths"], draft["injuries"], draft["firms"]) == ("serious", 1, None, ["Acme"])
    assert draft["measures"] == [body["measures"][0] | {"details": ""}]  # type: ignore[index]
    assert draft["businesses"][0]["address"] == "7 Hidden Lane"
    kept = {name: draft[name] for name in (*safety.NAMES, "title", "firms")}
    assert ada("PUT", path, kept | {"products": body["products"]}).json()["draft"] == draft
    for wrong in ({"risk_level": ""}, {"risk_level": "awful"}, {"measures": [{"kind": "x"}]}, {"deaths": -1}, {"deaths": "1"},
                  {"worst_severity": "minor"}, {"businesses": [{"role": "seller"}]}):  # fmt: skip
        assert ada("PUT", path, body | wrong).status_code == 422, wrong
    asked = ada("PUT", f"{path}/assessment", {"text": "Measured"}).json()["versions"][0]
    assert (asked["assessment_state"], asked["may_sign"], asked["assessed_by"]) == ("unsigned", False, officer.name)
    seen = {"assessed_at": asked["assessed_at"]}
    assert ada("POST", f"{path}/assessment/sign", seen).status_code == 403
    assert tomas("GET", f"{path}/assessment").json()["versions"][0]["may_sign"] is True
    early = {"assessed_at": "2026-01-01T00:00:00Z"}
    assert tomas("POST", f"{path}/assessment/sign", early).status_code == 409
    assert tomas("POST", f"{path}/assessment/sign", seen).json()["versions"][0]["signed_by"] == second_officer.name
    assert ada("POST", f"{path}/owner", {"owner": second_officer.email}).json()["owner"] == second_officer.email
    assert [len(call("GET", "recalls?owner=me").json()["results"]) for call in (ada, tomas)] == [0, 1]
    assert ada("POST", f"{path}/owner", {"owner": manager_a.email}).status_code == 422
    services.move_recall(recall=Recall.objects.get(), to="in_review", actor=Actor.person(officer))
    services.move_recall(recall=Recall.objects.get(), to="published", actor=Actor.person(second_officer))
    recall = Recall.objects.get()
    NoticeFactory(recall=recall, platform=manager_a.organisation, version=recall.current)
    seller = program(manager_a, ["notices"])
    shown = seller("GET", path).json()
    notice = seller("GET", "notices").json()["results"][0]["recall"]
    for said in (shown["version"], notice):
        assert (said["risk_level"], said["deaths"], said["measures"][0]["kind"]) == ("serious", 1, "listing_removal")
        assert said["businesses"][0] == {
            "role": "seller",
            "name": "Acme",
            "address": "",
            "country": "",
            "trade_names": ["Acmo"],
        }
    whole = json.dumps([shown, notice, seller("GET", f"{path}/versions").json()])
    assert (shown["owner"], "Hidden" in whole, "Measured" in whole, second_officer.email in whole) == (
        None,
        False,
        False,
        False,
    )
    assert seller("GET", f"{path}/assessment").status_code == 404
    assert seller("PUT", f"{path}/assessment", {"text": "x"}).status_code in {403, 404}
    assert seller("GET", "recalls?owner=me").status_code == 400


def test_the_forms_fields_are_those_of_the_vocabulary() -> None:
    assert (*INJURY_FIELDS, "measures", "businesses") == safety.NAMES
