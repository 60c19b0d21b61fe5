"""Telling people: a notification in the portal at once, and mail through the outbox after the transaction commits."""

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from portal.models import Mail, Notification, User
from portal.rows import insert_rows

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 10
BATCH = 50


@dataclass(frozen=True, slots=True)
class Telling:
    """One message: into the inbox of each person, and by mail to each address. The same `key` again does nothing.

    `link` is a path in the portal.
    """

    key: str
    subject: str
    body: str
    people: Collection[User] = ()
    link: str = ""
    mail_to: Collection[str] = ()


def tell(
    *, people: Iterable[User], key: str, subject: str, body: str, link: str = "", mail_to: Iterable[str] = ()
) -> None:
    """Put a message into each person's inbox and queue a mail to each address; the same `key` again does nothing.

    `link` is a path in the portal. Call it inside the transaction of what it tells of.
    """
    tell_all([Telling(key, subject, body, list(people), link, list(mail_to))])


def tell_all(tellings: Iterable[Telling]) -> None:
    """Many messages in two statements; same rules as `tell`."""
    notifications, mails = [], []
    for each in tellings:
        subject = " ".join(each.subject.split())[:200]
        notifications += [
            Notification(person=person, key=each.key, subject=subject, body=each.body, link=each.link)
            for person in each.people
        ]
        text = f"{each.body}\n\n{settings.BASE_URL}{each.link}\n" if each.link else f"{each.body}\n"
        mails += [
            Mail(key=f"{each.key}:{address}"[:120], to=address, subject=subject, body=text)
            for address in each.mail_to
            if address
        ]
    insert_rows(notifications, ignore_conflicts=True)
    insert_rows(mails, ignore_conflicts=True)


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
