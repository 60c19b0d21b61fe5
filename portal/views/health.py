"""Is this instance alive, and does everything behind it do its work?"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_noop, ngettext

from portal import audit
from portal import health as health_of
from portal.audit import anchors, timestamps
from portal.background import broker
from portal.database import roles
from portal.database.acting import as_system
from portal.http.moments import moment_words
from portal.http.requests import ActingRequest
from portal.models import AuditAnchor, AuditStamp, Mail, Organisation, Pulse, SetAside
from portal.notifications.deliveries import failed_rows
from portal.notifications.mail import MAIL
from portal.notifications.webhooks import HOOKS


def healthz(_request: HttpRequest) -> HttpResponse:
    """200 and `ok` when the web process answers and the database does; for load balancers and the supervisor."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


def health(request: ActingRequest) -> HttpResponse:
    """Database, broker, worker and beat, audit chain, mail: in order, off, or with what is wrong."""
    with as_system("numbers of the whole site"):
        checks = _checks()
    return render(request, "portal/health.html", {"checks": checks})


def _unreached() -> QuerySet[Organisation]:
    """Organisations whose contact does not get our mail."""
    return Organisation.objects.exclude(contact_problem="")


def _checks() -> list[dict[str, Any] | health_of.Part]:
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        version = cursor.fetchone()[0]
    pulse = Pulse.objects.filter(name="worker").first()
    alive = pulse is not None and pulse.at > now - timedelta(seconds=60 + 3 * settings.SWEEP_SECONDS)
    unsealed = audit.overdue(all_of_them=False).count()
    queued, failed = Mail.objects.filter(status=Mail.Status.QUEUED).count(), failed_rows(MAIL).count()
    lost = failed_rows(HOOKS).count()
    aside = SetAside.objects.filter(at_work=False).count()
    unreached = ", ".join(str(row) for row in _unreached())
    stamp, anchor, role = _stamp_problem(now), _anchor_problem(now), " ".join(roles.problems())
    broker_problem, without_factor = _broker_problem(), _regulators_without_second_factor()
    return [
        {
            "name": gettext_noop("Database"),
            "ok": True,
            "detail": gettext("PostgreSQL %(version)s responds.") % {"version": version},
        },
        {"name": gettext_noop("Broker"), "ok": not broker_problem, "detail": broker_problem or gettext("It responds.")},
        {
            "name": gettext_noop("Worker and scheduler"),
            "ok": alive,
            "detail": gettext("Last periodic task: %(at)s.") % {"at": moment_words(pulse.at, to_the_second=True)}
            if pulse
            else gettext("No task has run yet."),
        },
        {
            "name": gettext_noop("Audit chain"),
            "ok": not unsealed,
            "detail": ngettext(
                "%(count)d event older than a minute is not sealed.",
                "%(count)d events older than a minute are not sealed.",
                unsealed,
            )
            % {"count": unsealed}
            if unsealed
            else gettext("All events are sealed."),
        },
        {"name": gettext_noop("Database role"), "ok": not role, "detail": _english(role) if role else _role_state()},
        {
            "name": gettext_noop("Audit anchors"),
            "ok": not anchor,
            "off": not anchors.channels(),
            "detail": _english(anchor) if anchor else _anchor_state(),
        },
        {
            "name": gettext_noop("Time stamps"),
            "ok": not stamp,
            "off": not settings.TIME_STAMP_URL,
            "detail": stamp or _stamp_state(),
        },
        {
            "name": gettext_noop("Mail"),
            "ok": not failed,
            "detail": gettext("%(queued)d waiting, %(failed)d failed or rejected.")
            % {"queued": queued, "failed": failed},
        },
        {
            "name": gettext_noop("Contacts"),
            "ok": not unreached,
            "detail": gettext("Mail to %(names)s is not delivered.") % {"names": unreached}
            if unreached
            else gettext("All contact mail was delivered to the mail server."),
        },
        {
            "name": gettext_noop("Second factor"),
            "ok": True,
            "off": bool(without_factor),
            "detail": _second_factor_state(without_factor),
        },
        {"name": gettext_noop("Webhooks"), "ok": not lost, "detail": gettext("%(count)d failed.") % {"count": lost}},
        {
            "name": gettext_noop("Failed rows"),
            "ok": not aside,
            "detail": ngettext(
                "%(count)d row failed and will be retried.",
                "%(count)d rows failed and will be retried.",
                aside,
            )
            % {"count": aside}
            if aside
            else gettext("None."),
        },
        *health_of.parts(),
    ]


def _regulators_without_second_factor() -> str:
    """The names of those that do not require one yet: not a fault, as turning it on is theirs to decide."""
    without = Organisation.objects.outside_sandboxes().filter(
        kind=Organisation.Kind.REGULATOR, second_factor_required=False
    )
    return ", ".join(str(row) for row in without)


def _second_factor_state(names: str) -> str:
    if not names:
        return gettext("Every regulator requires one.")
    return gettext("Not required at %(names)s. Turn it on under Platforms once two admins have one.") % {"names": names}


def _english(text: str) -> SafeString:
    return format_html('<span lang="en" dir="ltr">{}</span>', text)


def _role_state() -> str:
    return gettext("It can add to the audit log but cannot change or delete entries.")


def _anchor_problem(now: datetime) -> str:
    """What contradicts the chain, what did not leave, or that nothing left in time; a sentence in English."""
    if not anchors.channels():
        return ""
    names = [anchors.PULSE, *map(anchors.pulse_of, anchors.channels())]
    pulses = {pulse.name: pulse for pulse in Pulse.objects.filter(name__in=names)}
    if (main := pulses.get(anchors.PULSE)) is None or main.at < now - 3 * timedelta(minutes=settings.ANCHOR_MINUTES):
        return "No anchor left when it was due."
    return " ".join(
        f"{pulses[name].name}: {pulses[name].detail}" for name in names if name in pulses and pulses[name].detail
    )


def _anchor_state() -> str:
    newest = AuditAnchor.objects.order_by("-position").first()
    if not anchors.channels():
        return gettext("Off: no location outside the database is set.")
    if newest is None:
        return gettext("None yet.")
    return gettext("The hash of position %(position)s was stored outside the database on %(at)s.") % {
        "position": intcomma(newest.position),
        "at": moment_words(newest.at, to_the_second=True),
    }


def _stamp_problem(now: datetime) -> str:
    """Why the time stamp authority's last answer was none, or that it was not asked in time."""
    if not settings.TIME_STAMP_URL:
        return ""
    pulse = Pulse.objects.filter(name=timestamps.PULSE).first()
    if pulse is None or pulse.at < now - 3 * timedelta(minutes=settings.TIME_STAMP_MINUTES):
        return gettext("No time stamp was requested when it was due.")
    if not pulse.detail:
        return ""
    return format_html('{}: <span lang="en" dir="ltr">{}</span>', settings.TIME_STAMP_URL, pulse.detail)


def _stamp_state() -> str:
    newest = AuditStamp.objects.order_by("-position").first()
    if newest is None:
        return gettext("None yet.") if settings.TIME_STAMP_URL else gettext("Off: no time stamp authority is set.")
    return gettext("The audit log up to position %(position)s was stamped on %(at)s.") % {
        "position": intcomma(newest.position),
        "at": moment_words(newest.at, to_the_second=True),
    }


def _broker_problem() -> str:
    if not (error := broker.problem()):
        return ""
    return gettext(
        "It does not respond (%(error)s). No work is lost: processing continues from the database when the broker is back."
    ) % {"error": error}
