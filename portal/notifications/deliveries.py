"""The one way in which queued rows leave us: mail and webhooks, and whatever else has to arrive somewhere.

A few rows are leased at a time, all of them for one receiver. They are sent by a thread outside of any transaction, and
noted as soon as it is known how that went, so that a crash repeats no more than what was on its way. A receiver has one
parcel on its way at a time: one that is slow or silent holds up no one but itself, and what it does not answer counts
for all that waits for it. However many are slow, the quick ones find a thread free (portal/notifications/receivers.py).
Whatever a row raises costs that row: it is tried again later and later, and given up at last; then it stands under the
failed jobs.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import transaction
from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Greatest, Least, Now, Power
from django.utils import timezone

from portal import audit, correlation
from portal.identity.actors import Actor
from portal.models import Hook, Mail
from portal.notifications.receivers import PATIENCE, Receivers

logger = logging.getLogger(__name__)
R = TypeVar("R", Mail, Hook)
QUEUED, SENT, FAILED = Mail.Status.QUEUED.value, Mail.Status.SENT.value, Mail.Status.FAILED.value
THREADS = 8
MAX_SECONDS = 20.0  # for which a sweep begins to send; it ends when the last has ended
LEASE = timedelta(minutes=2)  # longer than any sending may take
ORDER_PAUSE = timedelta(seconds=15)  # after which a row asks again whether the one before it was taken
MAX_WAITING = 100  # rows of one receiver that are found to have to wait, before others are looked at
FIRST_PAUSE, MAX_PAUSE = timedelta(seconds=30), timedelta(hours=18)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How sending a parcel went: `problem` is empty where it was taken.

    `last` is the status with which it ends where no other attempt can change it. `silent`: there was no answer, whatever
    was sent. `apart`: one of several rows may be the reason, so that each is to go alone. `wait` is for how long the
    receiver asks to be left alone, of which MAX_PAUSE is honoured. `trace` is for the channel's own `noted`.
    """

    problem: str = ""
    last: str = ""
    silent: bool = False
    apart: bool = False
    wait: timedelta = timedelta(0)
    trace: object = None


@dataclass(frozen=True)
class Channel(Generic[R]):
    """A kind of delivery. `receiver` is the field that says who gets a row.

    `parcel` chooses what leaves together with the first row that is due, out of the due ones for its receiver. `send`
    sends it: in a thread, without the database, within a deadline, raising whatever it likes. `part` has each row of a
    parcel leave alone from now on. `gave_up` hears of what no attempt is made for any more. `at_once` is how many are sent
    side by side while all are quick; `slow_at_once` and `owner` are as in `Receivers`. `ready` leaves out rows that wait
    for something else than their time. `waits_for` are the rows that have to be taken, or given up, before a row may leave.
    `noted` hears of every attempt, after it was noted.
    """

    name: str
    rows: Callable[[], QuerySet[R]]
    receiver: str
    send: Callable[[Sequence[R]], Outcome]
    parcel: Callable[[R, QuerySet[R]], list[R]]
    max_attempts: int
    at_once: int
    slow_at_once: int = THREADS
    owner: str = ""
    part: Callable[[Sequence[R]], None] = lambda _rows: None
    gave_up: Callable[[Sequence[R], str], None] = lambda _rows, _problem: None
    ready: Callable[[QuerySet[R]], QuerySet[R]] = lambda rows: rows
    waits_for: Callable[[R], QuerySet[R] | None] = lambda _row: None
    noted: Callable[[Sequence[R], Outcome], None] = lambda _rows, _outcome: None

    @cached_property
    def receivers(self) -> Receivers:
        return Receivers(receiver=self.receiver, owner=self.owner, slow_at_once=self.slow_at_once)


def deliver(channel: Channel[R], *, within: float = MAX_SECONDS) -> int:
    """Send what is due; returns how many rows were taken. At least once each: a crash repeats what was on its way."""
    until, taken = time.monotonic() + within, 0
    on_the_way: dict[Future[Outcome], tuple[list[R], float]] = {}
    with ThreadPoolExecutor(THREADS) as threads:
        while True:
            while time.monotonic() < until and _has_room(channel, on_the_way):
                if not (rows := _next(channel, [rows for rows, _ in on_the_way.values()])):
                    break
                on_the_way[threads.submit(channel.send, rows)] = (rows, time.monotonic())
            if not on_the_way:
                return taken
            done = wait(on_the_way, timeout=PATIENCE, return_when=FIRST_COMPLETED).done
            for future, (rows, since) in on_the_way.items():
                channel.receivers.note(rows[0], time.monotonic() - since, is_over=future.done())
            for future in done:
                rows, _ = on_the_way.pop(future)
                outcome = _outcome_of(future)
                with _going_on(channel):
                    _note(channel, rows, outcome)
                _log(channel, rows, outcome)
                with _going_on(channel):
                    channel.noted(rows, outcome)
                taken += len(rows) * (not outcome.problem)


def _has_room(channel: Channel[R], on_the_way: dict[Future[Outcome], tuple[list[R], float]]) -> bool:
    quick = sum(1 for _, since in on_the_way.values() if time.monotonic() - since < PATIENCE)
    return len(on_the_way) < THREADS and quick < channel.at_once


def _next(channel: Channel[R], on_the_way: Iterable[Sequence[R]]) -> list[R]:
    """The rows of the parcel whose turn it is; none where nothing is due that may leave now."""
    firsts, receivers = [rows[0] for rows in on_the_way], channel.receivers
    rows = _lease(channel, receivers.held_back(firsts))
    if not rows and receivers.next_round(firsts):
        rows = _lease(channel, receivers.held_back(firsts))
    if rows:
        receivers.set_off(rows[0])
    return rows


def _lease(channel: Channel[R], held_back: Q) -> list[R]:
    """The rows of the next parcel, theirs until LEASE is over; none where nothing is due but what is `held_back`.

    The attempt is counted before it is made: a row that kills its worker does so no more often than others fail. A receiver
    with very many rows that have to wait lets the others go first.
    """
    waiting: Counter[Any] = Counter()
    while True:
        with transaction.atomic():
            now = timezone.now()
            if waiting.total() and max(waiting.values()) == MAX_WAITING:
                [(receiver, _)] = waiting.most_common(1)
                held_back |= Q(**{channel.receiver: receiver})
                del waiting[receiver]
            locked = channel.rows().select_for_update(skip_locked=True, of=("self",)).filter(status=QUEUED)
            due = channel.ready(locked).filter(next_attempt_at__lte=now).exclude(held_back)
            first = due.order_by("next_attempt_at", "pk").first()
            if first is None:
                return []
            if _has_to_wait(channel, first, now):
                waiting[getattr(first, channel.receiver)] += 1
                continue
            rows = channel.parcel(first, due.filter(**{channel.receiver: getattr(first, channel.receiver)}))
            died = [row for row in rows if row.attempts >= channel.max_attempts]
            if not died:
                _all(channel, rows).update(attempts=F("attempts") + 1, next_attempt_at=now + LEASE)
                return rows
        with _going_on(channel):
            _give_up(channel, died, FAILED, "Its worker ended each time before it was known how it went.")


def _has_to_wait(channel: Channel[R], row: R, now: datetime) -> bool:
    """Whether a row is not the next of those that have an order; then it is due again when the one before it is, and with it
    all that are behind it.

    One that waits for a row on its way is looked at again soon, since nobody knows when that will arrive.
    """
    before = channel.waits_for(row)
    earlier = None if before is None else before.filter(status=QUEUED, pk__lt=row.pk).order_by("pk").first()
    if before is None or earlier is None:
        return False
    next_at = min(earlier.next_attempt_at, now + ORDER_PAUSE)
    if next_at <= row.next_attempt_at:  # another worker is about to take the earlier one
        next_at = now + timedelta(seconds=1)
    behind = before.filter(status=QUEUED, pk__gt=earlier.pk, next_attempt_at__lte=now)
    others: list[int] = [each.pk for each in behind.select_for_update(skip_locked=True, of=("self",)).only("pk")]
    channel.rows().filter(pk__in=[row.pk, *others]).update(next_attempt_at=next_at)
    return True


def _outcome_of(future: Future[Outcome]) -> Outcome:
    try:
        return future.result()
    except Exception as error:
        logger.exception("a delivery broke")
        return Outcome(f"{type(error).__name__}: {error}"[:500], apart=True)


def _note(channel: Channel[R], rows: Sequence[R], outcome: Outcome) -> None:
    problem = outcome.problem.replace("\x00", "")[:500]
    if not problem:
        _all(channel, rows).update(status=SENT, sent_at=timezone.now(), error="")
    elif outcome.apart and len(rows) > 1:
        _all(channel, rows).update(error=problem, next_attempt_at=timezone.now())
        channel.part(rows)
    elif outcome.last:
        _give_up(channel, rows, outcome.last, problem)
    else:
        _put_off(channel, _all(channel, rows), problem)
        if outcome.silent:
            waiting = channel.rows().filter(
                **{channel.receiver: getattr(rows[0], channel.receiver)},
                status=QUEUED,
                next_attempt_at__lte=timezone.now(),
            )
            waiting.update(attempts=F("attempts") + 1)
            _put_off(channel, waiting, problem)
        if outcome.wait:
            _leave_alone(channel, getattr(rows[0], channel.receiver), outcome.wait)


def _log(channel: Channel[R], rows: Sequence[R], outcome: Outcome) -> None:
    """One line for each row, with the id of what caused it: here ends what a request or a task began."""
    now = correlation.current()
    for row in rows:
        fields = {"channel": channel.name, "row": row.pk, "attempt": row.attempts + 1}
        with correlation.working_on(replace(now, id=row.correlation or now.id)):
            if outcome.problem:
                logger.warning(
                    "%s %s did not leave: %s", channel.name, row.pk, outcome.problem, extra={"fields": fields}
                )
            else:
                logger.info("%s %s left", channel.name, row.pk, extra={"fields": fields})


def _put_off(channel: Channel[R], rows: QuerySet[R], problem: str) -> None:
    """Try again later, twice as long after each attempt; or no more."""
    if spent := list(rows.filter(attempts__gte=channel.max_attempts)):
        _give_up(channel, spent, FAILED, problem)
    longer = ExpressionWrapper(Value(FIRST_PAUSE) * Power(2.0, F("attempts")), output_field=DurationField())
    rows.filter(attempts__lt=channel.max_attempts).update(
        error=problem, next_attempt_at=Now() + Least(longer, Value(MAX_PAUSE))
    )


def _leave_alone(channel: Channel[R], receiver: Any, wait: timedelta) -> None:
    """Send a receiver nothing for a while, as it asks. That costs no attempt, and never brings one forward."""
    theirs = channel.rows().filter(**{channel.receiver: receiver}, status=QUEUED)
    until = Now() + Value(min(wait, MAX_PAUSE), output_field=DurationField())
    theirs.update(next_attempt_at=Greatest(F("next_attempt_at"), until))


def _give_up(channel: Channel[R], rows: Sequence[R], status: str, problem: str) -> None:
    with transaction.atomic():
        _all(channel, rows).update(status=status, error=problem)
        logger.error("%s %s failed: %s", channel.name, ", ".join(str(row.pk) for row in rows), problem)
        channel.gave_up(rows, problem)


def _all(channel: Channel[R], rows: Sequence[R]) -> QuerySet[R]:
    return channel.rows().filter(pk__in=[row.pk for row in rows], status=QUEUED)


@contextmanager
def _going_on(channel: Channel[Any]) -> Iterator[None]:
    """What cannot be noted is sent again when its lease is over; a database that is gone ends the sweep at its next lease."""
    try:
        yield
    except Exception:
        logger.exception("%s: an outcome could not be noted", channel.name)


def failed_rows(channel: Channel[R]) -> QuerySet[R]:
    """What is not tried any more and did not arrive."""
    return channel.rows().exclude(status__in=[QUEUED, SENT])


def retry_failed(channel: Channel[R], *, actor: Actor, only: int | None = None) -> int:
    """Queue again what was given up, all of it or one row, each to leave alone; returns how many."""
    actor.require("health.view")
    with transaction.atomic():
        wanted = failed_rows(channel) if only is None else failed_rows(channel).filter(pk=only)
        rows = list(wanted.select_for_update(of=("self",)))
        queue_again(channel, rows)
        action = "mail.retried" if channel.name == "mail" else "hook.retried"
        audit.record_many(
            audit.event_for(actor=actor, action=action, subject=row, before={"error": row.error}) for row in rows
        )
    return len(rows)


def queue_again(channel: Channel[R], rows: Sequence[R]) -> None:
    """Send rows once more from the beginning, each alone, whatever became of them. In the transaction that locks them."""
    again = channel.rows().filter(pk__in=[row.pk for row in rows])
    again.update(status=QUEUED, attempts=0, next_attempt_at=timezone.now())
    channel.part(rows)
