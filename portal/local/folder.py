"""The data folder of a demo: claimed by one process at a time, and emptied only if it is ours."""

import contextlib
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

_LOCK = "offshelf.lock"  # also marks a folder as ours
_ALTERNATIVES = 20


class FolderRefused(Exception):
    """The folder cannot be used; the message says why and what to do."""


class FolderInUse(FolderRefused):
    """Another running Offshelf uses the folder."""


@contextlib.contextmanager
def claimed(folder: Path) -> Iterator[Path]:
    """Claim `folder` for this process, creating it if needed, and give its full path.

    The claim ends with this process, however that ends. Raises FolderInUse, or FolderRefused if the folder cannot be
    written or contains files that are not ours.
    """
    folder = folder.expanduser().absolute()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (folder / _LOCK).exists() and any(folder.iterdir()):
            raise FolderRefused(f"{folder} contains other files: give a new or empty folder with --folder.")
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise FolderRefused(f"{folder} cannot be used ({error.strerror}): give another one with --folder.") from None
    try:
        _lock(lock, folder)
        yield folder.resolve()
    finally:
        os.close(lock)


def _lock(lock: int, folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(lock, 20, 0).decode(errors="replace").strip() or "unknown"
        raise FolderInUse(
            f"Offshelf is already running in {folder} (process {holder}): stop it with Ctrl-C there, or give another "
            f"folder with --folder."
        ) from None
    os.truncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)


@contextlib.contextmanager
def claimed_or_next(folder: Path) -> Iterator[Path]:
    """As `claimed`, but tries `<folder>-2`, `<folder>-3` … while the folder is in use."""
    with contextlib.ExitStack() as stack:
        for number in range(1, _ALTERNATIVES + 1):
            with contextlib.suppress(FolderInUse):
                chosen = folder if number == 1 else folder.with_name(f"{folder.name}-{number}")
                held = stack.enter_context(claimed(chosen))
                break
        else:
            raise FolderInUse(
                f"{folder} and the {_ALTERNATIVES - 1} folders after it are all in use: stop one of them."
            )
        yield held


def is_ours(folder: Path) -> bool:
    """Whether `folder` was made by `claimed`."""
    return (folder / _LOCK).is_file()


def empty(folder: Path) -> None:
    """Permanently remove everything in the claimed `folder`. Raises FolderRefused if a file cannot be removed."""
    try:
        for entry in folder.iterdir():
            if entry.name == _LOCK:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()
    except OSError as error:
        raise FolderRefused(
            f"{error.filename} cannot be removed ({error.strerror}): run this as the user who started Offshelf there."
        ) from None


def secret_key(folder: Path) -> str:
    """The key that signs sessions, made once and kept readable by this user only."""
    path = folder / "secret-key"
    with contextlib.suppress(FileNotFoundError):
        if kept := path.read_text().strip():
            return kept
    made = secrets.token_urlsafe(48)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        out.write(f"{made}\n")
    return made
