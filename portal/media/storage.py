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


HALF = ".part"
HALF_FOR = 24 * 3600.0  # seconds; no one writes at one file for so long


def remove_halves(folder: Path) -> int:
    """Remove what a killed process left half-written under `folder`; returns how many files."""
    old = time.time() - HALF_FOR
    removed = 0
    for where, _folders, names in os.walk(folder):  # a folder that cannot be read is left out
        for path in (Path(where, name) for name in names if name.endswith(HALF)):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < old:
                    path.unlink()
                    removed += 1
    return removed


class WholeFiles(FileSystemStorage):
    """Writes a file beside its place and moves it there when it is complete: a full disk leaves no half of one behind."""

    def _save(self, name: str, content: Any) -> str:
        written = f"{name}.{uuid4().hex}{HALF}"
        try:
            super()._save(written, content)  # type: ignore[misc]  # Django's own, which the stubs do not know
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
