"""A folder for files that are believed when they are read again, because nobody else can write them."""

import contextlib
import mmap
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

MAX_FILES = 4
MAX_SIZE = 500_000_000  # bytes of a file: twelve times that of 9,360 recalls
SUFFIX, HALF = ".index", ".half"
HALF_FOR = 3_600  # seconds after which a half-written file is that of a process that died
_WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


class Untrusted(OSError):
    """A folder or file that somebody else may have written, or that is none; the message says which and why."""


def default_folder() -> Path:
    """`offshelf/recalls` in the user's cache folder: $XDG_CACHE_HOME, or ~/.cache."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    base = Path(given) if given.startswith("/") else Path.home() / ".cache"
    return base / "offshelf" / "recalls"


class PrivateFolder:
    """At most MAX_FILES files by name; the ones that were not used for the longest time go first.

    Folder and files must belong to the user who runs this, and nobody else may write to them. They are opened relative
    to the open folder and without following links, so that what was checked is what is read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, name: str) -> memoryview | None:
        """A file's content, mapped into memory, so that processes share it; None if there is none. A file is replaced
        and never changed, so what is mapped stays as it is. Raises OSError, Untrusted among them."""
        if not self.path.exists():
            return None
        with self._opened() as folder:
            try:
                file = os.open(name + SUFFIX, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
            except FileNotFoundError:
                return None
            with open(file, "rb"):  # noqa: PTH123  a file descriptor
                found = os.fstat(file)
                if not stat.S_ISREG(found.st_mode):
                    raise Untrusted(f"{self.path / name}{SUFFIX} is not a plain file")
                self._require_own(found, f"{self.path / name}{SUFFIX}")
                if found.st_size > MAX_SIZE:
                    raise Untrusted(f"{self.path / name}{SUFFIX} is larger than {MAX_SIZE:,} bytes")
                with contextlib.suppress(OSError):
                    os.utime(file)
                if not found.st_size:  # nothing can be mapped
                    return memoryview(b"")
                return memoryview(mmap.mmap(file, found.st_size, access=mmap.ACCESS_READ))

    def write(self, name: str, content: bytes | bytearray) -> None:
        """Keep a file, complete or not at all, and drop the ones that are too many. Raises OSError."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._opened() as folder:
            half = f"{name}.{os.getpid()}{HALF}"
            try:
                file = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600, dir_fd=folder)
                with open(file, "wb") as target:  # noqa: PTH123  a file descriptor
                    target.write(content)
                os.replace(half, name + SUFFIX, src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                with contextlib.suppress(OSError):
                    os.unlink(half, dir_fd=folder)
                raise
            self._tidy(folder)

    @contextlib.contextmanager
    def _opened(self) -> Iterator[int]:
        folder = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            self._require_own(os.fstat(folder), str(self.path))
            yield folder
        finally:
            os.close(folder)

    def _require_own(self, found: os.stat_result, name: str) -> None:
        if found.st_uid != os.geteuid():
            raise Untrusted(f"{name} belongs to another user")
        if found.st_mode & _WRITABLE_BY_OTHERS:
            raise Untrusted(f"others may write to {name}: chmod go-w")

    def _tidy(self, folder: int) -> None:
        kept = []
        for each in os.listdir(folder):
            with contextlib.suppress(OSError):
                changed = os.stat(each, dir_fd=folder, follow_symlinks=False).st_mtime
                if each.endswith(SUFFIX):
                    kept.append((changed, each))
                elif each.endswith(HALF) and time.time() - changed > HALF_FOR:
                    os.unlink(each, dir_fd=folder)
        for _, each in sorted(kept, reverse=True)[MAX_FILES:]:
            with contextlib.suppress(OSError):
                os.unlink(each, dir_fd=folder)
