"""Recalls of several regulators about one product: leads, which people confirm or reject, and the shared incidents."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal.models import User
from recalls.models.recalls import Recall, RecallVersion
from recalls.querysets import IncidentLeadQuerySet


class SharedIncident(models.Model):
    """One product that several regulators recall. It holds nothing but its members."""

    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return str(self.pk)


class IncidentMember(models.Model):
    """A recall in a shared incident; in one at most."""

    incident = models.ForeignKey(SharedIncident, on_delete=models.CASCADE, related_name="members")
    recall = models.OneToOneField(Recall, on_delete=models.CASCADE, related_name="incident_member")
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return f"{self.recall_id} in {self.incident_id}"


class IncidentLead(models.Model):
    """Two recalls of different regulators that may be about one product, with the evidence; `first` has the lower id.

    A lead stays as it was found when it is decided; a newer version of either recall scores it again while it is open.
    """

    class Answer(models.TextChoices):
        OPEN = "open", gettext_noop("Not decided")
        SAME = "same", gettext_noop("Same product")
        OTHER = "other", gettext_noop("Not the same product")

    first = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="+")
    answer = models.CharField(max_length=10, choices=Answer, default=Answer.OPEN)
    score = models.FloatField()
    evidence = models.JSONField(default=list, help_text="What speaks for and against, as recalls.linking.Evidence.")
    found_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)

    objects = IncidentLeadQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="lead_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="lead_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}"


class IncidentSearch(models.Model):
    """That a published version was compared with the recalls of other regulators."""

    version = models.OneToOneField(RecallVersion, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return str(self.version_id)
