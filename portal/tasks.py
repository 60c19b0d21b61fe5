"""Periodic work of the ground: seal the audit log, send queued mail."""

from celery import shared_task

from portal import audit, outbox


@shared_task(name="portal.tasks.seal_audit")
def seal_audit() -> None:
    audit.seal_events()


@shared_task(name="portal.tasks.send_mail_due")
def send_mail_due() -> None:
    outbox.send_mail_due()
