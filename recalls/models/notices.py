"""A notice: one recall version put on one platform's list, with the terms it was sent under."""

from django.db import models
from django.db.models import Q

from portal.models import Organisation, User
from recalls.models.recalls import Recall, RecallVersion
from recalls.querysets import NoticeQuerySet
from recalls.states import NOTICE_TRANSITIONS, NoticeStatus


class Notice(models.Model):
    """Sent, delivered and acknowledged are three facts with three times.

    `terms` is the policy as frozen when the notice was sent (enforcement.rules.Terms as JSON): how long, counted how,
    from which fact. `matched_at` is when the whole catalogue had been looked through for this version.
    """

    transitions = NOTICE_TRANSITIONS

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="notices")
    version = models.ForeignKey(RecallVersion, on_delete=models.PROTECT, related_name="notices")
    platform = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="notices")
    status = models.CharField(max_length=10, choices=NoticeStatus, default=NoticeStatus.ACTIVE)
    terms = models.JSONField()
    message = models.TextField(blank=True)
    sent_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.CharField(max_length=300, blank=True)
    matched_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recall", "platform"], condition=Q(status="active"), name="one_active_notice"
            ),
        ]
        indexes = [
            models.Index(fields=["platform", "status", "-id"], name="notice_by_platform"),
            models.Index(fields=["id"], condition=Q(matched_at=None, status="active"), name="notice_to_match"),
            models.Index(fields=["id"], condition=Q(delivered_at=None, status="active"), name="notice_to_deliver"),
        ]

    def __str__(self) -> str:
        return f"{self.recall.number} to {self.platform.name}"

    @property
    def audit_organisation_id(self) -> int:
        return self.platform_id
