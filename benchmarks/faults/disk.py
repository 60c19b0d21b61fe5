"""A separate disk for the drill, in memory, so that it can be full without filling the disk of the machine."""

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOM = "3g"
_NAME = "offshelf-faults"


def _mount(*words: str) -> "subprocess.CompletedProcess[str]":
    program = shutil.which("mount", path="/usr/sbin:/usr/bin:/sbin:/bin") or "mount"
    return subprocess.run([program, *words], capture_output=True, text=True, check=False)  # noqa: S603  no outside input


@contextlib.contextmanager
def own_disk(folder: Path) -> Iterator[str]:
    """Make `folder` a separate disk during the block; gives the reason if that is refused, otherwise an empty text.

    Requires permission to mount file systems, which root has on most machines. Its content is lost after the block.
    """
    folder.mkdir(mode=0o700, parents=True)
    done = None
    with contextlib.suppress(FileNotFoundError):
        done = _mount("-t", "tmpfs", "-o", f"size={ROOM},mode=0700", _NAME, str(folder))
    if done is None or done.returncode:
        yield done.stderr.strip() if done else "there is no mount command"
        return
    try:
        yield ""
    finally:
        # Lazily, so that a process that ends late does not block the end of the drill.
        subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, check=False)  # noqa: S603, S607


@contextlib.contextmanager
def full(folder: Path) -> Iterator[None]:
    """Shrink the disk at `folder` to its content during the block: every write gets ENOSPC."""
    pages = shutil.disk_usage(folder).used
    try:
        # It cannot be smaller than its current content, which keeps growing.
        while (done := _mount("-o", f"remount,size={pages}", str(folder))).returncode and pages < 8 << 30:
            pages += 64 << 10
        if done.returncode:
            raise OSError(f"The disk could not be filled: {done.stderr.strip()}")
        yield
    finally:
        _mount("-o", f"remount,size={ROOM}", str(folder))


def is_own(folder: Path) -> bool:
    """Whether `folder` is a separate disk."""
    return folder.is_mount()


def kept_copy(folder: Path) -> Path:
    """Copy the content of the disk to a folder beside it, to find out why the drill failed."""
    kept = Path(tempfile.mkdtemp(prefix="kept-", dir=folder.parent))
    shutil.copytree(folder, kept, dirs_exist_ok=True, ignore_dangling_symlinks=True, ignore=_sockets)
    return kept


def _sockets(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if (Path(folder) / name).is_socket()}
