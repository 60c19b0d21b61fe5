"""Periodic work of the ground: seal the audit log, have it stamped and let anchors leave, send queued mail and webhooks, make exports and clean up."""

from celery import shared_task
from django.utils import timezone

from portal import audit, services
from portal.audit import anchors, subscriptions, timestamps
from portal.background.jobs import turn
from portal.models import Pulse
from portal.notifications import mail, webhooks
from portal.retention.running import apply_retention_due

HOOKS_LOCK = 0x0FF5_0022  # advisory lock class: one process sends webhooks


@shared_task(name="portal.tasks.seal_audit")
def seal_audit() -> None:
    audit.seal_events()
    Pulse.objects.update_or_create(name="worker", defaults={"at": timezone.now()})


@shared_task(name="portal.tasks.stamp_audit")
def stamp_audit() -> None:
    timestamps.stamp_due()


@shared_task(name="portal.tasks.anchor_audit")
def anchor_audit() -> None:
    anchors.leave_due()


@shared_task(name="portal.tasks.send_mail_due")
def send_mail_due() -> None:
    mail.send_mail_due()


@shared_task(name="portal.tasks.send_hooks_due")
def send_hooks_due() -> None:
    """By one process at a time: however slow receivers are, the other one is free for mail."""
    with turn(HOOKS_LOCK, 1) as mine:
        if mine:
            webhooks.send_hooks_due()


@shared_task(name="portal.tasks.notify_subscribers")
def notify_subscribers() -> None:
    """Tell people of the audit events that they subscribed to."""
    subscriptions.notify_subscribers_due()


@shared_task(name="portal.tasks.run_exports_due")
def run_exports_due() -> None:
    services.run_exports_due()


@shared_task(name="portal.tasks.apply_retention")
def apply_retention() -> None:
    """Delete what is past its days, a few times a day."""
    apply_retention_due()


@shared_task(name="portal.tasks.erase_people")
def erase_people() -> None:
    services.erase_people_due()


@shared_task(name="portal.tasks.answer_password_requests")
def answer_password_requests() -> None:
    services.answer_password_requests()


@shared_task(name="portal.tasks.lock_inactive_people")
def lock_inactive_people() -> None:
    services.lock_inactive_people()


@shared_task(name="portal.tasks.begin_absences")
def begin_absences() -> None:
    """Hand over what people hold who are away from now on."""
    services.begin_absences_due()
