"""Files of a recall: checked like every upload, internal unless someone says otherwise, and gone with a trace."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.urls import reverse

from portal.database.acting import acting
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation, User
from portal.services.kept_files import Damaged
from portal.transitions import IllegalTransition
from recalls import services
from recalls.models import Recall, RecallFile
from tests.factories import NoticeFactory, RecallFactory, UserFactory
from tests.portal.test_regulator_keys import program

pytestmark = pytest.mark.django_db
SECRET = "Sample 7 burned for 40 minutes"


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def recall(regulator: Organisation, platform_a: Organisation) -> Recall:
    recall: Recall = RecallFactory(regulator=regulator, number="26-1")
    NoticeFactory(recall=recall, platform=platform_a)
    return recall


def add(recall: Recall, by: User, data: bytes = SECRET.encode(), name: str = "report.txt", **more: Any) -> RecallFile:
    given = {"kind": "test_report", "title": "Report of the lab", **more}
    return services.add_file(recall=recall, file=ContentFile(data, name), actor=Actor.person(by), **given)


def stored() -> list[str]:
    return default_storage.listdir("recall-files")[1] if default_storage.exists("recall-files") else []


def test_a_file_is_added_on_the_page_and_only_its_regulator_gets_it(
    recall: Recall, officer: User, moderator_a: User, sign_in: Callable[[User], Client]
) -> None:
    given = {"title": "Report of the lab", "kind": "test_report", "file": ContentFile(SECRET.encode(), "r<e>port.txt")}
    assert sign_in(officer).post(reverse("recalls:file_add", args=[recall.pk]), given).status_code == 302
    row = RecallFile.objects.get()
    assert (row.for_platforms, row.uploaded_by, row.size, row.name) == (False, officer, len(SECRET), "r_e_port.txt")
    page, address = reverse("recalls:detail", args=[recall.pk]), reverse("recalls:file", args=[row.pk])
    own, theirs = sign_in(officer), sign_in(moderator_a)
    assert row.sha256 in own.get(page).content.decode()
    answer = own.get(address)
    assert (answer.content.decode(), answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        SECRET, "text/plain; charset=utf-8", "nosniff",
    )  # fmt: skip
    assert answer["Content-Disposition"].startswith("attachment")
    assert "Report of the lab" not in theirs.get(page).content.decode()
    assert theirs.get(address).status_code == 404
    own.post(reverse("recalls:file_audience", args=[row.pk]), {"show": "yes"})
    assert "Report of the lab" in theirs.get(page).content.decode()
    assert theirs.get(address).content.decode() == SECRET
    for name in ("recalls:file_audience", "recalls:file_remove"):
        assert theirs.post(reverse(name, args=[row.pk])).status_code == 403
    own.post(reverse("recalls:file_audience", args=[row.pk]))
    assert theirs.get(address).status_code == 404


def test_the_database_itself_shows_a_platform_no_internal_file_and_no_assessment(
    recall: Recall, officer: User, moderator_a: User
) -> None:
    recall.current.risk_level = "serious"
    recall.current.save()
    services.assess_risk(version=recall.current, text=SECRET, actor=Actor.person(officer))
    add(recall, officer)
    shown = add(recall, officer, title="For all", for_platforms=True)
    with acting(Actor.person(moderator_a).principal), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM recalls_recallfile")
        assert cursor.fetchall() == [(shown.pk,)]
        cursor.execute("SELECT count(*) FROM recalls_riskassessment")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT count(*) FROM recalls_riskassessment_writers")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("data", "name", "problem"),
    [
        (b"MZ\x90\x00" + b"\x00" * 99, "notice.pdf", "not a readable file"),
        (b"<svg onload='x'>\x00</svg>", "a.svg", "not a readable file"),
        (b"%PDF-1.7 cut off", "a.pdf\x00.txt", ""),
        (b"x" * 5_000_001, "a.txt", "too large"),
        (b"", "a.txt", "not a readable file"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 200, "a.png", "not a readable file"),
    ],
)
def test_what_is_no_kept_kind_of_file_is_refused_and_nothing_is_stored(
    data: bytes, name: str, problem: str, recall: Recall, officer: User
) -> None:
    if not problem:
        assert add(recall, officer, data, name).content_type.startswith("text/plain"), "by content, not by its name"
        return
    with pytest.raises(ValidationError, match=problem):
        add(recall, officer, data, name)
    assert (RecallFile.objects.count(), stored()) == (0, [])
    assert not AuditEvent.objects.filter(action="recall.file_added").exists()


def test_one_too_many_a_stranger_and_a_withdrawn_recall_leave_no_file_behind(
    recall: Recall, officer: User, moderator_a: User, admin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person in (moderator_a, admin, UserFactory(role="regulator_staff", organisation__kind="regulator")):
        with pytest.raises(PermissionDenied):
            add(recall, person)
    monkeypatch.setattr(RecallFile, "MAX_COUNT", 1)
    add(recall, officer)
    with pytest.raises(ValidationError, match="up to 1 files"):
        add(recall, officer, b"another")
    services.move_recall(recall=recall, to="withdrawn", reason="Wrong", actor=Actor.person(officer))
    with pytest.raises(IllegalTransition, match="withdrawn"):
        add(recall, officer, b"another")
    assert (RecallFile.objects.count(), len(stored())) == (1, 1)


def test_a_removed_file_is_gone_and_the_log_keeps_its_digest(
    recall: Recall, officer: User, sign_in: Callable[[User], Client], django_capture_on_commit_callbacks: Any
) -> None:
    row = add(recall, officer)
    client = sign_in(officer)
    assert "You cannot undo this" in client.get(reverse("recalls:file_remove", args=[row.pk])).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("recalls:file_remove", args=[row.pk]))
    assert (RecallFile.objects.count(), stored()) == (0, [])
    event = AuditEvent.objects.get(action="recall.file_removed")
    assert (event.before["sha256"], event.before["title"]) == (row.sha256, "Report of the lab")


def test_a_file_that_was_changed_on_the_disk_is_not_handed_out(recall: Recall, officer: User) -> None:
    row = add(recall, officer)
    Path(row.file.path).write_text("Sample 7 is fine")
    with pytest.raises(Damaged, match="not the one that was kept"):
        services.file_content(row)


def test_programs_add_show_and_remove_files(recall: Recall, officer: User, manager_a: User) -> None:
    own, theirs = program(officer), program(manager_a, ["notices"])
    path = f"recalls/{recall.pk}/files"
    body = {"kind": "notice", "title": "Notice", "name": "n.txt", "content": base64.b64encode(SECRET.encode()).decode()}
    for wrong in ({"content": "%%%"}, {"content": "é"}, {"kind": "x"}, {"title": ""}, {"for_platforms": "yes"},
                  {"content": base64.b64encode(b"MZ\x00\x00").decode()}):  # fmt: skip
        assert own("POST", path, body | wrong).status_code == 422, wrong
    made = own("POST", path, body)
    assert (made.status_code, made.json()["for_platforms"], made.json()["size"]) == (201, False, len(SECRET))
    one = f"recall-files/{made.json()['id']}"
    assert own("GET", f"{one}/content").content.decode() == SECRET
    assert [theirs("GET", each).status_code for each in (one, f"{one}/content")] == [404, 404]
    assert theirs("GET", path).json()["results"] == []
    assert theirs("POST", path, body).status_code == 403
    assert own("POST", f"{one}/audience", {"for_platforms": True}).json()["for_platforms"] is True
    assert theirs("GET", f"{one}/content").content.decode() == SECRET
    assert theirs("POST", f"{one}/remove").status_code == 403
    assert own("POST", f"{one}/remove").status_code == 204
    assert own("GET", one).status_code == 404
