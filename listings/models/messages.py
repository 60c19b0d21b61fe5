"""Messages on a flag: what platform and regulator write to each other, the notes of each side, and the files."""

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_noop

from listings.models.flags import Flag
from listings.querysets import AttachmentQuerySet, MessageQuerySet
from portal.models import Organisation, User


def _append_only(name: str) -> pgtrigger.Trigger:
    return pgtrigger.Protect(name=name, operation=pgtrigger.Update | pgtrigger.Delete)


class Message(models.Model):
    """One message; never changed, never deleted. `organisation` is the author's, whose people alone read a note."""

    class Audience(models.TextChoices):
        BOTH = "both", gettext_noop("To both sides")
        OWN = "own", gettext_noop("Note for one side only")

    MAX_LENGTH = 10_000

    flag = models.ForeignKey(Flag, on_delete=models.PROTECT, related_name="messages")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    audience = models.CharField(max_length=4, choices=Audience)
    text = models.TextField()
    mentioned = models.ManyToManyField(User, related_name="+")
    actor_kind = models.CharField(max_length=10)
    actor_label = models.CharField(max_length=300)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["flag", "id"], name="message_by_flag")]
        triggers = [_append_only("message_append_only")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def audit_organisation_id(self) -> int:
        return self.flag.platform_id


class Attachment(models.Model):
    """A file attached to a message, as stored. `sent_sha256` is of the file as sent: images are encoded again."""

    MAX_COUNT = 3  # with one message

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(help_text="Bytes.")
    sha256 = models.CharField(max_length=64)
    sent_sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to="attachments/")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        triggers = [_append_only("attachment_append_only")]

    def __str__(self) -> str:
        return self.name


class MessagesRead(models.Model):
    """How far a person has read a flag's messages: up to the one with this number. Private, so not
    audited."""

    flag = models.ForeignKey(Flag, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    up_to = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "flag"], name="messages_read_once")]

    def __str__(self) -> str:
        return f"{self.person} read flag {self.flag_id} up to message {self.up_to}"
