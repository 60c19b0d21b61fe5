"""Does the machine do its duty? The watchdog beats only if every clock is in order; else admins hear of it."""

import zlib
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from enforcement import rules
from enforcement.models import Heartbeat, Takedown
from enforcement.services.timing import last_raised
from portal.http_client import OWN, NoAnswer, ask
from portal.models import User
from portal.outbox import tell

NAME, PING = "clocks", "dead-man's switch"
PING_SECONDS = 5.0
TOO_OLD = timedelta(seconds=120)


def watch_clocks(*, ping: Callable[[], object] | None = None) -> Heartbeat:
    """Check every open clock and write the result: a beat, or the problem. Admins are told once an hour of a problem, by
    mail too. Only a beat pings the dead-man's switch, where WATCHDOG_PING_URL names one: it alarms when pings stay away.
    `ping` is how: by itself, or by somebody who has the time to wait for the answer.
    """
    now, problem = timezone.now(), _problem()
    with transaction.atomic():
        beat, _ = Heartbeat.objects.update_or_create(
            name=NAME, defaults={"checked_at": now, "problem": problem, **({} if problem else {"beat_at": now})}
        )
        if problem:
            tell(
                people=User.objects.filter(role="admin", is_active=True),
                key=f"watchdog:{now:%Y%m%d%H}:{zlib.crc32(problem.encode())}",
                subject="Alarm: escalation is not in order",
                body=problem,
                link="/health/",
                mail_to=User.objects.filter(role="admin", is_active=True).values_list("email", flat=True),
            )
    if not problem and settings.WATCHDOG_PING_URL:
        (ping or ping_dead_mans_switch)()
    return beat


def ping_dead_mans_switch() -> None:
    """Tell the switch that all is well; how that went stands on the watchdog's page."""
    try:
        status = ask(settings.WATCHDOG_PING_URL, seconds=PING_SECONDS, max_bytes=0, way=OWN).status
        problem = "" if status < 400 else f"It answered with status {status}."
    except NoAnswer as failed:
        problem = f"It could not be reached: {failed}"
    now = timezone.now()
    beat = {} if problem else {"beat_at": now}
    Heartbeat.objects.update_or_create(name=PING, defaults={"checked_at": now, "problem": problem, **beat})


def _problem() -> str:
    now = timezone.now()
    overdue = Takedown.objects.open().filter(next_step_at__lt=now - TOO_OLD).order_by("next_step_at")
    if late := overdue.first():
        return f"{overdue.count()} rungs are overdue, the oldest since {late.next_step_at:%d %b %Y %H:%M:%S} UTC (takedown {late.pk}): is the worker running?"
    unlooked = Takedown.objects.filter(next_look_at__lt=now - TOO_OLD).order_by("next_look_at")
    if late := unlooked.first():
        return f"{unlooked.count()} looks are overdue, the oldest since {late.next_look_at:%d %b %Y %H:%M:%S} UTC (takedown {late.pk})."
    for takedown in Takedown.objects.open().filter(next_step_at=None, paused_at=None).iterator():
        terms = rules.Terms.from_json(takedown.terms)
        if rules.rung_after(terms, takedown.due_at, last_raised(takedown), start=takedown.started_at) is not None:
            why = f" It was set aside: {takedown.error}" if takedown.error else ""
            return f"Takedown {takedown.pk} is open and has no next step, though its ladder goes on.{why}"
    return ""
