"""Rows that a sweep could not deal with: kept apart with their error, so that they hold up no one else."""

from django.db import models
from django.utils import timezone


class SetAside(models.Model):
    """One row of one sweep that broke, or that was at work when its worker died.

    It is due again at `next_attempt_at`. A row that is `at_work` is under lease until then: whoever finds it past that
    moment knows that its worker died on it. `attempts` counts both.
    """

    sweep = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    at_work = models.BooleanField(default=False)
    first_at = models.DateTimeField(default=timezone.now)
    last_at = models.DateTimeField(default=timezone.now)
    next_attempt_at = models.DateTimeField()

    class Meta:
        verbose_name = "set-aside row"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["sweep", "subject_type", "subject_id"], name="set_aside_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_id} in {self.sweep}"
