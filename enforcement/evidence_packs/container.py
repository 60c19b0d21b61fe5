"""The ZIP container of packs and of the web archives in them: written in one way, so that every other way is noticed.

Files follow one another without gaps, in the order of the directory, with the same time and rights, without comments. So
each byte of the container belongs to one file, or is what these rules say. Nothing can hide between, before or behind files,
and no two tools can read it differently.
"""

import hashlib
import io
import lzma
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import IO, Any

PIECE = 1 << 16
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, RuntimeError, NotImplementedError)
"""What reading a file of a ZIP can raise, whatever it is packed with."""
RIGHTS = 0o644 << 16
SIZES_FOLLOW, UTF8 = 0x08, 0x800  # flags: sizes stand behind each file, its name is in UTF-8
_LOCAL = struct.Struct("<4s2B4HL2L2H")
_BEGINS = 30  # bytes of a file's head without its name
_ENTRY, _LENGTHS = 46, 28  # bytes of an entry of the directory without its name, and where the lengths begin in it
_ENDS = struct.Struct("<4s4H2LH")
_ENDS_LARGE = struct.Struct("<4sQ2H2L4Q4sLQL")
_LIMIT = (1 << 31) - 1  # beyond it, zipfile writes sizes and places into an extra field
_SATURATED, _MAX_FILES = 0xFFFFFFFF, 0xFFFF


class Sink(io.RawIOBase):
    """The output of a container; it cannot seek, so sizes follow the files. `total` and `sha` count from the last `begin`."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self.waiting = self.total = 0
        self.sha = hashlib.sha256()

    def begin(self) -> None:
        self.total, self.sha = 0, hashlib.sha256()

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        self.sha.update(piece)
        self.waiting += len(piece)
        self.total += len(piece)
        return len(piece)

    def take(self) -> bytes:
        data, self._pieces, self.waiting = b"".join(self._pieces), [], 0
        return data


class Writer:
    """Write files one after the other. `files` has, by name, the size and SHA-256 of each as it is unpacked, and as it is in
    the container, from its head to the sizes behind it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment.astimezone(UTC).timetuple()[:6]
        self.sink = Sink()
        self.archive = zipfile.ZipFile(self.sink, "w", zipfile.ZIP_DEFLATED)
        self.files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, pieces: Iterable[bytes], *, large: bool = False, packed: bool = True) -> Iterator[bytes]:
        """Write a file; what has become ready of the container is yielded. `large`: it may grow beyond 2 GB."""
        info = zipfile.ZipInfo(name, self.moment)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr, info.create_system = RIGHTS, 3
        sha, size = hashlib.sha256(), 0
        self.sink.begin()
        with self.archive.open(info, "w", force_zip64=large) as file:
            for piece in pieces:
                sha.update(piece)
                size += len(piece)
                file.write(piece)
                if self.sink.waiting >= PIECE:
                    yield self.sink.take()
        self.files[name] = {
            "sha256": sha.hexdigest(),
            "bytes": size,
            "packed_bytes": self.sink.total,
            "packed_sha256": self.sink.sha.hexdigest(),
        }

    def finish(self) -> bytes:
        self.archive.close()
        return self.sink.take()


def findings(stream: IO[bytes], archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Where a container differs from how it is written: (file or part, what is wrong). `stream` is what `archive` reads."""
    infos, expected = archive.infolist(), 0
    if not infos:
        yield "the directory", "it lists no files"
        return
    moment = Counter(info.date_time for info in infos).most_common(1)[0][0]
    for info in infos:
        if info.header_offset != expected:
            yield info.filename, f"it begins at byte {info.header_offset:,} instead of {expected:,}"
            return
        stream.seek(expected)
        head = stream.read(_BEGINS)
        name, extra = _name_and_extra(stream, head)
        if problem := _of_directory(info, moment, large=bool(extra)) or _of_head(info, head, name, extra):
            yield info.filename, problem
            return
        stream.seek(info.compress_size, io.SEEK_CUR)
        sums = struct.pack("<4sLQQ" if extra else "<4sLLL", b"PK\x07\x08", info.CRC, info.compress_size, info.file_size)
        if stream.read(len(sums)) != sums:
            yield info.filename, "the sizes behind it differ from the directory"
            return
        expected = stream.tell()
    yield from _of_end(stream, archive, expected)


def _name_and_extra(stream: IO[bytes], head: bytes) -> tuple[bytes, bytes]:
    if len(head) < _BEGINS:
        return b"", b""
    name, extra = struct.unpack("<2H", head[26:])
    return stream.read(name), stream.read(extra)


def _of_directory(info: zipfile.ZipInfo, moment: tuple[int, ...], *, large: bool) -> str:
    name = info.orig_filename
    far = [info.file_size, info.compress_size] if max(info.file_size, info.compress_size) > _LIMIT else []
    far += [info.header_offset] if info.header_offset > _LIMIT else []
    extra = struct.pack(f"<2H{len(far)}Q", 1, 8 * len(far), *far) if far else b""
    version = 45 if large or far else 20
    fields = [
        (info.date_time, moment, "time"),
        (info.flag_bits, SIZES_FOLLOW if name.isascii() else SIZES_FOLLOW | UTF8, "flags"),
        (info.comment, b"", "comment"),
        ((info.create_system, info.reserved, info.volume, info.internal_attr), (3, 0, 0, 0), "system"),
        (info.external_attr, RIGHTS, "rights"),
        (info.extra, extra, "extra field"),
        (info.filename, name, "name"),
        ((info.create_version, info.extract_version), (version, version), "version"),
        (info.compress_type in {zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED}, True, "method"),
    ]
    if wrong := [label for found, wanted, label in fields if found != wanted]:
        return f"its {wrong[0]} in the directory is not as written"
    return ""


def _of_head(info: zipfile.ZipInfo, head: bytes, name: bytes, extra: bytes) -> str:
    year, month, day, hour, minute, second = info.date_time
    sizes, version = ((_SATURATED, _SATURATED), 45) if extra else ((0, 0), 20)
    wanted = _LOCAL.pack(
        b"PK\x03\x04", version, 0, info.flag_bits, info.compress_type, hour << 11 | minute << 5 | second // 2,
        (year - 1980) << 9 | month << 5 | day, 0, *sizes, len(name), len(extra),
    )  # fmt: skip
    if name != info.orig_filename.encode("utf-8") or head != wanted:
        return "its head differs from the directory"
    if extra not in {b"", struct.pack("<2H2Q", 1, 16, 0, 0)}:
        return "the extra field of its head is not as written"
    return ""


def _of_end(stream: IO[bytes], archive: zipfile.ZipFile, expected: int) -> Iterator[tuple[str, str]]:
    if archive.start_dir != expected:
        yield "the directory", f"it begins at byte {archive.start_dir:,} instead of {expected:,}"
        return
    infos, end = archive.infolist(), expected
    for info in infos:
        name = info.orig_filename.encode()
        stream.seek(end + _LENGTHS)
        # The last entry may claim any length: a reader takes what is left of the directory, and nothing else would notice.
        if stream.read(6) != struct.pack("<3H", len(name), len(info.extra), 0):
            yield info.filename, "its lengths in the directory are not as written"
            return
        end += _ENTRY + len(name) + len(info.extra)
    count, size, large = len(infos), end - expected, b""
    if count > _MAX_FILES or max(size, expected) > _LIMIT:
        large = _ENDS_LARGE.pack(
            b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, size, expected, b"PK\x06\x07", 0, end, 1
        )  # fmt: skip
    few = min(count, _MAX_FILES)
    ends = _ENDS.pack(b"PK\x05\x06", 0, 0, few, few, min(size, _SATURATED), min(expected, _SATURATED), 0)
    stream.seek(end)
    if stream.read(len(large) + len(ends) + 1) != large + ends:
        yield "the end of the directory", "it is not as written, or something follows it"


def is_of(archive: zipfile.ZipFile, made_at: object) -> bool:
    """Whether the first file has the time `made_at`, to the two seconds that a container knows."""
    try:
        moment = datetime.fromisoformat(str(made_at)).astimezone(UTC)
    except ValueError:
        return False
    return archive.infolist()[0].date_time == (*moment.timetuple()[:5], moment.second // 2 * 2)


def has_slack(stream: IO[bytes], info: zipfile.ZipInfo) -> bool:
    """Whether bits behind the end of a packed file are set: nobody reads them, so nothing else would notice."""
    if info.compress_type != zipfile.ZIP_DEFLATED or not info.compress_size:
        return False
    stream.seek(info.header_offset)
    _name_and_extra(stream, stream.read(_BEGINS))
    unpack, left = zlib.decompressobj(-15), info.compress_size - 1
    while left:
        piece = stream.read(min(left, PIECE))
        if not piece:
            return True
        while piece:
            unpack.decompress(piece, PIECE)
            piece = unpack.unconsumed_tail
        left -= min(left, PIECE)
    if unpack.eof:
        return True
    last, whole = stream.read(1), unpack.copy()
    ends = whole.decompress(last)
    for bit in range(7, -1, -1):  # from the end: bits that change nothing are not used
        other = unpack.copy()
        try:
            used = other.decompress(bytes([last[0] ^ 1 << bit])) != ends or not other.eof
        except zlib.error:
            used = True
        if used:
            return False
        if last[0] >> bit & 1:
            return True
    return False
