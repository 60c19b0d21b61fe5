"""The rows of a case for its redacted export, section by section. Each reads what the actor may see, and of that what the
receiver may get: neither internal notes nor what only one side can see leave to the other."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import get_language, gettext

from enforcement.clocks.reasons import deadline_text, start_text
from enforcement.evidence_packs.services.case import CaseEvents, events_of
from enforcement.evidence_packs.services.packs import Pack
from enforcement.models import Appeal, Escalation, Letter, Takedown
from enforcement.redaction.document import ENGLISH, Document, at, value
from enforcement.redaction.people import People
from enforcement.redaction.rules import Kind, Receiver
from enforcement.states import PLATFORM_STEPS, LetterStatus, Source
from listings.models import Flag, Message, SellerLink
from portal import audit
from portal.audit import chain
from portal.audit.words import event_words
from portal.database.acting import as_system
from portal.http.language import shown, shown_inside
from portal.identity.actors import Actor
from portal.models import AuditEvent, AuditSeal

WHY = (
    "names of both sides are looked for, so that they can be taken out; what is shown was chosen by what the actor sees"
)
ACTORS = {Source.PERSON: "person", Source.API: "api"}
"""Who makes a check, where it is not the system."""
WHOLE = frozenset({
    "takedown.started", "takedown.missed", "takedown.met", "takedown.met_late", "takedown.reopened", "takedown.reopened_late",
    "takedown.resumed", "takedown.resumed_late", "observation.recorded", "escalation.raised",
})  # fmt: skip
"""Events that the system writes and in which no text of a person stands: these alone can leave as they are."""


@dataclass(frozen=True)
class RedactedCase:
    """The document of a case, its own events by position, and which of these leave whole."""

    takedown: Takedown
    document: Document
    seals: dict[int, AuditSeal]
    events: dict[int, AuditEvent]
    whole: frozenset[int]
    head: int


def redacted_case(
    pack: Pack, *, receiver: Receiver, left_out: tuple[str, ...] = (), salt: str = "", language: str = ENGLISH
) -> RedactedCase:
    """The case of a pack of one takedown, up to its head, as `receiver` may get it. The record is the English one."""
    (pk,) = pack.takedowns
    related = ("flag__listing", "flag__recall", "flag__notice__version", "platform", "regulator")
    takedown = Takedown.objects.visible_to(pack.actor).select_related(*related).get(pk=pk)
    with as_system(WHY), timezone.override(UTC), translation.override(language):
        seals, events = _sealed(events_of(pack), pack.actor, takedown, receiver)
        flag = takedown.flag
        doc = Document(
            receiver=receiver,
            people=People(takedown, _acts(takedown, events.values())),
            ids=[
                *(flag.listing.external_id, flag.recall.number, *(flag.product.gtins if flag.product else ())),
                *{str(number) for number in (flag.pk, flag.listing_id, flag.notice_id, takedown.pk)},
                *{event.subject_id for event in events.values()},
            ],
            left_out=left_out,
            salt=salt,
        )
        _facts(doc, takedown)
        _evidence(doc, takedown)
        _decisions(doc, takedown)
        _checks(doc, takedown)
        _escalations(doc, escalations_for(pack.actor, takedown, receiver))
        _letters(doc, takedown, pack.actor)
        _appeals(doc, takedown, pack.actor)
        _timing(doc, takedown)
        _messages(doc, takedown, pack.actor)
        _links(doc, takedown, pack.actor)
        whole = _timeline(doc, seals, events)
    return RedactedCase(takedown, doc, seals, events, whole, pack.head)


def _acts(takedown: Takedown, events: Iterable[AuditEvent]) -> Iterator[tuple[int | None, str]]:
    """Whoever did something in the case, by id and label, in the order of the log and then of what the log may not name."""
    flag = takedown.flag
    yield from ((event.user_id, event.actor_label) for event in events)
    yield from flag.decisions.order_by("pk").values_list("user_id", "actor_label")
    yield from Message.objects.filter(flag=flag).order_by("pk").values_list("user_id", "actor_label")
    yield from takedown.observations.order_by("pk").values_list("user_id", "actor_label")
    yield from takedown.extensions.values_list("asked_by_user_id", "asked_by")
    yield from SellerLink.objects.filter(flag=flag).values_list("made_by_user_id", "made_by")
    for rows, names in (
        (takedown.escalations, ("acknowledged_by", "resolved_by")), (takedown.extensions, ("answered_by",)),
        (takedown.pauses, ("started_by", "ended_by")), (takedown.appeals, ("made_by", "answered_by")),
    ):  # fmt: skip
        for labels in rows.values_list(*names):
            yield from ((None, label) for label in labels if label)
    yield flag.claimed_by_id, ""


def escalations_for(actor: Actor, takedown: Takedown, receiver: Receiver) -> QuerySet[Escalation]:
    """The steps that were raised; those that only the regulator is told of go to a court alone."""
    rows = Escalation.objects.visible_to(actor).filter(takedown=takedown).order_by("step")
    return rows if receiver == Receiver.COURT else rows.filter(kind__in=PLATFORM_STEPS)


def _sealed(
    found: CaseEvents, actor: Actor, takedown: Takedown, receiver: Receiver
) -> tuple[dict[int, AuditSeal], dict[int, AuditEvent]]:
    """The seals and events of the case by position, without those of steps that the receiver is not told of."""
    seals = {
        seal.position: seal for seal in AuditSeal.objects.filter(position__in=found.positions).order_by("position")
    }
    events = AuditEvent.objects.in_bulk([seal.event_id for seal in seals.values()])
    told = {str(pk) for pk in escalations_for(actor, takedown, receiver).values_list("pk", flat=True)}
    by_position = {
        position: events[seal.event_id]
        for position, seal in seals.items()
        if seal.event_id in events
        and (events[seal.event_id].subject_type != "enforcement.escalation" or events[seal.event_id].subject_id in told)
        and events[seal.event_id].action != chain.ERASED
    }
    return {position: seals[position] for position in by_position}, by_position


def _facts(doc: Document, takedown: Takedown) -> None:
    flag, stated = takedown.flag, takedown.flag.listing_as_flagged
    listing, recall = flag.listing, flag.notice.version
    title = str(stated.get("title") or listing.title)
    section = doc.section("The case", "Fact", "Value")
    facts = [
        ("Takedown", str(takedown.pk)),
        ("Regulator", value(takedown.regulator)),
        ("Platform", value(takedown.platform)),
        ("Recall", doc.text("recall.number", flag.recall.number)),
        ("Recalled product", doc.text("recall.title", recall.title)),
        ("Hazard", doc.text("recall.hazard", recall.hazard)),
        ("Listing", doc.text("listing.id", listing.external_id)),
        ("Title of the listing", doc.free_text("listing.title", "Title of the listing", title)),
        ("Address of the listing", doc.address("listing.address", listing.page_url)),
        ("Seller", doc.seller("listing.seller", str(stated.get("seller") or listing.seller))),
        ("Flag", _flag_words(flag)),
        ("Clock", _clock_words(takedown)),
        ("Started", f"{at(takedown.started_at)} UTC"),
        (
            "Started because",
            doc.free_text(
                "takedown.start_reason",
                "Why the clock started",
                takedown.start_reason,
                translated=start_text(takedown, get_language() or ENGLISH),
            ),
        ),
        ("Deadline", f"{at(takedown.due_at)} UTC"),
        (
            "Deadline because",
            doc.free_text(
                "takedown.deadline_reason",
                "Why this deadline",
                takedown.deadline_reason,
                translated=deadline_text(takedown, get_language() or ENGLISH),
            ),
        ),
        ("Deadline missed", at(takedown.missed_at)),
        ("Removal confirmed", at(takedown.met_at)),
    ]
    section.rows = [(shown(name), words) for name, words in facts]


def _flag_words(flag: Flag) -> str:
    values = {"number": flag.pk, "state": shown_inside(flag.get_status_display()), "score": f"{flag.score:.2f}"}
    return gettext("%(number)s, %(state)s, score %(score)s") % values


def _clock_words(takedown: Takedown) -> str:
    state = shown(takedown.get_status_display())
    return gettext("%(state)s, late") % {"state": state} if takedown.is_late else state


def _evidence(doc: Document, takedown: Takedown) -> None:
    section = doc.section("Evidence of the match", "Rule", "Weight", "Finding")
    for place, each in enumerate(takedown.flag.evidence, 1):
        says = doc.sentences(f"evidence.{place}", "Evidence", str(each.get("says") or ""))
        section.rows.append((value(each.get("signal")), value(each.get("weight")), says))


def _decisions(doc: Document, takedown: Takedown) -> None:
    section = doc.section("Decisions", "When (UTC)", "Decision", "Who", "Note", "Question to the seller")
    for row in takedown.flag.decisions.order_by("pk"):
        part = f"decision.{row.pk}"
        section.rows.append((
            at(row.at),
            shown(row.get_kind_display()) + (f" ({shown_inside(row.get_reason_display())})" if row.reason else ""),
            doc.who(f"{part}.who", row.actor_kind, row.user_id, row.actor_label),
            doc.free_text(f"{part}.note", "Note of a decision", row.note, Kind.MESSAGE),
            doc.free_text(f"{part}.question", "Question to the seller", row.question, Kind.MESSAGE),
        ))  # fmt: skip


def _checks(doc: Document, takedown: Takedown) -> None:
    header = ("When (UTC)", "Verdict", "Rule", "Details", "Address", "Who", "Page")
    section = doc.section("Removal checks", *header, note="Pages and pictures are not in this file. Their SHA-256 is.")
    for row in takedown.observations.defer("body", "picture").order_by("at", "pk"):
        part, kind = f"check.{row.pk}", ACTORS.get(Source(row.source), "system")
        detail = (
            doc.free_text(f"{part}.detail", "Note of a reported check", row.detail, Kind.MESSAGE)
            if kind != "system"
            else doc.sentences(f"{part}.detail", "Finding of a check", row.detail)
        )
        section.rows.append((
            at(row.at),
            shown(row.get_verdict_display()),
            row.rule + (f", HTTP {row.status_code}" if row.status_code else ""),
            detail,
            doc.address(f"{part}.address", row.final_url or row.url),
            doc.who(f"{part}.who", kind, row.user_id, row.actor_label),
            doc.left_with_digest(f"{part}.page", row.body_digest, Kind.FILE) if row.body_digest else "",
        ))  # fmt: skip


def _escalations(doc: Document, rows: QuerySet[Escalation]) -> None:
    header = ("Raised (UTC)", "Step", "Acknowledged (UTC)", "Acknowledged by", "Note", "Resolved (UTC)")
    section = doc.section("Escalations", *header)
    for row in rows:
        part = f"escalation.{row.pk}"
        section.rows.append((
            at(row.raised_at),
            shown(row.get_kind_display()),
            at(row.acknowledged_at),
            doc.labelled(f"{part}.who", row.acknowledged_by),
            doc.free_text(f"{part}.note", "Note of an escalation", row.note, Kind.NOTE),
            at(row.resolved_at),
        ))  # fmt: skip


def _letters(doc: Document, takedown: Takedown, actor: Actor) -> None:
    rows = Letter.objects.visible_to(actor).filter(escalation__takedown=takedown, status=LetterStatus.SENT)
    section = doc.section("Formal letters", "Sent (UTC)", "Subject", "Text")
    for row in rows.order_by("pk"):
        part = f"letter.{row.pk}"
        subject = doc.free_text(f"{part}.subject", "Subject of a letter", row.subject, Kind.MESSAGE)
        section.rows.append((
            at(row.reviewed_at), subject, doc.free_text(f"{part}.text", "Text of a letter", row.body, Kind.MESSAGE),
        ))  # fmt: skip


def _appeals(doc: Document, takedown: Takedown, actor: Actor) -> None:
    section = doc.section("Appeals", "When (UTC)", "From", "Text", "State", "Answered by", "Answer")
    for row in Appeal.objects.visible_to(actor).filter(takedown=takedown).order_by("pk"):
        part = f"appeal.{row.pk}"
        section.rows.append((
            at(row.made_at),
            shown(row.get_side_display()),
            doc.free_text(f"{part}.text", "Text of an appeal", row.text, Kind.MESSAGE),
            shown(row.get_status_display()),
            doc.labelled(f"{part}.who", row.answered_by),
            doc.free_text(f"{part}.answer", "Answer to an appeal", row.answer, Kind.MESSAGE),
        ))  # fmt: skip


def _timing(doc: Document, takedown: Takedown) -> None:
    section = doc.section("Pauses and extensions", "From (UTC)", "Until (UTC)", "What", "Who", "Reason", "Answer")
    for pause in takedown.pauses.order_by("pk"):
        part = f"pause.{pause.pk}"
        reason = doc.free_text(f"{part}.reason", "Reason of a pause", pause.reason, Kind.MESSAGE)
        by = doc.labelled(f"{part}.who", pause.started_by)
        section.rows.append((at(pause.started_at), at(pause.ended_at), gettext("Clock paused"), by, reason, ""))
    for each in takedown.extensions.order_by("pk"):
        part = f"extension.{each.pk}"
        section.rows.append((
            at(each.asked_at), at(each.answered_at), f"{gettext('Extension')}: {shown_inside(each.get_status_display())}",
            doc.labelled(f"{part}.who", each.asked_by),
            doc.free_text(f"{part}.reason", "Reason of an extension", each.reason, Kind.MESSAGE),
            doc.free_text(f"{part}.answer", "Answer to an extension", each.answer, Kind.MESSAGE),
        ))  # fmt: skip


def _messages(doc: Document, takedown: Takedown, actor: Actor) -> None:
    section = doc.section("Messages between the sides", "When (UTC)", "Who", "Text", "Files")
    rows = Message.objects.visible_to(actor).filter(flag=takedown.flag_id).order_by("pk")
    for row in rows.prefetch_related("attachments"):
        part = f"message.{row.pk}"
        if row.audience != Message.Audience.BOTH:
            doc.remove(f"{part}.text", row.text, Kind.NOTE)
            continue
        files = [
            f"{file.content_type}, {file.size} bytes: {doc.left_with_digest(f'{part}.file.{file.pk}', file.sha256, Kind.FILE)}"
            for file in row.attachments.all()
        ]
        section.rows.append((
            at(row.at),
            doc.who(f"{part}.who", row.actor_kind, row.user_id, row.actor_label),
            doc.free_text(f"{part}.text", "Message", row.text, Kind.MESSAGE),
            "\n".join(files),
        ))  # fmt: skip


def _links(doc: Document, takedown: Takedown, actor: Actor) -> None:
    section = doc.section(
        "Links given to the seller", "Given (UTC)", "Opened (UTC)", "Answers", "Closed (UTC)", "Sent to"
    )
    for row in SellerLink.objects.visible_to(actor).filter(flag=takedown.flag_id).order_by("pk"):
        address = (
            doc.remove(f"link.{row.pk}.address", row.address, Kind.SELLER_CONTACT)
            if row.address
            else gettext("handed over")
        )
        section.rows.append((at(row.created_at), at(row.opened_at), str(row.answers), at(row.closed_at), address))


def _timeline(doc: Document, seals: dict[int, AuditSeal], events: dict[int, AuditEvent]) -> frozenset[int]:
    """Every event of the case in the order of the chain; answers the positions whose event leaves whole."""
    section = doc.section(
        "Events of the audit log", "Position", "When (UTC)", "Event", "Who", "In chain.jsonl",
        note="A whole event can be checked against its digest. Of the others only the digest is there.",
    )  # fmt: skip
    whole = set()
    for position, event in events.items():
        content, seal = audit.content_of(event), seals[position]
        is_whole = (
            event.actor_kind == "system"
            and event.action in WHOLE
            and seal.digest == chain.digest_of(content, seal.nonce)
            and not _holds_address(content, doc.receiver)
            and doc.is_clean(content)
        )
        if is_whole:
            whole.add(position)
        else:
            doc.count_event(f"event.{position}", seal.digest or seal.hash)
        who = doc.people.who(event.actor_kind, event.user_id, event.actor_label, key_id=event.api_key_id)
        section.rows.append((
            str(position), at(event.at), event_words(event.action), doc.text(f"event.{position}.who", who),
            gettext("whole") if is_whole else gettext("digest"),
        ))  # fmt: skip
    return frozenset(whole)


def _holds_address(content: Any, receiver: Receiver) -> bool:
    return receiver == Receiver.PUBLIC and "://" in chain.canonical(content)
