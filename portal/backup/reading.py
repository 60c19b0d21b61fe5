"""Reading the parts of a backup in their order, and comparing them with the digest at the end."""

import hashlib
import json
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from portal.backup.errors import BackupFailed
from portal.backup.writing import PIECE, Digested

_NOTE = 16 << 20  # bytes that a manifest may have


class Reader:
    """The parts of one backup; every method raises BackupFailed where the stream is not what `write_backup` writes."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar, self._all, self._parts = tar, hashlib.sha256(), 0

    def manifest(self) -> bytes:
        member = self._next("it has no beginning")
        if member.name != "manifest.json" or member.size > _NOTE:
            raise BackupFailed("This is not a backup of Offshelf: it does not begin with a manifest.")
        return self._content(member)

    def pieces(self) -> Iterator[bytes]:
        """The pieces of the database, in order."""
        while (member := self._next("it ends inside the database")).name.startswith("database/"):
            if member.size > PIECE:
                raise BackupFailed(f"The backup was changed: {member.name} is too large.")
            piece = self._content(member)
            if member.name == "database/end":
                return
            yield piece
        raise BackupFailed(f"The backup was changed: {member.name} stands inside the database.")

    def files(self, into: Path) -> int:
        """Write the files under `into`, then compare everything that came with the end; returns how many there are."""
        count = 0
        while (member := self._next("it ends before its last part")).name.startswith("files/"):
            name = PurePosixPath(member.name.removeprefix("files/"))
            if name.is_absolute() or ".." in name.parts or not name.parts:
                raise BackupFailed(f"The backup was changed: {member.name!r} is not a name that a stored file has.")
            self._copy(member, into / name)
            count += 1
        self._compare(member)
        return count

    def _compare(self, member: tarfile.TarInfo) -> None:
        if member.name != "end.json" or member.size > _NOTE:
            raise BackupFailed(f"The backup was changed: {member.name!r} is not a part that it has.")
        here = {"parts": self._parts, "sha256": self._all.hexdigest()}
        try:
            there = json.loads(self._content(member))
        except ValueError:
            there = None
        if there != here:
            raise BackupFailed("The backup was changed: its content does not have the digest that stands at its end.")
        if self._tar.next() is not None:
            raise BackupFailed("The backup was changed: something follows its end.")

    def _next(self, cut: str) -> tarfile.TarInfo:
        member = self._tar.next()
        if member is None:
            raise BackupFailed(f"The backup is not whole: {cut}.")
        if member.type != tarfile.REGTYPE or member.issparse():
            raise BackupFailed(f"The backup was changed: {member.name!r} is not a plain file.")
        self._tar.members = []  # type: ignore[attr-defined]  # tarfile remembers every part, and a backup may have millions
        return member

    def _content(self, member: tarfile.TarInfo) -> bytes:
        source = self._digested(member)
        content = source.read()
        self._count(member, source, len(content))
        return content

    def _copy(self, member: tarfile.TarInfo, target: Path) -> None:
        source = self._digested(member)
        _make_folder(target.parent)
        with target.open("xb") as out:
            target.chmod(0o640)
            shutil.copyfileobj(source, out, 1 << 20)
            self._count(member, source, out.tell())

    def _digested(self, member: tarfile.TarInfo) -> Digested:
        file = self._tar.extractfile(member)
        if file is None:
            raise BackupFailed(f"The backup was changed: {member.name!r} is not a plain file.")
        return Digested(file)

    def _count(self, member: tarfile.TarInfo, source: Digested, size: int) -> None:
        if size != member.size:
            raise BackupFailed(f"The backup is not whole: it ends inside {member.name!r}.")
        self._all.update(source.line(member.name))
        self._parts += 1


def _make_folder(folder: Path) -> None:
    """For us and our group, as which the next backup reads it (deploy/systemd/offshelf-backup.service)."""
    for path in reversed((folder, *folder.parents)):
        if not path.exists():
            path.mkdir(mode=0o750)
