"""Restoring a backup into an empty instance: everything, or nothing."""

import contextlib
import shutil
import tarfile
from pathlib import Path
from typing import IO, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import DatabaseError, connection

from portal import audit
from portal.audit.chain import GENESIS, AnchorProblem, read_anchors
from portal.backup.errors import BackupFailed
from portal.backup.manifest import Manifest
from portal.backup.programs import Program, running
from portal.backup.reading import Reader
from portal.database import roles
from portal.media.storage import ASIDE, Storage

_OBJECTS = """
    SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
"""  # tables, views, sequences; what an extension brought is not ours


def restore_backup(source: IO[bytes], *, anchors: Path | None = None) -> Manifest:
    """Restore a backup into this instance, whose database and storage of files must be empty; returns what it held.

    Works as the owner, makes the application's role and its grants, brings an older schema up to date, and compares the
    audit chain with what the manifest says and with `anchors`, a file of anchors kept elsewhere, as far as the backup
    reaches. Raises BackupFailed; where its `restored` is false, the instance is as empty as before.
    """
    kept = _anchors(anchors)
    root = Path(settings.MEDIA_ROOT)
    try:
        with roles.as_owner():
            _refuse_if_not_empty()
            with tarfile.open(fileobj=source, mode="r|") as tar:
                manifest = _restore(Reader(tar), source, root)
            _bring_up_to_date(manifest)
    except tarfile.TarError as error:
        raise BackupFailed(f"This is not a backup, or it is not whole: {error}. Nothing was restored.") from None
    except (OSError, ValueError, DatabaseError, ImproperlyConfigured) as error:
        raise BackupFailed(f"{error} Nothing was restored.") from error
    _verify(manifest, kept)
    return manifest


def _restore(reader: Reader, source: IO[bytes], root: Path) -> Manifest:
    manifest = Manifest.read(reader.manifest())
    roles.make_role()
    aside = root / ASIDE
    aside.mkdir(mode=0o700, parents=True)
    try:
        with running(
            "pg_restore", "--no-owner", "--no-privileges", "--no-comments", "--single-transaction", feeds=True
        ) as program:
            last = _feed(program, reader)
            reader.files(aside)
            while source.read(1 << 20):  # to its very end, where decryption says whether it was whole
                pass
            _write(program, last)
            program.process.stdin.close()  # type: ignore[union-attr]
            program.raise_if_failed()
        _place(aside)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return manifest


def _feed(program: Program, reader: Reader) -> bytes:
    """Hand over the database but for its last piece, which is returned.

    Without its end pg_restore cannot commit, so it waits with its transaction open until the whole stream proved whole.
    """
    held = b""
    for piece in reader.pieces():
        if held:
            _write(program, held)
        held = piece
    return held


def _write(program: Program, piece: bytes) -> None:
    try:
        program.process.stdin.write(piece)  # type: ignore[union-attr]
        program.process.stdin.flush()  # type: ignore[union-attr]
    except BrokenPipeError:
        program.raise_if_failed()
        raise BackupFailed("The backup was changed: pg_restore ended before the database did.") from None


def _place(aside: Path) -> None:
    """Move what was put aside to where it belongs."""
    storage = _storage()
    try:
        storage.take(aside)
    except OSError as error:
        kept = aside.with_name(f"{ASIDE}-files")
        with contextlib.suppress(OSError):
            aside.rename(kept)
        raise BackupFailed(
            f"The database is restored, but the files could not be moved to {storage.place}: {error}. Move what is left in "
            f"{kept} there.",
            restored=True,
        ) from error


def _storage() -> Storage:
    return cast("Storage", default_storage)


def _refuse_if_not_empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_OBJECTS)
        count = cursor.fetchone()[0]
    if count:
        raise BackupFailed(
            f"The database {connection.settings_dict['NAME']} is not empty ({count:,} tables, indexes and sequences). "
            "Nothing was changed. Make a new database, name it in DATABASE_URL and OWNER_DATABASE_URL, and restore there."
        )
    if not _storage().is_empty():
        place = _storage().place
        raise BackupFailed(
            f"{place[0].upper()}{place[1:]} is not empty. Nothing was changed. Move its content away, or name another one "
            "(OFFSHELF_FOLDER, FILES_S3_BUCKET, FILES_S3_PREFIX)."
        )


def _bring_up_to_date(manifest: Manifest) -> None:
    try:
        call_command("migrate", verbosity=0, interactive=False)  # with the grants; the schema may be an older version's
    except Exception as error:
        raise BackupFailed(
            f"The data is restored as of {manifest.made_at}, but could not be brought up to date: {error} Run migrate, "
            "then verify_audit.",
            restored=True,
        ) from error


def _anchors(path: Path | None) -> dict[int, str]:
    try:
        return read_anchors(path) if path is not None else {}
    except (AnchorProblem, OSError) as problem:
        raise BackupFailed(f"{problem}. Nothing was restored.") from None


def _verify(manifest: Manifest, kept: dict[int, str]) -> None:
    """As the application's role, which shows that it can work, and that it cannot change the log."""
    known = {position: hash_ for position, hash_ in kept.items() if position <= manifest.chain_position}
    try:
        report = audit.verify_chain(known)
        rights = roles.problems() if settings.OWNER_DATABASE else []
    except DatabaseError as error:
        raise BackupFailed(f"The data is restored, but cannot be read: {str(error).strip()}", restored=True) from error
    problem = report.problem
    if not problem and (report.events, report.head) != (manifest.chain_position, manifest.chain_head or GENESIS):
        problem = f"it ends at position {report.events:,}, head {report.head}; the manifest says {manifest.chain_position:,}, head {manifest.chain_head}"
    if problem:
        raise BackupFailed(
            f"The data is restored, but its audit chain is not the one that was backed up: {problem}. Do not work with it.",
            restored=True,
        )
    if rights:
        raise BackupFailed(f"The data is restored, but: {' '.join(rights)} Run ensure_roles.", restored=True)
