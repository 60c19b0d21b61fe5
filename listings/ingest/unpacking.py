"""The bytes of a feed, unpacked while they are read, with a limit on their number."""

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from typing import IO, Any, NamedTuple

from listings.ingest.outcome import BrokeOff, UnreadableFeed
from portal.archives import HEAD, STREAMED, NeedsTooMuchMemory, archive_named, packing_of, unpacker

MAX_UNPACKED = 20 * 1024**3
MAX_RATIO = 150  # honest catalogues pack to a fifth or a twentieth
SMALL = 50_000_000  # bytes that a packed file may always unpack to
MAX_MEMBERS = 1_000
XLSX, PARQUET = "xlsx", "parquet"
_DAMAGED = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, RuntimeError, NotImplementedError)

IMAGE = "an image: export the catalogue as CSV, JSONL or XLSX"
REFUSED = (
    (b"%PDF", "a PDF: export the catalogue as CSV, JSONL or XLSX"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls): save it as .xlsx or as CSV UTF-8"),
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
        except NeedsTooMuchMemory:
            raise UnreadableFeed(
                f"The {self._packing} file needs too much memory to be unpacked: pack it with gzip."
            ) from None
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
    """The content of a file of `size` bytes: the file itself, or the one file inside gzip, zstd, xz, bzip2 or ZIP.

    Raises UnreadableFeed.
    """
    source.seek(0)
    head = source.read(HEAD)
    limit = min(MAX_UNPACKED, max(size * MAX_RATIO, SMALL))
    packing = packing_of(head)
    if packing == "gzip":
        made = Unpacked(lambda: _stream(gzip.GzipFile(fileobj=_rewound(source)), limit, "gzip"), "gzip")
    elif packing in STREAMED:
        made = Unpacked(lambda: _opened(source, limit, packing), packing)
    elif packing == "ZIP":
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


def _opened(source: IO[bytes], limit: int, packing: str) -> io.BufferedReader:
    try:
        return _stream(unpacker(_rewound(source), packing), limit, packing)
    except EOFError:
        raise UnreadableFeed(f"The {packing} file is damaged or cut off: pack and upload it again.") from None


def _stream(source: Any, limit: int, packing: str) -> io.BufferedReader:
    return io.BufferedReader(_Capped(source, limit, packing), 1 << 18)


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
        if not member.filename.endswith("/") and not member.filename.startswith("__MACOSX/") and not _base(member.filename).startswith(".")
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
    source, head = made.open(), b""
    try:
        while len(head) < HEAD and (more := source.read1(HEAD - len(head))):
            head += more
    except BrokeOff as broke:
        if not head:
            raise UnreadableFeed(str(broke)) from None
    if packing_of(head):
        inside = "workbook" if head.startswith(b"PK") else "file inside"
        raise UnreadableFeed(f"The file is packed twice. Upload only the {inside}.")
    _refuse_known(head)


def _refuse_known(head: bytes) -> None:
    if what := archive_named(head):
        raise UnreadableFeed(f"This is {what}: upload the file inside, or pack that one file as ZIP or gzip.")
    for mark, what in REFUSED:
        if head.startswith(mark):
            raise UnreadableFeed(f"This is {what}.")
