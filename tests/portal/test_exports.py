"""Exports: asked for, made in the person's name, left and come back to, cancelled, fetched, deleted; and no one else's."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone, translation
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from portal import audit, services, tasks
from portal.audit import export as audit_table
from portal.audit.words import event_words
from portal.exporting import registry
from portal.identity.actors import Actor
from portal.models import AuditEvent, Export, Organisation, User
from portal.retention.running import apply_retention
from portal.transitions import LostRace
from tests.exporting import exported

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def ask(person: User, query: str = "") -> Export:
    return services.start_export(
        kind="audit", arguments={"query": query}, stem="audit", detail=query, actor=Actor.person(person)
    )


def happen(regulator: Organisation, *reasons: str) -> None:
    for reason in reasons:
        audit.record(actor=Actor.system("test"), action="organisation.edited", subject=regulator, reason=reason)


def told_of(export: Export) -> list[str]:
    events = AuditEvent.objects.filter(subject_type="portal.export", subject_id=str(export.pk)).order_by("pk")
    return list(events.values_list("action", flat=True))


def test_the_log_as_a_table_is_asked_for_left_and_fetched_later(
    regulator: Organisation, admin: User, sign_in: Callable[[User], Client]
) -> None:
    happen(regulator, "first", "second", "=2+2 third")
    client = sign_in(admin)
    answer = client.post("/audit/export/?action=organisation.edited&after=WyIxIl0")
    export = Export.objects.get()
    assert answer["Location"] == f"/exports/{export.pk}/"
    assert (export.status, export.detail) == ("queued", "action: organisation.edited")
    assert client.post("/audit/export/?action=organisation.edited")["Location"] == answer["Location"], (
        "asked twice, made once"
    )
    waiting = client.get(answer["Location"]).content.decode()
    assert 'hx-trigger="every 1s"' in waiting
    assert "You can leave this page" in waiting
    assert client.get(f"{answer['Location']}progress/").status_code == 200
    assert client.get(f"{answer['Location']}file/").status_code == 302, "there is no file yet"

    rows = list(csv.reader(io.StringIO(exported(client, answer).decode("utf-8-sig"))))
    assert rows[0] == list(audit_table.HEADER)
    assert [row[11] for row in rows[1:]] == ["'=2+2 third", "second", "first"]
    export.refresh_from_db()
    assert (export.counted, export.progress, export.size > 0) == (3, 100, True)
    made = client.get(f"{answer['Location']}progress/")
    assert (made.status_code, "3 rows" in made.content.decode()) == (286, True)
    listed = client.get("/exports/").content.decode()
    assert f'href="/exports/{export.pk}/file/"' in listed
    assert told_of(export) == ["export.queued", "export.started", "export.done", "export.downloaded"]
    [who] = AuditEvent.objects.filter(action="export.downloaded").values_list("actor_label", flat=True)
    assert who == "Ines Duarte, Product Safety Authority"


def test_an_export_is_its_persons_alone(
    admin: User, officer: User, regulator: Organisation, platform_a: Organisation, sign_in: Callable[[User], Client]
) -> None:
    export = services.run_export(ask(admin))
    other = User.objects.create(
        name="Bo", email="bo@psa.example.gov", role="admin", organisation=regulator, is_active=True
    )
    for person in (officer, other):
        client = sign_in(person)
        for name in ("", "progress/", "file/"):
            assert client.get(f"/exports/{export.pk}/{name}").status_code == 404
        for name in ("cancel/", "delete/"):
            assert client.post(f"/exports/{export.pk}/{name}").status_code == 404
        assert "No exports yet" in client.get("/exports/").content.decode()
    admin.organisation, admin.role = platform_a, "moderator"
    admin.save()
    assert sign_in(admin).get(f"/exports/{export.pk}/").status_code == 404, "what was seen elsewhere stays there"
    assert told_of(export) == ["export.queued", "export.started", "export.done"]


def test_whoever_lost_the_right_gets_neither_a_new_file_nor_an_old_one(
    admin: User, sign_in: Callable[[User], Client], folder: Path
) -> None:
    made, waiting = services.run_export(ask(admin)), ask(admin, "q=x")
    User.objects.filter(pk=admin.pk).update(role="regulator_staff")
    failed = services.run_export(waiting)
    assert (failed.status, "may not do this (audit.view)" in failed.error) == ("failed", True)
    assert files_in(folder) == [f"{made.pk}.csv"]
    admin.refresh_from_db()
    client = sign_in(admin)
    assert client.get(f"/exports/{made.pk}/file/").status_code == 403
    assert "may not do this" in client.get(f"/exports/{waiting.pk}/").content.decode()
    assert "export.downloaded" not in told_of(made)


def test_only_those_who_may_see_it_ask_for_it(officer: User, moderator_a: User, system: Actor) -> None:
    for actor in (Actor.person(officer), Actor.person(moderator_a), system):
        with pytest.raises(PermissionDenied):
            services.start_export(kind="audit", arguments={"query": ""}, stem="audit", actor=actor)
    assert not Export.objects.exists()
    assert not AuditEvent.objects.filter(action="export.queued").exists()


def test_one_who_moved_to_another_organisation_gets_no_file(
    admin: User, platform_a: Organisation, folder: Path
) -> None:
    export = ask(admin)
    User.objects.filter(pk=admin.pk).update(organisation=platform_a)
    failed = services.run_export(export)
    assert (failed.status, "another organisation" in failed.error) == ("failed", True)
    assert files_in(folder) == []


def test_cancelling_leaves_nothing_behind(
    regulator: Organisation, admin: User, sign_in: Callable[[User], Client], folder: Path
) -> None:
    happen(regulator, "one", "two")
    export, client = ask(admin), sign_in(admin)

    going_on = services.exports._go_on

    def cancelled_meanwhile(row: Export, tally: registry.Tally) -> None:
        assert client.post(f"/exports/{export.pk}/cancel/").status_code == 302
        going_on(row, tally)

    with patch.object(services.exports, "_go_on", cancelled_meanwhile), pytest.raises(LostRace):
        services.run_export(export)
    export.refresh_from_db()
    assert (export.status, export.file.name) == ("cancelled", "")
    assert files_in(folder) == []
    assert services.run_export(export).status == "cancelled", "what is over is not taken up"
    assert "No data was kept" in client.get(f"/exports/{export.pk}/").content.decode()
    assert client.post(f"/exports/{export.pk}/cancel/").status_code == 409


def test_a_worker_that_dies_is_followed_by_one_that_begins_again(
    regulator: Organisation, admin: User, folder: Path
) -> None:
    happen(regulator, "one")
    export = ask(admin)
    for _ in range(2):
        with patch.object(services.exports, "_write", side_effect=MemoryError), pytest.raises(MemoryError):
            services.run_export(export)
    export.refresh_from_db()
    assert (export.status, files_in(folder)) == ("running", [])
    tasks.run_exports_due()
    export.refresh_from_db()
    assert (export.status, export.attempts, files_in(folder)) == ("done", 3, [f"{export.pk}.csv"])


def test_exports_take_one_worker_at_a_time_and_those_that_broke_off_come_last(admin: User, settings: Any) -> None:
    first, second = ask(admin), ask(admin, "q=x")
    Export.objects.filter(pk=first.pk).update(attempts=1)
    order: list[int] = []

    def made(export: Export) -> Export:
        order.append(export.pk)
        if len(order) == 1:
            order.append(ask(admin, "q=meanwhile").pk)
        return export

    with patch.object(services.exports, "run_export", made):
        services.run_exports_due()
        assert order == [second.pk, order[1], order[1], first.pk], "what comes meanwhile is made too"
        order.clear()
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s, 0)", [services.exports.TURN_LOCK])
            services.run_exports_due()
            assert order == [], "another worker is at it"
            settings.EXPORTS_AT_ONCE = 2
            services.run_exports_due()
            assert len(order) == 4
        finally:
            other.close()


def test_what_a_dead_worker_left_on_the_disk_is_replaced_or_taken_away(
    admin: User, folder: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    first, second = ask(admin), ask(admin, "q=x")
    (folder / "exports").mkdir()
    for export in (first, second):
        (folder / export.path).write_text("half")
    made = services.run_export(first)
    assert (made.file.name, "half" in Path(made.file.path).read_text()) == (first.path, False)
    with django_capture_on_commit_callbacks(execute=True):
        services.cancel_export(export=second, actor=Actor.person(admin))
    assert files_in(folder) == [f"{first.pk}.csv"]


def test_a_full_disk_fails_it_with_the_reason(admin: User, folder: Path) -> None:
    export = ask(admin)
    with patch.object(services.exports.tempfile, "TemporaryFile", lambda **_where: Path("/dev/full").open("wb+")):
        failed = services.run_export(export)
    assert (failed.status, files_in(folder)) == ("failed", [])
    assert failed.error == "The server's disk was full. Try again later."


def test_a_sixth_export_has_to_wait(admin: User, sign_in: Callable[[User], Client]) -> None:
    for number in range(Export.MAX_UNDER_WAY):
        ask(admin, f"q={number}")
    with pytest.raises(ValidationError):
        ask(admin, "q=one-more")
    client = sign_in(admin)
    refused = client.post("/audit/export/?q=one-more", follow=True)
    assert refused.redirect_chain == [("/exports/", 302)]
    assert "5 of your exports are still running" in refused.content.decode()
    assert Export.objects.count() == Export.MAX_UNDER_WAY


def test_a_file_is_kept_for_a_week_or_until_it_is_deleted(
    admin: User,
    sign_in: Callable[[User], Client],
    folder: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with time_machine.travel("2026-03-02T09:00:00Z", tick=False) as clock:
        first, second = services.run_export(ask(admin)), services.run_export(ask(admin, "q=x"))
        client = sign_in(admin)
        with django_capture_on_commit_callbacks(execute=True):
            client.post(f"/exports/{first.pk}/delete/")
        assert files_in(folder) == [f"{second.pk}.csv"]
        assert "The file was deleted" in client.get(f"/exports/{first.pk}/").content.decode()
        again = client.post(f"/exports/{first.pk}/delete/", follow=True).content.decode()
        assert "already deleted" in again
        clock.shift(timedelta(days=6, hours=23))
        apply_retention()
        assert files_in(folder) == [f"{second.pk}.csv"]
        clock.shift(timedelta(hours=1))
        with django_capture_on_commit_callbacks(execute=True):
            apply_retention()
    assert files_in(folder) == []
    assert told_of(first)[-1] == told_of(second)[-1] == "export.deleted"
    assert sign_in(admin).get(f"/exports/{second.pk}/file/", follow=True).redirect_chain == [
        (f"/exports/{second.pk}/", 302)
    ]


def test_a_file_that_is_gone_from_the_disk_is_said_to_be_gone(admin: User, sign_in: Callable[[User], Client]) -> None:
    export = services.run_export(ask(admin))
    Path(export.file.path).unlink()
    told = sign_in(admin).get(f"/exports/{export.pk}/file/", follow=True).content.decode()
    assert "The file is no longer available" in told
    assert "export.downloaded" not in told_of(export)


def test_days_are_those_of_whoever_asked(regulator: Organisation, admin: User) -> None:
    with time_machine.travel("2026-03-02T03:00:00Z", tick=False):  # still the first of March in New York
        happen(regulator, "late in the evening")
        with timezone.override(admin.zone):
            export = ask(admin, "until=2026-03-01&action=organisation.edited")
    assert export.zone == "America/New_York"
    assert services.run_export(export).counted == 1


def test_an_action_is_found_by_its_words_in_the_language_of_whoever_asked(regulator: Organisation, admin: User) -> None:
    audit.record(actor=Actor.system("test"), action="recall.published", subject=regulator)
    with translation.override("de"):
        words = event_words("recall.published")
        export = ask(admin, f"action={words}")
    assert words != "Recall published"
    assert services.run_export(export).counted == 1


def test_a_kind_is_registered_once() -> None:
    with pytest.raises(ValueError, match="two exporters of audit"):
        registry.register(registry.exporter_of("audit"))
