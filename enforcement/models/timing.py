"""What moved a clock while it ran: pauses and extensions."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from enforcement.models.takedowns import Takedown
from enforcement.querysets import TimingQuerySet
from enforcement.states import EXTENSION_TRANSITIONS, ExtensionStatus
from portal.models import User


class Pause(models.Model):
    """A period in which a clock was paused; open while `ended_at` is empty, and only one at a time."""

    takedown = models.ForeignKey(Takedown, on_delete=models.PROTECT, related_name="pauses")
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField()
    started_by = models.CharField(max_length=300)
    ended_by = models.CharField(max_length=300, blank=True)

    objects = TimingQuerySet.as_manager()

    class Meta:
        ordering = ["started_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["takedown"], condition=Q(ended_at=None), name="one_open_pause"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("started_at")), name="pause_ends_later"
            ),
        ]

    def __str__(self) -> str:
        return f"from {self.started_at:%Y-%m-%d %H:%M:%S} UTC"

    @property
    def audit_organisation_id(self) -> int:
        return self.takedown.platform_id


class Extension(models.Model):
    """More time for one takedown: `amount` in the unit of its terms. Requested, then granted or refused."""

    transitions = EXTENSION_TRANSITIONS

    takedown = models.ForeignKey(Takedown, on_delete=models.PROTECT, related_name="extensions")
    status = models.CharField(max_length=8, choices=ExtensionStatus, default=ExtensionStatus.ASKED)
    amount = models.PositiveIntegerField()
    reason = models.TextField()
    asked_by = models.CharField(max_length=300)
    asked_by_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    answered_by = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    objects = TimingQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["takedown"], condition=Q(status="asked"), name="one_open_extension"),
        ]

    def __str__(self) -> str:
        return f"by {self.amount} of takedown {self.takedown_id}"

    @property
    def audit_organisation_id(self) -> int:
        return self.takedown.platform_id
