"""Files that are kept whole or not at all, and what a full disk looks like.

A storage of ours also says what a backup asks of it: all that it holds (`stored`), whether that is nothing (`is_empty`),
what it is called (`place`), and that it takes over files from a folder (`take`).
"""

import contextlib
import errno
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Protocol
from uuid import uuid4

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage
from django.db import DatabaseError

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_DISK_FULL = "53100"  # PostgreSQL's code


def is_full(error: BaseException | None) -> bool:
    """Whether a disk was full: that of the files, or the database's."""
    if isinstance(error, DatabaseError):
        return getattr(error.__cause__, "sqlstate", "") == _DISK_FULL
    return isinstance(error, OSError) and error.errno in _FULL


HALVES = "halves"  # the folder, among the files, in which each is written before it is moved to its place
ASIDE = ".restoring"  # the folder in which a restore keeps files until everything proved whole
HALF_FOR = 24 * 3600.0  # seconds; nobody writes at one file for so long


def remove_halves(folder: Path) -> int:
    """Remove what a killed process left half-written among the files of `folder`; returns how many files."""
    old, removed = time.time() - HALF_FOR, 0
    with contextlib.suppress(FileNotFoundError):  # nothing was ever written
        for path in (folder / HALVES).iterdir():
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < old:
                    path.unlink()
                    removed += 1
    return removed


class Unreachable(OSError):
    """The file storage did not answer, or not as it should. Nothing was changed; later it may."""


class Storage(Protocol):
    """What a backup asks of the storage of files."""

    @property
    def place(self) -> str:
        """What people know it by."""

    def is_empty(self) -> bool:
        """Whether it holds nothing at all."""

    def stored(self) -> Iterator[tuple[str, IO[bytes], int]]:
        """Name, content and size in bytes of every file, in a lasting order. Each is closed before the next is opened."""

    def take(self, folder: Path) -> None:
        """Move the files of `folder` here, under the same names. Raises OSError; what was moved until then stays."""


def name_of(made: Callable[[str], str], name: str) -> str:
    """The name to store a file under: as the storage makes it of what a stranger calls it, or "file" where nothing is left."""
    try:
        return made(name)
    except SuspiciousFileOperation:
        return "file"


class WholeFiles(FileSystemStorage):
    """Writes a file among the halves and moves it to its place when it is complete: a full disk leaves no half of one there."""

    def get_valid_name(self, name: str) -> str:
        return name_of(super().get_valid_name, name)

    def _save(self, name: str, content: Any) -> str:
        written = f"{HALVES}/{uuid4().hex}"
        try:
            super()._save(written, content)  # type: ignore[misc]  # Django's own, which the stubs do not know
            Path(self.path(name)).parent.mkdir(parents=True, exist_ok=True)
            return self._placed(written, name)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(self.path(written)).unlink(missing_ok=True)
            raise

    def _placed(self, written: str, name: str) -> str:
        """Move it to `name`, or to another name where someone took that one in the meantime; returns the name."""
        while True:
            try:
                os.close(os.open(self.path(name), os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            except FileExistsError:
                name = self.get_available_name(name)
                continue
            Path(self.path(written)).replace(self.path(name))
            return name.replace("\\", "/")

    @property
    def place(self) -> str:
        return f"the folder {self.location}"

    def is_empty(self) -> bool:
        root = Path(self.location)
        return not root.exists() or not any(root.iterdir())

    def stored(self) -> Iterator[tuple[str, IO[bytes], int]]:
        """Not what is being written at the moment, nor what was deleted since it was seen."""
        root = Path(self.location)
        skipped = {root / HALVES, root / ASIDE}
        for where, folders, names in os.walk(root, onerror=_raised_unless_gone):
            folders[:] = sorted(name for name in folders if Path(where, name) not in skipped)
            for path in (Path(where, name) for name in sorted(names)):
                with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
                    yield str(path.relative_to(root)), file, os.fstat(file.fileno()).st_size

    def take(self, folder: Path) -> None:
        """A rename for each folder in it, on the same disk."""
        for path in folder.iterdir():
            path.rename(Path(self.location) / path.name)


def _raised_unless_gone(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error
