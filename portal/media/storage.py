"""Files that are kept whole or not at all, and what a full disk looks like."""

import contextlib
import errno
import os
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

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


class WholeFiles(FileSystemStorage):
    """Writes a file among the halves and moves it to its place when it is complete: a full disk leaves no half of one there."""

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
