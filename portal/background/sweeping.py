"""The one way in which a sweep goes through its rows: each by itself, and one that breaks is set aside.

Whoever sells a recalled product gains when a sweep stands still. So a row that raises costs itself alone: its error is
kept, it is tried again later and later, and while it is set aside it is an alarm of the deadline monitor and stands under
the failed jobs. With `lease`, a row is noted before it is dealt with, so that one that kills its worker
(no memory left, a time limit) is known by that note and set aside like one that raises.
"""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connection, models, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from portal.models import SetAside
from portal.models.jobs import WAITS_OR_BROKE_OFF, Job
from portal.transitions import LostRace

logger = logging.getLogger(__name__)
M = TypeVar("M", bound=models.Model)
J = TypeVar("J", bound=Job)
FIRST_PAUSE, MAX_PAUSE = timedelta(seconds=30), timedelta(hours=6)


@dataclass(slots=True)
class Swept:
    """How a sweep went: rows dealt with, rows set aside, and whether it stopped before its end for lack of time."""

    done: int = 0
    broken: int = 0
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Backlog:
    """Rows that wait for longer than they should: how many, and since when the oldest does."""

    count: int
    oldest: datetime | None


def ready(rows: QuerySet[M], *, sweep: str) -> QuerySet[M]:
    """`rows` without those that `sweep` has set aside until later, or that another worker holds under a lease."""
    return rows.filter(~_noted(rows, sweep, next_attempt_at__gt=timezone.now()))


def fresh(rows: QuerySet[M], *, sweep: str) -> QuerySet[M]:
    """`rows` that `sweep` has not set aside and no one holds under a lease: what may be dealt with many at once."""
    return rows.filter(~_noted(rows, sweep))


def again(rows: QuerySet[M], *, sweep: str) -> QuerySet[M]:
    """`rows` that `sweep` has set aside and whose next attempt is due: each is to be dealt with by itself."""
    return rows.filter(_noted(rows, sweep, next_attempt_at__lte=timezone.now()))


def _noted(rows: QuerySet[M], sweep: str, **more: object) -> Exists:
    wanted = {"sweep": sweep, "subject_type": rows.model._meta.label_lower, "subject_id": OuterRef("pk")}
    return Exists(SetAside.objects.filter(**wanted, **more))


def forget_others(rows: QuerySet[M], *, sweep: str) -> int:
    """Forget what `sweep` set aside and is not among all its `rows` any more: withdrawn, deleted, dealt with elsewhere.

    Returns how many. What a living worker holds under a lease stays.
    """
    kept = SetAside.objects.filter(sweep=sweep, subject_type=rows.model._meta.label_lower)
    idle = kept.filter(Q(at_work=False) | Q(next_attempt_at__lte=timezone.now()))
    return idle.exclude(Exists(rows.order_by().filter(pk=OuterRef("subject_id")))).delete()[0]


@contextmanager
def turn(subject: models.Model, *, sweep: str) -> Iterator[bool]:
    """A turn of a sweep that takes many rows at once, noted while it lasts. Yields whether the one before broke off: its
    worker died, or a time limit ended it; then rows are to be taken one by one, under leases, for a while.

    The caller sees to it that no other turn goes on for the same subject and sweep.
    """
    defaults = {"next_attempt_at": timezone.now(), "at_work": True, "attempts": 1, "error": "At work."}
    kept, created = SetAside.objects.get_or_create(**_key(subject, sweep), defaults=defaults)
    yield not created
    kept.delete()


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
    swept, well = Swept(), []
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
            if database_is_gone(error):
                raise
            set_aside(row, sweep=sweep, error=error)
            swept.broken += 1
        else:
            swept.done += 1
            if lease is not None:
                settled(row, sweep=sweep)
            else:
                well.append(row)
    if well:
        settled(*well, sweep=sweep)
    return swept


def run_jobs_due(jobs: QuerySet[J], run: Callable[[J], J], *, owner: str, sweep: str) -> int:
    """Run the jobs that wait, and those whose worker died; returns how many went on. One that raises is set aside for a
    while, and has failed after as many attempts as portal/background/jobs.py allows.

    `owner` is the field that says whose a job is. Owners take turns, so that a hundred files of one hold up a single file
    of another by one at most: next comes a job of whoever has waited longest since one of theirs was worked on, and of
    those first what never broke off.
    """
    due = jobs.filter(status__in=WAITS_OR_BROKE_OFF).order_by("attempts", "pk")
    forget_others(due, sweep=sweep)

    def go_on(job: J) -> None:
        with suppress(LostRace):  # cancelled in the middle
            run(job)

    return each(_in_turns(ready(due, sweep=sweep), owner), go_on, sweep=sweep, atomic=False).done


def _in_turns(jobs: QuerySet[J], owner: str) -> Iterator[J]:
    """Each job once, asked for when the one before is over: what was queued in the meantime is among them."""
    seen: set[int] = set()
    while True:
        left = jobs.exclude(pk__in=seen)
        whose = left.order_by().values_list(owner, flat=True).distinct()
        worked = jobs.model._base_manager.filter(**{f"{owner}__in": list(whose)}, heartbeat_at__isnull=False).order_by()
        last = dict(worked.values_list(owner).annotate(Max("heartbeat_at")))
        waited_longest = min(whose, key=lambda each: (each in last, last.get(each), each), default=None)
        job = left.filter(**{owner: waited_longest}).first()
        if job is None:
            return
        seen.add(job.pk)
        yield job


def set_aside(row: models.Model, *, sweep: str, error: BaseException) -> SetAside:
    """Keep `row` out of `sweep` for a while, twice as long after each attempt (30 seconds to 6 hours), with its error."""
    logger.error("%s: %s %s was set aside", sweep, row._meta.label_lower, row.pk, exc_info=error)
    now = timezone.now()
    with transaction.atomic():
        kept, _ = SetAside.objects.select_for_update().get_or_create(
            **_key(row, sweep), defaults={"next_attempt_at": now}
        )
        kept.attempts = min(kept.attempts + (not kept.at_work), 32_000)
        kept.error = error_text(error)
        kept.at_work, kept.last_at, kept.next_attempt_at = False, now, now + _pause(kept.attempts)
        kept.save()
    return kept


def error_text(error: BaseException) -> str:
    """An error as a database can keep it: up to 500 characters, without NUL or halves of surrogate pairs."""
    try:
        detail = "; ".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", ())])
    except Exception:  # noqa: BLE001  what a stranger sent may break its own description
        detail = type(error).__name__
    return detail[:500].replace("\x00", "").encode(errors="replace").decode()


def error_name(text: str) -> str:
    """A text of `error_text` without what an error quotes of a row: its kind, or a sentence of ours up to its colon."""
    return text.partition(":")[0]


def settled(*rows: models.Model, sweep: str) -> None:
    """Forget that any of `rows`, all of one kind, was ever set aside: they went well."""
    kind, ids = rows[0]._meta.label_lower, [row.pk for row in rows]
    SetAside.objects.filter(sweep=sweep, subject_type=kind, subject_id__in=ids).delete()


def _take(row: models.Model, sweep: str, lease: timedelta) -> bool:
    """Note that `row` is at work, unless it is set aside or someone else's; a row noted before lost its worker."""
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
    return min(FIRST_PAUSE * 2 ** min(max(attempts - 1, 0), 12), MAX_PAUSE)


def _key(row: models.Model, sweep: str) -> dict[str, object]:
    return {"sweep": sweep, "subject_type": row._meta.label_lower, "subject_id": row.pk}


def database_is_gone(error: Exception) -> bool:
    """Whether an error is no row's fault, as the connection to the database is lost: nothing can be set aside then."""
    if not isinstance(error, InterfaceError | OperationalError):
        return False
    return connection.connection is None or connection.connection.closed
