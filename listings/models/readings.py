"""Corrections of the facts that matching finds in a recall version."""

from django.db import models
from django.utils import timezone

from recalls.models import RecallVersion


class ReadingCorrection(models.Model):
    """Corrections of one version's reading, made before it was published; a later version inherits them.

    `content`: brands, models, excluded and gtins, each with "add" and "drop", lists of strings as a person wrote them.
    """

    version = models.OneToOneField(RecallVersion, on_delete=models.PROTECT, related_name="reading_correction")
    content = models.JSONField()
    made_by = models.CharField(max_length=300)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.version} by {self.made_by}"
