"""The ground's own readings: broker, queues, sweeps, sealing, and what leaves by mail and webhook."""

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Min, Q
from django.utils import timezone

from portal import audit
from portal.background import broker
from portal.background.queues import QUEUES
from portal.database import replica
from portal.models import Hook, Mail, Pulse, SetAside
from portal.readings import Reading, Values, age, one, register
from portal.services.backups import seconds_since_backup

_HARD = {queue.name: queue.hard for queue in QUEUES}
_CHANNELS: dict[str, type[Mail] | type[Hook]] = {"mail": Mail, "webhook": Hook}


def sweep_limit() -> float:
    """Seconds after which sweeps have stopped: three were missed, and a minute more."""
    return 60.0 + 3 * settings.SWEEP_SECONDS


def _each_queue(figure: Callable[[broker.Waiting], float]) -> Values:
    return {(name,): figure(waiting) for name, waiting in broker.waiting().items()}


def _deliveries() -> Values:
    """Every state there is, so that a line of a dashboard does not end where a count is 0."""
    found: dict[tuple[str, ...], float] = {}
    for name, model in _CHANNELS.items():
        counts = dict(model._base_manager.order_by().values_list("status").annotate(Count("pk")))
        found |= {(name, status): counts.get(status, 0) for status in model.Status.values}
    return found


def _late_deliveries() -> Values:
    now, due = timezone.now(), Q(status="queued")
    return {
        (name,): age(
            model._base_manager.filter(due, next_attempt_at__lte=now).aggregate(oldest=Min("next_attempt_at"))["oldest"]
        )
        for name, model in _CHANNELS.items()
    }


def _replica() -> Values:
    """It stops no page, so it is no part that is late."""
    if not replica.is_configured():
        return one(0.0)
    try:
        behind = replica.seconds_behind()
    except DatabaseError:
        behind = None
    return one(float("inf") if behind is None else behind)


def _silence() -> Values:
    at = Pulse.objects.filter(name="worker").values_list("at", flat=True).first()
    return one(age(at) if at else float("inf"))


register(
    Reading(
        "offshelf_broker_down",
        "1 where the broker does not respond within a second, else 0.",
        lambda: one(float(bool(broker.problem()))),
        part="broker",
    ),
    Reading(
        "offshelf_queue_tasks",
        "Tasks that wait in a queue.",
        lambda: _each_queue(lambda waiting: waiting.count),
        labels=("queue",),
    ),
    Reading(
        "offshelf_queue_oldest_seconds",
        "For how long the oldest task of a queue has waited.",
        lambda: _each_queue(lambda waiting: waiting.oldest),
        labels=("queue",),
        part="queues",
        limit=lambda labels: _HARD[labels[0]] + sweep_limit(),
    ),
    Reading(
        "offshelf_sweep_silence_seconds",
        "Seconds since the last periodic task of the clocks; endless where none has run.",
        _silence,
        part="sweeps",
        limit=lambda _labels: sweep_limit(),
    ),
    Reading(
        "offshelf_audit_unsealed_seconds",
        "Age of the oldest audit event without a seal.",
        lambda: one(age(audit.unsealed(all_of_them=False).order_by().aggregate(oldest=Min("at"))["oldest"])),
        part="audit log",
        limit=lambda _labels: 60.0,
    ),
    Reading(
        "offshelf_deliveries",
        "Mails and webhook calls by state.",
        _deliveries,
        labels=("channel", "status"),
    ),
    Reading(
        "offshelf_deliveries_late_seconds",
        "For how long the oldest mail or webhook call has been due.",
        _late_deliveries,
        labels=("channel",),
        part="deliveries",
        limit=lambda _labels: 120.0 + sweep_limit(),
    ),
    Reading(
        "offshelf_replica_behind_seconds",
        "How far the replica is behind; endless where it follows nobody or does not answer, 0 where there is none.",
        _replica,
    ),
    Reading(
        "offshelf_backup_age_seconds",
        "Age of the newest complete backup; of the database, where none was made.",
        lambda: one(seconds_since_backup()),
    ),
    Reading(
        "offshelf_rows_set_aside",
        "Rows that broke in a periodic task and wait for another try.",
        lambda: one(SetAside.objects.filter(at_work=False).count()),
    ),
)
