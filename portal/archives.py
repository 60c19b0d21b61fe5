"""What a packed file or an archive is, by how it begins, and the bytes of those that hold one file. Pure."""

import bz2
import lzma
import tarfile
from collections.abc import Callable
from contextlib import suppress
from typing import IO, Any, Protocol

import zstandard

HEAD = 512
"""Bytes of a file that are enough to tell."""
XZ_MEMORY = 100 << 20  # bytes; `xz -9` needs 65 MB to be unpacked
ZSTD_WINDOW = 1 << 26  # bytes that unpacking may keep; `zstd --ultra -22` needs as many
XZ, BZIP2, ZSTD = "xz", "bzip2", "zstd"
STREAMED = frozenset({XZ, BZIP2, ZSTD})
"""What `unpacker` reads."""
_MARKS = (
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"MSCF", "a CAB archive"),
    (b"\x1f\x9d", "packed with compress (.Z)"),
    (b"\x1f\xa0", "packed with compress (.Z)"),
    (b"LZIP", "packed with lzip"),
)
_PACKED = (
    (b"\x1f\x8b", "gzip"), (b"PK\x03\x04", "ZIP"), (b"PK\x05\x06", "ZIP"), (b"\x28\xb5\x2f\xfd", ZSTD),
    (b"\xfd7zXZ\x00", XZ),
)  # fmt: skip
_BZIP2 = (b"1AY&SY", b"\x17\x72\x45\x38\x50\x90")  # what follows BZh and a digit: a block, or the end
_CHUNK = 1 << 16


class NeedsTooMuchMemory(Exception):
    """Unpacking would take more than XZ_MEMORY, or ZSTD_WINDOW."""


def packing_of(head: bytes) -> str:
    """gzip, ZIP, zstd, xz or bzip2: around one file or, for ZIP, several; empty for what is packed in none of them."""
    if head.startswith(b"BZh") and head[4:10] in _BZIP2:
        return BZIP2
    return next((name for mark, name in _PACKED if head.startswith(mark)), "")


def archive_named(head: bytes) -> str:
    """What it is, where it is packed in a way that nothing here unpacks: "a tar archive"; else empty. Takes HEAD bytes."""
    if is_tar(head):
        return "a tar archive"
    return next((what for mark, what in _MARKS if head.startswith(mark)), "")


def is_tar(head: bytes) -> bool:
    """Whether the first block is a header of tar with the right sum."""
    if len(head) < HEAD:
        return False
    with suppress(tarfile.HeaderError, ValueError):
        tarfile.TarInfo.frombuf(head[:HEAD], "utf-8", "surrogateescape")
        return True
    return False


class Unpacker(Protocol):
    """Reads what was packed, also where several streams follow each other."""

    def read(self, count: int, /) -> bytes:
        """Up to `count` bytes; none at the end. Raises EOFError where it is cut off, OSError or LZMAError where it is
        damaged, NeedsTooMuchMemory."""


def unpacker(source: IO[bytes], packing: str) -> Unpacker:
    """What reads `source`, packed as STREAMED has it."""
    return _Zstd(source) if packing == ZSTD else _XzOrBzip2(source, packing)


class _Zstd:
    """The library does not report a file that is cut off, so the bytes that its frame declares are counted."""

    def __init__(self, source: IO[bytes]) -> None:
        head = source.read(HEAD)
        source.seek(0)
        try:
            declared = zstandard.get_frame_parameters(head).content_size
        except zstandard.ZstdError:
            raise EOFError from None
        self._missing = 0 if declared in {zstandard.CONTENTSIZE_UNKNOWN, zstandard.CONTENTSIZE_ERROR} else declared
        reading = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
        self._stream = reading.stream_reader(source, read_across_frames=True)

    def read(self, count: int, /) -> bytes:
        try:
            data = self._stream.read(count)
        except zstandard.ZstdError as error:
            if "memory" in str(error):
                raise NeedsTooMuchMemory from None
            raise OSError(str(error)) from None
        self._missing -= len(data)
        if not data and self._missing > 0:
            raise EOFError
        return data


class _XzOrBzip2:
    def __init__(self, source: IO[bytes], packing: str) -> None:
        self._source, self._inner, self._rest = source, None, b""  # type: tuple[IO[bytes], Any, bytes]
        self._make: Callable[[], Any] = bz2.BZ2Decompressor if packing == BZIP2 else _xz

    def read(self, count: int, /) -> bytes:
        while True:
            try:
                data = self._step(count)
            except lzma.LZMAError as error:
                if "emory" in str(error):
                    raise NeedsTooMuchMemory from None
                raise
            if data or data is None:
                return data or b""

    def _step(self, count: int) -> bytes | None:
        """Some bytes, which may be none yet; None at the end."""
        if self._inner is None or self._inner.eof:
            rest = self._inner.unused_data if self._inner is not None and not self._rest else self._rest
            rest = (rest or self._source.read(_CHUNK)).lstrip(b"\x00")  # xz may fill up the end of a stream
            self._rest = b""
            if not rest:
                if more := self._source.read(_CHUNK):
                    self._rest = more
                    return b""
                if self._inner is None:
                    raise EOFError
                return None
            self._inner = self._make()
            return self._inner.decompress(rest, count)
        data = self._source.read(_CHUNK) if self._inner.needs_input else b""
        if self._inner.needs_input and not data:
            raise EOFError
        return self._inner.decompress(data, count)


def _xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=XZ_MEMORY)
