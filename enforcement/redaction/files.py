"""Write a redacted case: a ZIP with the case to read (HTML, PDF) and as data, what was taken out, and its part of the chain."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from enforcement.evidence_packs import format as packs
from enforcement.evidence_packs.container import Writer
from enforcement.evidence_packs.services.case import sealed_line
from enforcement.evidence_packs.services.packs import Pack, keeper_of
from enforcement.models import Takedown
from enforcement.redaction.case import RedactedCase
from enforcement.redaction.rules import REASONS, RULES, TITLES, Receiver, treatment
from portal import audit
from portal.audit.chain import canonical
from portal.database.acting import SYSTEM, drawn
from portal.exporting.registry import Tally
from portal.identity.actors import Actor
from portal.models import AuditSeal, AuditStamp

FORMAT = "offshelf-redacted-case-1"
HTML, PDF, DATA, REDACTED = "case.html", "case.pdf", "case.json", "redactions.json"
BATCH = 2_000
FOR = {Receiver.PUBLIC: "the public", Receiver.COURT: "a court", Receiver.OTHER: "the other party"}


def case_pack(takedown: Takedown, actor: Actor) -> Pack:
    """What the case is made of: its takedown and notice, and the chain as it is now. Nothing is recorded by it."""
    actor.require("pack.make")
    audit.seal_events()
    newest = AuditSeal.objects.order_by("-position").first()
    now = timezone.now()
    return Pack(
        actor=actor,
        title=f"Takedown {takedown.pk}",
        filename=f"offshelf-redacted-{takedown.pk}-{now:%Y%m%dT%H%M%SZ}.zip",
        scope={"takedown": takedown.pk},
        takedowns=(takedown.pk,),
        notices=(takedown.flag.notice_id,),
        made_at=now,
        head=newest.position if newest else 0,
    )


def stream_redacted(pack: Pack, case: RedactedCase, tally: Tally) -> Iterator[bytes]:
    """The bytes of the ZIP; that it was made is in the audit log, with its manifest's digest and the salt."""
    return drawn(_parts(pack, case, tally), SYSTEM)


def _parts(pack: Pack, case: RedactedCase, tally: Tally) -> Iterator[bytes]:
    writer, doc = Writer(pack.made_at), case.document
    first = min(case.events, default=case.head)
    tally.total, tally.counted = case.head - first + 1, 1
    rules = [
        (TITLES[kind], doc.counts.get(kind, 0), treatment(kind, doc.receiver).value, REASONS[kind]) for kind in RULES
    ]
    context: dict[str, Any] = {
        "pack": pack, "doc": doc, "case": case, "receiver": FOR[doc.receiver], "rules": rules, "first": first,
    }  # fmt: skip
    with timezone.override(UTC), translation.override(settings.LANGUAGE_CODE):  # as evidence packs: always in English
        yield from writer.add(
            packs.README, [render_to_string("enforcement/redaction/pack/README.txt", context).encode()]
        )
        yield from writer.add(HTML, [render_to_string("enforcement/redaction/pack/case.html", context).encode()])
        yield from writer.add(PDF, [_pdf(pack, case, rules)])
    yield from writer.add(DATA, [_json(_data(pack, case))])
    yield from writer.add(REDACTED, [_json(_redactions(case))])
    stamps = AuditStamp.objects.filter(position__range=(first, case.head)).order_by("position")
    for stamp in stamps.iterator(BATCH):
        yield from writer.add(packs.stamp_name(stamp.position), [bytes(stamp.answer)])
    yield from writer.add(packs.CHAIN, _chain(case, first, tally))
    manifest = _json({
        "format": FORMAT, "title": pack.title, "receiver": doc.receiver.value, "made_at": pack.made_at.astimezone(UTC).isoformat(),
        "chain": {"first": first, "head": case.head, "whole": sorted(case.whole)}, "files": writer.files,
    })  # fmt: skip
    yield from writer.add(packs.MANIFEST, [manifest])
    _record(pack, case, hashlib.sha256(manifest).hexdigest())
    yield writer.finish()


def _record(pack: Pack, case: RedactedCase, manifest_sha256: str) -> None:
    doc = case.document
    after = {
        **pack.scope, "receiver": doc.receiver.value, "redacted": {kind.value: number for kind, number in doc.counts.items()},
        "manifest_sha256": manifest_sha256, "salt": doc.salt,
    }  # fmt: skip
    with transaction.atomic():
        audit.record(
            actor=pack.actor, action="pack.redacted", subject=keeper_of(pack.actor), after=after, reason=pack.title
        )


def _json(content: Any) -> bytes:
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def _data(pack: Pack, case: RedactedCase) -> dict[str, Any]:
    sections = [
        {
            "title": each.title,
            "rows": [dict(zip(each.header, row, strict=True)) for row in each.rows],
            **({"note": each.note} if each.note else {}),
        }
        for each in case.document.sections
    ]
    return {"format": FORMAT, "title": pack.title, "for": case.document.receiver.value, "sections": sections}


def _redactions(case: RedactedCase) -> dict[str, Any]:
    doc = case.document
    return {
        "commitment": "SHA-256 of salt, line feed, part, line feed, and the part as it was; of files and events their own SHA-256",
        "counts": [
            {"kind": kind.value, "what": TITLES[kind], "count": number, "why": REASONS[kind]}
            for kind, number in doc.counts.items()
        ],
        "parts": [
            {"part": each.part, "kinds": {kind.value: number for kind, number in each.counts.items()}, "digest": each.commitment}
            for each in doc.redacted
        ],
    }  # fmt: skip


def _chain(case: RedactedCase, first: int, tally: Tally) -> Iterator[bytes]:
    """Every position from the first of the case to the head: whole events in full, all others as digests."""
    position = first - 1
    stretch = AuditSeal.objects.filter(position__lte=case.head).order_by("position")
    while seals := list(stretch.filter(position__gt=position)[:BATCH]):
        for seal in seals:
            event = case.events[seal.position] if seal.position in case.whole else None
            yield canonical(sealed_line(seal, event)).encode() + b"\n"
            tally.step()
        position = seals[-1].position


def _pdf(pack: Pack, case: RedactedCase, rules: list[tuple[str, int, str, str]]) -> bytes:
    from portal.media.pdf import Paper  # noqa: PLC0415  few programs need it, and each start would pay for it

    doc = case.document
    paper = Paper(f"{pack.title}, redacted for {FOR[doc.receiver]}", pack.made_at)
    paper.heading(paper.title, 1)
    paper.text(f"Made {pack.made_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC. All times are UTC.")
    paper.heading("What was taken out")
    paper.table(("What", "How often", "Rule", "Why"), ((what, str(n), rule, why) for what, n, rule, why in rules))
    for each in doc.sections:
        if each.rows:
            paper.heading(each.title)
            if each.note:
                paper.text(each.note)
            paper.table(each.header, each.rows)
    return paper.render()
