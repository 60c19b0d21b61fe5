"""What a new version of a recall did to the flags of one notice."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from listings.querysets import CoverageCheckQuerySet
from recalls.models import Notice, RecallVersion


class CoverageCheck(models.Model):
    """The flags of a notice are judged again, as it follows a new version of its recall; done at `done_at`.

    `closed` and `reopened` flags are those that changed by it; `kept` ones are no longer covered, and stay as they are
    because someone holds, claimed or decided them. `told` of the changed ones are in messages that were sent.
    """

    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="coverage_checks")
    version = models.ForeignKey(RecallVersion, on_delete=models.PROTECT, related_name="coverage_checks")
    started_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)
    closed = models.PositiveIntegerField(default=0, db_default=0)
    reopened = models.PositiveIntegerField(default=0, db_default=0)
    kept = models.PositiveIntegerField(default=0, db_default=0)
    told = models.PositiveIntegerField(default=0, db_default=0)

    objects = CoverageCheckQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["notice", "version"], name="coverage_checked_once")]
        indexes = [models.Index(fields=["id"], condition=Q(done_at=None), name="coverage_to_check")]

    def __str__(self) -> str:
        return f"notice {self.notice_id} under {self.version}"
