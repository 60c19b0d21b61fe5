"""Checks that all periodic work runs in time: a heartbeat if everything is OK, otherwise an alarm to the operators."""

import logging
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min, Model, QuerySet
from django.utils import timezone

from enforcement.escalations.services.steps import SWEEP as STEPS
from enforcement.models import CheckPlan, Heartbeat, Takedown
from enforcement.oversight.services.failed_jobs import broken_checks
from listings import services as listings
from portal import audit
from portal.background import sweeping
from portal.http.client import OWN, NoAnswer, ask
from portal.models import Pulse, SetAside, User
from portal.notifications.deliveries import failed_rows
from portal.notifications.mail import MAIL
from portal.notifications.outbox import notify
from portal.notifications.webhooks import HOOKS
from recalls import services as recalls

NAME, PING = "clocks", "dead-man's switch"
PING_SECONDS = 5.0
TOO_OLD = timedelta(seconds=120)
UNSEALED_TOO_OLD = timedelta(minutes=1)
WHOLE_LOG, WHOLE_LOG_EVERY = "monitor: all events", timedelta(minutes=5)

logger = logging.getLogger(__name__)


def watch_clocks(*, ping: Callable[[], object] | None = None) -> Heartbeat:
    """Check everything that runs by itself and store the result: a heartbeat, or the problems, one a line. Operators are
    notified of each kind of problem once an hour, also by mail. Only a heartbeat pings the dead-man's switch of
    WATCHDOG_PING_URL, if it is set: the switch raises an alarm when pings stop. `ping` does that; without it the ping
    is sent here, and this call waits for the answer. A check that breaks is a problem like any other.
    """
    now = timezone.now()
    found = {name: problem for name, check in _CHECKS.items() if (problem := _result(name, check, now))}
    problem = "\n".join(found.values())
    with transaction.atomic():
        beat, _ = Heartbeat.objects.update_or_create(
            name=NAME, defaults={"checked_at": now, "problem": problem, **({} if problem else {"beat_at": now})}
        )
        if problem:
            operators = list(User.objects.operators().select_related("organisation"))
            notify(
                people=operators,
                key=f"deadline-monitor:{now:%Y%m%d%H}:{zlib.crc32(','.join(found).encode())}",
                subject="Alarm: escalation is not working" if STEPS in found else "Alarm: background work has problems",
                body=problem,
                link="/health/",
                mail_to=[person.email for person in operators],
            )
    if not problem and settings.WATCHDOG_PING_URL:
        (ping or ping_dead_mans_switch)()
    return beat


def ping_dead_mans_switch() -> None:
    """Ping the dead-man's switch; the page of the deadline monitor shows the result."""
    try:
        status = ask(settings.WATCHDOG_PING_URL, seconds=PING_SECONDS, max_bytes=0, way=OWN).status
        problem = "" if status < 400 else f"The external service answered with status {status}."
    except NoAnswer as failed:
        problem = f"The external service could not be reached: {failed}"
    now = timezone.now()
    beat = {} if problem else {"beat_at": now}
    Heartbeat.objects.update_or_create(name=PING, defaults={"checked_at": now, "problem": problem, **beat})


def _result(name: str, check: Callable[[datetime], Iterator[str]], now: datetime) -> str:
    try:
        with transaction.atomic():
            return " ".join(check(now))
    except Exception as error:
        if sweeping.database_is_gone(error):
            raise
        logger.exception("the deadline monitor could not check: %s", name)
        return f"The deadline monitor could not check the {name}: {sweeping.error_name(sweeping.error_text(error))}"


def _steps(now: datetime) -> Iterator[str]:
    """Overdue escalation steps, and open takedowns without a next step. `_set_aside` reports rows set aside."""
    overdue = Takedown.objects.open().filter(next_step_at__lt=now - TOO_OLD)
    if late := _oldest(sweeping.fresh(overdue, sweep=STEPS), "next_step_at"):
        since = f"{late[1]:%d %b %Y %H:%M:%S} UTC"
        yield f"Overdue escalation steps: {late[0]}, the oldest since {since}. Check that the worker is running."
    lost = Takedown.objects.open().filter(next_step_at=None, paused_at=None, ladder_done=False)
    found = lost.order_by().aggregate(count=Count("pk"), first=Min("pk"))
    if found["count"]:
        first, count = found["first"], found["count"]
        yield f"Open takedowns without a next step before their ladder is done: {count}, the first is takedown {first}."


def _checks(now: datetime) -> Iterator[str]:
    if late := _oldest(CheckPlan.objects.filter(next_at__lt=now - TOO_OLD), "next_at"):
        yield f"Overdue removal checks: {late[0]}, the oldest since {late[1]:%d %b %Y %H:%M:%S} UTC."
    if broken := broken_checks().count():
        yield f"Takedowns no longer checked because each check failed: {broken}. See the failed jobs."


def _set_aside(_now: datetime) -> Iterator[str]:
    rows = SetAside.objects.filter(at_work=False)
    if sweeps := list(rows.order_by().values("sweep").annotate(count=Count("pk")).order_by("sweep")):
        newest = rows.order_by("-last_at").first()
        counts = ", ".join(f"{row['sweep']}: {row['count']}" for row in sweeps)
        last = (
            f" The latest: {newest.subject_type} {newest.subject_id}, {sweeping.error_name(newest.error)}."
            if newest
            else ""
        )
        yield f"Rows were skipped with an error ({counts}). See the failed jobs.{last}"


def _matching(now: datetime) -> Iterator[str]:
    for name, late in (("Listings", listings.unmatched(now=now)), ("Notices", recalls.unmatched(now=now))):
        if late.count:
            yield f"{name} not matched yet: {late.count}, the oldest since {late.oldest:%d %b %Y %H:%M:%S} UTC."


def _deliveries(_now: datetime) -> Iterator[str]:
    for name, rows in (("mail", failed_rows(MAIL)), ("webhook calls", failed_rows(HOOKS))):
        if count := rows.count():
            yield f"Failed {name}: {count}. See the failed jobs."


def _sealing(now: datetime) -> Iterator[str]:
    """Of all events every few minutes, as this reads the whole log, and while some are not sealed; else of the newest."""
    recent = Pulse.objects.filter(name=WHOLE_LOG, at__gt=now - WHOLE_LOG_EVERY, at__lte=now)
    all_of_them = not recent.exists()
    if late := _oldest(audit.unsealed(all_of_them=all_of_them).filter(at__lt=now - UNSEALED_TOO_OLD), "at"):
        yield f"Audit events not sealed: {late[0]}, the oldest since {late[1]:%d %b %Y %H:%M:%S} UTC."
    elif all_of_them:
        Pulse.objects.update_or_create(name=WHOLE_LOG, defaults={"at": now})


def _queue(now: datetime) -> Iterator[str]:
    silent = timedelta(seconds=60 + 3 * settings.SWEEP_SECONDS)
    for at in Pulse.objects.filter(name="worker", at__lt=now - silent).values_list("at", flat=True):
        yield f"No worker has sealed the audit log since {at:%d %b %Y %H:%M:%S} UTC. Check that its queue is running."


def _oldest(rows: QuerySet[Model], field: str) -> tuple[int, datetime] | None:
    """The number of rows and the oldest time; None if there are no rows."""
    found = rows.order_by().aggregate(count=Count("pk"), oldest=Min(field))
    return (found["count"], found["oldest"]) if found["count"] else None


_CHECKS: dict[str, Callable[[datetime], Iterator[str]]] = {
    STEPS: _steps,
    "removal checks": _checks,
    "skipped rows": _set_aside,
    "matching": _matching,
    "deliveries": _deliveries,
    "audit log": _sealing,
    "clock queue": _queue,
}
