"""Writing a backup: the database of one moment, then the files, as one stream."""

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from typing import IO, cast

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from portal.backup.errors import BackupFailed
from portal.backup.manifest import Manifest, server_version
from portal.backup.programs import running
from portal.database import policies
from portal.database.roles import as_owner
from portal.media.storage import Storage

POLICIES_APART = 18  # from this version on, pg_dump can leave policies out
PIECE = 1 << 20  # bytes of the database in one part of the stream; both sides keep two of them in memory


def write_backup(out: IO[bytes]) -> Manifest:
    """Write a backup of the database and the uploaded files to `out`; returns what it holds. Raises BackupFailed.

    Works as the owner. The database is that of one moment, without stopping anybody. Files are added after it: each file
    that the database of that moment names is there, unless it was deleted on purpose since.
    """
    try:
        with as_owner(), tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar:
            return _write(_Writer(tar))
    except OSError as error:
        raise BackupFailed(f"The backup could not be written: {error}.") from error


def _write(writer: "_Writer") -> Manifest:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")  # it keeps the moment while pg_dump works
        _refuse_part_of_the_rows(cursor)
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = str(cursor.fetchone()[0])
        manifest = Manifest.of_this_moment()
        writer.add("manifest.json", manifest.as_json())
        for number, piece in enumerate(_dump(snapshot)):
            writer.add(f"database/{number:08}", piece)
    writer.add("database/end", b"")
    for name, file, size in cast("Storage", default_storage).stored():
        writer.add_file(f"files/{name}", file, size)
    writer.end()
    return manifest


def _refuse_part_of_the_rows(cursor: CursorWrapper) -> None:
    """Row security would leave out rows without a word, of a role that sees only some."""
    if not policies.sees_everything(cursor):
        raise BackupFailed(
            "The owner's role does not see every row: row security keeps some from it. Run migrate, which gives the owner "
            "of the tables its policies, and name that role in OWNER_DATABASE_URL."
        )


def _dump(snapshot: str) -> Iterator[bytes]:
    """Policies name roles of this installation, so they stay behind; `migrate` writes them where it is restored."""
    words = [
        "--format=custom", "--no-owner", "--no-privileges", "--no-comments", f"--snapshot={snapshot}",
        "--enable-row-security",  # an owner that is no superuser sees every row by its policies, which was asked before
        *(["--no-policies"] if server_version() >= POLICIES_APART else []),
    ]  # fmt: skip
    with running("pg_dump", *words) as dump:
        while piece := dump.process.stdout.read(PIECE):  # type: ignore[union-attr]
            yield piece
        dump.raise_if_failed()


class _Writer:
    """Adds parts to the stream and digests them on the way."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar, self._all, self._parts = tar, hashlib.sha256(), 0

    def add(self, name: str, content: bytes) -> None:
        self.add_file(name, io.BytesIO(content), len(content))

    def add_file(self, name: str, file: IO[bytes], size: int) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        counted = Digested(file)
        self._tar.addfile(member, counted)
        self._all.update(counted.line(name))
        self._parts += 1

    def end(self) -> None:
        content = json.dumps({"parts": self._parts, "sha256": self._all.hexdigest()}).encode()
        member = tarfile.TarInfo("end.json")
        member.size, member.mode = len(content), 0o600
        self._tar.addfile(member, io.BytesIO(content))


class Digested:
    """A file that is digested while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._digest.update(piece)
        return piece

    def line(self, name: str) -> bytes:
        """What the digest of the whole stream covers of this part: its name and the digest of its content."""
        return f"{self._digest.hexdigest()} {json.dumps(name)}\n".encode()
