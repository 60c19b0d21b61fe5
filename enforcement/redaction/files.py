"""Write a redacted case: a ZIP with the case to read (HTML, PDF) and as data, what was taken out, and its part of the chain."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext

from enforcement.evidence_packs import format as packs
from enforcement.evidence_packs.container import Writer
from enforcement.evidence_packs.services.case import sealed_line
from enforcement.evidence_packs.services.packs import Pack, keeper_of
from enforcement.models import Takedown
from enforcement.redaction.case import RedactedCase
from enforcement.redaction.document import ENGLISH, Document
from enforcement.redaction.rules import REASONS, RULES, TITLES, Kind, treatment
from enforcement.redaction.words import FOR, IN_FILE, KINDS, TREATMENTS, WHY, WHY_IN_FILE
from portal import audit
from portal.audit.chain import canonical
from portal.database.acting import SYSTEM, drawn
from portal.exporting.registry import Tally
from portal.http.language import shown_inside
from portal.identity.actors import Actor
from portal.models import AuditSeal, AuditStamp

FORMAT = "offshelf-redacted-case-1"
HTML, PDF, DATA, REDACTED = "case.html", "case.pdf", "case.json", "redactions.json"
BATCH = 2_000


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


def stream_redacted(
    pack: Pack, case: RedactedCase, tally: Tally, *, to_read: tuple[str, RedactedCase] | None = None
) -> Iterator[bytes]:
    """The bytes of the ZIP; that it was made is in the audit log, with its manifest's digest and the salt.

    `to_read`: another language and the case in it, which goes along to be read beside the record in English.
    """
    return drawn(_parts(pack, case, tally, to_read), SYSTEM)


def _parts(pack: Pack, case: RedactedCase, tally: Tally, to_read: tuple[str, RedactedCase] | None) -> Iterator[bytes]:
    writer, doc = Writer(pack.made_at), case.document
    first = min(case.events, default=case.head)
    tally.total, tally.counted = case.head - first + 1, 1
    rules = [
        (TITLES[kind], doc.counts.get(kind, 0), treatment(kind, doc.receiver).value, REASONS[kind]) for kind in RULES
    ]
    with timezone.override(UTC), translation.override(ENGLISH):  # the record, as evidence packs
        context: dict[str, Any] = {
            "pack": pack, "doc": doc, "case": case, "receiver": FOR[doc.receiver], "rules": rules, "first": first,
            "language": ENGLISH, "also_in": to_read[0] if to_read else "", **_head(pack, doc),
        }  # fmt: skip
        yield from writer.add(
            packs.README, [render_to_string("enforcement/redaction/pack/README.txt", context).encode()]
        )
        yield from writer.add(HTML, [render_to_string("enforcement/redaction/pack/case.html", context).encode()])
        yield from writer.add(PDF, [_pdf(pack, doc, rules)])
    if to_read is not None:
        yield from _copy_to_read(writer, pack, doc.counts, *to_read)
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


def _head(pack: Pack, doc: Document) -> dict[str, str]:
    """Title and first line of what people read, in the language that is active."""
    case = gettext("Takedown %(number)s") % {"number": pack.takedowns[0]}
    title = gettext("%(case)s, redacted for %(receiver)s") % {"case": case, "receiver": gettext(FOR[doc.receiver])}
    made = gettext("Made %(at)s UTC. All times are UTC. Square brackets mark what was taken out.")
    return {"title": title, "made": made % {"at": f"{pack.made_at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"}}


def _copy_to_read(
    writer: Writer, pack: Pack, counts: Mapping[Kind, int], language: str, case: RedactedCase
) -> Iterator[bytes]:
    """The case as HTML and PDF in the language of who made it. What it counts as taken out is what the record counts."""
    doc = case.document
    with timezone.override(UTC), translation.override(language):
        rules = [
            (
                gettext({**KINDS, **IN_FILE}[kind]),
                counts.get(kind, 0),
                shown_inside(TREATMENTS[treatment(kind, doc.receiver)]),
                gettext({**WHY, **WHY_IN_FILE}[kind]),
            )
            for kind in RULES
        ]
        context = {"doc": doc, "rules": rules, "language": language, **_head(pack, doc)}
        html = render_to_string("enforcement/redaction/pack/case.html", context)
        yield from writer.add(f"case.{language}.html", [html.encode()])
        yield from writer.add(f"case.{language}.pdf", [_pdf(pack, doc, rules, language)])


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


def _pdf(pack: Pack, doc: Document, rules: Sequence[tuple[str, int, str, str]], language: str = ENGLISH) -> bytes:
    """In the language that is active, which is `language`."""
    from portal.media.pdf import Paper  # noqa: PLC0415  few programs need it, and each start would pay for it

    head = _head(pack, doc)
    paper = Paper(head["title"], pack.made_at, language)
    paper.heading(paper.title, 1)
    paper.text(head["made"])
    paper.heading(gettext("What was taken out"))
    header = (gettext("What"), gettext("How often"), gettext("Rule"), gettext("Why"))
    paper.table(header, ((what, str(n), rule, why) for what, n, rule, why in rules))
    for each in doc.sections:
        if each.rows:
            paper.heading(each.title)
            if each.note:
                paper.text(each.note)
            paper.table(each.header, each.rows)
    return paper.render()
