"""Ending sessions: one's own, or as an admin anybody's. What a session was is kept in the audit, its key never."""

from django.db import transaction

from portal import audit
from portal.identity.actors import Actor
from portal.identity.managing import require_managed_person
from portal.models import Session, User


def end_session(*, person: User, handle: str, actor: Actor) -> bool:
    """End the one session that goes by `handle`; False where it is over already."""
    require_own(person, actor)
    with transaction.atomic():
        found = [row for row in person.sessions.select_for_update() if row.handle == handle]
        return bool(_end(person, found, actor=actor, reason=""))


def end_sessions(*, person: User, actor: Actor, besides: str | None = None, reason: str = "") -> int:
    """End all sessions of a person, besides the one with that key; returns how many."""
    require_own(person, actor)
    with transaction.atomic():
        rows = list(person.sessions.select_for_update().exclude(session_key=besides or ""))
        return _end(person, rows, actor=actor, reason=reason)


def require_own(person: User, actor: Actor) -> None:
    """Raise PermissionDenied unless it is about the actor themselves, or the actor manages people."""
    if actor.user_id != person.pk:
        require_managed_person(person, actor)


def _end(person: User, rows: list[Session], *, actor: Actor, reason: str) -> int:
    audit.require_current(actor)
    audit.record_many(
        audit.event_for(
            actor=actor,
            action="session.ended",
            subject=person,
            before={"device": row.device, "since": row.since, "used_at": row.used_at},
            reason=reason,
        )
        for row in rows
    )
    Session.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)
