"""Giving out links that are mailed to one person, and opening them once."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal.database.acting import as_system
from portal.identity import account_links
from portal.models import AccountLink, Mail, User

LIFE = {AccountLink.Kind.INVITATION: timedelta(days=7), AccountLink.Kind.RESET: timedelta(hours=1)}
NOT_OPEN = gettext_noop("This link has expired or was already used.")


@as_system("mail is nobody's to read")
def give_link(*, person: User, kind: AccountLink.Kind, subject: str, body: str) -> AccountLink:
    """Mail a link to a person, in the transaction of what it is for; earlier ones of them open nothing any more."""
    with transaction.atomic():
        withdraw_links(person=person)
        link = AccountLink.objects.create(
            person=person, kind=kind, address=person.email, expires_at=timezone.now() + LIFE[kind]
        )
        Mail.objects.create(
            key=f"account-link:{link.pk}", to=person.email, subject=subject, body=body, account_link=link
        )
    return link


@as_system("mail is nobody's to read")
def withdraw_links(*, person: User) -> None:
    """Make every link that a person was sent useless, and let none leave that still waits."""
    open_ones = AccountLink.objects.filter(person=person, used_at=None)
    Mail.objects.filter(account_link__in=open_ones).exclude(status=Mail.Status.SENT).delete()
    open_ones.update(used_at=timezone.now())


def find_link(token: str) -> AccountLink | None:
    """The link that a token opens, if it opens one still. Looking uses nothing up: mail scanners look, too."""
    number = account_links.number_in(token)
    link = AccountLink.objects.select_related("person__organisation").filter(pk=number).first() if number else None
    return link if link is not None and account_links.fits(token, link.nonce) and link.is_open else None


def use_link(link: AccountLink) -> None:
    """Use a link up, inside the transaction of what it opens. Raises ValidationError where somebody was faster."""
    if not AccountLink.objects.filter(pk=link.pk, used_at=None).update(used_at=timezone.now()):
        raise ValidationError(NOT_OPEN)
