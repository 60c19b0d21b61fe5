"""Telling people: a notification in the portal at once, and mail through the outbox after the transaction commits."""

import logging
from collections.abc import Iterable
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from portal.models import Mail, Notification, User

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 10
BATCH = 50


def tell(
    *, people: Iterable[User], key: str, subject: str, body: str, link: str = "", mail_to: Iterable[str] = ()
) -> None:
    """Put a message into each person's inbox and queue a mail to each address; the same `key` again does nothing.

    `link` is a path in the portal. Call it inside the transaction of what it tells of.
    """
    Notification.objects.bulk_create(
        [Notification(person=person, key=key, subject=subject[:200], body=body, link=link) for person in people],
        ignore_conflicts=True,
    )
    text = f"{body}\n\n{settings.BASE_URL}{link}\n" if link else f"{body}\n"
    Mail.objects.bulk_create(
        [
            Mail(key=f"{key}:{address}"[:120], to=address, subject=subject[:200], body=text)
            for address in mail_to
            if address
        ],
        ignore_conflicts=True,
    )


def send_mail_due() -> int:
    """Send queued mail whose time has come; returns how many left. A failure is kept with its error and tried again.

    Delivery is at least once: a crash between the mail server's yes and our commit sends again, with the same
    Message-ID, so that the receiver can recognise it.
    """
    sent = 0
    while True:
        with transaction.atomic():
            due = Mail.objects.select_for_update(skip_locked=True).filter(
                status=Mail.Status.QUEUED, next_attempt_at__lte=timezone.now()
            )
            batch = list(due.order_by("next_attempt_at")[:BATCH])
            for mail in batch:
                sent += _send(mail)
        if len(batch) < BATCH:
            return sent


def _send(mail: Mail) -> int:
    mail.attempts += 1
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2] or "localhost"
    message = EmailMessage(mail.subject, mail.body, to=[mail.to], headers={"Message-ID": f"<mail-{mail.pk}@{host}>"})
    try:
        message.send()
    except (OSError, SMTPException) as error:
        mail.error = f"{type(error).__name__}: {error}"[:500]
        mail.next_attempt_at = timezone.now() + timedelta(seconds=30 * 2**mail.attempts)
        if mail.attempts >= MAX_ATTEMPTS:
            mail.status = Mail.Status.FAILED
            logger.exception("mail %s to %s gave up after %s attempts", mail.pk, mail.to, mail.attempts)
    else:
        mail.status, mail.sent_at, mail.error = Mail.Status.SENT, timezone.now(), ""
    mail.save(update_fields=["attempts", "status", "sent_at", "error", "next_attempt_at"])
    return int(mail.status == Mail.Status.SENT)
