"""Is this instance alive, and does everything behind it do its work?"""

from datetime import datetime, timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from portal import audit, hooks, mailing, stamps
from portal.http import ActingRequest
from portal.models import AuditStamp, Mail, Organisation, Pulse


def healthz(_request: HttpRequest) -> HttpResponse:
    """200 and `ok` when the web process answers and the database does; for load balancers and the supervisor."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


def health(request: ActingRequest) -> HttpResponse:
    """Database, broker, worker and beat, audit chain, mail: each with what is wrong, if anything."""
    return render(
        request,
        "portal/health.html",
        {"checks": _checks()},
    )


def _unreached() -> QuerySet[Organisation]:
    """Organisations whose contact does not get our mail."""
    return Organisation.objects.exclude(contact_problem="")


def _checks() -> list[dict[str, Any]]:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        version = cursor.fetchone()[0]
    pulse = Pulse.objects.filter(name="worker").first()
    alive = pulse is not None and pulse.at > now - timedelta(seconds=60 + 3 * settings.SWEEP_SECONDS)
    unsealed = audit.unsealed().filter(at__lt=now - timedelta(minutes=2)).count()
    queued, failed = Mail.objects.filter(status=Mail.Status.QUEUED).count(), mailing.given_up().count()
    lost = hooks.given_up().count()
    unreached = ", ".join(str(row) for row in _unreached())
    stamp = _stamp_problem(now)
    broker = _broker_problem()
    return [
        {"name": "Database", "ok": True, "says": f"PostgreSQL {version} answers."},
        {"name": "Broker", "ok": not broker, "says": broker or "It answers."},
        {
            "name": "Worker and beat",
            "ok": alive,
            "says": f"Last periodic task {pulse.at:%Y-%m-%d %H:%M:%S} UTC." if pulse else "No task has run yet.",
        },
        {
            "name": "Audit chain",
            "ok": not unsealed,
            "says": f"{unsealed} events older than two minutes are not sealed."
            if unsealed
            else "All events are sealed.",
        },
        {"name": "Time stamps", "ok": not stamp, "says": stamp or _stamp_state()},
        {"name": "Mail", "ok": not failed, "says": f"{queued} waiting, {failed} given up or refused."},
        {
            "name": "Contacts",
            "ok": not unreached,
            "says": f"Mail does not arrive at {unreached}." if unreached else "Mail to every contact left.",
        },
        {"name": "Webhooks", "ok": not lost, "says": f"{lost} given up."},
    ]


def _stamp_problem(now: datetime) -> str:
    """Why the time stamp authority's last answer was none, or that it was not asked in time."""
    if not settings.TIME_STAMP_URL:
        return ""
    pulse = Pulse.objects.filter(name=stamps.PULSE).first()
    if pulse is None or pulse.at < now - 3 * timedelta(minutes=settings.TIME_STAMP_MINUTES):
        return "The authority was not asked when it was due."
    return f"{settings.TIME_STAMP_URL}: {pulse.says}" if pulse.says else ""


def _stamp_state() -> str:
    newest = AuditStamp.objects.order_by("-position").first()
    if newest is None:
        return "None yet." if settings.TIME_STAMP_URL else "Off: no authority is set."
    return f"The audit log up to position {newest.position:,} was stamped on {newest.at:%Y-%m-%d %H:%M:%S} UTC."


def _broker_problem() -> str:
    url = settings.BROKER_URL.replace("redis+socket://", "unix://")
    client = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
    try:
        client.ping()
    except redis.RedisError as error:
        return f"It does not answer ({type(error).__name__}). Nothing is lost: sweeps find all work in the database once it is back."
    finally:
        client.close()
    return ""
