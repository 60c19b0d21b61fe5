"""From bytes to text: unpacking within limits, and the encoding found by evidence.

The size that a packed file claims is not trusted: every unpacking stops at a limit.
"""

import io
import lzma
import re
import zipfile
import zlib
from contextlib import suppress
from dataclasses import dataclass

from charset_normalizer import from_bytes

from portal.archives import HEAD, STREAMED, NeedsTooMuchMemory, archive_named, packing_of, unpacker
from portal.encoding_names import is_ascii_based
from recalls.importers.records import Report, UnreadableFile

MAX_BYTES = 400 * 1024 * 1024  # unpacked
MAX_RATIO = 200  # unpacked to packed; text packs 5 to 20 times
MAX_NESTING = 2  # a gzip in a ZIP, and no deeper
MAX_FILES = 1_000  # in a ZIP
_PIECE, _SMALL_PIECE = 1 << 20, 1 << 14
_GZIP = b"\x1f\x8b"
_LEGACY = ["cp1252", "cp1250", "cp1251", "cp1253", "gb18030", "big5", "shift_jis", "euc_kr"]
_LIKE_WINDOWS = frozenset({"cp1250", "cp1253"})  # short texts in Windows-1252 are taken for these
_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Opened:
    """The content of a file: `workbook` for an XLSX, `parquet` for Parquet, `text` for everything else. `broke_off`: why the packed file is
    incomplete, if it is."""

    text: str = ""
    workbook: bytes = b""
    parquet: bytes = b""
    broke_off: str = ""


def open_file(data: bytes, report: Report) -> Opened:
    """Raises UnreadableFile with one sentence on what is wrong and how to fix it."""
    data, broke_off = _unpacked(data, report)
    if len(data) > MAX_BYTES:
        raise UnreadableFile(f"The file is larger than {MAX_BYTES >> 20} MB: split it.")
    if not data.strip():
        raise UnreadableFile("The file is empty: download or export it again.")
    if data[:4] == b"PK\x03\x04":
        return Opened(workbook=data, broke_off=broke_off)
    if data[:4] == b"PAR1":
        return Opened(parquet=data, broke_off=broke_off)
    if what := archive_named(data[:HEAD]):
        raise UnreadableFile(f"This is {what}: upload the file inside, or pack that one file as ZIP or gzip.")
    if data[:4] == b"%PDF":
        raise UnreadableFile("This is a PDF: import the publisher's JSON, XML or CSV, or enter the recall by hand.")
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise UnreadableFile("This is an old Excel workbook (.xls): save it as .xlsx or as CSV UTF-8.")
    text = _decoded(data, report)
    if "\x00" in text:
        report.remarks.append(f"{text.count(chr(0)):,} NUL characters were removed.")
        text = text.replace("\x00", "")
    return Opened(text=text.lstrip("\ufeff"), broke_off=broke_off)


def _unpacked(data: bytes, report: Report) -> tuple[bytes, str]:
    broke_off = ""
    for _ in range(MAX_NESTING + 1):
        packing = packing_of(data[:HEAD])
        if packing == "gzip":
            data, cut = _gunzipped(data)
            broke_off = broke_off or cut
        elif packing in STREAMED:
            data, cut = _streamed(data, packing)
            broke_off = broke_off or cut
        elif packing == "ZIP":
            inner = _unzipped(data, report)
            if inner is None:
                return data, broke_off
            data = inner
        else:
            return data, broke_off
    raise UnreadableFile("The file is packed several times. Unpack it and upload the file inside.")


def _limit(packed: int) -> int:
    return min(MAX_BYTES, max(packed * MAX_RATIO, 1 << 20))


def _gunzipped(data: bytes) -> tuple[bytes, str]:
    """The content of all members, and where it is cut off; everything before the break is kept.

    Read in small pieces: a member hands back a copy of what follows it, and a file may have a million of them.
    """
    limit, out, source = _limit(len(data)), bytearray(), io.BytesIO(data)
    unpacking, waiting = zlib.decompressobj(wbits=31), b""
    try:
        while waiting := waiting or source.read(_SMALL_PIECE):
            out += unpacking.decompress(waiting, _PIECE)
            if len(out) > limit:
                raise UnreadableFile(
                    "The gzip file unpacks to far more than a list of recalls has. Upload a smaller file."
                )
            waiting = unpacking.unconsumed_tail
            if unpacking.eof:
                waiting = unpacking.unused_data
                waiting += source.read(_SMALL_PIECE) if len(waiting) < len(_GZIP) else b""
                if not waiting.startswith(_GZIP):
                    return bytes(out), ""
                unpacking = zlib.decompressobj(wbits=31)
    except zlib.error:
        pass
    return _cut(out, "gzip")


def _streamed(data: bytes, packing: str) -> tuple[bytes, str]:
    """The content of xz, bzip2 or zstd, likewise."""
    limit, out = _limit(len(data)), bytearray()
    try:
        unpacking = unpacker(io.BytesIO(data), packing)
        while piece := unpacking.read(_PIECE):
            out += piece
            if len(out) > limit:
                raise UnreadableFile(
                    f"The {packing} file unpacks to far more than a list of recalls has. Upload a smaller file."
                )
    except NeedsTooMuchMemory:
        raise UnreadableFile(f"The {packing} file needs too much memory to be unpacked: pack it with gzip.") from None
    except (EOFError, OSError, lzma.LZMAError):
        return _cut(out, packing)
    return bytes(out), ""


def _cut(out: bytearray, packing: str) -> tuple[bytes, str]:
    if not out:
        raise UnreadableFile(f"The {packing} file is damaged or cut off: download it again.")
    return bytes(out), f"the {packing} file is damaged or cut off"


def _unzipped(data: bytes, report: Report) -> bytes | None:
    """The one file in a ZIP file; None if it is an Excel workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_FILES:
                raise UnreadableFile(
                    f"The ZIP file contains more than {MAX_FILES} files: upload only the one with the recalls."
                )
            if any(entry.filename == "xl/workbook.xml" for entry in entries):
                _check_size(archive, entries, len(data))
                return None
            files = [entry for entry in entries if not entry.filename.endswith("/") and not _is_clutter(entry.filename)]
            if len(files) != 1:
                names = ", ".join(entry.filename[:60] for entry in files[:5]) or "none"
                raise UnreadableFile(
                    f"The ZIP file contains {len(files)} files ({names}): upload only the one with the recalls."
                )
            report.remarks.append(f"Unpacked {files[0].filename[:100]} from the ZIP file.")
            return _member(archive, files[0], _limit(len(data)))
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        EOFError,
        NotImplementedError,
        OSError,
        ValueError,
    ) as error:
        if isinstance(error, UnreadableFile):
            raise
        raise UnreadableFile("The ZIP file is damaged or cut off: download it again.") from None
    except RuntimeError:
        raise UnreadableFile("The ZIP file is protected by a password: pack it without a password.") from None


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> bytes:
    with archive.open(entry) as packed:
        content = packed.read(limit + 1)
    if len(content) > limit:
        raise UnreadableFile("The ZIP file unpacks to far more than a list of recalls has. Upload a smaller file.")
    return content


def _check_size(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], packed: int) -> None:
    """The sizes that a workbook claims are not trusted: its parts are read once, piece by piece, before it is opened."""
    left = _limit(packed)
    for entry in entries:
        with archive.open(entry) as part:
            while piece := part.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise UnreadableFile(
                        "The workbook unpacks to far more than a list of recalls has. Save it as CSV UTF-8."
                    )


def _is_clutter(name: str) -> bool:
    last = name.replace("\\", "/").rsplit("/", 1)[-1]  # some packers write Windows paths
    return name.startswith("__MACOSX/") or last.startswith(".") or last in {"Thumbs.db", "desktop.ini"}


def _decoded(data: bytes, report: Report) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            if encoding != "utf-8-sig":
                report.remarks.append(f"Read as {encoding.upper()}, declared in the first bytes of the file.")
            return data.decode(encoding, errors="replace")
    if (wide := _wide(data)) is not None:
        report.remarks.append(f"Read as {wide.upper()}: every other byte is zero.")
        return data.decode(wide, errors="replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return _from_evidence(data, report)


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: text in it that begins with ASCII has a zero in every other byte."""
    head = data[:200]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) >= 8 and odd > len(head) // 4 and even == 0:
        return "utf-16-le"
    if len(head) >= 8 and even > len(head) // 4 and odd == 0:
        return "utf-16-be"
    return None


def _from_evidence(data: bytes, report: Report) -> str:
    text = data.decode(errors="surrogateescape")
    broken = re.findall("[\udc80-\udcff]", text)
    whole = sum(1 for letter in re.findall(r"[^\x00-\x7f]", text) if not "\udc80" <= letter <= "\udcff")
    if whole >= len(broken):
        report.remarks.append(f"Read as UTF-8 with {len(broken):,} bytes that are not UTF-8, read as Windows-1252.")
        return re.sub("[\udc80-\udcff]", _windows, text)
    declared = re.match(rb"<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w-]{1,40})[\"']", data[:200])
    if declared and is_ascii_based(name := declared[1].decode()):
        with suppress(UnicodeDecodeError):
            decoded = data.decode(name)
            report.remarks.append(f"Read as {name}, declared in the XML.")
            return decoded
    encoding = _guessed(data[: 1 << 18])
    report.remarks.append(
        f"Read as {encoding}: the file is not UTF-8 and declares no encoding. Check the names below. If they are wrong, save the file as UTF-8."
    )
    return data.decode(encoding, errors="replace")


def _guessed(sample: bytes) -> str:
    matches = from_bytes(sample, cp_isolation=_LEGACY)
    best = matches.best()
    if best is None or "cp1252" in best.could_be_from_charset:
        return "cp1252"
    if best.encoding in _LIKE_WINDOWS:
        western = next((each for each in matches if "cp1252" in each.could_be_from_charset), None)
        if western is not None and western.chaos <= best.chaos and western.coherence >= best.coherence - 0.2:
            return "cp1252"
    return best.encoding


def _windows(match: re.Match[str]) -> str:
    return bytes([ord(match[0]) - 0xDC00]).decode("cp1252", errors="replace")
