"""What a run of retention would delete, and the run: in chunks, each with its audit event in one transaction.

A chunk that breaks is halved until the row that breaks it is alone; that one is set aside (portal/background/sweeping.py).
Holds are read in the transaction that deletes, under a lock that placing a hold takes as well: once a hold is placed,
nothing of it goes any more.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import Count, F, Min, Sum
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal import audit
from portal.background import sweeping
from portal.background.jobs import turn
from portal.database.acting import as_system
from portal.identity.actors import Actor
from portal.media.storage import remove_halves
from portal.models import Pulse, RetentionRule
from portal.retention.registry import KINDS, Kind, chosen_days, holds_now, is_held
from portal.transitions import IllegalTransition

logger = logging.getLogger(__name__)
HOLD_LOCK = 0x0FF5_0020  # advisory lock: shared by chunks, exclusive for whoever places a hold
RUN_LOCK = 0x0FF5_0021  # advisory lock class: one run at a time
PULSE, EVERY, SECONDS = "retention", timedelta(hours=6), 600.0
AT_ONCE = 500
MAX_FILES_MEASURED = 1_000


@dataclass(frozen=True, slots=True)
class Preview:
    """What a run would delete of one kind. `size` in bytes, None where it is not known; a lower bound where `partly`."""

    kind: Kind
    days: int
    count: int
    size: int | None
    oldest: datetime | None
    held: int
    partly: bool = False


@dataclass(slots=True)
class Applied:
    """What a run did with one kind; `problem` is why it broke off, in English."""

    kind: Kind
    deleted: int = 0
    broken: int = 0
    stopped: bool = False
    problem: str = ""


@as_system("numbers of the whole site")
def preview(days: Mapping[str, int] | None = None) -> list[Preview]:
    """What a run would delete now, by the chosen days or by `days`. Changes nothing."""
    chosen, holds = chosen_days() | dict(days or {}), holds_now()
    return [_preview(kind, chosen[name], holds) for name, kind in KINDS.items()]


def _preview(kind: Kind, days: int, holds: Mapping[str, frozenset[int]]) -> Preview:
    old, held = kind.old(days=days).order_by(), kind.under(holds)
    due = old.exclude(held)
    wanted: dict[str, Any] = {"count": Count("pk"), "oldest": Min(kind.since)}
    if kind.size is not None:
        wanted["size"] = Sum(kind.size, default=0)
    found = due.aggregate(**wanted)
    size, partly = found.get("size"), False
    if kind.file:
        size, partly = _size_of_files(kind, due), found["count"] > MAX_FILES_MEASURED
    return Preview(kind, days, found["count"], size, found["oldest"], old.filter(held).count(), partly)


def _size_of_files(kind: Kind, due: models.QuerySet[Any]) -> int:
    storage, total = kind.rows().model._meta.get_field(kind.file).storage, 0
    for name in due.values_list(kind.file, flat=True)[:MAX_FILES_MEASURED]:
        try:
            total += storage.size(name)
        except OSError:  # gone already
            continue
    return total


def apply_retention_due() -> None:
    """Run where the last whole run is EVERY back; what was not finished in time goes on with the next sweep."""
    with turn(RUN_LOCK, 1) as mine:
        now = timezone.now()
        if not mine or Pulse.objects.filter(name=PULSE, at__gt=now - EVERY, at__lte=now).exists():
            return
        remove_halves(settings.MEDIA_ROOT)
        done = apply_retention(until=time.monotonic() + SECONDS)
        detail = "; ".join(f"{each.kind.name}: {each.problem}" for each in done if each.problem)
        at = now - EVERY if any(each.stopped for each in done) else now
        Pulse.objects.update_or_create(name=PULSE, defaults={"at": at, "detail": detail})


def apply_retention(*, until: float | None = None, heard: Callable[[Applied], None] | None = None) -> list[Applied]:
    """Delete what is due of every kind; `heard` is told after each chunk. `until` (of time.monotonic) ends it between two.

    A kind that cannot be read stops none of the others.
    """
    days, done = chosen_days(), []
    for name, kind in KINDS.items():
        applied = Applied(kind)
        done.append(applied)
        try:
            _apply(kind, days[name], applied, until, heard)
        except Exception as error:
            if isinstance(error, SoftTimeLimitExceeded) or sweeping.database_is_gone(error):
                raise
            logger.exception("the retention of %s broke off", name)
            applied.problem = sweeping.error_text(error)
    return done


def _apply(
    kind: Kind, days: int, applied: Applied, until: float | None, heard: Callable[[Applied], None] | None
) -> None:
    now, numbered = timezone.now(), isinstance(kind.rows().model._meta.pk, models.BigAutoField)
    old = kind.old(days=days, now=now)
    if numbered:  # others cannot be set aside
        sweeping.forget_others(old, sweep=kind.sweep)
        old = sweeping.ready(old, sweep=kind.sweep)
    rows, last = old.order_by("pk"), None
    while True:
        if until is not None and time.monotonic() > until:
            applied.stopped = True
            return
        due = rows.exclude(kind.under(holds_now()))
        keys = list((due if last is None else due.filter(pk__gt=last)).values_list("pk", flat=True)[: _at_once(kind)])
        if not keys:
            return
        _chunk(kind, keys, days, now, applied)
        last = keys[-1]
        if heard is not None:
            heard(applied)


def _at_once(kind: Kind) -> int:
    return 1 if kind.file else AT_ONCE  # a file of gigabytes is read for its digest


def _chunk(kind: Kind, keys: Sequence[Any], days: int, now: datetime, applied: Applied) -> None:
    try:
        with transaction.atomic():
            applied.deleted += _delete(kind, keys, days, now)
    except Exception as error:
        if isinstance(error, SoftTimeLimitExceeded) or sweeping.database_is_gone(error):
            raise
        if len(keys) > 1:
            for half in (keys[: len(keys) // 2], keys[len(keys) // 2 :]):
                _chunk(kind, half, days, now, applied)
            return
        applied.broken += 1
        row = kind.rows().filter(pk=keys[0]).first()
        if row is None or not isinstance(row.pk, int):
            logger.exception("the retention of %s left a row", kind.name)
        else:
            sweeping.set_aside(row, sweep=kind.sweep, error=error)
    else:
        if isinstance(keys[0], int):
            sweeping.settled(*(kind.rows().model(pk=key) for key in keys), sweep=kind.sweep)


def wait_for_holds() -> None:
    """Wait for whoever places a hold at this moment, and have the next one wait until the transaction ends. Whatever
    deletes for good does so before it asks what is held."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [HOLD_LOCK])


def require_not_held(row: models.Model) -> None:
    """Inside the transaction of a person who deletes something of `row` for good. Raises IllegalTransition where a legal
    hold names it."""
    wait_for_holds()
    if is_held(row):
        detail = gettext_noop(
            "%(name)s is under a legal hold. Nothing of it can be deleted until the hold is released."
        )
        raise IllegalTransition(detail, {"name": audit.name_of(row)})


def _delete(kind: Kind, keys: Sequence[Any], days: int, now: datetime) -> int:
    """Delete those of the rows that still are due and not held, and say so in the audit log; returns how many."""
    wait_for_holds()
    due = kind.old(days=days, now=now).exclude(kind.under(holds_now())).filter(pk__in=keys)
    locked = due.select_for_update(of=("self",), skip_locked=True).annotate(ended=F(kind.since))
    rows = list(locked.order_by("pk"))
    if not rows:
        return 0
    ends = [row.ended for row in rows]
    stated = "".join(f"{kind.stated(row)}\n" for row in rows)
    kind.erase(rows)
    rule, _ = RetentionRule.objects.get_or_create(kind=kind.name)
    audit.record(
        actor=Actor.system("retention"),
        action="retention.applied",
        subject=rule,
        after={
            "deleted": len(rows),
            "days": days,
            "oldest": min(ends),
            "newest": max(ends),
            "sha256": hashlib.sha256(stated.encode()).hexdigest(),
        },
    )
    return len(rows)
