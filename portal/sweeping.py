"""The one way in which a sweep goes through its rows: each by itself, and one that breaks is set aside.

Whoever sells a recalled product gains when a sweep stands still. So a row that raises costs itself alone: its error is
kept, it is tried again later and later, and while it is set aside it is an alarm (enforcement/services/watchdog.py) and
stands under the failed jobs. With `lease`, a row is noted before it is dealt with, so that one that kills its worker
(no memory left, a time limit) is known by that note and set aside like one that raises.
"""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connection, models, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from portal.models import SetAside

logger = logging.getLogger(__name__)
M = TypeVar("M", bound=models.Model)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=6)


@dataclass(slots=True)
class Swept:
    """How a sweep went: rows dealt with, rows set aside, and whether it stopped before its end for lack of time."""

    done: int = 0
    broken: int = 0
    stopped: bool = False


def ready(rows: QuerySet[M], *, sweep: str) -> QuerySet[M]:
    """`rows` without those that `sweep` has set aside until later, or that another worker holds under a lease."""
    waiting = SetAside.objects.filter(
        sweep=sweep,
        subject_type=rows.model._meta.label_lower,
        subject_id=OuterRef("pk"),
        next_attempt_at__gt=timezone.now(),
    )
    return rows.filter(~Exists(waiting))


def each(
    rows: Iterable[M],
    act: Callable[[M], object],
    *,
    sweep: str,
    until: float | None = None,
    atomic: bool = True,
    lease: timedelta | None = None,
) -> Swept:
    """Deal with `rows` one by one by `act`; what raises is set aside (see `ready`) and the others go on.

    `until` (of time.monotonic) ends it between two rows. `atomic` wraps each row in a transaction of its own; leave it
    off where `act` asks others over the network. `lease` says how long a row may take before another worker may have
    it: it is noted before, and a row whose worker died counts as one attempt. Raises only what is no row's fault: a
    database that is gone. A soft time limit sets aside the row at work and stops the sweep.
    """
    swept = Swept()
    for row in rows:
        if until is not None and time.monotonic() > until:
            swept.stopped = True
            break
        if lease is not None and not _take(row, sweep, lease):
            continue
        try:
            if atomic:
                with transaction.atomic():
                    act(row)
            else:
                act(row)
        except SoftTimeLimitExceeded as error:
            set_aside(row, sweep=sweep, error=error)
            swept.broken, swept.stopped = swept.broken + 1, True
            break
        except Exception as error:
            if _database_is_gone(error):
                raise
            set_aside(row, sweep=sweep, error=error)
            swept.broken += 1
        else:
            swept.done += 1
            if lease is not None:
                settled(row, sweep=sweep)
    return swept


def set_aside(row: models.Model, *, sweep: str, error: BaseException) -> SetAside:
    """Keep `row` out of `sweep` for a while, twice as long after each attempt (30 seconds to 6 hours), with its error."""
    logger.error("%s: %s %s was set aside", sweep, row._meta.label_lower, row.pk, exc_info=error)
    now = timezone.now()
    with transaction.atomic():
        kept, _ = SetAside.objects.select_for_update().get_or_create(
            **_key(row, sweep), defaults={"next_attempt_at": now}
        )
        kept.attempts = min(kept.attempts + (not kept.at_work), 32_000)
        kept.error = f"{type(error).__name__}: {error}".replace("\x00", "")[:500]
        kept.at_work, kept.last_at, kept.next_attempt_at = False, now, now + _pause(kept.attempts)
        kept.save()
    return kept


def settled(row: models.Model, *, sweep: str) -> None:
    """Forget that `row` was ever set aside: it went well."""
    SetAside.objects.filter(**_key(row, sweep)).delete()


def _take(row: models.Model, sweep: str, lease: timedelta) -> bool:
    """Note that `row` is at work, unless it is set aside or somebody else's; a row noted before lost its worker."""
    now = timezone.now()
    defaults = {"next_attempt_at": now + lease, "at_work": True, "attempts": 1, "error": "At work."}
    with transaction.atomic():
        kept, created = SetAside.objects.get_or_create(**_key(row, sweep), defaults=defaults)
        if created:
            return True
        due = SetAside.objects.filter(pk=kept.pk, next_attempt_at__lte=now)
        if kept.at_work and due.update(
            at_work=False, error="Its worker died on it.", last_at=now, next_attempt_at=now + _pause(kept.attempts)
        ):
            logger.error("%s: a worker died on %s %s", sweep, kept.subject_type, kept.subject_id)
            return False
        return bool(
            due.filter(at_work=False).update(at_work=True, attempts=F("attempts") + 1, next_attempt_at=now + lease)
        )


def _pause(attempts: int) -> timedelta:
    return min(FIRST_PAUSE * 2 ** min(max(attempts - 1, 0), 12), LONGEST_PAUSE)


def _key(row: models.Model, sweep: str) -> dict[str, object]:
    return {"sweep": sweep, "subject_type": row._meta.label_lower, "subject_id": row.pk}


def _database_is_gone(error: Exception) -> bool:
    if not isinstance(error, InterfaceError | OperationalError):
        return False
    return connection.connection is None or connection.connection.closed
