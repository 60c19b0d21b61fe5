"""The audit log: writing it, sealing it (portal/audit/sealing.py) and checking it (portal/audit/verification.py).

Events are written inside the transaction of the change they tell of. A moment later `seal_events` puts them, under
one lock, into a hash chain; a lock held inside every business transaction would make all of them wait for each other
(docs/decisions/0005-audit-sealed-after-commit.md). `verify_chain` recomputes everything and names the first
event that no longer is what was sealed.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models

from portal.audit.chain import content_of
from portal.audit.rights import require_current
from portal.audit.sealing import overdue, seal_events, unsealed
from portal.audit.verification import ChainReport, verify_chain
from portal.database.acting import as_system
from portal.database.bulk_insert import insert_rows
from portal.identity.actors import Actor
from portal.models import AuditEvent
from portal.subjects import kinds_of

__all__ = [
    "ChainReport",
    "content_of",
    "event_for",
    "events_about",
    "name_of",
    "overdue",
    "record",
    "record_many",
    "require_current",
    "seal_events",
    "unsealed",
    "verify_chain",
]


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
    """An unsaved event; `subject.audit_organisation_id`, where it has one, says which platform it concerns. What is done
    in a sandbox concerns that sandbox, whatever the subject says."""
    return AuditEvent(
        actor_kind=actor.kind,
        actor_label=actor.label[:300],
        user_id=actor.user_id,
        api_key_id=actor.api_key_id,
        organisation_id=actor.sandbox_id or getattr(subject, "audit_organisation_id", None),
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
    """Write one event. Call it inside the transaction of the change: both commit or neither does.

    Raises PermissionDenied where whoever acts has lost a right since the request began (portal/audit/rights.py).
    """
    require_current(actor)
    event = event_for(actor=actor, action=action, subject=subject, before=before, after=after, reason=reason)
    with as_system("whoever acts adds to the log, and may not see what they add"):
        event.save(force_insert=True)
    return event


def record_many(events: Iterable[AuditEvent]) -> None:
    """Write events made by `event_for` in one statement; same transaction rule as `record`."""
    with as_system("whoever acts adds to the log, and may not see what they add"):
        insert_rows(list(events))


def events_about(*subjects: models.Model) -> models.QuerySet[AuditEvent]:
    """The events of all the given objects together, oldest first: a case's time line."""
    wanted = models.Q(pk__in=[])
    for subject in subjects:
        wanted |= models.Q(subject_type__in=kinds_of(subject._meta.label_lower), subject_id=str(subject.pk))
    return AuditEvent.objects.filter(wanted).order_by("id")
