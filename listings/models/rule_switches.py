"""Rules of the matching engine that an admin switched off."""

from django.db import models
from django.utils import timezone


class RuleSwitch(models.Model):
    """A signal that is switched off while this row exists; the audit log keeps who did it, when, and who undid it."""

    signal = models.CharField(max_length=40, unique=True)
    reason = models.TextField()
    off_by = models.CharField(max_length=300)
    off_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["signal"]

    def __str__(self) -> str:
        return self.signal
