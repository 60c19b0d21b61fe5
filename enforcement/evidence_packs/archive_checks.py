"""Check the web archive of a pack: every file of it follows from the captures in the pack, which the chain vouches for."""

import hashlib
import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import IO, Any

from enforcement.checks.warc import Record, records_of, write_record
from enforcement.evidence_packs import container, web_archive
from enforcement.evidence_packs import format as packs

MAX_BYTES = 64 << 20  # of one check, packed or not, and of the index
PIECE = 1 << 16
_PLAIN = b"\x1f\x8b\x08\x00\x00\x00\x00\x00"  # a gzip head without name, time or comment
_BROKEN = (*container.DAMAGED, ValueError, KeyError, TypeError, IndexError, AttributeError)


class ArchiveCheck:
    """`vouched` has, by number of the check, the line of the chain that proves it. `sealed` counts the checks whose records
    are what their events seal."""

    def __init__(
        self, pack: zipfile.ZipFile, manifest: Mapping[str, Any], vouched: Mapping[str, dict[str, Any]]
    ) -> None:
        self.pack, self.manifest, self.vouched = pack, manifest, vouched
        self.lines, self.pages = list[str](), list[str]()
        self.files: dict[str, dict[str, Any]] = {}
        self.sealed = 0

    def findings(self) -> Iterator[str]:
        """What is wrong, each with its place. Raises what an unreadable archive makes zipfile raise."""
        with self.pack.open(packs.ARCHIVE) as stream:
            try:
                archive = zipfile.ZipFile(stream)
            except zipfile.BadZipFile as error:
                yield f"the directory at its end cannot be read: {error}"
                return
            yield from (f"{name} is in it {times} times" for name, times in _repeated(archive))
            yield from (f"{part}: {problem}" for part, problem in container.findings(stream, archive))
            if not container.is_of(archive, self.manifest.get("made_at")):
                yield f"the time of its files is not that of {packs.MANIFEST}"
            derived = (web_archive.INDEX, web_archive.INDEX_OF_INDEX, web_archive.PAGES)
            last = (web_archive.PACKAGE, web_archive.PACKAGE_DIGEST)
            known = [*map(web_archive.warc_name, sorted(self.vouched, key=int)), *derived, *last]
            yield from (f"{name} has no check in the chain" for name in sorted({*archive.namelist()} - {*known}))
            if missing := [name for name in known if name not in archive.namelist()]:
                yield from (f"{name} is missing" for name in missing)
                return
            for observation in sorted(self.vouched, key=int):
                yield from self._check(archive, observation)
            yield from self._derived(archive)

    def _check(self, archive: zipfile.ZipFile, observation: str) -> Iterator[str]:
        name, event = web_archive.warc_name(observation), self.vouched[observation]["event"]
        try:
            data = self._read(archive, name)
            members = list(_members(data))
            records = list(self._expected(observation))
        except _BROKEN as error:
            yield f"{name} cannot be read: {error}"
            return
        wanted = [_plain(record) for record in records]
        there = [text for text, _, _ in members]
        for number, (found, record, text) in enumerate(zip(there, records, wanted, strict=False), 1):
            if found != text:
                about = f" of {record.uri}" if record.uri else ""
                yield f"{name}: record {number} ({record.kind}{about}) is not the one of event {event['id']}"
        if len(there) != len(wanted):
            yield f"{name}: it has {len(there)} records instead of {len(wanted)}"
        digest = event["after"].get("warc_digest", "")
        if digest and hashlib.sha256(b"".join(there)).hexdigest() != digest:
            yield f"{name} is not what event {event['id']} seals ({digest})"
        elif digest:
            self.sealed += 1
        if len(there) == len(wanted):
            places = [(place, length) for _, place, length in members]
            entries = list(web_archive.entries_of(observation, records, places))
            self.lines += [entry.line for entry in entries]
            self.pages += [entry.page for entry in entries[:1]]

    def _expected(self, observation: str) -> Iterator[Record]:
        body = packs.body_name(observation)
        page = _limited(self.pack, body) if body in self.pack.namelist() else b""
        yield from records_of(_limited(self.pack, packs.capture_name(observation)), page)

    def _derived(self, archive: zipfile.ZipFile) -> Iterator[str]:
        """The index, the pages and the package follow from the records."""
        index = self._read(archive, web_archive.INDEX)
        blocks = list(_members(index)) if index else []
        if b"".join(text for text, _, _ in blocks) != "".join(sorted(self.lines)).encode():
            yield f"{web_archive.INDEX} differs from the records"
        packed = [index[place : place + length] for _, place, length in blocks]
        names, lines = (web_archive.INDEX_OF_INDEX, web_archive.PAGES), sorted(self.lines)
        whole = len(packed) == len(range(0, len(lines), web_archive.LINES))
        texts = (web_archive.index_of_index(lines, packed) if whole else b"", web_archive.pages_text(self.pages))
        for name, wanted in zip(names, texts, strict=True):
            if self._read(archive, name) != wanted:
                yield f"{name} differs from the records"
        at = datetime.fromisoformat(self.manifest["made_at"])
        package = web_archive.package_text(self.files, title=self.manifest["title"], at=at)
        if _limited(archive, web_archive.PACKAGE) != package:
            yield f"{web_archive.PACKAGE} differs from the files"
        if _limited(archive, web_archive.PACKAGE_DIGEST) != web_archive.package_digest_text(package):
            yield f"{web_archive.PACKAGE_DIGEST} differs from {web_archive.PACKAGE}"

    def _read(self, archive: zipfile.ZipFile, name: str) -> bytes:
        data = _limited(archive, name)
        self.files[name] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
        return data


def _repeated(archive: zipfile.ZipFile) -> list[tuple[str, int]]:
    return [(name, times) for name, times in Counter(archive.namelist()).items() if times > 1]


def _limited(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as stream:
        return _up_to(stream, name)


def _up_to(stream: IO[bytes], name: str) -> bytes:
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError(f"{name} is longer than {MAX_BYTES:,} bytes")
    return data


def _members(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Each gzip member: its text, and where it is. Raises ValueError where something else is between or behind them."""
    place = 0
    while place < len(data):
        unpack, text, at = zlib.decompressobj(zlib.MAX_WBITS | 16), b"", place
        while not unpack.eof and at < len(data) and len(text) <= MAX_BYTES:  # in pieces, as what follows is copied
            piece = data[at : at + PIECE]
            text, at = text + unpack.decompress(piece, MAX_BYTES + 1 - len(text)), at + len(piece)
        length = at - place - len(unpack.unused_data)
        if not unpack.eof or len(text) > MAX_BYTES or data[place : place + len(_PLAIN)] != _PLAIN:
            raise ValueError(f"no whole and plain gzip member at byte {place:,}")
        yield text, place, length
        place += length


def _plain(record: Record) -> bytes:
    out = io.BytesIO()
    write_record(record, out, packed=False)
    return out.getvalue()
