"""Write a pack: a ZIP file that is sent while it is written, so that it needs no memory or disk space."""

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import Any, TypeVar

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from enforcement.checks.captures import canonical_capture, page_of
from enforcement.checks.fetch import MAX_BYTES
from enforcement.evidence_packs import format as packs
from enforcement.evidence_packs.container import Writer
from enforcement.evidence_packs.services.archives import write_archive
from enforcement.evidence_packs.services.case import (
    MAX_DETAILED,
    Case,
    CaseEvents,
    ShownPicture,
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
from enforcement.evidence_packs.services.pictures import DecidedPicture, bytes_of, pictures_in, write_pictures
from enforcement.evidence_packs.services.summary import summary_pdf
from enforcement.evidence_packs.web_archive import WACZ
from listings.models import Decision
from portal.audit.chain import canonical
from portal.database.acting import SYSTEM, drawn
from portal.exporting.registry import Tally
from portal.exporting.tables import csv_lines
from portal.models import AuditSeal

T = TypeVar("T")
LINE = 400  # bytes of a position without its event, roughly
LARGE = 1 << 31  # a file that may grow beyond this needs the newer ZIP format, which some old tools cannot read


def stream_pack(pack: Pack, tally: Tally | None = None) -> Iterator[bytes]:
    """The pack's bytes, as `_parts` makes them: by the system, since the chain's links are everybody's. What is in it was
    chosen by what the actor sees, when it was started."""
    return drawn(_parts(pack, tally), SYSTEM)


def _parts(pack: Pack, tally: Tally | None) -> Iterator[bytes]:
    """The pack's bytes. The event that it was made is written and sealed before its part of the chain is sent, which ends
    with that event: so the chain covers the manifest, and with it every other file.

    Each event of the case, each check and each position of the chain is a step of `tally`, which counts takedowns.
    """
    writer, tally, events = Writer(pack.made_at), tally or Tally(), events_of(pack)
    first = min(events.positions, default=pack.head)
    tally.total = len(events.positions) + len(events.checks) + pack.head - first + 1
    tally.counted = len(pack.takedowns)
    pictures = pictures_in(events)
    yield from _texts(pack, writer, events, pictures)
    yield from write_pictures(writer, pictures)
    yield from _tables(pack, writer, events, tally)
    yield from _captures(writer, events, tally)
    archive = write_archive(pack, events)
    yield from writer.add(packs.ARCHIVE, archive, packed=False, large=len(events.checks) * MAX_BYTES > LARGE)
    for message in messages_of(events):
        yield from writer.add(packs.message_name(message.pk), [message.text.encode()])
    for stamp in stamps_of(pack, events):
        yield from writer.add(packs.stamp_name(stamp.position), [bytes(stamp.answer)])
    manifest = _manifest(pack, writer, events, pictures, first)
    yield from writer.add(packs.MANIFEST, [manifest])
    made = finish_pack(pack=pack, manifest_sha256=hashlib.sha256(manifest).hexdigest())
    tally.total += made - pack.head
    lines = _stepping(chain_of(events, first=first, last=made), tally)
    chain = (canonical(line).encode() + b"\n" for line in lines)
    yield from writer.add(packs.CHAIN, chain, large=(made - first) * LINE > LARGE)
    yield writer.finish()


def _texts(pack: Pack, writer: Writer, events: CaseEvents, pictures: list[DecidedPicture]) -> Iterator[bytes]:
    cases = cases_of(pack)
    if len(cases) <= MAX_DETAILED:
        _show_pictures(cases, pictures)
    context: dict[str, Any] = {
        "pack": pack,
        "cases": cases,
        "detailed": len(cases) <= MAX_DETAILED,
        "events": len(events.positions),
        "captures": len(events.checks),
        "wacz": WACZ,
    }
    for name in (packs.README, *packs.SUMMARIES):
        with timezone.override(UTC), translation.override(settings.LANGUAGE_CODE):  # evidence is always in English
            text = render_to_string(f"enforcement/evidence_packs/pack/{name}", context)
        yield from writer.add(name, [text.encode()])
    told = {key: context[key] for key in ("detailed", "events", "captures")}
    yield from writer.add(packs.SUMMARY_PDF, [summary_pdf(pack, cases, **told)])


def _show_pictures(cases: list[Case], pictures: list[DecidedPicture]) -> None:
    """Give each case the pictures of its last decision, with their bytes, for the readable page."""
    by_flag: dict[str, list[DecidedPicture]] = {}
    for picture in pictures:
        earlier = by_flag.get(picture.flag, [])
        same = [each for each in earlier if each.decision == picture.decision]
        by_flag[picture.flag] = [*same, picture]
    for case in cases:
        case.pictures = [_shown(each) for each in by_flag.get(str(case.takedown.flag_id), [])]


def _shown(picture: DecidedPicture) -> ShownPicture:
    data = "" if picture.missing else b64encode(bytes_of(picture.kept_under, picture.sha256)).decode()
    return ShownPicture(picture.of, picture.address, picture.sha256, data, picture.missing)


def _stepping(rows: Iterable[T], tally: Tally) -> Iterator[T]:
    for row in rows:
        yield row
        tally.step()


def _tables(pack: Pack, writer: Writer, events: CaseEvents, tally: Tally) -> Iterator[bytes]:
    timeline = csv_lines(packs.TIMELINE_HEADER, map(packs.timeline_row, _stepping(own_lines(events), tally)))
    yield from writer.add(packs.TIMELINE, map(str.encode, timeline))
    decisions = csv_lines(packs.DECISIONS_HEADER, map(_decision, decisions_of(pack)))
    yield from writer.add(packs.DECISIONS, map(str.encode, decisions))


def _decision(row: Decision) -> list[Any]:
    flag = row.flag
    return [
        row.pk, row.at.astimezone(UTC).isoformat(), flag.takedown.pk, flag.pk, flag.listing.external_id, flag.recall.number, row.kind,
        row.reason, row.note, row.actor_label, row.score, row.overrides_id or "", canonical({"evidence": row.evidence}),
        row.question,
    ]  # fmt: skip


def _captures(writer: Writer, events: CaseEvents, tally: Tally) -> Iterator[bytes]:
    for seen in _stepping(checks_of(events), tally):
        yield from writer.add(packs.capture_name(seen.pk), [canonical_capture(seen)])
        if seen.body:
            yield from writer.add(packs.body_name(seen.pk), [page_of(seen)])


def _manifest(pack: Pack, writer: Writer, events: CaseEvents, pictures: list[DecidedPicture], first: int) -> bytes:
    content = {
        "format": packs.FORMAT,
        "title": pack.title,
        "scope": pack.scope,
        "made_at": pack.made_at.astimezone(UTC).isoformat(),
        "made_by": pack.actor.label,
        "chain": {"first": first, "head": pack.head, "hash": AuditSeal.objects.get(position=pack.head).hash},
        "events": sorted(events.positions),
        "missing_pictures": {each.sha256: each.missing for each in pictures if each.sha256 and each.missing},
        "files": writer.files,
    }
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()
