"""What leaves to people: portal notifications (at once) and mail (through the outbox, retried until it is out)."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.correlation import current_id
from portal.identity.querysets import NotificationQuerySet
from portal.models.accounts import Organisation, User


class Notification(models.Model):
    """One message in one person's portal inbox. `key` makes sending it twice the same as sending it once.

    `organisation` is whose business it is: where the person worked when they were told. Elsewhere they do not read it.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=120)
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    link = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["person", "organisation", "key"], name="notification_once")]
        indexes = [models.Index(fields=["person", "-id"], name="unread_first", condition=Q(read_at=None))]

    def __str__(self) -> str:
        return self.subject


class Mail(models.Model):
    """A mail waiting to leave, or that left. Written in the transaction that causes it; sent after it commits."""

    class Status(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        BOUNCED = "bounced", "Refused by the receiver"

    key = models.CharField(max_length=120, unique=True)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    account_link = models.ForeignKey(
        "portal.AccountLink",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        db_index=False,
        help_text="Its address ends the mail.",
    )
    secret_page = models.JSONField(
        null=True,
        blank=True,
        help_text="The page whose secret address ends the mail, and what its token is made of with SECRET_KEY.",
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    sent_as = models.CharField(
        max_length=100,
        blank=True,
        default="",
        help_text="Message-ID of the mail that carried it, alone or with others.",
    )
    correlation = models.CharField(max_length=64, blank=True, default=current_id, db_default="")
    attachment: Any = None  # what goes with it, made when it leaves (portal/notifications/attachments.py)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["to", "next_attempt_at"], name="mail_due", condition=Q(status="queued")),
            models.Index(fields=["sent_as"], name="mail_by_message", condition=~Q(sent_as="")),
            models.Index(fields=["account_link"], name="mail_by_link", condition=Q(account_link__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"
