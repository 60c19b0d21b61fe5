"""Writing a backup: the database of one moment, then the files, as one stream."""

import contextlib
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection, transaction

from portal.backup.errors import BackupFailed
from portal.backup.manifest import Manifest
from portal.backup.programs import running
from portal.database.roles import as_owner
from portal.media.storage import HALVES

PIECE = 1 << 20  # bytes of the database in one part of the stream; both sides keep two of them in memory
ASIDE = ".restoring"  # where a restore keeps files until everything proved whole


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
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = str(cursor.fetchone()[0])
        manifest = Manifest.of_this_moment()
        writer.add("manifest.json", manifest.as_json())
        for number, piece in enumerate(_dump(snapshot)):
            writer.add(f"database/{number:08}", piece)
    writer.add("database/end", b"")
    root = Path(settings.MEDIA_ROOT)
    for path in _stored(root):
        with contextlib.suppress(FileNotFoundError), path.open("rb") as file:  # deleted since
            writer.add_file(f"files/{path.relative_to(root)}", file, os.fstat(file.fileno()).st_size)
    writer.end()
    return manifest


def _dump(snapshot: str) -> Iterator[bytes]:
    words = ("--format=custom", "--no-owner", "--no-privileges", "--no-comments", f"--snapshot={snapshot}")
    with running("pg_dump", *words) as dump:
        while piece := dump.process.stdout.read(PIECE):  # type: ignore[union-attr]
            yield piece
        dump.raise_if_failed()


def _stored(root: Path) -> Iterator[Path]:
    """All stored files, in a lasting order; not what is being written at the moment."""

    def refused(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            raise error

    skipped = {root / HALVES, root / ASIDE}
    for where, folders, names in os.walk(root, onerror=refused):
        folders[:] = sorted(name for name in folders if Path(where, name) not in skipped)
        yield from (Path(where, name) for name in sorted(names))


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
