"""Write a pack: a ZIP file that is sent while it is written, so that it needs no memory or disk space."""

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any, TypeVar

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from enforcement.checks.captures import canonical_capture
from enforcement.evidence_packs import format as packs
from enforcement.evidence_packs.services.case import (
    MAX_DETAILED,
    CaseEvents,
    cases_of,
    chain_of,
    checks_of,
    decisions_of,
    events_of,
    messages_of,
    own_lines,
    stamps_of,
)
from enforcement.evidence_packs.services.packs import Pack, finish_pack
from enforcement.evidence_packs.services.summary import summary_pdf
from listings.models import Decision
from portal.audit.chain import canonical
from portal.exporting.registry import Tally
from portal.exporting.tables import csv_lines

T = TypeVar("T")
PIECE = 1 << 16
LINE = 400  # bytes of a position without its event, roughly
LARGE = 1 << 31  # a file that may grow beyond this needs the newer ZIP format, which some old tools cannot read


class _Sink(io.RawIOBase):
    """The output of the ZIP file; it cannot seek, so sizes follow the files."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self.waiting = 0

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        self.waiting += len(piece)
        return len(piece)

    def take(self) -> bytes:
        data, self._pieces, self.waiting = b"".join(self._pieces), [], 0
        return data


class _Writer:
    """Write files into the ZIP and compute the size and digest of each for the manifest."""

    def __init__(self, pack: Pack, sink: _Sink, archive: zipfile.ZipFile) -> None:
        self.moment = pack.made_at.astimezone(UTC).timetuple()[:6]
        self.sink, self.archive = sink, archive
        self.files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, pieces: Iterable[bytes], *, large: bool = False) -> Iterator[bytes]:
        info = zipfile.ZipInfo(name, self.moment)
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
        sha, size = hashlib.sha256(), 0
        with self.archive.open(info, "w", force_zip64=large) as file:
            for piece in pieces:
                sha.update(piece)
                size += len(piece)
                file.write(piece)
                if self.sink.waiting >= PIECE:
                    yield self.sink.take()
        self.files[name] = {"sha256": sha.hexdigest(), "bytes": size}


def stream_pack(pack: Pack, tally: Tally | None = None) -> Iterator[bytes]:
    """The pack's bytes. The event that it was made is written before the last of them, so every complete pack has it.

    Each event of the case, each check and each position of the chain is a step of `tally`, which counts takedowns.
    """
    sink, tally = _Sink(), tally or Tally()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        writer = _Writer(pack, sink, archive)
        events = events_of(pack)
        stretch = pack.head - min(events.positions, default=pack.head)
        tally.total, tally.counted = len(events.positions) + len(events.checks) + stretch + 1, len(pack.takedowns)
        yield from _texts(pack, writer, events)
        yield from _tables(pack, writer, events, tally)
        yield from _captures(writer, events, tally)
        for message in messages_of(events):
            yield from writer.add(packs.message_name(message.pk), [message.text.encode()])
        for stamp in stamps_of(pack, events):
            yield from writer.add(packs.stamp_name(stamp.position), [bytes(stamp.answer)])
        ends = {"first": 0, "head": 0, "hash": ""}
        chain = _chain(pack, events, ends, tally)
        yield from writer.add(packs.CHAIN, chain, large=stretch * LINE > LARGE)
        manifest = _manifest(pack, writer, ends)
        yield from writer.add(packs.MANIFEST, [manifest])
        finish_pack(pack=pack, manifest_sha256=hashlib.sha256(manifest).hexdigest())
    yield sink.take()


def _texts(pack: Pack, writer: _Writer, events: CaseEvents) -> Iterator[bytes]:
    cases = cases_of(pack)
    context: dict[str, Any] = {
        "pack": pack,
        "cases": cases,
        "detailed": len(cases) <= MAX_DETAILED,
        "events": len(events.positions),
        "captures": len(events.checks),
    }
    for name in (packs.README, *packs.SUMMARIES):
        with timezone.override(UTC), translation.override(settings.LANGUAGE_CODE):  # evidence is always in English
            text = render_to_string(f"enforcement/evidence_packs/pack/{name}", context)
        yield from writer.add(name, [text.encode()])
    told = {key: context[key] for key in ("detailed", "events", "captures")}
    yield from writer.add(packs.SUMMARY_PDF, [summary_pdf(pack, cases, **told)])


def _stepping(rows: Iterable[T], tally: Tally) -> Iterator[T]:
    for row in rows:
        yield row
        tally.step()


def _tables(pack: Pack, writer: _Writer, events: CaseEvents, tally: Tally) -> Iterator[bytes]:
    timeline = csv_lines(packs.TIMELINE_HEADER, map(packs.timeline_row, _stepping(own_lines(events), tally)))
    yield from writer.add(packs.TIMELINE, map(str.encode, timeline))
    decisions = csv_lines(packs.DECISIONS_HEADER, map(_decision, decisions_of(pack)))
    yield from writer.add(packs.DECISIONS, map(str.encode, decisions))


def _decision(row: Decision) -> list[Any]:
    flag = row.flag
    return [
        row.pk, row.at.astimezone(UTC).isoformat(), flag.takedown.pk, flag.pk, flag.listing.external_id, flag.recall.number, row.kind,
        row.reason, row.note, row.actor_label, row.score, row.overrides_id or "", canonical({"evidence": row.evidence}),
    ]  # fmt: skip


def _captures(writer: _Writer, events: CaseEvents, tally: Tally) -> Iterator[bytes]:
    for seen in _stepping(checks_of(events), tally):
        yield from writer.add(packs.capture_name(seen.pk), [canonical_capture(seen)])
        if seen.body:
            yield from writer.add(packs.body_name(seen.pk), [zlib.decompress(bytes(seen.body))])


def _chain(pack: Pack, events: CaseEvents, ends: dict[str, Any], tally: Tally) -> Iterator[bytes]:
    """The lines of the chain; `ends` receives its first and last position."""
    for line in _stepping(chain_of(pack, events), tally):
        ends["first"] = ends["first"] or line["position"]
        ends["head"], ends["hash"] = line["position"], line["hash"]
        yield canonical(line).encode() + b"\n"


def _manifest(pack: Pack, writer: _Writer, ends: dict[str, Any]) -> bytes:
    content = {
        "format": packs.FORMAT,
        "title": pack.title,
        "scope": pack.scope,
        "made_at": pack.made_at.astimezone(UTC).isoformat(),
        "made_by": pack.actor.label,
        "chain": ends,
        "files": writer.files,
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()
