"""Receiving one part of a file from a sender who may be slow, break off, lie about the length, or be one of two at once.

A part is read into a file of its own without a lock; which of two comes first is decided by the row. What was read of a
part that breaks off is kept, so that a bad line still gets on.
"""

import hashlib
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Any, Protocol

from django.core.files.base import File
from django.core.files.storage import default_storage

CHUNK = 1 << 16
MAX_SECONDS = 600.0
"""For one part; what has come by then is kept."""
MIN_KEPT = 1 << 16
"""Bytes of a part that broke off; less is not worth a file."""


class Readable(Protocol):
    """What a part comes from: the body of a request, or a file."""

    def read(self, size: int, /) -> bytes: ...


class _OneWay(File):
    """Bytes that a storage takes once, from first to last: by `chunks`, as a folder does, or by `read`, as a bucket does."""

    closed = False  # there is no file that could be

    def __init__(self, name: str) -> None:
        super().__init__(None, name)
        self._pieces: Iterator[bytes] | None = None
        self._rest = b""

    def __bool__(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Only to where it is at the beginning."""
        if offset or whence or self._pieces is not None:
            raise OSError("These bytes come once.")
        return 0

    def read(self, size: int = -1, /) -> bytes:
        self._pieces = self._pieces or self.chunks()
        while size < 0 or len(self._rest) < size:
            if not (piece := next(self._pieces, b"")):
                break
            self._rest += piece
        size = len(self._rest) if size < 0 else size
        given, self._rest = self._rest[:size], self._rest[size:]
        return given


class Received(_OneWay):
    """The first `length` bytes of `stream`, counted and hashed while a storage writes them. It ends early where the line
    breaks or the time is up."""

    def __init__(self, stream: Readable, length: int, algorithm: str) -> None:
        super().__init__("part")
        self._stream, self._left = stream, length
        self._until = time.monotonic() + MAX_SECONDS
        self._sha, self._other = hashlib.sha256(), hashlib.new(algorithm, usedforsecurity=False)
        self.length, self.size = length, 0

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        while self._left and time.monotonic() < self._until:
            try:
                data = self._stream.read(min(self._left, chunk_size or CHUNK))
            except OSError:  # Django's UnreadablePostError is one: the sender has gone
                return
            if not data:
                return
            self._left -= len(data)
            self.size += len(data)
            self._sha.update(data)
            self._other.update(data)
            yield data

    @property
    def is_whole(self) -> bool:
        return self.size == self.length

    @property
    def sha256(self) -> str:
        return self._sha.hexdigest()

    @property
    def checksum(self) -> bytes:
        """By the algorithm that the sender chose."""
        return self._other.digest()


def spooled(stream: Readable, length: int) -> IO[bytes]:
    """A part that is read to its end first, so that nothing waits for its sender: in memory, or in a temporary file."""
    source = tempfile.SpooledTemporaryFile(max_size=1 << 20)  # noqa: SIM115  it lives as long as its request
    for data in Received(stream, length, "sha256").chunks():
        source.write(data)
    source.seek(0)
    return source


def write_part(upload_id: int, stream: Readable, *, start: int, length: int, algorithm: str) -> tuple[str, Received]:
    """Write a part into a file of the storage; returns the file's name and what was received."""
    received = Received(stream, length, algorithm)
    name = default_storage.save(f"{folder_of(upload_id)}/{start}-{secrets.token_hex(8)}", received)
    return name, received


def folder_of(upload_id: int) -> str:
    """Where the parts of an upload are, in the storage of files."""
    return f"uploads/{upload_id}"


def delete_folder(upload_id: int) -> None:
    """Delete all parts of an upload that is over, also those that a killed process left without a row."""
    folder = folder_of(upload_id)
    try:
        _, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    with suppress(OSError):  # a part that is still coming; whoever writes it deletes it
        default_storage.delete(folder)


class Joined(_OneWay):
    """The bytes of all parts after one another, hashed while they are written; `heard` is called after each part."""

    def __init__(self, parts: list[Any], heard: Any) -> None:
        super().__init__("whole")
        self._parts, self._heard = parts, heard
        self._sha = hashlib.sha256()
        self.size = sum(part.size for part in parts)

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        del chunk_size
        for part in self._parts:
            with part.file.storage.open(part.file.name) as source:
                while data := source.read(1 << 20):
                    self._sha.update(data)
                    yield data
            self._heard(part.start + part.size)

    @property
    def sha256(self) -> str:
        return self._sha.hexdigest()
