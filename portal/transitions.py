"""The one way a status changes: `move`.

A model declares `transitions`, its table of the moves there are (portal/transition_tables.py).
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext_noop

from portal import audit
from portal.identity.actors import Actor
from portal.refusals import Refusal
from portal.transition_tables import Transition, TransitionTable

M = TypeVar("M", bound=models.Model)


class IllegalTransition(Refusal):
    """There is no such move from the state the row is in (409 on pages and in the API)."""


class LostRace(Refusal):
    """Someone else moved the row first (409); nothing of this move happened."""


def lost_race(obj: models.Model, before: str) -> LostRace:
    """What is said where `obj` is no longer in the state that the caller remembers."""
    detail = gettext_noop("%(object)s is no longer %(state)s. Someone else changed it first.")
    return LostRace(detail, {"object": audit.name_of(obj)}, {"state": _label(obj, before)})


def move(obj: M, to: str, *, actor: Actor, reason: str = "", **changes: Any) -> M:
    """Move `obj` to the status `to`, with `changes` to other fields, and write the audit event, all or nothing.

    Raises IllegalTransition where the table has no such move, PermissionDenied where the actor may not make it,
    ValueError where the move needs a reason and has none, and LostRace where the row no longer is in the state
    that `obj` remembers. On success `obj` carries the new values.
    """
    return _carry_out(obj, _find(obj, to, obj.transitions), actor, reason, changes)  # type: ignore[attr-defined]


def move_back(obj: M, to: str, *, undoings: TransitionTable, actor: Actor, **changes: Any) -> M:
    """As `move`, by a table of its own: between the same two states, undoing is another move than going on."""
    return _carry_out(obj, _find(obj, to, undoings), actor, "", changes)


def _carry_out(obj: M, transition: Transition, actor: Actor, reason: str, changes: dict[str, Any]) -> M:
    before, to = transition.source, transition.target
    actor.require(transition.permission)
    if transition.needs_reason and not reason.strip():
        raise ValueError(f"{transition.label or transition.event} needs a reason.")
    old = {"status": before} | {field: getattr(obj, field) for field in changes}
    with transaction.atomic():
        moved = type(obj)._base_manager.filter(pk=obj.pk, status=before).update(status=to, **changes)
        if moved != 1:
            raise lost_race(obj, before)
        obj.status = to  # type: ignore[attr-defined]
        for field, value in changes.items():
            setattr(obj, field, value)
        audit.record(
            actor=actor, action=transition.event, subject=obj, before=old, after={"status": to} | changes, reason=reason
        )
    return obj


def move_all(objs: Sequence[M], to: str, *, actor: Actor, reasons: Sequence[str], **changes: Any) -> None:
    """Move many rows of one model at once, each with its reason; two statements, whatever their number.

    The caller holds the rows' locks. Raises as `move` does, and then moves none.
    """
    if not objs:
        return
    moves = [_find(obj, to, obj.transitions) for obj in objs]  # type: ignore[attr-defined]
    for transition in {move.event: move for move in moves}.values():
        actor.require(transition.permission)
    with transaction.atomic():
        rows = type(objs[0])._base_manager.filter(pk__in=[obj.pk for obj in objs])
        sources = {move.source for move in moves}
        if rows.filter(status__in=sources).update(status=to, **changes) != len(objs):
            raise LostRace(gettext_noop("Someone else changed some of these items first."))
        events = []
        for obj, transition, reason in zip(objs, moves, reasons, strict=True):
            old = {"status": transition.source} | {field: getattr(obj, field) for field in changes}
            obj.status = to  # type: ignore[attr-defined]
            for field, value in changes.items():
                setattr(obj, field, value)
            events.append(
                audit.event_for(
                    actor=actor,
                    action=transition.event,
                    subject=obj,
                    before=old,
                    after={"status": to} | changes,
                    reason=reason,
                )
            )
        audit.require_current(actor)
        audit.record_many(events)


def _find(obj: models.Model, to: str, table: TransitionTable) -> Transition:
    before = obj.status  # type: ignore[attr-defined]
    transition = table.find(before, to)
    if transition is None:
        detail = gettext_noop("%(object)s is %(state)s and cannot become %(new_state)s.")
        states = {"state": _label(obj, before), "new_state": _label(obj, to)}
        raise IllegalTransition(detail, {"object": audit.name_of(obj)}, states)
    return transition


def _label(obj: models.Model, status: str) -> str:
    """What pages call a status, as `get_status_display` does; a status that no model knows stays as it is."""
    labels = dict(getattr(obj._meta.get_field("status"), "flatchoices", ()))
    return str(labels.get(status, status.replace("_", " ")))
