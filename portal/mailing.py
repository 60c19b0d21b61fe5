"""Sending queued mail: what waits for one address leaves as one mail; what cannot arrive is an alarm."""

import email.policy
import logging
import zlib
from collections.abc import Sequence
from datetime import timedelta
from email.message import EmailMessage as Parsed
from email.parser import BytesParser
from itertools import groupby
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from portal import audit
from portal.actors import Actor
from portal.models import Mail, Organisation, User
from portal.outbox import tell

logger = logging.getLogger(__name__)
MAX_ATTEMPTS = 10
BATCH = 500
MOST_TOGETHER = 50  # messages in one mail
PERMANENT = 500  # SMTP answers from here on will not change (RFC 5321, 4.2.1)


def send_mail_due() -> int:
    """Send queued mail whose time has come; returns how many messages left, several to one address as one mail.

    A failure is kept with its error and tried again; one that will not change is a bounce. Delivery is at least once: a
    crash between the mail server's yes and our commit sends again, with the same Message-ID.
    """
    sent = 0
    while True:
        with transaction.atomic():
            due = Mail.objects.select_for_update(skip_locked=True).filter(
                status=Mail.Status.QUEUED, next_attempt_at__lte=timezone.now()
            )
            batch = list(due.order_by("to", "next_attempt_at", "pk")[:BATCH])
            for _, mails in groupby(batch, key=lambda mail: mail.to):
                waiting = list(mails)
                for start in range(0, len(waiting), MOST_TOGETHER):
                    sent += _send(waiting[start : start + MOST_TOGETHER])
        if len(batch) < BATCH:
            return sent


def _send(mails: Sequence[Mail]) -> int:
    first = mails[0]
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    together = zlib.crc32(",".join(str(mail.pk) for mail in mails).encode())
    message_id = f"<mail-{first.pk}-{together:08x}@{host}>"
    subject, body = first.subject, first.body
    if len(mails) > 1:
        subject = f"{len(mails)} messages: {first.subject}"
        body = "\n".join(f"{number}. {mail.subject}\n\n{mail.body}" for number, mail in enumerate(mails, 1))
    try:
        EmailMessage(subject, body, to=[first.to], headers={"Message-ID": message_id}).send()
    except (OSError, SMTPException) as error:
        why = f"{type(error).__name__}: {error}"[:500]
        if _is_permanent(error):
            _bounced(mails, why)
        else:
            _try_later(mails, why)
        return 0
    ids = [mail.pk for mail in mails]
    now = timezone.now()
    Mail.objects.filter(pk__in=ids).update(
        status=Mail.Status.SENT, sent_at=now, error="", sent_as=message_id, attempts=first.attempts + 1
    )
    return len(mails)


def _is_permanent(error: Exception) -> bool:
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= PERMANENT for code, _ in error.recipients.values())
    return isinstance(error, SMTPResponseException) and error.smtp_code >= PERMANENT


def _try_later(mails: Sequence[Mail], why: str) -> None:
    for mail in mails:
        mail.attempts += 1
        mail.error = why
        mail.next_attempt_at = timezone.now() + timedelta(seconds=30 * 2**mail.attempts)
        if mail.attempts >= MAX_ATTEMPTS:
            mail.status = Mail.Status.FAILED
            logger.error("mail %s to %s gave up after %s attempts: %s", mail.pk, mail.to, mail.attempts, why)
        mail.save(update_fields=["attempts", "status", "error", "next_attempt_at"])
    if mails[0].status == Mail.Status.FAILED:
        _alarm(mails[0].to, why)


def _bounced(mails: Sequence[Mail], why: str) -> None:
    Mail.objects.filter(pk__in=[mail.pk for mail in mails]).update(status=Mail.Status.BOUNCED, error=why[:500])
    _alarm(mails[0].to, why)


def _alarm(address: str, why: str) -> None:
    """Mail to an organisation's contact does not arrive: "we never got it" must not stand, so admins and the regulators
    that write to it hear of it, and the organisation's page says so until its address is changed."""
    for organisation in Organisation.objects.filter(contact_email__iexact=address):
        problem = f"{timezone.now():%d %b %Y %H:%M} UTC: {why}"
        Organisation.objects.filter(pk=organisation.pk).update(contact_problem=problem)
        audit.record(
            actor=Actor.system("mail"), action="organisation.contact_failed", subject=organisation, after={"address": address}, reason=why
        )  # fmt: skip
        watching = Q(role="admin") | Q(role="regulator_staff")
        tell(
            people=User.objects.filter(watching, is_active=True),
            key=f"contact:{organisation.pk}:{zlib.crc32(problem.encode())}",
            subject=f"Alarm: mail to {organisation} does not arrive",
            body=f"{address} refused it or could not be reached. {why}\nReach them another way, and enter an address that works.",
            link="/organisations/",
        )


def record_bounce(message: bytes) -> int:
    """Take in a delivery status notification (RFC 3464), as a mail server hands it on; returns how many messages bounced.

    Only a failure counts: a delay is not one yet. Raises ValidationError where it is no notification, or of no mail of ours.
    """
    parsed = BytesParser(policy=email.policy.default).parsebytes(message)
    if not isinstance(parsed, Parsed) or parsed.get_content_type() != "multipart/report":
        raise ValidationError("This is no delivery status notification (multipart/report).")
    status = [part for part in parsed.walk() if part.get_content_type() == "message/delivery-status"]
    fields = [block for part in status for block in part.get_payload()]
    failed = [block for block in fields if str(block.get("Action", "")).strip().lower() == "failed"]  # type: ignore[union-attr]
    if not failed:
        return 0
    ids = [part["Message-ID"] for part in parsed.walk() if part is not parsed and part["Message-ID"]]
    for part in parsed.walk():
        if part.get_content_type() == "text/rfc822-headers":
            headers = BytesParser(policy=email.policy.default).parsebytes(str(part.get_content()).encode())
            ids.append(headers["Message-ID"])
    why = "; ".join(str(block.get("Diagnostic-Code") or block.get("Status") or "refused") for block in failed)  # type: ignore[union-attr]
    with transaction.atomic():
        mails = list(Mail.objects.select_for_update().filter(sent_as__in=[str(each).strip() for each in ids if each]))
        if not mails:
            raise ValidationError("The notification is about no mail of ours: it names no Message-ID that we sent.")
        _bounced(mails, f"It came back: {why}"[:500])
    return len(mails)


def given_up() -> QuerySet[Mail]:
    """Mail that failed too often, or came back."""
    return Mail.objects.filter(status__in=[Mail.Status.FAILED, Mail.Status.BOUNCED])


def retry_given_up(*, actor: Actor, only: int | None = None) -> int:
    """Queue again what was given up or came back, all of it or one mail; returns how many."""
    actor.require("health.view")
    with transaction.atomic():
        wanted = given_up() if only is None else given_up().filter(pk=only)
        rows = list(wanted.select_for_update())
        Mail.objects.filter(pk__in=[mail.pk for mail in rows]).update(
            status=Mail.Status.QUEUED, attempts=0, next_attempt_at=timezone.now()
        )
        audit.record_many(
            audit.event_for(actor=actor, action="mail.retried", subject=mail, before={"error": mail.error})
            for mail in rows
        )
    return len(rows)
