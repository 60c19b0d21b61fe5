"""Readings of enforcement: clocks, removal checks, the deadline monitor and failed jobs."""

from datetime import timedelta

from django.db.models import Count, Max, Min
from django.utils import timezone

from enforcement.models import CheckPlan, Heartbeat, Observation, Takedown
from enforcement.oversight.services.deadline_monitor import NAME, TOO_OLD
from enforcement.oversight.services.failed_jobs import FAILED_JOBS
from enforcement.states import Verdict
from portal.readings import Reading, Values, age, one, register

_NEWEST = 20_000  # checks among which those of the last minute are looked for: many more than a minute can hold
_LATE = TOO_OLD.total_seconds()


def _steps_late() -> Values:
    due = Takedown.objects.open().filter(next_step_at__lte=timezone.now()).order_by()
    return one(age(due.aggregate(oldest=Min("next_step_at"))["oldest"]))


def _checks_late() -> Values:
    due = CheckPlan.objects.filter(next_at__lte=timezone.now()).order_by()
    return one(age(due.aggregate(oldest=Min("next_at"))["oldest"]))


def _checks_of_a_minute() -> Values:
    newest = Observation.objects.order_by().aggregate(newest=Max("pk"))["newest"] or 0
    recent = Observation.objects.filter(pk__gt=newest - _NEWEST, at__gt=timezone.now() - timedelta(minutes=1))
    counts = dict(recent.order_by().values_list("verdict").annotate(Count("pk")))
    return {(verdict,): counts.get(verdict, 0) for verdict in Verdict.values}


def _monitor() -> Heartbeat | None:
    return Heartbeat.objects.filter(name=NAME).first()


def _monitor_silence() -> Values:
    found = _monitor()
    return one(age(found.checked_at) if found else float("inf"))


register(
    Reading(
        "offshelf_step_lag_seconds",
        "For how long the oldest escalation step that is due has been.",
        _steps_late,
        part="clocks",
        limit=lambda _labels: _LATE,
    ),
    Reading(
        "offshelf_check_lag_seconds",
        "For how long the oldest removal check that is due has been.",
        _checks_late,
        part="removal checks",
        limit=lambda _labels: _LATE,
    ),
    Reading(
        "offshelf_checks_last_minute",
        "Removal checks of the last minute by verdict.",
        _checks_of_a_minute,
        labels=("verdict",),
    ),
    Reading(
        "offshelf_deadline_monitor_silence_seconds",
        "Seconds since the deadline monitor last ran; endless where it never has.",
        _monitor_silence,
        part="deadline monitor",
        limit=lambda _labels: _LATE,
    ),
    Reading(
        "offshelf_deadline_monitor_problem",
        "1 where the deadline monitor found a problem when it last ran, else 0.",
        lambda: one(float(bool((found := _monitor()) and found.problem))),
        part="deadline monitor",
    ),
    Reading(
        "offshelf_failed_jobs",
        "Failed jobs that wait for an operator, by group.",
        lambda: {(group.name,): group.rows().order_by().count() for group in FAILED_JOBS},
        labels=("group",),
    ),
)
