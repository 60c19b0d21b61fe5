"""Imports of recalls: previewed, confirmed by a person, published by another one; and importing again changes nothing."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from portal.identity.actors import Actor
from portal.models import AuditEvent, Notification, Organisation, User
from portal.transitions import IllegalTransition
from recalls import services, tasks
from recalls.models import Notice, Recall, RecallImport, RecallVersion
from recalls.services import import_publishing, imports
from recalls.services.content import as_json, content_of, from_json
from tests.exporting import exported
from tests.factories import TERMS, RecallFactory
from tests.recalls.publishers.test_cpsc import record

pytestmark = pytest.mark.django_db


def uploaded(regulator: Organisation, records: Any, actor: Actor, name: str = "r.json") -> RecallImport:
    """An import that was read and previewed."""
    content = records if isinstance(records, bytes) else json.dumps(records).encode()
    job = services.start_recall_import(regulator=regulator, file=ContentFile(content, name), filename=name, actor=actor)
    return services.run_recall_import(job)


def imported(regulator: Organisation, records: Any, actor: Actor, *, publish: bool = True) -> RecallImport:
    """An import whose preview was confirmed, by a system actor with publication at once."""
    job = uploaded(regulator, records, actor)
    if job.status == "waiting":
        services.confirm_recall_import(job=job, publish=publish, actor=actor)
        services.run_recall_import(job)
    job.refresh_from_db()
    return job


def counts(job: RecallImport) -> tuple[str, int, int, int, int]:
    return job.status, job.added, job.revised, job.unchanged, job.rejected


def test_a_preview_changes_nothing_and_shows_all(
    regulator: Organisation,
    officer: User,
    as_actor: Callable[[User], Actor],
    system: Actor,
    sign_in: Callable[[User], Client],
) -> None:
    imported(regulator, [record(RecallNumber="1"), record(RecallNumber="2")], system)
    before = list(RecallVersion.objects.values_list("recall__number", "title"))
    records = [
        record(RecallNumber="1"),
        record(RecallNumber="2", Title="Other title"),
        record(RecallNumber="3"),
        {"Title": "x"},
        record(RecallNumber="4", Surprise=1),
    ]
    job = uploaded(regulator, records, as_actor(officer))
    assert counts(job) == ("waiting", 2, 1, 1, 1)
    assert list(RecallVersion.objects.values_list("recall__number", "title")) == before
    client = sign_in(officer)
    page = client.get(f"/recalls/imports/{job.pk}/").content.decode()
    assert "2 new, 1 changed, 1 unchanged, 1 rejected of 5" in page
    assert '<ins class="wb-ins"><span class="usa-sr-only">added: </span>Other title</ins>' in page
    assert 'name="publish"' in page
    assert "checked" not in page.split('name="publish"')[1].split(">")[0], "publishing is never ticked by itself"
    assert "Surprise (1)" in page
    assert "RecallNumber is missing" in client.get(f"/recalls/imports/{job.pk}/?show=rejects").content.decode()
    assert ">3</th>" in client.get(f"/recalls/imports/{job.pk}/?show=new").content.decode()


def test_what_is_confirmed_stays_in_draft_with_the_importer_in_its_audit(
    regulator: Organisation, officer: User, second_officer: User, as_actor: Callable[[User], Actor]
) -> None:
    job = uploaded(regulator, [record()], as_actor(officer))
    services.confirm_recall_import(job=job, publish=False, actor=as_actor(second_officer))
    services.run_recall_import(job)
    job.refresh_from_db()
    recall = Recall.objects.get()
    assert (counts(job), recall.status) == (("done", 1, 0, 0, 0), "draft")
    event = AuditEvent.objects.get(action="recall.imported")
    assert (event.user_id, event.actor_label, event.reason) == (
        second_officer.pk,
        "Tomas Berg, Product Safety Authority",
        f"Import {job.pk} of r.json",
    )
    assert {person.name for person in services.writers_of(recall.current)} == {"Ada Lindqvist", "Tomas Berg"}


def test_publishing_an_import_takes_a_second_person(
    regulator: Organisation,
    officer: User,
    second_officer: User,
    as_actor: Callable[[User], Actor],
    sign_in: Callable[[User], Client],
) -> None:
    client, second = sign_in(officer), sign_in(second_officer)
    answer = client.post(
        "/recalls/imports/add/",
        {"file": SimpleUploadedFile("r.json", json.dumps([record(), record(RecallNumber="2")]).encode())},
    )
    address = answer["Location"]
    tasks.run_recall_imports_due()
    client.post(f"{address}confirm/", {"publish": "on"})
    tasks.run_recall_imports_due()
    job = RecallImport.objects.get()
    assert counts(job) == ("review", 2, 0, 0, 0)
    assert set(Recall.objects.values_list("status", flat=True)) == {"in_review"}
    assert "Someone who did not import this file must approve it." in client.get(address).content.decode()
    assert client.post(f"{address}approve/").status_code == 403
    assert not Recall.objects.published().exists()
    assert Notification.objects.get(person=second_officer).subject.startswith(
        "2 recalls of the import r.json are waiting"
    )
    assert "Publish these recalls" in second.get(address).content.decode()
    assert "Publish 2 recalls" in second.get(f"{address}approve/").content.decode()
    second.post(f"{address}approve/")
    tasks.run_recall_imports_due()
    job.refresh_from_db()
    assert (job.status, job.published, job.approved_by) == ("done", 2, second_officer)
    assert Recall.objects.published().count() == 2
    assert not RecallVersion.objects.filter(published_at=None).exists()
    events = AuditEvent.objects.filter(action="recall.published")
    assert {event.actor_label for event in events} == {"Tomas Berg, Product Safety Authority"}
    assert "Published" in second.get(address).content.decode()


def test_a_changed_published_recall_gets_a_version_that_the_second_reviewer_publishes(
    regulator: Organisation,
    platform_a: Organisation,
    officer: User,
    second_officer: User,
    as_actor: Callable[[User], Actor],
    system: Actor,
) -> None:
    imported(regulator, [record()], system)
    notice = services.send_notice(recall=Recall.objects.get(), platform=platform_a, terms=dict(TERMS), actor=system)
    wider = record(Products=[{"Name": "Hearthline Tower Heaters"}, {"Name": "Hearthline Fans"}])
    job = uploaded(regulator, [wider], as_actor(officer))
    services.confirm_recall_import(job=job, publish=True, actor=as_actor(officer))
    services.run_recall_import(job)
    notice.refresh_from_db()
    assert notice.version.version == 1, "nothing is in force before somebody approves"
    with pytest.raises(PermissionDenied):
        services.approve_recall_import(job=job, actor=as_actor(officer))
    services.approve_recall_import(job=job, actor=as_actor(second_officer))
    services.run_recall_import(job)
    notice.refresh_from_db()
    job.refresh_from_db()
    assert (job.status, job.published) == ("done", 1)
    assert (notice.version.version, notice.version.widens, notice.matched_at) == (2, True, None)


def test_a_number_that_a_publisher_gives_to_another_product_changes_no_recall(
    regulator: Organisation, officer: User, as_actor: Callable[[User], Actor], system: Actor
) -> None:
    imported(regulator, [record()], system)
    lamp = record(
        Title="Lumarra Recalls Bedside Lamps Due to Shock Hazard", Description="Lamps.", Manufacturers=[{"Name": "Lumarra Lights"}],
        Products=[{"Name": "Lumarra Bedside Lamps", "Model": "NL-7"}], ProductUPCs=[],
    )  # fmt: skip
    job = uploaded(regulator, [lamp, record(RecallNumber="2")], as_actor(officer))
    assert counts(job) == ("waiting", 1, 0, 0, 1)
    reject = job.rejects.get()
    assert f"the number {record()['RecallNumber']} belongs to another product here (Hearthline" in reject.reason
    services.confirm_recall_import(job=job, publish=False, actor=as_actor(officer))
    services.run_recall_import(job)
    recall = Recall.objects.get(number=record()["RecallNumber"])
    assert (recall.versions.count(), recall.current.title if recall.current else "") == (1, record()["Title"])


@pytest.mark.parametrize(
    "changes",
    [
        {"Title": "Hearthline Expands Recall of Heaters"},
        {
            "Title": "Update",
            "Description": "",
            "Products": [{"Name": "Tower heater, further models", "Model": "HL-300"}],
        },
        {"Title": "取暖器召回", "Products": [{"Name": "取暖器"}], "Manufacturers": []},
        {
            "Title": "Hartline Recalls Tower Heaters",
            "Products": [{"Name": "Tower heater"}],
            "Manufacturers": [{"Name": "Hartline"}],
            "ProductUPCs": [],
        },
    ],
    ids=["another title", "other models", "in another script", "a maker's name put right"],
)
def test_a_number_keeps_its_product_however_its_recall_is_told_again(
    changes: dict[str, Any], regulator: Organisation, officer: User, as_actor: Callable[[User], Actor], system: Actor
) -> None:
    imported(regulator, [record()], system)
    assert counts(uploaded(regulator, [record(**changes)], as_actor(officer))) == ("waiting", 0, 1, 0, 0)


def test_remaining_drafts_are_submitted_later_together(
    regulator: Organisation,
    officer: User,
    second_officer: User,
    as_actor: Callable[[User], Actor],
    sign_in: Callable[[User], Client],
) -> None:
    job = uploaded(regulator, [record(), record(RecallNumber="2")], as_actor(officer))
    services.confirm_recall_import(job=job, publish=False, actor=as_actor(officer))
    services.run_recall_import(job)
    client, address = sign_in(officer), f"/recalls/imports/{job.pk}/"
    assert "Submit for publication" in client.get(address).content.decode()
    client.post(f"{address}submit/")
    job.refresh_from_db()
    assert (job.status, set(Recall.objects.values_list("status", flat=True))) == ("queued", {"draft"})
    waiting = client.get(address).content.decode()
    assert "You can leave this page" in waiting
    assert "Cancel import" not in waiting, "half of them would be in review"
    services.run_recall_import(job)
    assert (job.status, set(Recall.objects.values_list("status", flat=True))) == ("review", {"in_review"})
    assert Notification.objects.filter(person=second_officer).count() == 1
    assert AuditEvent.objects.get(action="recall_import.submitted").user == officer
    assert client.post(f"{address}submit/").status_code == 409
    services.approve_recall_import(job=job, actor=as_actor(second_officer))
    services.run_recall_import(job)
    assert Recall.objects.published().count() == 2
    assert "Submit for publication" not in client.get(address).content.decode()
    assert "Nothing in this import is left" in client.post(f"{address}submit/", follow=True).content.decode()
    job.refresh_from_db()
    assert job.status == "done"


def test_submitting_goes_on_where_it_broke_off_and_shows_how_far_it_is(
    regulator: Organisation, officer: User, as_actor: Callable[[User], Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_publishing, "BATCH", 2)
    job = uploaded(regulator, [record(RecallNumber=str(number)) for number in range(1, 6)], as_actor(officer))
    services.confirm_recall_import(job=job, publish=False, actor=as_actor(officer))
    services.run_recall_import(job)
    services.submit_recall_import(job=job, actor=as_actor(officer))
    steps: list[tuple[int, int]] = []

    def break_off(done: int, total: int) -> None:
        steps.append((done, total))
        raise ConnectionError

    with pytest.raises(ConnectionError):
        services.run_recall_import(job, on_progress=break_off)
    job.refresh_from_db()
    assert (job.status, job.progress, steps) == ("running", 40, [(2, 5)])
    assert Recall.objects.filter(status="in_review").count() == 2
    with pytest.raises(IllegalTransition, match="being submitted"):
        services.cancel_recall_import(job=job, actor=as_actor(officer))
    services.run_recall_import(job, on_progress=lambda done, total: steps.append((done, total)))
    assert (job.status, steps) == ("review", [(2, 5), (2, 3), (3, 3)])
    assert set(Recall.objects.values_list("status", flat=True)) == {"in_review"}
    assert AuditEvent.objects.filter(action="recall.submitted").count() == 5


def test_a_finished_import_is_neither_confirmed_nor_approved_again(
    regulator: Organisation, officer: User, second_officer: User, as_actor: Callable[[User], Actor]
) -> None:
    job = uploaded(regulator, [record()], as_actor(officer))
    with pytest.raises(IllegalTransition):
        services.submit_recall_import(job=job, actor=as_actor(officer))
    services.confirm_recall_import(job=job, publish=False, actor=as_actor(officer))
    services.run_recall_import(job)
    for act in (
        lambda: services.confirm_recall_import(job=job, publish=True, actor=as_actor(officer)),
        lambda: services.approve_recall_import(job=job, actor=as_actor(second_officer)),
    ):
        with pytest.raises(IllegalTransition):
            act()
    job.refresh_from_db()
    assert (job.status, job.publish, job.approved_at, Recall.objects.get().status) == ("done", False, None, "draft")


def test_who_asked_to_submit_and_has_left_submits_nothing(
    regulator: Organisation, officer: User, as_actor: Callable[[User], Actor]
) -> None:
    job = uploaded(regulator, [record()], as_actor(officer))
    services.confirm_recall_import(job=job, publish=False, actor=as_actor(officer))
    services.run_recall_import(job)
    services.submit_recall_import(job=job, actor=as_actor(officer))
    User.objects.filter(pk=officer.pk).update(is_active=False)
    services.run_recall_import(job)
    assert (job.status, Recall.objects.get().status) == ("failed", "draft")
    assert "no longer active" in job.error


def test_an_import_can_be_returned_to_draft_with_a_reason(
    regulator: Organisation,
    officer: User,
    second_officer: User,
    as_actor: Callable[[User], Actor],
    sign_in: Callable[[User], Client],
) -> None:
    job = uploaded(regulator, [record()], as_actor(officer))
    services.confirm_recall_import(job=job, publish=True, actor=as_actor(officer))
    services.run_recall_import(job)
    client = sign_in(second_officer)
    assert client.post(f"/recalls/imports/{job.pk}/return/", {"reason": ""}).status_code == 422
    client.post(f"/recalls/imports/{job.pk}/return/", {"reason": "Wrong file"})
    job.refresh_from_db()
    assert (job.status, Recall.objects.get().status) == ("done", "draft")
    assert Notification.objects.get(person=officer).body.endswith("Wrong file")


def test_importing_again_changes_nothing_and_says_so(regulator: Organisation, system: Actor) -> None:
    records = [record(RecallNumber=f"{number:05}") for number in range(300)]
    first, second = imported(regulator, records, system), imported(regulator, records, system)
    assert counts(first) == ("done", 300, 0, 0, 0)
    assert counts(second) == ("done", 0, 0, 300, 0)
    assert Recall.objects.published().count() == 300
    assert second.confirmed_at is None, "there was nothing to confirm"


def test_drafts_and_waiting_versions_are_not_made_twice(regulator: Organisation, system: Actor) -> None:
    imported(regulator, [record()], system)
    changed = [record(Description="Model HL-201R."), record(RecallNumber="2")]
    imported(regulator, changed, system, publish=False)
    again = imported(regulator, changed, system, publish=False)
    assert counts(again) == ("done", 0, 0, 2, 0)
    assert RecallVersion.objects.filter(published_at=None).count() == 2
    third = imported(regulator, [record(Description="Model HL-202R.")], system, publish=False)
    assert counts(third) == ("done", 0, 1, 0, 0)
    assert RecallVersion.objects.get(recall__number="05012", version=2).description == "Model HL-202R."


def test_an_edit_without_a_new_date_is_found(regulator: Organisation, system: Actor) -> None:
    imported(regulator, [record()], system)
    job = imported(regulator, [record(Hazards=[{"Name": "Burns"}])], system)
    assert counts(job) == ("done", 0, 1, 0, 0)
    assert [row.hazard for row in RecallVersion.objects.order_by("version")] == ["Fire", "Burns"]


def test_an_archive_that_redates_its_recalls_starts_nothing(
    regulator: Organisation, platform_a: Organisation, system: Actor
) -> None:
    imported(regulator, [record()], system)
    recall = Recall.objects.get()
    notice = services.send_notice(recall=recall, platform=platform_a, terms=dict(TERMS), actor=system)
    Notice.objects.filter(pk=notice.pk).update(matched_at=notice.sent_at)
    notified = Notification.objects.count()
    later = record(RecallDate="2026-01-01", LastPublishDate="2026-01-02", URL="https://www.example.gov/new", Images=[])
    job = imported(regulator, [later], system)
    notice.refresh_from_db()
    assert (job.revised, job.unchanged, recall.versions.count(), notice.matched_at) == (0, 1, 1, notice.sent_at)
    assert Notification.objects.count() == notified


def test_an_import_does_not_overwrite_a_recall_that_someone_edits(
    regulator: Organisation, officer: User, as_actor: Callable[[User], Actor], system: Actor
) -> None:
    imported(regulator, [record(), record(RecallNumber="2")], system)
    written = services.revise_recall(recall=Recall.objects.get(number="05012"), actor=as_actor(officer))
    draft = RecallFactory(regulator=regulator, number="3", status="in_review", published_at=None)
    records = [record(Title="New"), record(RecallNumber="2", Title="New"), record(RecallNumber="3", Title="New")]
    job = imported(regulator, records, system)
    assert counts(job) == ("done", 0, 1, 0, 2)
    assert [row.reason.split(":")[0] for row in job.rejects.all()] == [
        "version 2 of recall 05012 is being edited by Ada Lindqvist",
        "recall 3 is in review",
    ]
    written.refresh_from_db()
    draft.refresh_from_db()
    assert "New" not in (written.title, draft.title)


def test_a_number_of_another_publisher_is_refused_and_an_extract_changes_nothing(
    regulator: Organisation, system: Actor
) -> None:
    imported(regulator, [record(RecallNumber="82661")], system)
    canada = {"NID": "82661", "Title": "Puff recalled", "Product": "Puff", "URL": "https://x.example/a"}
    job = imported(regulator, [canada, canada | {"NID": "82662"}], system)
    assert counts(job) == ("done", 1, 0, 0, 1)
    assert "belongs to a recall of another publisher (cpsc)" in job.rejects.get().reason
    extract = {"organization": "CPSC", "recall_number": "82661", "descriptions": ["Puff"]}
    assert counts(imported(regulator, [extract], system)) == ("done", 0, 0, 1, 0)


def test_a_bad_record_stops_no_other_and_can_be_downloaded(
    regulator: Organisation, officer: User, system: Actor, sign_in: Callable[[User], Client]
) -> None:
    job = imported(regulator, [record(), {"Title": "=HYPERLINK(1)"}, record(), record(Title="Other content")], system)
    assert (job.total, counts(job)) == (4, ("done", 1, 0, 0, 2))
    client = sign_in(officer)
    text = exported(client, client.post(f"/recalls/imports/{job.pk}/rejects/")).decode()
    assert "RecallNumber is missing" in text
    assert "is already in this file" in text


def test_a_file_that_is_cut_off_gives_what_it_has_and_says_so(
    regulator: Organisation, officer: User, as_actor: Callable[[User], Actor], sign_in: Callable[[User], Client]
) -> None:
    whole = json.dumps([record(RecallNumber=str(number)) for number in range(3)]).encode()
    job = uploaded(regulator, whole[:-40], as_actor(officer))
    assert counts(job) == ("waiting", 2, 0, 0, 1)
    assert "cut off at line 1" in sign_in(officer).get(f"/recalls/imports/{job.pk}/").content.decode()


@pytest.mark.parametrize(
    ("content", "detail"),
    [(b"{", "incomplete JSON"), (b"a,b\n", "has a header but no rows"), (b'[{"RecallNumber": "", "Title": "x"}]', "None of the 1 records can be used")],
)  # fmt: skip
def test_an_unusable_file_fails(regulator: Organisation, system: Actor, content: bytes, detail: str) -> None:
    job = uploaded(regulator, content, system)
    assert (job.status, detail in job.error) == ("failed", True)
    assert not Recall.objects.exists()


def test_columns_are_chosen_on_the_page_and_remembered(
    regulator: Organisation, officer: User, as_actor: Callable[[User], Actor], sign_in: Callable[[User], Client]
) -> None:
    client, text = sign_in(officer), "Ref X;Bezug;Ware\n7;Heizlüfter zurückgerufen;Lüfter\n".encode()
    job = uploaded(regulator, text, as_actor(officer), "t.csv")
    address = f"/recalls/imports/{job.pk}/"
    page = client.get(address).content.decode()
    assert "Choose the columns" in page
    assert "Heizlüfter zurückgerufen" in page
    assert client.post(f"{address}columns/", {"title": "Bezug"}).status_code == 422
    assert (
        "Choose each column for one field only: Ref X"
        in client.post(f"{address}columns/", {"number": "Ref X", "title": "Ref X"}).content.decode()
    )
    client.post(f"{address}columns/", {"number": "Ref X", "title": "Bezug", "product": "Ware"})
    tasks.run_recall_imports_due()
    job.refresh_from_db()
    assert counts(job) == ("waiting", 1, 0, 0, 0)
    second = uploaded(regulator, text.replace(b"7;", b"8;"), as_actor(officer), "u.csv")
    assert second.report["guess"] == {"number": "Ref X", "title": "Bezug", "product": "Ware"}
    with pytest.raises(ValidationError):
        services.confirm_recall_import(job=second, publish=False, actor=as_actor(officer))
    with pytest.raises(ValidationError):
        services.name_columns(job=second, mapping={"number": "Nowhere"}, actor=as_actor(officer))


def test_an_import_is_confirmed_once_and_by_those_who_may(
    regulator: Organisation, officer: User, admin: User, moderator_a: User, as_actor: Callable[[User], Actor]
) -> None:
    job = uploaded(regulator, [record()], as_actor(officer))
    for person in (admin, moderator_a):
        with pytest.raises(PermissionDenied):
            services.confirm_recall_import(job=job, publish=False, actor=as_actor(person))
    services.confirm_recall_import(job=job, publish=False, actor=as_actor(officer))
    with pytest.raises(IllegalTransition):
        services.confirm_recall_import(job=job, publish=True, actor=as_actor(officer))
    assert not Recall.objects.exists()


def test_a_cancelled_preview_leaves_nothing(
    regulator: Organisation, officer: User, as_actor: Callable[[User], Actor]
) -> None:
    job = uploaded(regulator, [record()], as_actor(officer))
    services.cancel_recall_import(job=job, actor=as_actor(officer))
    tasks.run_recall_imports_due()
    assert (job.status, Recall.objects.count()) == ("cancelled", 0)


@pytest.mark.parametrize("left", ["closed", "moved"])
def test_a_person_who_has_left_imports_nothing(
    left: str, regulator: Organisation, neighbour: Organisation, officer: User, as_actor: Callable[[User], Actor]
) -> None:
    job = uploaded(regulator, [record()], as_actor(officer))
    services.confirm_recall_import(job=job, publish=False, actor=as_actor(officer))
    User.objects.filter(pk=officer.pk).update(
        **{"closed": {"is_active": False}, "moved": {"organisation": neighbour}}[left]
    )
    tasks.run_recall_imports_due()
    job.refresh_from_db()
    assert (job.status, "no longer active" in job.error, Recall.objects.count()) == ("failed", True, 0)


def test_a_failing_import_stops_no_other(
    regulator: Organisation, system: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [
        services.start_recall_import(regulator=regulator, file=ContentFile(json.dumps([record()]).encode(), "r.json"), filename=name, actor=system)
        for name in ("poison.json", "fine.json")
    ]  # fmt: skip
    run = imports.run_recall_import

    def breaks(job: RecallImport) -> RecallImport:
        if job.filename == "poison.json":
            raise RuntimeError("broken")
        return run(job)

    monkeypatch.setattr(imports, "run_recall_import", breaks)
    tasks.run_recall_imports_due()
    assert [RecallImport.objects.get(pk=job.pk).status for job in jobs] == ["queued", "waiting"]


def test_facts_of_the_publisher_stay_when_a_person_edits(
    regulator: Organisation,
    officer: User,
    as_actor: Callable[[User], Actor],
    system: Actor,
    sign_in: Callable[[User], Client],
) -> None:
    imported(regulator, [record(RemedyOptions=[{"Option": "Refund"}])], system, publish=False)
    recall = Recall.objects.get()
    content = content_of(recall.current)
    assert from_json(json.loads(json.dumps(as_json(content)))) == content
    services.edit_version(
        version=recall.current,
        content=services.RecallContent(title="By hand", products=content.products),
        actor=as_actor(officer),
    )
    recall.refresh_from_db()
    assert (recall.current.title, recall.current.facts["options"]) == ("By hand", ["Refund"])
    assert "Remedy options" in sign_in(officer).get(f"/recalls/{recall.pk}/").content.decode()


def test_the_command_previews_stores_drafts_or_publishes(
    regulator: Organisation, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "r.json"
    path.write_text(json.dumps([record()]))
    call_command("import_recalls", path, regulator="psa", preview=True)
    assert not Recall.objects.exists()
    call_command("import_recalls", path, regulator="psa")
    assert Recall.objects.get().status == "draft"
    path.write_text(json.dumps([record(), record(RecallNumber="2")]))
    call_command("import_recalls", path, regulator="psa", publish=True)
    assert Recall.objects.get(number="2").status == "published"
    assert "1 new, 0 changed, 1 unchanged, 0 rejected of 2 records" in capsys.readouterr().out
    path.write_text("a;b\n1;2\n")
    with pytest.raises(CommandError, match="Choose the columns"):
        call_command("import_recalls", path, regulator="psa")


def test_the_empty_table_is_downloaded(officer: User, sign_in: Callable[[User], Client]) -> None:
    client = sign_in(officer)
    assert client.get("/recalls/imports/template/csv/").content.startswith(b"\xef\xbb\xbfRecall number,Title")
    assert client.get("/recalls/imports/template/xlsx/").content[:2] == b"PK"
    assert client.get("/recalls/imports/template/exe/").status_code == 404
