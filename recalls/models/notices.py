"""A notice: one recall version put on one platform's list, with the terms it was sent under; and many sent together."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.database.updated import keeps_updated_at, touches, updated_at
from portal.models import Organisation, User
from recalls.models.recalls import Recall, RecallVersion
from recalls.querysets import NoticeQuerySet, SendingQuerySet
from recalls.states import NOTICE_TRANSITIONS, NoticeStatus


class Sending(models.Model):
    """Notices that were sent together, so that their matching can be followed under one address.

    `left_out` names, in the words of the moment, what was chosen and did not go: a list of {"recall", "platform", "why"}.
    """

    regulator = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sendings")
    policy = models.CharField(max_length=80, help_text="Name of the policy whose terms the notices carry.")
    left_out = models.JSONField(default=list)
    sent_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now)
    updated_at = updated_at()

    objects = SendingQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        triggers = [keeps_updated_at("sending_updated")]

    def __str__(self) -> str:
        return str(self.pk)


class Notice(models.Model):
    """Sent, delivered and acknowledged are three facts with three times.

    `terms` is the policy as frozen when the notice was sent (enforcement.rules.Terms as JSON): how long, counted how,
    from which fact. `matched_at` is when the whole catalogue had been looked through for this version, `listings_read`
    how many of its listings shared a key with the recall and were compared. `held_back` is how many match and are not
    flagged yet, because the notice has too many undecided flags.
    """

    transitions = NOTICE_TRANSITIONS

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="notices")
    version = models.ForeignKey(RecallVersion, on_delete=models.PROTECT, related_name="notices")
    platform = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="notices")
    status = models.CharField(max_length=10, choices=NoticeStatus, default=NoticeStatus.ACTIVE)
    terms = models.JSONField()
    message = models.TextField(blank=True)
    sending = models.ForeignKey(Sending, null=True, on_delete=models.PROTECT, related_name="notices")
    sent_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.CharField(max_length=300, blank=True)
    matched_at = models.DateTimeField(null=True, blank=True)
    listings_read = models.PositiveIntegerField(default=0, db_default=0)
    held_back = models.PositiveIntegerField(
        default=0, db_default=0, help_text="Listings that match and wait because too many flags are undecided."
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    updated_at = updated_at()

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        triggers = [
            keeps_updated_at("notice_updated"),
            # From then on a platform sees the recall, or another version of it.
            touches("notice_touches_recall", Recall, "recall_id", pgtrigger.Insert | pgtrigger.UpdateOf("version_id")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recall", "platform"], condition=Q(status="active"), name="one_active_notice"
            ),
        ]
        indexes = [
            models.Index(fields=["platform", "updated_at"], name="notice_by_update"),
            models.Index(fields=["platform", "status", "-id"], name="notice_by_platform"),
            models.Index(fields=["id"], condition=Q(matched_at=None, status="active"), name="notice_to_match"),
            models.Index(fields=["id"], condition=Q(delivered_at=None, status="active"), name="notice_to_deliver"),
        ]

    def __str__(self) -> str:
        return f"{self.recall.number} to {self.platform.name}"

    @property
    def audit_organisation_id(self) -> int:
        return self.platform_id
