"""The seller's door: links by which a seller without an account writes about one flag, and what was written through them."""

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string

from listings.models.flags import Flag
from listings.models.messages import Message
from listings.querysets import SellerLinkQuerySet
from listings.states import CLOSED, LinkState, SellerAct
from portal.database.acting import as_system
from portal.database.updated import keeps_updated_at, updated_at
from portal.models import Mail, User


def new_nonce() -> str:
    return get_random_string(32)


class SellerLink(models.Model):
    """A link to one flag for its seller: mailed to `address`, or handed over by whoever made it where that is empty.

    Its token is made of the row and SECRET_KEY (portal/identity/account_links.py) as it leaves: no table holds what opens
    it. It opens the page until it expires or is closed. Who opens it or writes through it is a claim: a link can be
    passed on.
    """

    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, related_name="seller_links")
    nonce = models.CharField(max_length=32, default=new_nonce)
    address = models.EmailField(blank=True, help_text="Where it was mailed to. Empty: it was handed over.")
    language = models.CharField(max_length=10, help_text="Of the mail.")
    mail = models.ForeignKey(Mail, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    made_by = models.CharField(max_length=300)
    made_by_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True, help_text="First opened.")
    openings = models.PositiveIntegerField(default=0)
    answered_at = models.DateTimeField(null=True, blank=True, help_text="Last answered.")
    answers = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True, help_text="Revoked, or closed with the case.")
    closed_by = models.CharField(max_length=300, blank=True)
    updated_at = updated_at()

    objects = SellerLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        triggers = [keeps_updated_at("seller_link_updated")]

    def __str__(self) -> str:
        return f"{self.pk} for flag {self.flag_id}"

    @property
    def audit_organisation_id(self) -> int:
        return self.flag.platform_id

    @property
    def is_open(self) -> bool:
        """Whether it still opens the page: neither expired nor closed, and the case is open too."""
        return self.closed_at is None and self.expires_at > timezone.now() and self.flag.status not in CLOSED

    @property
    def state(self) -> LinkState:
        """What became of it, the last fact first. `flag` must be at hand."""
        facts = (
            (self.closed_at is not None or self.flag.status in CLOSED, LinkState.CLOSED),
            (self.expires_at <= timezone.now(), LinkState.EXPIRED),
            (self.answers > 0, LinkState.ANSWERED),
            (self.openings > 0, LinkState.OPENED),
            (not self.address, LinkState.HANDED_OVER),
        )
        return next((state for is_so, state in facts if is_so), self._delivery)

    @property
    def _delivery(self) -> LinkState:
        with as_system("mail is nobody's to read; whether it left says what became of the link"):
            mail = self.mail
        if mail is None or mail.status == Mail.Status.SENT:
            return LinkState.SENT
        return LinkState.WAITING if mail.status == Mail.Status.QUEUED else LinkState.UNDELIVERED


class SellerAnswer(models.Model):
    """What makes a message one of a seller: through which link it came, as what, and under which name, all as claimed.

    `passed_on_by`: who sent it with the link's token for the seller; empty where it was written on the page itself.
    """

    MAX_NAME = 100

    message = models.OneToOneField(Message, on_delete=models.PROTECT, related_name="seller_answer")
    link = models.ForeignKey(SellerLink, on_delete=models.PROTECT, related_name="given_answers")
    act = models.CharField(max_length=8, choices=SellerAct)
    name = models.CharField(max_length=MAX_NAME, blank=True, help_text="As the seller gave it.")
    passed_on_by = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="seller_answer_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_act_display()}, message {self.message_id}"
