"""Writing, sealing and checking the audit log.

Events are written inside the transaction of the change they tell of. A moment later `seal_events` puts them, under
one lock, into a hash chain; a lock held inside every business transaction would make all of them wait for each other
(docs/decisions/audit-events-are-sealed-after-commit.md). `verify_chain` recomputes everything and names the first
event that no longer is what was sealed.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, models, transaction

from portal import chain
from portal.actors import Actor
from portal.models import AuditEvent, AuditSeal
from portal.rows import insert_rows

SEAL_LOCK = 0x0FF5_4E1F_5EA1  # one advisory lock for the whole chain
BATCH = 5_000


def name_of(obj: models.Model) -> str:
    """How the audit and error messages call `obj`, for example "Recall 25-290"."""
    name = f"{obj._meta.verbose_name} {obj}"
    return (name[:1].upper() + name[1:])[:300]


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value


def event_for(
    *,
    actor: Actor,
    action: str,
    subject: models.Model,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEvent:
    """An unsaved event; `subject.audit_organisation_id`, where it has one, says which platform it concerns."""
    return AuditEvent(
        actor_kind=actor.kind,
        actor_label=actor.label[:300],
        user_id=actor.user_id,
        api_key_id=actor.api_key_id,
        organisation_id=getattr(subject, "audit_organisation_id", None),
        action=action,
        subject_type=subject._meta.label_lower,
        subject_id=str(subject.pk),
        subject_label=name_of(subject),
        before={key: _plain(value) for key, value in (before or {}).items()},
        after={key: _plain(value) for key, value in (after or {}).items()},
        reason=reason,
    )


def record(
    *,
    actor: Actor,
    action: str,
    subject: models.Model,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEvent:
    """Write one event. Call it inside the transaction of the change: both commit or neither does."""
    event = event_for(actor=actor, action=action, subject=subject, before=before, after=after, reason=reason)
    event.save(force_insert=True)
    return event


def record_many(events: Iterable[AuditEvent]) -> None:
    """Write events made by `event_for` in one statement; same transaction rule as `record`."""
    insert_rows(list(events))


def events_about(*subjects: models.Model) -> models.QuerySet[AuditEvent]:
    """The events of all the given objects together, oldest first: a case's time line."""
    wanted = models.Q(pk__in=[])
    for subject in subjects:
        wanted |= models.Q(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))
    return AuditEvent.objects.filter(wanted).order_by("id")


def content_of(event: AuditEvent) -> dict[str, Any]:
    """What is sealed of an event as the database holds it: everything."""
    return {
        "id": event.pk,
        "at": event.at.isoformat(),
        "actor": [event.actor_kind, event.actor_label, event.user_id, event.api_key_id],
        "organisation": event.organisation_id,
        "action": event.action,
        "subject": [event.subject_type, event.subject_id, event.subject_label],
        "before": event.before,
        "after": event.after,
        "reason": event.reason,
    }


def _seal(event: AuditEvent, position: int, previous: str) -> AuditSeal:
    nonce = secrets.token_hex(16)
    digest = chain.digest_of(content_of(event), nonce)
    return AuditSeal(
        position=position,
        event=event,
        previous_hash=previous,
        nonce=nonce,
        digest=digest,
        hash=chain.link(position, previous, digest),
    )


def _holds(seal: AuditSeal) -> bool:
    """Whether the event still is what was sealed, and the seal what was chained."""
    content = content_of(seal.event)
    if not seal.digest:
        return seal.hash == chain.link_in_one_step(seal.position, seal.previous_hash, content)
    digest = chain.digest_of(content, seal.nonce)
    return seal.digest == digest and seal.hash == chain.link(seal.position, seal.previous_hash, digest)


def unsealed() -> models.QuerySet[AuditEvent]:
    """Events without a seal. Looks back one day from the newest seal: no transaction stays open for longer."""
    events = AuditEvent.objects.filter(seal=None).order_by("id")
    newest = AuditSeal.objects.select_related("event").order_by("-position").first()
    return events.filter(at__gt=newest.event.at - timedelta(days=1)) if newest else events


def seal_events() -> int:
    """Seal every committed event that has no seal yet, in order of id; returns how many. Safe to run many times at once."""
    sealed = 0
    while True:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEAL_LOCK])
            last = AuditSeal.objects.order_by("-position").first()
            position, previous = (last.position, last.hash) if last else (0, chain.GENESIS)
            seals = []
            for event in unsealed()[:BATCH]:
                position += 1
                seals.append(_seal(event, position, previous))
                previous = seals[-1].hash
            AuditSeal.objects.bulk_create(seals, batch_size=1_000)
        sealed += len(seals)
        if len(seals) < BATCH:
            return sealed


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a check of the chain found: `problem` is empty where all is well; `head` is the newest hash."""

    events: int
    head: str
    unsealed: int
    problem: str = ""
    event_id: int | None = None


def verify_chain(anchors: dict[int, str] | None = None) -> ChainReport:
    """Recompute the whole chain; the report names the first event that was tampered with, or the first gap.

    `anchors` maps positions to hashes that were written down elsewhere: they prove that the tail was not rewritten.
    """
    expected, previous = 1, chain.GENESIS
    anchors = anchors or {}
    seals = AuditSeal.objects.select_related("event").order_by("position")
    for seal in seals.iterator(chunk_size=BATCH):
        problem = ""
        if seal.position != expected:
            problem = f"position {expected} is missing"
        elif seal.previous_hash != previous:
            problem = f"position {seal.position} does not follow the seal before it"
        elif not _holds(seal):
            problem = f"event {seal.event_id} ({seal.event.action}, {seal.event.subject_label}) is not what was sealed"
        elif anchors.get(seal.position, seal.hash) != seal.hash:
            problem = f"position {seal.position} differs from the anchor written down for it"
        if problem:
            return ChainReport(
                expected - 1, previous, AuditEvent.objects.filter(seal=None).count(), problem, seal.event_id
            )
        expected, previous = expected + 1, seal.hash
    cut = max(anchors, default=0)
    problem = (
        f"the chain ends at {expected - 1}, but position {cut} was written down as an anchor" if cut >= expected else ""
    )
    return ChainReport(expected - 1, previous, AuditEvent.objects.filter(seal=None).count(), problem)
