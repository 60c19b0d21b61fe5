"""The bytes of a feed, unpacked while they are read, with a limit on their number."""

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, Any, NamedTuple

import zstandard

from listings.ingest.outcome import BrokeOff, UnreadableFeed

MAX_UNPACKED = 20 * 1024**3
MAX_RATIO = 150  # honest catalogues pack to a fifth or a twentieth
SMALL = 50_000_000  # bytes that a packed file may always unpack to
ZSTD_WINDOW = 1 << 26  # bytes that unpacking may keep; what needs more is refused
MAX_MEMBERS = 1_000
XLSX, PARQUET = "xlsx", "parquet"
_DAMAGED = (
    OSError, EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError, zipfile.BadZipFile, RuntimeError, NotImplementedError
)  # fmt: skip

IMAGE = "an image: export the catalogue as CSV, JSONL or XLSX"
REFUSED = (
    (b"%PDF", "a PDF: export the catalogue as CSV, JSONL or XLSX"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls): save it as .xlsx or as CSV UTF-8"),
    (b"7z\xbc\xaf", "a 7z archive: upload the file inside, or pack it as ZIP or gzip"),
    (b"Rar!", "a RAR archive: upload the file inside, or pack it as ZIP or gzip"),
    (b"BZh", "packed with bzip2: upload the file inside, or pack it with gzip"),
    (b"\xfd7zXZ", "packed with xz: upload the file inside, or pack it with gzip"),
    (b"PAR1", "a packed Parquet file: upload the file inside"),
    (b"PARE", "an encrypted Parquet file: export it without encryption"),
    (b"SQLite format 3", "a database: export the catalogue as CSV or JSONL"),
    (b"\x89PNG", IMAGE), (b"\xff\xd8\xff", IMAGE), (b"GIF8", IMAGE),
)  # fmt: skip


class Unpacked(NamedTuple):
    """`open` gives the bytes from the start, as often as wanted; `packing` is what was around them ("" for nothing)."""

    open: Callable[[], io.BufferedReader]
    packing: str


class _Capped(io.RawIOBase):
    """Passes bytes through, up to the limit; reports where the packing is damaged."""

    def __init__(self, source: Any, limit: int, packing: str) -> None:
        self._read = getattr(source, "read1", source.read) if packing else source.read
        self._left, self._packing = limit, packing

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            chunk = self._read(len(buffer))
        except _DAMAGED:
            if not self._packing:
                raise
            raise BrokeOff(f"The {self._packing} file is damaged or cut off: pack and upload it again.") from None
        self._left -= len(chunk)
        if self._left < 0:
            raise UnreadableFeed(
                f"The {self._packing or 'uploaded'} file unpacks to far more than a catalogue has. Upload a smaller file."
            )
        buffer[: len(chunk)] = chunk
        return len(chunk)


def unpack(source: IO[bytes], size: int) -> Unpacked:
    """The content of a file of `size` bytes: the file itself, or the one file inside gzip, zstd or ZIP. Raises UnreadableFeed."""
    source.seek(0)
    head = source.read(32)
    limit = min(MAX_UNPACKED, max(size * MAX_RATIO, SMALL))
    if head.startswith(b"\x1f\x8b"):
        made = Unpacked(lambda: _stream(gzip.GzipFile(fileobj=_rewound(source)), limit, "gzip"), "gzip")
    elif head.startswith(b"\x28\xb5\x2f\xfd"):
        try:
            zstandard.get_frame_parameters(head)
        except zstandard.ZstdError:
            raise UnreadableFeed("The zstd file is damaged or cut off: pack and upload it again.") from None
        made = Unpacked(lambda: _stream(_Zstd(_rewound(source), head), limit, "zstd"), "zstd")
    elif head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _unzip(source, limit)
    else:
        if not (is_parquet := head.startswith(b"PAR1")):
            _refuse_known(head)
        return Unpacked(lambda: _stream(_rewound(source), MAX_UNPACKED, ""), PARQUET if is_parquet else "")
    _refuse_nested(made)
    return made


def _rewound(source: IO[bytes]) -> IO[bytes]:
    source.seek(0)
    return source


def _stream(source: Any, limit: int, packing: str) -> io.BufferedReader:
    return io.BufferedReader(_Capped(source, limit, packing), 1 << 18)


class _Zstd:
    """Unpacks zstd. The library does not report a file that is cut off, so the bytes that its frame declares are counted."""

    def __init__(self, source: IO[bytes], head: bytes) -> None:
        unpacker = zstandard.ZstdDecompressor(max_window_size=ZSTD_WINDOW)
        self._stream = unpacker.stream_reader(source, read_across_frames=True)
        declared = zstandard.get_frame_parameters(head).content_size
        self._missing = 0 if declared in (zstandard.CONTENTSIZE_UNKNOWN, zstandard.CONTENTSIZE_ERROR) else declared

    def read(self, count: int) -> bytes:
        chunk = self._stream.read(count)
        self._missing -= len(chunk)
        if not chunk and self._missing > 0:
            raise EOFError
        return chunk


def _unzip(source: IO[bytes], limit: int) -> Unpacked:
    try:
        archive = zipfile.ZipFile(_rewound(source))
    except (*_DAMAGED, ValueError, UnicodeDecodeError):
        raise UnreadableFeed("The ZIP file is damaged or cut off: pack and upload it again.") from None
    names = [member.filename for member in archive.infolist()[:MAX_MEMBERS]]
    if "xl/workbook.xml" in names:
        return Unpacked(lambda: _stream(_rewound(source), MAX_UNPACKED, ""), XLSX)
    files = [
        member
        for member in archive.infolist()[:MAX_MEMBERS]
        if not member.is_dir() and not member.filename.startswith("__MACOSX/") and not _base(member.filename).startswith(".")
    ]  # fmt: skip
    if not files:
        raise UnreadableFeed("The ZIP file contains no file: add the catalogue and upload it again.")
    if len(files) > 1:
        shown = ", ".join(_base(member.filename)[:40] for member in files[:5])
        raise UnreadableFeed(f"The ZIP file contains {len(files):,} files ({shown}): upload each one separately.")
    if files[0].flag_bits & 1:
        raise UnreadableFeed("The file in the ZIP is encrypted: pack it without a password.")

    def opened() -> io.BufferedReader:
        try:
            return _stream(archive.open(files[0]), limit, "ZIP")
        except (*_DAMAGED, ValueError):
            raise UnreadableFeed(
                "The ZIP file is damaged or uses an unsupported compression method: pack it again."
            ) from None

    made = Unpacked(opened, "ZIP")
    _refuse_nested(made)
    return made


def _base(name: str) -> str:
    """The last part of a member's name, printable. Members are read in place, so `..` in a name leads nowhere."""
    return "".join(letter for letter in name.replace("\\", "/").rsplit("/", 1)[-1] if letter.isprintable())


def _refuse_nested(made: Unpacked) -> None:
    try:
        head = made.open().peek(16)[:16]
    except BrokeOff as broke:
        raise UnreadableFeed(str(broke)) from None
    if head.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04")):
        inside = "workbook" if head.startswith(b"PK") else "file inside"
        raise UnreadableFeed(f"The file is packed twice. Upload only the {inside}.")
    _refuse_known(head)


def _refuse_known(head: bytes) -> None:
    for mark, what in REFUSED:
        if head.startswith(mark):
            raise UnreadableFeed(f"This is {what}.")
