"""Everything that is stored about a person, in one file: complete, without secrets, for admins, and audited."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from listings import services as listings
from portal import audit, services
from portal.exporting.registry import Tally
from portal.identity import api_keys
from portal.identity.actors import Actor
from portal.models import AuditEvent, Export, FactorReset, Mail, Notification, SecondFactor, Session, User
from portal.services.person_export import SECRET, tables_about, write_person
from tests.factories import FlagFactory, UserFactory

pytestmark = pytest.mark.django_db
SECRETS = ("TOTP-SECRET", "SESSION-KEY", "SESSION-DATA", "md5$")


@pytest.fixture
def person(manager_a: User, admin: User) -> User:
    """Somebody about whom there is a row of many kinds, and rows of others beside it."""
    actor, flag = Actor.person(manager_a), FlagFactory(notice__platform=manager_a.organisation)
    listings.post_message(flag=flag, audience="own", text="Mine to see", attachments=[], actor=actor)
    api_keys.create_key(actor=actor, organisation=manager_a.organisation, name="Robot", scopes=["notices"], days=9)
    SecondFactor.objects.create(person=manager_a, kind="app", secret="TOTP-SECRET")
    Session.objects.create(
        session_key="SESSION-KEY", session_data="SESSION-DATA", person=manager_a, expire_date=timezone.now()
    )
    FactorReset.objects.create(person=admin, asked_by=manager_a, reason="Asked by them", expires_at=timezone.now())
    Notification.objects.create(person=manager_a, organisation=manager_a.organisation, key="k", subject="For them")
    Mail.objects.create(key="m", to=manager_a.email.upper(), subject="To them", body="…")
    Mail.objects.create(key="n", to=admin.email, subject="To another", body="…")
    return manager_a


def unpacked(data: bytes) -> dict[str, list[dict[str, Any]]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: [json.loads(line) for line in archive.read(name).splitlines()] for name in archive.namelist()}


def exported(person: User, actor: Actor) -> bytes:
    return b"".join(write_person(actor, {"person": person.pk}, Tally()))


def test_all_that_refers_to_a_person_is_in_it_and_nothing_of_others(person: User, system: Actor) -> None:
    files = unpacked(exported(person, system))
    assert [row["email"] for row in files["portal.user.jsonl"]] == [person.email]
    assert [row["text"] for row in files["listings.message.jsonl"]] == ["Mine to see"]
    assert [row["subject"] for row in files["portal.mail.jsonl"]] == ["To them"]
    assert [row["subject"] for row in files["portal.notification.jsonl"]] == ["For them"]
    assert [row["reason"] for row in files["portal.factorreset.jsonl"]] == ["Asked by them"]
    assert {row["user_id"] for row in files["portal.auditevent.jsonl"]} == {person.pk}
    assert {"portal.session.jsonl", "portal.secondfactor.jsonl", "portal.apikey.jsonl"} <= set(files)


def test_nothing_that_opens_something_is_in_it(person: User, system: Actor) -> None:
    text = json.dumps(unpacked(exported(person, system)))
    digest = person.password.rpartition("$")[2]
    assert not [secret for secret in (*SECRETS, digest) if secret in text]


def test_no_field_that_sounds_like_a_secret_is_forgotten(person: User) -> None:
    words = ("secret", "password", "nonce", "session_", "credential", "token")
    told = [
        f"{name}.{field.name}"
        for name, rows in tables_about(person).items()
        for field in rows.model._meta.concrete_fields
        if any(word in field.name for word in words) and field.name not in SECRET.get(name, ())
    ]
    assert told == ["portal.user.password_must_change"]


def test_an_admin_gets_it_as_an_export_and_the_log_says_so(
    person: User, officer: User, admin: User, sign_in: Callable[[User], Client], settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    client = sign_in(admin)
    assert client.post(f"/people/{person.pk}/export/").status_code == 404, "of a platform, not of the regulator"
    person = officer
    client.post(f"/people/{person.pk}/export/")
    export = services.run_export(Export.objects.get())
    assert (export.status, person.name in export.filename + export.detail) == ("done", False)
    files = unpacked(client.get(f"/exports/{export.pk}/file/").getvalue())
    event = audit.events_about(person).get(action="person.exported")
    assert event.user == admin
    assert event.after["rows"] == {name.removesuffix(".jsonl"): len(rows) for name, rows in files.items()}


def test_nobody_else_gets_it(
    person: User, officer: User, moderator_b: User, sign_in: Callable[[User], Client], as_actor: Callable[[User], Actor]
) -> None:
    for other in (person, officer, moderator_b):
        assert sign_in(other).post(f"/people/{person.pk}/export/").status_code == 403
        with pytest.raises(PermissionDenied):
            exported(person, as_actor(other))
    assert not Export.objects.exists()
    assert not AuditEvent.objects.filter(action="person.exported").exists()


def test_the_command_writes_it_and_never_over_another_file(person: User, tmp_path: Path) -> None:
    UserFactory(name="Somebody else")
    path, out = tmp_path / "person.zip", io.StringIO()
    call_command("export_person", person.email.upper(), str(path), stdout=out)
    files = unpacked(path.read_bytes())
    assert f"{sum(map(len, files.values())):,} rows about {person}" in out.getvalue()
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("export_person", person.email, str(path))
    with pytest.raises(CommandError, match="no person"):
        call_command("export_person", "nobody@example.org", str(tmp_path / "other.zip"))
