"""Verify an evidence pack from the file alone: no database, no network, and nothing in the file is trusted."""

import hashlib
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from cryptography.x509 import Certificate

from enforcement.evidence_packs import container
from enforcement.evidence_packs import format as packs
from enforcement.evidence_packs.archive_checks import ArchiveCheck
from enforcement.evidence_packs.dates import EventDates
from enforcement.evidence_packs.later_changes import LaterChanges
from enforcement.evidence_packs.picture_checks import PictureCheck
from enforcement.evidence_packs.reading import read_line, read_manifest
from enforcement.evidence_packs.report import PackReport
from portal.audit import chain, rfc3161
from portal.exporting.tables import csv_lines

MAX_BYTES = 64 << 20  # of one line, of one capture's text, and of the manifest
_UNREADABLE = (*container.DAMAGED, ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError)
"""What reading a pack can raise, whose files can have a value of any kind in any place."""


def check_pack(
    path: Path,
    anchors: dict[int, str] | None = None,
    roots: list[Certificate] | None = None,
    manifest_sha256: str = "",
) -> PackReport:
    """Recompute everything that can be recomputed; the report has no problems if all checks passed.

    `anchors` maps positions of the chain to hashes that were recorded elsewhere; `roots` are the trusted certificates
    for time stamps. Without roots, only the content of the stamps is compared. `manifest_sha256` is that of the event
    pack.made, as the one who made the pack has it; a pack in the format of before needs it.
    """
    report = PackReport()
    try:
        with path.open("rb") as stream, zipfile.ZipFile(stream) as archive:
            _Check(stream, archive, report, anchors or {}, roots, manifest_sha256).run()
    except _UNREADABLE as error:
        place = "the directory at its end" if isinstance(error, zipfile.BadZipFile) else "it"
        report.add("unreadable", f"{path.name} cannot be read as an evidence pack: {place}: {error}")
    return report


class _Check:
    def __init__(
        self,
        stream: IO[bytes],
        archive: zipfile.ZipFile,
        report: PackReport,
        anchors: dict[int, str],
        roots: list[Certificate] | None,
        manifest_sha256: str,
    ) -> None:
        self.stream, self.archive, self.report, self.anchors, self.roots = stream, archive, report, anchors, roots
        self.expected_manifest, self.manifest = manifest_sha256, dict[str, Any]()
        self.last: dict[str, Any] = {}  # line of the chain
        self.shown, self.hash_at_head = set[int](), ""
        self.held = 0  # the last position that an anchor confirms
        self.names = set(archive.namelist())
        self.found: dict[str, str] = {}  # the actual SHA-256 of each file
        self.stamped = {packs.stamped_position(name): name for name in self.names if name.startswith("stamps/")}
        self.hashes: dict[int, str] = {}  # hashes of the positions with a stamp
        self.vouched: dict[str, dict[str, Any]] = {}  # observation: the line of the chain that proves it
        self.posted: dict[str, dict[str, Any]] = {}  # message: the event that proves it
        self.pictures = PictureCheck()
        self.later = LaterChanges()
        self.dates = EventDates()

    def run(self) -> None:
        for name, times in Counter(self.archive.namelist()).items():
            if times > 1:
                self.report.add("extra file", f"{name} is in the pack {times} times")
        for part, problem in container.findings(self.stream, self.archive):
            self.report.add("container", f"{part}: {problem}")
        if not (manifest := self._read_manifest()):
            return
        self.manifest, before = manifest, manifest["format"] == packs.BEFORE
        if not before and not container.is_of(self.archive, manifest.get("made_at")):
            self.report.add("container", f"the time of its files is not that of {packs.MANIFEST}")
        self._files(manifest["files"], {packs.MANIFEST} if before else {packs.MANIFEST, packs.CHAIN})
        if packs.CHAIN not in self.found:
            return
        timeline = hashlib.sha256()
        head = (manifest.get("chain") or {}).get("head", 0)
        rows = (packs.timeline_row(line) for line in self._events() if before or line["position"] <= head)
        for text in csv_lines(packs.TIMELINE_HEADER, rows):
            timeline.update(text.encode())
        self.later.judge(self.report)
        if packs.TIMELINE in self.found and self.found[packs.TIMELINE] != timeline.hexdigest():
            self.report.add("timeline", f"{packs.TIMELINE} differs from the events in {packs.CHAIN}")
        self._ends(manifest.get("chain"))
        self._seal_of_manifest()
        self._captures()
        self._messages()
        self.pictures.judge(self.names, self.found, self.manifest.get("missing_pictures"), self.report)
        self._stamps()
        self.dates.judge(self.report)
        if not before:
            self._web_archive()

    def _read_manifest(self) -> dict[str, Any]:
        if packs.MANIFEST not in self.names:
            self.report.add("missing file", f"{packs.MANIFEST} is missing: this is not an evidence pack")
            return {}
        with self.archive.open(packs.MANIFEST) as stream:
            data = stream.read(MAX_BYTES)
        self.report.manifest_sha256 = hashlib.sha256(data).hexdigest()
        if manifest := read_manifest(data):
            self.report.title = str(manifest.get("title", ""))
            return manifest
        self.report.add("unreadable", f"{packs.MANIFEST} is not a manifest in the format {packs.FORMAT}")
        return {}

    def _files(self, listed: dict[str, dict[str, Any]], unlisted: set[str]) -> None:
        for name in sorted(self.names - set(listed) - unlisted):
            self.report.add("extra file", f"{name} is not in the manifest")
        for name, detail in listed.items():
            if name not in self.names:
                self.report.add("missing file", f"{name} is in the manifest but not in the pack")
                continue
            try:
                self.found[name] = self._sha256(name, detail["bytes"])
            except _UNREADABLE as error:
                self.report.add("changed file", f"{name} cannot be unpacked: {error}")
                continue
            if self.found[name] != detail["sha256"]:
                there = self.found[name] or f"more than {detail['bytes']} bytes"
                self.report.add("changed file", f"{name} has {there}, the manifest has {detail['sha256']}")
            elif "packed_sha256" in detail and self._packed(name, detail) != detail["packed_sha256"]:
                self.report.add("changed file", f"{name} is packed in another way than the manifest says")
            else:
                self.report.files += 1
        for name in sorted(unlisted & self.names):
            try:
                if name not in self.found and container.has_slack(self.stream, self.archive.getinfo(name)):
                    self.report.add("changed file", f"{name} has something behind its end")
                self.found.setdefault(name, self._sha256(name, self.archive.getinfo(name).file_size))
            except _UNREADABLE as error:
                self.report.add("changed file", f"{name} cannot be unpacked: {error}")
        if packs.CHAIN in unlisted - self.names:
            self.report.add("missing file", f"{packs.CHAIN} is missing")

    def _packed(self, name: str, detail: dict[str, Any]) -> str:
        """The digest of a file as it is in the container, from its head to the sizes behind it."""
        sha, left = hashlib.sha256(), detail["packed_bytes"]
        self.stream.seek(self.archive.getinfo(name).header_offset)
        while left > 0 and (data := self.stream.read(min(left, 1 << 16))):
            sha.update(data)
            left -= len(data)
        return sha.hexdigest()

    def _sha256(self, name: str, size: int) -> str:
        """The file's digest, or an empty text where it is longer than the manifest states."""
        sha, read = hashlib.sha256(), 0
        with self.archive.open(name) as stream:
            while data := stream.read(1 << 16):
                sha.update(data)
                read += len(data)
                if read > size:
                    return ""
        return sha.hexdigest()

    def _events(self) -> Iterator[dict[str, Any]]:
        """The lines of the chain with an event; each link is recomputed."""
        before: dict[str, Any] | None = None
        with self.archive.open(packs.CHAIN) as stream:
            number = 0
            while data := stream.readline(MAX_BYTES):
                number += 1
                line = read_line(data)
                if line is None:
                    self.report.add("broken chain", f"line {number} of {packs.CHAIN} is not a valid line of the chain")
                    return
                self._link(line, before)
                before = self.last = line
                if "event" in line:
                    self._event(line)
                    yield line

    def _link(self, line: dict[str, Any], before: dict[str, Any] | None) -> None:
        position, previous, digest = line["position"], line["previous"], line.get("digest", "")
        if before is None:
            self.report.first = position
            if position == 1 and previous != chain.GENESIS:
                self.report.add("broken chain", "position 1 is not the start of a chain")
        elif position != before["position"] + 1:
            self.report.add(
                "broken chain", f"position {before['position'] + 1} is missing: position {position} follows instead"
            )
        elif previous != before["hash"]:
            self.report.add("broken chain", f"position {position} does not follow position {before['position']}")
        if before and before.get("digest") and not digest:
            self.report.add(
                "broken chain", f"position {position} has no digest, although the previous position has one"
            )
        if digest and line["hash"] != chain.link(position, previous, digest):
            self.report.add(
                "broken chain", f"the hash of position {position} does not match its digest and the previous hash"
            )
        if not digest and "event" not in line:
            self.report.stated += 1
        if position in self.anchors:
            self.report.anchors += 1
            if self.anchors[position] == line["hash"]:
                self.held = position
            else:
                since = f"positions {self.held + 1} to {position}" if self.held else f"positions up to {position}"
                self.report.add(
                    "anchor", f"position {position} differs from its recorded hash: {since} were made again"
                )
        if position in self.stamped:
            self.hashes[position] = line["hash"]
        if position == (self.manifest.get("chain") or {}).get("head"):
            self.hash_at_head = line["hash"]
        self.report.head, self.report.head_hash = position, line["hash"]

    def _event(self, line: dict[str, Any]) -> None:
        event, digest, position = line["event"], line.get("digest", ""), line["position"]
        self.report.events += 1
        self.shown.add(position)
        in_one_step = chain.link_in_one_step(position, line["previous"], event) == line["hash"]
        holds = chain.digest_of(event, line.get("nonce", "")) == digest if digest else in_one_step
        self.later.note(event, position, holds=holds)
        if digest:  # seals of before say not when they were made
            self.dates.note(position, event["at"], f"event {event['id']} ({event['action']}, {event['subject'][2]})")
        if event["action"] == packs.CAPTURED:
            self.vouched[event["subject"][1]] = line
        if event["action"] == packs.POSTED:
            self.posted[event["subject"][1]] = event
        self.pictures.note(event)

    def _seal_of_manifest(self) -> None:
        """The chain of a pack ends with the event that it was made, which has the digest of the manifest."""
        here, event = self.report.manifest_sha256, self.last.get("event") or {}
        if self.expected_manifest and self.expected_manifest != here:
            self.report.add("manifest", f"{packs.MANIFEST} has {here}, it should have {self.expected_manifest}")
        if self.manifest["format"] == packs.BEFORE:
            if not self.expected_manifest:
                self.report.add(
                    "manifest",
                    f"{packs.MANIFEST} is in the format {packs.BEFORE}, in which nothing seals it: use --manifest with the "
                    "SHA-256 from the event pack.made",
                )
            return
        sealed = event.get("after", {}).get("manifest_sha256") if event.get("action") == packs.MADE else None
        if sealed != here:
            by = f"event {event['id']} at position {self.last['position']}" if sealed else "the end of the chain"
            self.report.add("manifest", f"{packs.MANIFEST} is not the one that {by} seals ({sealed or 'no pack.made'})")
        for position in sorted(set(self.manifest["events"]) - self.shown):
            self.report.add("broken chain", f"position {position} is an event of the case, but shown as a digest only")
        for position in sorted(self.shown - set(self.manifest["events"]) - {self.last.get("position")}):
            self.report.add("broken chain", f"position {position} shows an event that is not in the manifest")

    def _ends(self, detail: object) -> None:
        there = {"first": self.report.first, "head": self.report.head, "hash": self.report.head_hash}
        if self.manifest["format"] != packs.BEFORE and isinstance(detail, dict):
            there |= {"head": detail.get("head"), "hash": self.hash_at_head}
        if detail != there:
            self.report.add("broken chain", f"{packs.CHAIN} has {there}, the manifest has {detail}")
        if self.anchors and not self.report.anchors:
            between = f"{self.report.first} and {self.report.head}"
            self.report.add("anchor", f"there is no recorded hash for a position between {between} to compare with")

    def _captures(self) -> None:
        for observation, line in self.vouched.items():
            self._capture(observation, line["event"])
        known = {name(observation) for observation in self.vouched for name in (packs.capture_name, packs.body_name)}
        for name in sorted(self.names):
            if name.startswith("captures/") and name not in known:
                self.report.add("capture", f"{name} has no event in the chain")

    def _messages(self) -> None:
        known = {packs.message_name(message): event for message, event in self.posted.items()}
        for name, event in known.items():
            by = f"event {event['id']}"
            if name not in self.found:
                self.report.add("message", f"{name} of {by} is missing")
            elif self.found[name] != event["after"].get("text_sha256"):
                self.report.add("message", f"{name} is not the message of {by}")
        for name in sorted(self.names):
            if name.startswith("messages/") and name not in known:
                self.report.add("message", f"{name} has no event in the chain")

    def _stamps(self) -> None:
        for position, name in sorted(self.stamped.items(), key=lambda item: item[0] or 0):
            if position is None or position not in self.hashes:
                self.report.add("time stamp", f"{name} belongs to no position of {packs.CHAIN}")
                continue
            answer = self._read_small(name)
            try:
                at = (
                    rfc3161.states(answer, self.hashes[position])
                    if self.roots is None
                    else rfc3161.read_stamp(answer, self.hashes[position], roots=self.roots)
                )
            except rfc3161.StampProblem as problem:
                self.report.add("time stamp", f"{name} does not match position {position}: {problem}")
                continue
            self.report.stamps += 1
            self.dates.note_stamp(position, at)
            self.report.stamped_at = max(at, self.report.stamped_at or at)

    def _web_archive(self) -> None:
        if packs.ARCHIVE not in self.found:
            return
        there = {
            number: line
            for number, line in self.vouched.items()
            if number not in self.later.deleted or packs.body_name(number) in self.names
        }
        check = ArchiveCheck(self.archive, self.manifest, there)
        try:
            for detail in check.findings():
                self.report.add("web archive", f"{packs.ARCHIVE}: {detail}")
        except _UNREADABLE as error:
            self.report.add("web archive", f"{packs.ARCHIVE}: it cannot be read to its end: {error}")
        self.report.records = check.sealed

    def _read_small(self, name: str) -> bytes:
        with self.archive.open(name) as stream:
            return stream.read(rfc3161.MAX_BYTES)

    def _capture(self, observation: str, event: dict[str, Any]) -> None:
        name, body, after = packs.capture_name(observation), packs.body_name(observation), event["after"]
        by = f"event {event['id']}"
        if name not in self.found:
            return self.report.add("capture", f"{name} of {by} is missing")
        sealed, before = after.get("capture_digest", ""), len(self.report.problems)
        if sealed and self.found[name] != sealed:
            self.report.add("capture", f"{name} is not the capture of {by} ({sealed})")
        page = after.get("body_digest", "")
        deleted = bool(page) and body not in self.names and self.later.excuses(observation, page, self.report)
        if page and body not in self.found and not deleted:
            self.report.add("capture", f"{body} of {by} is missing")
        elif page and not deleted and self.found[body] != page:
            self.report.add("capture", f"{body} is not the page of {by} ({page})")
        elif not page and body in self.names:
            self.report.add("capture", f"{body} is a page, but the check captured no page")
        self.report.unsealed += not sealed
        self.report.captures += bool(sealed) and len(self.report.problems) == before
        return None
