"""Encryption of a backup by age (https://age-encryption.org): written for public keys, read with a secret one."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pyrage

from portal.backup.errors import BackupFailed

_BEGINS = b"age-encryption.org/"
_JOIN_WITHIN = 30.0  # seconds
_NOT_DECRYPTED = (
    "The backup could not be decrypted: the key is not one of those it was made for, or it was cut or changed. Nothing was "
    "restored. It says"
)


def recipients_of(words: Sequence[str]) -> list[pyrage.x25519.Recipient]:
    """Public keys like age1…; raises BackupFailed that names the one that is none."""
    found = []
    for word in words:
        try:
            found.append(pyrage.x25519.Recipient.from_str(word.strip()))
        except pyrage.RecipientError as error:
            raise BackupFailed(f"{word!r} is not an age public key (age1…): {error}.") from None
    return found


def identities_of(path: Path) -> list[pyrage.x25519.Identity]:
    """The secret keys in a file as age-keygen writes it; raises BackupFailed. No error repeats what is in it."""
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        found = [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (OSError, ValueError, pyrage.IdentityError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not a file of age-keygen"
        raise BackupFailed(f"{path} holds no age secret key: {why}.") from None
    if not found:
        raise BackupFailed(f"{path} holds no age secret key: it is empty.")
    return found


@contextmanager
def encrypted(out: IO[bytes], recipients: Sequence[pyrage.x25519.Recipient]) -> Iterator[IO[bytes]]:
    """What is written to the file given here is encrypted into `out`; complete when the block ends well."""
    read_end, write_end = os.pipe()
    with os.fdopen(read_end, "rb") as source:
        thread = _Thread(
            lambda: pyrage.encrypt_io(source, out, recipients), source, "The backup could not be encrypted and written"
        )
        try:
            with os.fdopen(write_end, "wb") as plain:
                yield plain
        except BrokenPipeError:
            thread.finish()  # says why nobody reads any more
            raise
        thread.finish()


@contextmanager
def decrypted(source: IO[bytes], identities: Sequence[pyrage.x25519.Identity]) -> Iterator[IO[bytes]]:
    """What is read from the file given here is `source` decrypted; its end raises BackupFailed where that was not whole."""
    read_end, write_end = os.pipe()
    with os.fdopen(write_end, "wb") as out:
        thread = _Thread(lambda: pyrage.decrypt_io(source, out, identities), out, _NOT_DECRYPTED)
        with os.fdopen(read_end, "rb") as plain:
            yield _UntilWhole(plain, thread)  # type: ignore[misc]  # it only reads


def is_encrypted(source: IO[bytes]) -> bool:
    """Whether the stream, of which nothing was read yet, is one of age's."""
    return source.peek(len(_BEGINS))[: len(_BEGINS)] == _BEGINS  # type: ignore[attr-defined]


class _Thread(threading.Thread):
    """Runs one side of a pipe and closes that side's end; `finish` waits for it and raises BackupFailed with what it met."""

    def __init__(self, work: Callable[[], object], end: IO[bytes], failed: str) -> None:
        super().__init__(daemon=True)
        self._work, self._end, self._failed = work, end, failed
        self._error: BaseException | None = None
        self.start()

    def run(self) -> None:
        try:
            self._work()
            self._end.flush()
        except BaseException as error:  # noqa: BLE001  raised by `finish`
            self._error = error
        finally:
            try:
                self._end.close()
            except OSError as error:
                self._error = self._error or error

    def finish(self) -> None:
        self.join(_JOIN_WITHIN)
        if self._error is not None:
            raise BackupFailed(f"{self._failed}: {self._error}.") from self._error


class _UntilWhole:
    def __init__(self, plain: IO[bytes], thread: _Thread) -> None:
        self._plain, self._thread = plain, thread

    def read(self, size: int = -1) -> bytes:
        piece = self._plain.read(size)
        if len(piece) < size:
            self._thread.finish()
        return piece
