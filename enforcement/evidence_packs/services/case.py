"""The content of a pack: the events of its case in the chain, its checks, decisions and messages, and each takedown in
plain words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from enforcement.evidence_packs.format import CAPTURED, POSTED, chain_line
from enforcement.evidence_packs.services.packs import Pack
from enforcement.models import Appeal, Escalation, Observation, Takedown
from listings.comparison import Row, compare_rows
from listings.models import Decision, Flag, Message, SellerLink
from portal import audit
from portal.audit import chain
from portal.database.acting import as_system
from portal.models import AuditEvent, AuditSeal, AuditStamp
from portal.subjects import kinds_of
from recalls.models import Notice

BATCH = 2_000
WHY = "events of erasure belong to no side, and a pack cannot be verified without them"
CHECKS_AT_ONCE = 10  # each includes its page
MAX_DETAILED = 50  # takedowns that the summary describes one by one


def _batches(items: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (items[start : start + size] for start in range(0, len(items), size))


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture of the last decision, as the readable page shows it: `data` in Base64, or why it is `missing`."""

    of: str
    address: str
    sha256: str
    data: str
    missing: str


@dataclass
class Case:
    """One takedown for the summary; `checks` and so on stay empty where there are too many takedowns to describe
    each."""

    takedown: Takedown
    checks: list[Observation] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    escalations: list[Escalation] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    comparison: list[Row] = field(default_factory=list)
    pictures: list[ShownPicture] = field(default_factory=list)


def cases_of(pack: Pack) -> list[Case]:
    """The takedowns of a pack, oldest clock first; of more than MAX_DETAILED, only the takedowns themselves."""
    related = ("flag__listing", "flag__recall", "flag__notice__version", "flag__product", "platform")
    rows = Takedown.objects.filter(pk__in=pack.takedowns).select_related(*related).order_by("started_at", "pk")
    found = [Case(row) for row in rows]
    if len(found) <= MAX_DETAILED:
        for case in found:
            case.comparison = compare_rows(case.takedown.flag)
            case.checks = list(case.takedown.observations.defer("body", "picture").order_by("at", "pk"))
            case.decisions = list(case.takedown.flag.decisions.order_by("pk"))
            case.escalations = list(_escalations(pack).filter(takedown=case.takedown).order_by("step"))
            case.messages = list(_messages(pack).filter(flag=case.takedown.flag_id).prefetch_related("attachments"))
    return found


def _escalations(pack: Pack) -> models.QuerySet[Escalation]:
    return Escalation.objects.visible_to(pack.actor)


def _messages(pack: Pack) -> models.QuerySet[Message]:
    """Messages that both sides can read; internal notes are never included, whoever requests the pack."""
    return Message.objects.visible_to(pack.actor).to_both()


def _seller_links(pack: Pack) -> models.QuerySet[SellerLink]:
    """When a seller's links were given, opened and closed; what was written through them are messages."""
    return SellerLink.objects.visible_to(pack.actor)


@dataclass(frozen=True)
class CaseEvents:
    """The positions of the chain that belong to the case, and the checks and messages whose events are among them."""

    positions: frozenset[int]
    checks: tuple[int, ...]
    messages: tuple[int, ...]


def events_of(pack: Pack) -> CaseEvents:
    """The events about the pack's notices, flags, clocks, checks, messages, sellers' links, appeals and escalations, up to the pack's head."""
    in_pack = {"takedown__in": pack.takedowns}
    subjects: list[tuple[type[models.Model], Iterable[int]]] = [
        (Notice, pack.notices),
        (Takedown, pack.takedowns),
        (Flag, Flag.objects.filter(takedown__in=pack.takedowns).values_list("pk", flat=True)),
        (Escalation, _escalations(pack).filter(**in_pack).values_list("pk", flat=True)),
        (Observation, Observation.objects.visible_to(pack.actor).filter(**in_pack).values_list("pk", flat=True)),
        (Message, _messages(pack).filter(flag__takedown__in=pack.takedowns).values_list("pk", flat=True)),
        (SellerLink, _seller_links(pack).filter(flag__takedown__in=pack.takedowns).values_list("pk", flat=True)),
        (Appeal, Appeal.objects.visible_to(pack.actor).filter(**in_pack).values_list("pk", flat=True)),
    ]
    positions: set[int] = set()
    checks: list[int] = []
    messages: list[int] = []
    for model, ids in subjects:
        for some in _batches(sorted(ids), BATCH):
            about = AuditEvent.objects.filter(
                subject_type__in=kinds_of(model._meta.label_lower),
                subject_id__in=[str(pk) for pk in some],
                seal__position__lte=pack.head,
            )
            for position, action, subject in about.values_list("seal__position", "action", "subject_id"):
                positions.add(position)
                if action == CAPTURED:
                    checks.append(int(subject))
                elif action == POSTED:
                    messages.append(int(subject))
    positions |= _erasures_of(positions, pack.head)
    return CaseEvents(frozenset(positions), tuple(sorted(checks)), tuple(sorted(messages)))


def _erasures_of(positions: set[int], head: int) -> set[int]:
    """The events that say of any of the positions that its payload was erased: without them it could not be verified."""
    rows = AuditEvent.objects.filter(action=chain.ERASED, seal__position__lte=head)
    with as_system(WHY):
        found = rows.values_list("seal__position", "after").iterator()
        return {position for position, after in found if not positions.isdisjoint(chain.erased_in(after))}


def _events_of(seals: Iterable[AuditSeal]) -> dict[int, AuditEvent]:
    """The events of seals, by their number."""
    numbers = [seal.event_id for seal in seals]
    with as_system(WHY):
        erasures = AuditEvent.objects.filter(action=chain.ERASED).in_bulk(numbers)
    return AuditEvent.objects.in_bulk(numbers) | erasures


def own_lines(events: CaseEvents) -> Iterator[dict[str, Any]]:
    """The case's own events in the order of the chain."""
    for some in _batches(sorted(events.positions), BATCH):
        seals = list(AuditSeal.objects.filter(position__in=some).order_by("position"))
        events_of_them = _events_of(seals)
        for seal in seals:
            yield sealed_line(seal, events_of_them[seal.event_id])


def chain_of(events: CaseEvents, *, first: int, last: int) -> Iterator[dict[str, Any]]:
    """Every position from `first` to `last`: the case's events and the last one in full, the others as digests."""
    position, shown_in_full = first - 1, events.positions | {last}
    stretch = AuditSeal.objects.filter(position__lte=last).order_by("position")
    while seals := list(stretch.filter(position__gt=position)[:BATCH]):
        shown = _events_of(seal for seal in seals if seal.position in shown_in_full)
        for seal in seals:
            yield sealed_line(seal, shown.get(seal.event_id))
        position = seals[-1].position


def sealed_line(seal: AuditSeal, event: AuditEvent | None) -> dict[str, Any]:
    """A position of the chain as a pack has it: with its event whole, or with the digest alone where there is none."""
    return chain_line(
        position=seal.position,
        previous=seal.previous_hash,
        digest=seal.digest,
        hash_=seal.hash,
        event=audit.content_of(event) if event else None,
        nonce=seal.nonce,
    )


def stamps_of(pack: Pack, events: CaseEvents) -> Iterator[AuditStamp]:
    """The time stamps of positions in the part of the chain that the pack contains."""
    first = min(events.positions, default=pack.head + 1)
    yield from AuditStamp.objects.filter(position__range=(first, pack.head)).order_by("position").iterator(BATCH)


def checks_of(events: CaseEvents) -> Iterator[Observation]:
    """The checks that events of the case are about, oldest first, with their pages."""
    for some in _batches(events.checks, CHECKS_AT_ONCE):
        yield from Observation.objects.filter(pk__in=some).order_by("pk")


def messages_of(events: CaseEvents) -> Iterator[Message]:
    """The messages that events of the case are about, oldest first."""
    for some in _batches(events.messages, BATCH):
        yield from Message.objects.filter(pk__in=some).order_by("pk")


def decisions_of(pack: Pack) -> Iterator[Decision]:
    """Every decision on the flags of a pack up to the moment it is made, undone ones too."""
    for some in _batches(pack.takedowns, BATCH):
        rows = Decision.objects.filter(flag__takedown__in=some, at__lte=pack.made_at).order_by("pk")
        yield from rows.select_related("flag__takedown", "flag__listing", "flag__recall")
