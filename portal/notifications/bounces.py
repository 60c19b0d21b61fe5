"""Mail that does not arrive: who hears of it, and how what comes back is taken in.

"We never got it" must not stand. So whoever writes to an address hears that it does not work, and no one else does.
"""

import email.policy
import zlib
from email.message import EmailMessage as Parsed
from email.parser import BytesParser
from typing import cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from portal import audit
from portal.identity.actors import Actor
from portal.models import Mail, Organisation, Role, User
from portal.notifications.outbox import notify
from portal.signals import asking_who_writes


def alarm(address: str, reason: str) -> None:
    """Mail to `address` does not arrive. An organisation's contact: its page says so until the address is changed, and the
    regulators that write to it hear of it. A person's: who manages them does. Operators hear of both."""
    for organisation in Organisation.objects.filter(contact_email__iexact=address):
        _contact_failed(organisation, address, reason)
    for person in User.objects.filter(email__iexact=address, is_active=True).select_related("organisation"):
        notify(
            people=User.objects.managing(person.organisation_id),
            key=_key("address", person.pk, address),
            subject=f"Alert: mail to {person} is not delivered",
            body=f"{address} of {person}, {person.organisation}, rejected the mail or could not be reached. {reason}",
            link=reverse("portal:person_edit", args=[person.pk]),
        )


def _contact_failed(organisation: Organisation, address: str, reason: str) -> None:
    problem = f"{timezone.now():%d %b %Y %H:%M} UTC: {reason}"
    Organisation.objects.filter(pk=organisation.pk).update(contact_problem=problem)
    audit.record(
        actor=Actor.system("mail"),
        action="organisation.contact_failed",
        subject=organisation,
        after={"address": address},
        reason=reason,
    )
    regulators, key = _who_writes_to(organisation), _key("contact", organisation.pk, address)
    subject = f"Alert: mail to {organisation} is not delivered"
    body = f"{address} rejected the mail or could not be reached. {reason}\nReach them another way"
    edit = reverse("portal:organisation_edit", args=[organisation.pk])
    body_to_edit = f"{body}, and enter an address that works."
    whom = "an operator" if organisation.is_platform else "an admin"
    body_to_ask = f"{body}, and ask {whom} to enter an address that works."
    notify(people=User.objects.managing(organisation.pk), key=key, subject=subject, body=body_to_edit, link=edit)
    if organisation.is_platform:
        notify(
            people=User.objects.filter(role=Role.ADMIN, organisation__in=regulators, is_active=True),
            key=key,
            subject=subject,
            body=body_to_ask,
            link=reverse("portal:organisations"),
        )
    notify(
        people=User.objects.filter(role=Role.REGULATOR_STAFF, organisation__in=regulators, is_active=True),
        key=key,
        subject=subject,
        body=body_to_ask,
        link=f"{reverse('recalls:notices')}?platform={organisation.pk}",
    )


def _who_writes_to(organisation: Organisation) -> list[Organisation]:
    """The regulators that write to an organisation: itself where it is one, else those that the apps above name."""
    if not organisation.is_platform:
        return [organisation]
    answers = asking_who_writes.send(sender=Organisation, organisation=organisation)
    regulators = {pk for _, answer in answers for pk in cast("set[int]", answer or set())}
    return list(Organisation.objects.filter(pk__in=regulators))


def _key(kind: str, pk: int, address: str) -> str:
    """Once a day for each address, however many messages do not arrive there."""
    return f"{kind}:{pk}:{timezone.now():%Y%m%d}:{zlib.crc32(address.lower().encode())}"


def record_bounce(message: bytes) -> int:
    """Take in a delivery status notification (RFC 3464), as a mail server hands it on; returns how many messages bounced.

    Only a failure counts: a delay is not one yet. Raises ValidationError where it is no notification, or of no mail of ours.
    """
    parsed = BytesParser(policy=email.policy.default).parsebytes(message)
    if not isinstance(parsed, Parsed) or parsed.get_content_type() != "multipart/report":
        raise ValidationError("This is not a delivery status notification (multipart/report).")
    status = [part for part in parsed.walk() if part.get_content_type() == "message/delivery-status"]
    fields = [block for part in status for block in part.walk() if block is not part]
    failed = [block for block in fields if str(block.get("Action", "")).strip().lower() == "failed"]
    if not failed:
        return 0
    ids = [part["Message-ID"] for part in parsed.walk() if part is not parsed and part["Message-ID"]]
    for part in parsed.walk():
        if part.get_content_type() == "text/rfc822-headers":
            headers = BytesParser(policy=email.policy.default).parsebytes(str(part.get_content()).encode())
            ids.append(headers["Message-ID"])
    reason = "; ".join(str(block.get("Diagnostic-Code") or block.get("Status") or "refused") for block in failed)
    with transaction.atomic():
        mails = list(Mail.objects.select_for_update().filter(sent_as__in=[str(each).strip() for each in ids if each]))
        if not mails:
            raise ValidationError("The notification names no Message-ID of mail that Offshelf sent.")
        reason = f"Mail bounced: {reason}".replace("\x00", "")[:500]
        Mail.objects.filter(pk__in=[mail.pk for mail in mails]).update(status=Mail.Status.BOUNCED, error=reason)
        alarm(mails[0].to, reason)
    return len(mails)
