"""Checking the audit log: the whole chain recomputed, compared with anchors, and what stands outside of it counted."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.audit import chain
from portal.audit.erasure import erased_payloads, payload_digest
from portal.audit.sealing import BATCH, overdue, unsealed
from portal.models import AuditAnchor, AuditEvent, AuditSeal

PUT_IN_LATER = timedelta(days=1)  # no transaction stays open for longer, and no clock is that wrong unseen


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a check found: `problem` is empty where the chain is whole; `head` is the newest hash.

    `unsealed` events have no seal yet; `overdue` ones should have. `misdated` names the first event that is dated long
    before what was sealed ahead of it. Each of the three is a finding (`findings`, a sentence each). `erased` events have
    a payload from which names were erased, as another event of the chain says; that is none.
    """

    events: int
    head: str
    unsealed: int
    problem: str = ""
    event_id: int | None = None
    overdue: int = 0
    misdated: str = ""
    erased: int = 0

    @property
    def findings(self) -> list[str]:
        late = (
            f"{self.overdue:,} event{'s' if self.overdue > 1 else ''} that should have a seal by now "
            f"{'have' if self.overdue > 1 else 'has'} none: the worker stands still, or somebody wrote past it"
        )
        return [text for text in (self.problem, late if self.overdue else "", self.misdated) if text]


def verify_chain(anchors: Mapping[int, str] | None = None, *, dates_from: int = 1) -> ChainReport:
    """Recompute the whole chain; the report names the first event that was tampered with, or the first gap.

    `anchors` maps positions to hashes that were written down elsewhere: they prove that the tail was not rewritten. Those
    that the database kept are compared, too. Dates are looked at from position `dates_from` on.
    """
    kept = dict(AuditAnchor.objects.values_list("position", "hash"))
    given = dict(anchors or {})
    expected, previous, problem, event_id = 1, chain.GENESIS, _two_anchors(given, kept), None
    dates, erasures, erased = _Dates(dates_from), erased_payloads(), 0
    for seal, event in () if problem else _links():
        allowed = event is not None and _is_erased(seal, event, erasures)
        problem = _problem_of(seal, event, expected, previous, erased=allowed) or _against(seal, given | kept)
        if problem:
            event_id = seal.event_id
            break
        if event is not None:
            dates.fetch_page(seal, event)
        expected, previous, erased = expected + 1, seal.hash, erased + allowed
    cut = max({**given, **kept}, default=0)
    if not problem and cut >= expected:
        problem = f"the chain ends at {expected - 1}, but position {cut} was written down as an anchor"
    return ChainReport(
        expected - 1, previous, unsealed().count(), problem, event_id, overdue().count(), dates.first_misdated, erased
    )


def _two_anchors(given: Mapping[int, str], kept: Mapping[int, str]) -> str:
    differing = sorted(position for position in given.keys() & kept.keys() if given[position] != kept[position])
    return f"there are two anchors for position {differing[0]}, and they differ" if differing else ""


def _against(seal: AuditSeal, anchors: Mapping[int, str]) -> str:
    if anchors.get(seal.position, seal.hash) == seal.hash:
        return ""
    return f"position {seal.position} differs from the anchor written down for it"


def _links() -> Iterator[tuple[AuditSeal, AuditEvent | None]]:
    """Each seal with its event, in order; None where the event cannot be read."""
    chunk: list[AuditSeal] = []
    for seal in AuditSeal.objects.order_by("position").iterator(chunk_size=BATCH):
        chunk.append(seal)
        if len(chunk) == BATCH:
            yield from _with_events(chunk)
            chunk = []
    yield from _with_events(chunk)


def _with_events(seals: Sequence[AuditSeal]) -> Iterator[tuple[AuditSeal, AuditEvent | None]]:
    try:
        known = AuditEvent.objects.in_bulk([seal.event_id for seal in seals])
    except Exception:  # noqa: BLE001  one event that cannot be read is found below, alone
        known = {}
    for seal in seals:
        try:
            yield seal, known.get(seal.event_id) or AuditEvent.objects.filter(pk=seal.event_id).first()
        except ValueError:
            yield seal, None


def _problem_of(seal: AuditSeal, event: AuditEvent | None, expected: int, previous: str, *, erased: bool) -> str:
    if seal.position != expected:
        return f"position {expected} is missing"
    if seal.previous_hash != previous:
        return f"position {seal.position} does not follow the seal before it"
    if event is None:
        return f"event {seal.event_id} is gone or cannot be read"
    if erased and seal.digest and seal.hash != chain.link(seal.position, seal.previous_hash, seal.digest):
        return f"the hash of position {seal.position} does not match its digest"
    if not erased and not _holds(seal, event):
        return f"event {seal.event_id} ({event.action}) is not what was sealed"
    return ""


def _is_erased(seal: AuditSeal, event: AuditEvent, erasures: Mapping[int, str]) -> bool:
    """Whether the event is not what was sealed, but word for word what a sealed event of erasure says it was left as."""
    if seal.position not in erasures or event.action == chain.ERASED or _holds(seal, event):
        return False
    return payload_digest(chain.content_of(event)) == erasures[seal.position]


def _holds(seal: AuditSeal, event: AuditEvent) -> bool:
    """Whether the event still is what was sealed, and the seal what was chained."""
    content = chain.content_of(event)
    if not seal.digest:
        return seal.hash == chain.link_in_one_step(seal.position, seal.previous_hash, content)
    digest = chain.digest_of(content, seal.nonce)
    return seal.digest == digest and seal.hash == chain.link(seal.position, seal.previous_hash, digest)


class _Dates:
    """Finds events that were put in long after their date: what was sealed ahead of them is newer by more than a day.

    An event dated after its own sealing (a clock that was ahead) makes none of those after it old.
    """

    def __init__(self, dates_from: int) -> None:
        self.dates_from, self.first_misdated = dates_from, ""
        self._front: datetime | None = None

    def fetch_page(self, seal: AuditSeal, event: AuditEvent) -> None:
        if seal.position < self.dates_from or seal.sealed_at is None:
            return  # seals of before say not when they were made
        if self._front and event.at < self._front - PUT_IN_LATER and not self.first_misdated:
            self.first_misdated = (
                f"event {event.pk} ({event.action}, {event.subject_label}) at position {seal.position} is dated "
                f"{event.at:%Y-%m-%d %H:%M} UTC, but was sealed on {seal.sealed_at:%Y-%m-%d %H:%M} after newer ones: it was "
                "put in later, or a clock was wrong"
            )
        known = min(event.at, seal.sealed_at)
        self._front = known if self._front is None else max(self._front, known)
