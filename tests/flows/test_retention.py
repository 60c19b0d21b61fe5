"""What is deleted after its days, what never is, what a legal hold keeps; and the audit log and packs still add up."""

import io
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from enforcement.evidence_packs.verification import check_pack
from enforcement.models import ControlCheck, Observation, Takedown
from listings.models import CatalogueImport, CatalogueReject, CatalogueUpload, DryRun
from listings.services import run_import
from portal import audit, services
from portal.database import roles
from portal.identity.actors import Actor
from portal.models import (
    Absence,
    AccountLink,
    AuditEvent,
    Export,
    FactorReset,
    HookAttempt,
    KeptAnswer,
    LegalHold,
    Mail,
    Notification,
    Organisation,
    RetentionRule,
    Session,
    SetAside,
    User,
)
from portal.retention.registry import KINDS, protect
from portal.retention.running import apply_retention, preview
from recalls.models import RecallImport, RecallImportRow, RecallReject
from tests.enforcement import packing
from tests.enforcement.conftest import Case, case  # noqa: F401  a fixture
from tests.factories import HookFactory, RecallFactory, UserFactory, WebhookEndpointFactory

pytestmark = pytest.mark.django_db
OLD = timedelta(days=2_000)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def second_admin(regulator: Organisation) -> User:
    return UserFactory(organisation=regulator, role="admin", name="Second Admin", email="second-admin@example.org")


class Rows:
    """One row of each kind, as old as it is asked for."""

    def __init__(self, regulator: Organisation, platform: Organisation, person: User) -> None:
        self.regulator, self.platform, self.person = regulator, platform, person
        self.endpoint = WebhookEndpointFactory(organisation=platform)

    def export_files(self, at: Any) -> Any:
        return self._export(kept_until=at, file=ContentFile(b"x", "a.csv"))

    def export_records(self, at: Any) -> Any:
        return self._export(created_at=at)

    def _export(self, **fields: Any) -> Any:
        asked = {"person": self.person, "organisation": self.platform, "kind": "audit", "filename": "a.csv"}
        return Export.objects.create(status="done", unit="rows", **asked, **fields)

    def mail_bodies(self, at: Any) -> Any:
        return Mail.objects.create(key=str(at), to=self.person.email, subject="S", body="…", status="sent", sent_at=at)

    def notifications(self, at: Any) -> Any:
        told = {"person": self.person, "organisation": self.platform, "subject": "S"}
        return Notification.objects.create(key=str(at), read_at=at, **told)

    def absences(self, at: Any) -> Any:
        told = {"person": self.person, "organisation": self.platform}
        return Absence.objects.create(starts_at=at - timedelta(days=1), ends_at=at, **told)

    def webhook_attempts(self, at: Any) -> Any:
        return HookAttempt.objects.create(hook=HookFactory(endpoint=self.endpoint), at=at)

    def webhook_deliveries(self, at: Any) -> Any:
        return HookFactory(endpoint=self.endpoint, status="sent", created_at=at)

    def kept_answers(self, at: Any) -> Any:
        call = {"organisation": self.platform, "key": str(at), "digest": "x", "status": 200, "content": b""}
        return KeptAnswer.objects.create(created_at=at, **call)

    def sessions(self, at: Any) -> Any:
        return Session.objects.create(session_key=f"{at:%Y%m%d}", person=self.person, expire_date=at)

    def account_links(self, at: Any) -> Any:
        return AccountLink.objects.create(person=self.person, kind="reset", address="a@example.org", expires_at=at)

    def factor_resets(self, at: Any) -> Any:
        return FactorReset.objects.create(person=self.person, reason="R", asked_by=self.person, expires_at=at, closed_at=at)  # fmt: skip

    def recall_files(self, at: Any) -> Any:
        kept = {"regulator": self.regulator, "created_by": self.person, "file": ContentFile(b"[]", "r.json")}
        return RecallImport.objects.create(filename="r.json", status="done", created_at=at, **kept)

    def recall_rejects(self, at: Any) -> Any:
        return RecallReject.objects.create(job=self.recall_files(at), record=1, reason="R")

    def recall_previews(self, at: Any) -> Any:
        return RecallImportRow.objects.create(job=self.recall_files(at), record=1, number="1", title="T", outcome="new")

    def catalogue_files(self, at: Any, **fields: Any) -> Any:
        kept = {"platform": self.platform, "created_by": self.person, "file": ContentFile(b"{}", "f.jsonl")}
        kept |= {"kind": "delta", "filename": "f.jsonl", "status": "done", "created_at": at}
        return CatalogueImport.objects.create(**kept | fields)

    def catalogue_rejects(self, at: Any) -> Any:
        return CatalogueReject.objects.create(job=self.catalogue_files(at), line=1, reason="R")

    def catalogue_uploads(self, at: Any) -> Any:
        return CatalogueUpload.objects.create(
            platform=self.platform, created_by=self.person, filename="f.csv", size=9, expires_at=at
        )

    def dry_runs(self, at: Any) -> Any:
        version = RecallFactory(regulator=self.regulator).current
        assert version is not None
        return DryRun.objects.create(version=version, regulator=self.regulator, created_by=self.person, status="done", created_at=at)  # fmt: skip

    def control_pages(self, at: Any) -> Any:
        return ControlCheck.objects.create(host="shop.example.org", at=at, finding="works", impossible_body=b"x")


@pytest.fixture
def rows(regulator: Organisation, platform_a: Organisation, manager_a: User) -> Rows:
    return Rows(regulator, platform_a, manager_a)


def left(name: str) -> set[object]:
    return set(KINDS[name].rows().values_list("pk", flat=True))


@pytest.mark.parametrize("name", [name for name in dir(Rows) if not name.startswith("_")])
def test_what_is_past_its_days_goes_as_previewed_and_what_is_younger_stays(name: str, rows: Rows) -> None:
    kind = KINDS[name]
    soon = timezone.now() + timedelta(hours=1) - timedelta(days=0 if kind.dated else kind.days)
    old, young = getattr(rows, name)(timezone.now() - OLD), getattr(rows, name)(soon)
    [shown] = [row for row in preview() if row.kind is kind]
    assert left(name) == {old.pk, young.pk}, "a preview changes nothing"
    assert (shown.count, shown.held) == (1, 0)
    assert shown.oldest is not None
    done = {each.kind.name: each for each in apply_retention()}
    assert left(name) == {young.pk}
    assert (done[name].deleted, done[name].broken, done[name].problem) == (1, 0, "")
    event = AuditEvent.objects.filter(action="retention.applied", subject_label__endswith=f" {name}").get()
    assert (event.after["deleted"], event.after["days"], len(event.after["sha256"])) == (1, kind.days, 64)


def test_every_kind_has_a_case_here() -> None:
    assert {name for name in dir(Rows) if not name.startswith("_")} | {"check_pages"} == set(KINDS)


def test_nothing_that_must_stay_is_in_any_kind() -> None:
    kept = {*roles.append_only_tables(), "listings_decision", "listings_flag", "enforcement_takedown", "portal_user"}
    assert not kept & {kind.rows().model._meta.db_table for kind in KINDS.values()}


def test_a_person_and_a_platform_under_a_hold_keep_what_is_theirs(
    rows: Rows, operator: User, as_actor: Callable[[User], Actor]
) -> None:
    names = ("catalogue_files", "catalogue_rejects", "export_records", "mail_bodies", "notifications")
    kept = {name: getattr(rows, name)(timezone.now() - OLD).pk for name in names}
    for label, named in (("portal.user", rows.person.email.upper()), ("portal.organisation", rows.platform.name)):
        hold = services.place_hold(label=label, named=named, reason="Court order 7", actor=as_actor(operator))
        assert {row.kind.name: row.held for row in preview() if row.kind.name in names}["mail_bodies"] == 1
        apply_retention()
        assert all(pk in left(name) for name, pk in kept.items()), label
        LegalHold.objects.filter(pk=hold.pk).update(released_at=timezone.now())
    apply_retention()
    assert not any(pk in left(name) for name, pk in kept.items())


def test_a_hold_is_released_by_two_admins_and_by_no_one_alone(
    regulator: Organisation, admin: User, second_admin: User, officer: User, as_actor: Callable[[User], Actor]
) -> None:
    with pytest.raises(PermissionDenied):
        services.place_hold(label="portal.organisation", named=regulator.name, reason="R", actor=as_actor(officer))
    hold = services.place_hold(label="portal.organisation", named=regulator.name, reason="R", actor=as_actor(admin))
    with pytest.raises(ValidationError, match="already under a legal hold"):
        services.place_hold(label="portal.organisation", named=regulator.name, reason="R", actor=as_actor(admin))
    with pytest.raises(ValidationError, match="no longer possible"):
        services.release_hold(hold=hold, actor=as_actor(second_admin))
    services.ask_release(hold=hold, reason="The case is closed", actor=as_actor(admin))
    assert Notification.objects.get(person=second_admin).subject.startswith("Confirm or refuse: release")
    with pytest.raises(PermissionDenied, match="Another admin"):
        services.release_hold(hold=hold, actor=as_actor(admin))
    hold.refresh_from_db()
    assert hold.released_at is None
    services.release_hold(hold=hold, actor=as_actor(second_admin))
    hold.refresh_from_db()
    assert (hold.release_asked_by, hold.released_by) == (admin, second_admin)
    told = audit.events_about(hold).values_list("action", flat=True)
    assert list(told) == ["hold.placed", "hold.release_requested", "hold.released"]


@pytest.mark.parametrize("named", ["9", "x", "9" * 30, "٣", ""])
def test_a_hold_on_nothing_is_refused(named: str, admin: User, as_actor: Callable[[User], Actor]) -> None:
    with pytest.raises(ValidationError, match="no such object"):
        services.place_hold(label="enforcement.takedown", named=named, reason="R", actor=as_actor(admin))
    assert not LegalHold.objects.exists()


def test_days_below_the_minimum_are_refused_and_change_nothing(
    operator: User, as_actor: Callable[[User], Actor]
) -> None:
    for days in (89, -1, 10**9):
        with pytest.raises(ValidationError, match="from 90 to"):
            services.change_retention(days={"check_pages": days, "sessions": 5}, actor=as_actor(operator))
    assert not RetentionRule.objects.exists()
    assert services.change_retention(days={"check_pages": 90, "sessions": 1}, actor=as_actor(operator)) == [
        "check_pages"
    ]
    event = AuditEvent.objects.get(action="retention.changed")
    assert (event.before, event.after) == ({"days": 365}, {"days": 90})


def test_a_file_leaves_the_disk_only_after_its_row_has_committed(
    rows: Rows, folder: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    old = rows.catalogue_files(timezone.now() - OLD)
    shared = rows.catalogue_files(timezone.now(), file=old.file.name)
    alone = rows.recall_files(timezone.now() - OLD)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        apply_retention()
        transaction.set_rollback(True)
    assert (folder / alone.file.name).exists(), "the transaction was rolled back"
    with django_capture_on_commit_callbacks(execute=True):
        apply_retention()
        assert (folder / alone.file.name).exists(), "it has not committed yet"
    assert not (folder / alone.file.name).exists()
    assert (folder / shared.file.name).exists(), "a newer import was made of the same file"
    stated = sha256(f"{alone.pk} {sha256(b'[]').hexdigest()}\n".encode()).hexdigest()
    assert AuditEvent.objects.get(subject_label__endswith=" recall_files").after["sha256"] == stated


def test_an_import_whose_file_was_deleted_says_so(rows: Rows) -> None:
    job = rows.catalogue_files(timezone.now(), file="", status="queued")
    run_import(job)
    assert (job.status, job.error) == ("failed", "The file was deleted after its time. Upload it again.")


def test_a_row_that_cannot_be_deleted_costs_itself_alone(rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [rows.notifications(timezone.now() - OLD - timedelta(days=n)) for n in range(5)]
    rows.export_records(timezone.now() - OLD)
    poison = found[2]

    def stated(row: Any) -> str:
        if row.pk == poison.pk:
            raise ValueError("poison")
        return str(row.pk)

    broken = KINDS["notifications"]
    monkeypatch.setitem(
        KINDS, "notifications", type(broken)(**{name: getattr(broken, name) for name in broken.__slots__} | {"stated": stated})
    )  # fmt: skip
    done = {each.kind.name: each for each in apply_retention()}
    assert (done["notifications"].deleted, done["notifications"].broken) == (4, 1)
    assert done["export_records"].deleted == 1
    assert left("notifications") == {poison.pk}
    assert SetAside.objects.get().error == "ValueError: poison"


def test_a_kind_that_cannot_be_read_stops_none_of_the_others(rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    rows.export_records(timezone.now() - OLD)
    monkeypatch.setattr("portal.retention.registry._PROTECTED", {})
    protect("mail_bodies", lambda: models.Q(nonsense=1))
    done = {each.kind.name: each for each in apply_retention()}
    assert "FieldError" in done["mail_bodies"].problem
    assert done["export_records"].deleted == 1


def pages() -> dict[str, int]:
    """Verdict → how many checks of the takedowns have their page still."""
    return {verdict: Observation.objects.filter(verdict=verdict).exclude(body=b"").count() for verdict in ("live", "gone")}  # fmt: skip


def test_pages_of_an_open_case_and_proofs_stay_and_other_pages_go(case: Case) -> None:  # noqa: F811
    Observation.objects.update(at=timezone.now() - OLD)
    Takedown.objects.filter(pk=case.takedown.pk).update(status="missed")
    before = pages()
    apply_retention()
    assert pages() == before, "the case is open"
    Takedown.objects.filter(pk=case.takedown.pk).update(status="met")
    apply_retention()
    assert pages() == {"live": 0, "gone": before["gone"]}
    assert before["gone"] == 2


@pytest.mark.parametrize("kind", ["takedown", "recall", "notice", "platform"])
def test_a_hold_on_any_part_of_a_case_keeps_its_pages(
    kind: str,
    case: Case,  # noqa: F811
    admin: User,
    operator: User,
    as_actor: Callable[[User], Actor],
) -> None:
    flag = case.takedown.flag
    label, named = {
        "takedown": ("enforcement.takedown", str(case.takedown.pk)),
        "recall": ("recalls.recall", flag.recall.number),
        "notice": ("recalls.notice", str(flag.notice_id)),
        "platform": ("portal.organisation", flag.platform.name),
    }[kind]
    Observation.objects.update(at=timezone.now() - OLD)
    services.place_hold(
        label=label, named=named, reason="Court order 7", actor=as_actor(operator if kind == "platform" else admin)
    )
    before = pages()
    apply_retention()
    assert pages() == before
    assert next(row for row in preview() if row.kind.name == "check_pages").held == 1


def test_the_chain_and_packs_still_verify_after_pages_were_deleted(
    case: Case,  # noqa: F811
    officer: User,
    as_actor: Callable[[User], Actor],
    sign_in: Callable[[User], Client],
) -> None:
    earlier = case.pack(as_actor(officer)).rename(case.folder / "earlier.zip")
    live = case.takedown.observations.get(verdict="live")
    Observation.objects.filter(pk=live.pk).update(body=b"")
    silently = check_pack(case.pack(as_actor(officer)))
    assert f"captures/{live.pk}.body" in " ".join(each.detail for each in silently.problems), "nothing says why"
    Observation.objects.filter(pk=live.pk).update(body=live.body)
    KINDS["check_pages"].erase([live])
    audit.seal_events()
    assert audit.verify_chain().findings == []
    assert check_pack(earlier).problems == []
    path = case.pack(as_actor(officer))
    report = check_pack(path)
    assert report.problems == []
    assert (report.pages_deleted, report.captures, report.records) == (1, 3, 2)
    out = io.StringIO()
    call_command("verify_pack", str(path), stdout=out)
    assert "1 pages deleted by retention on 2026-03-" in out.getvalue()
    files = packing.read(path)
    script = case.folder / "check.py"
    script.write_text(files["README.txt"].decode().split("---- check.py ----\n")[1].split("---- end ----")[0])
    told = subprocess.run([sys.executable, str(script), str(path)], capture_output=True, text=True, check=False)  # noqa: S603
    assert told.returncode == 0, told.stderr
    assert "was deleted after its time" in told.stdout
    address = reverse("enforcement:record_check", args=[case.takedown.pk])
    page = sign_in(officer).get(f"{address}?observation={live.pk}", follow=True)
    assert "This page was deleted after its time" in page.content.decode()


def test_another_page_than_the_chain_says_is_missing(case: Case, officer: User, as_actor: Callable[[User], Actor]) -> None:  # noqa: F811  # fmt: skip
    live = case.takedown.observations.get(verdict="live")
    KINDS["check_pages"].erase([live])
    gone = case.takedown.observations.filter(verdict="gone")[0]
    Observation.objects.filter(pk=gone.pk).update(body=b"")
    report = check_pack(case.pack(as_actor(officer)))
    assert any(f"captures/{gone.pk}.body" in each.detail for each in report.problems)


def test_the_command_shows_what_a_run_would_delete_and_deletes_it(rows: Rows) -> None:
    old, out = rows.mail_bodies(timezone.now() - OLD), io.StringIO()
    call_command("apply_retention", "--dry-run", stdout=out)
    assert "mail_bodies: would delete 1 of 3 bytes, oldest 20" in out.getvalue()
    assert Mail.objects.get(pk=old.pk).body
    call_command("apply_retention", stdout=out)
    assert "mail_bodies: 1 deleted" in out.getvalue()
    assert Mail.objects.get(pk=old.pk).body == ""


def test_an_operator_previews_and_saves_and_two_admins_hold_on_pages(
    rows: Rows, admin: User, second_admin: User, operator: User, officer: User, sign_in: Callable[[User], Client]
) -> None:
    rows.mail_bodies(timezone.now() - timedelta(days=100))
    client = sign_in(operator)
    days = {name: kind.days for name, kind in KINDS.items()} | {"mail_bodies": 50}
    tried = client.post("/retention/", days | {"try": "yes"}).content.decode()
    assert "Deleted with the days you entered" in tried
    assert not RetentionRule.objects.exists()
    assert client.post("/retention/", days | {"mail_bodies": 2}).status_code == 422
    assert client.post("/retention/", days).status_code == 302
    assert RetentionRule.objects.get().days == 50
    client = sign_in(admin)
    hold = {"label": "portal.user", "named": officer.email, "reason": "Court order 7"}
    assert client.post("/retention/holds/", hold | {"named": rows.person.email}).status_code == 422, "a platform's"
    assert client.post("/retention/holds/", hold | {"named": "nobody@example.org"}).status_code == 422
    place = client.post("/retention/holds/", hold)["Location"]
    client.post(place, {"act": "ask", "reason": "Over"})
    assert client.post(place, {"act": "confirm"}).status_code == 403
    assert "Another admin must confirm it" in client.get(place).content.decode()
    sign_in(second_admin).post(place, {"act": "confirm"})
    assert LegalHold.objects.get().released_by == second_admin
    assert [sign_in(officer).get(url).status_code for url in ("/retention/", "/retention/holds/", place)] == [403] * 3
