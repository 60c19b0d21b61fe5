"""Sending queued mail: what waits for one address leaves as one mail (portal/notifications/deliveries.py says how it is sent)."""

import secrets
from collections.abc import Sequence
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import QuerySet, prefetch_related_objects
from django.urls import reverse

from portal.identity.account_links import token_for
from portal.models import Mail
from portal.notifications.attachments import JSON, attachment_of, fitting
from portal.notifications.bounces import alarm
from portal.notifications.deliveries import Channel, Outcome, deliver

TOO_LARGE = "{name} is too large to be attached. A program can fetch it: GET {address}\n"
MAX_TOGETHER = 50  # messages in one mail
PERMANENT = 500  # SMTP answers from here on will not change (RFC 5321, 4.2.1)


def send_mail_due() -> int:
    """Send queued mail whose time has come; returns how many messages left, several to one address as one mail.

    Delivery is at least once: a crash between the mail server's yes and our note sends that one mail again, the same
    messages with the same Message-ID.
    """
    return deliver(MAIL)


def _parcel(first: Mail, due: QuerySet[Mail]) -> list[Mail]:
    """What was sent together is sent together again, whatever has come since: the mail server may have it already."""
    if first.sent_as:
        again = Mail.objects.filter(status=Mail.Status.QUEUED, sent_as=first.sent_as)
        return _with_links(list(again.select_for_update(skip_locked=True).order_by("next_attempt_at", "pk")))
    mails = list(due.filter(sent_as="").order_by("next_attempt_at", "pk")[:MAX_TOGETHER])
    _name(mails)
    return _with_links(mails)


def _with_links(mails: list[Mail]) -> list[Mail]:
    """Their account links and attachments are read now: what sends them knows no database."""
    prefetch_related_objects(mails, "account_link")
    for mail in mails:
        mail.attachment = attachment_of(mail)
    return mails


def _name(mails: Sequence[Mail]) -> None:
    """Give a mail that is to be made of `mails` its Message-ID."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    name = f"<mail-{mails[0].pk}-{secrets.token_hex(8)}@{host}>"
    for mail in mails:
        mail.sent_as = name
    Mail.objects.filter(pk__in=[mail.pk for mail in mails]).update(sent_as=name)


def _part(mails: Sequence[Mail]) -> None:
    for mail in mails:
        _name([mail])


def _send(mails: Sequence[Mail]) -> Outcome:
    first = mails[0]
    subject, body = " ".join(first.subject.split()), _text_of(first)
    if len(mails) > 1:
        subject = f"{len(mails)} messages: {subject}"
        body = "\n".join(f"{number}. {mail.subject}\n\n{_text_of(mail)}" for number, mail in enumerate(mails, 1))
    try:
        carried, too_large = fitting([mail.attachment for mail in mails if mail.attachment is not None])
        body = "\n".join([body, *(TOO_LARGE.format(name=each.name, address=each.address) for each in too_large)])
        message = EmailMessage(subject, body, to=[first.to], headers={"Message-ID": first.sent_as})
        for each in carried:
            message.attach(each.name, each.content, JSON)
        message.send()
    except (OSError, SMTPException) as error:
        return _outcome_of(error)
    except ValueError as error:  # an address that no header can hold
        return Outcome(f"{type(error).__name__}: {error}", last=Mail.Status.FAILED, apart=True)
    return Outcome()


def _text_of(mail: Mail) -> str:
    """The text, and the secret address that ends it, which is made only now: the queue holds nothing that opens an account."""
    link, page = mail.account_link, mail.secret_page
    if page is not None:
        path = reverse(page["page"], args=[token_for(page["number"], page["nonce"], kind=page["kind"])])
    elif link is not None and link.address == mail.to:
        path = reverse("portal:account_link", args=[token_for(link.pk, link.nonce)])
    else:
        return mail.body
    return f"{mail.body}\n{settings.BASE_URL}{path}\n"


def _outcome_of(error: Exception) -> Outcome:
    problem = f"{type(error).__name__}: {error}"
    if isinstance(error, SMTPRecipientsRefused):
        final = all(code >= PERMANENT for code, _ in error.recipients.values())
        return Outcome(problem, last=Mail.Status.BOUNCED if final else "")
    if isinstance(error, SMTPResponseException):
        # What one message says may be why all were refused.
        return Outcome(problem, last=Mail.Status.BOUNCED if error.smtp_code >= PERMANENT else "", apart=True)
    return Outcome(problem, silent=True)


def _gave_up(mails: Sequence[Mail], problem: str) -> None:
    alarm(mails[0].to, problem)


MAIL = Channel[Mail](
    name="mail",
    rows=Mail.objects.all,
    receiver="to",
    send=_send,
    parcel=_parcel,
    max_attempts=10,
    at_once=1,  # so that a crash repeats one mail; one that is slow lets others set off beside it
    part=_part,
    gave_up=_gave_up,
)
