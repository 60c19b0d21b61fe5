"""The common shape of long work that a person starts, leaves and comes back to: imports of recalls and of catalogues.

The row is the truth: a worker that dies leaves `heartbeat_at` behind, and the next sweep takes the job up again.
"""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from portal.transitions import Transition, TransitionTable

STALE_AFTER = timedelta(seconds=60)


class JobStatus(models.TextChoices):
    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


def job_transitions(permission: str, noun: str) -> TransitionTable:
    """The moves of a job whose starter needs `permission`; events are called `noun.started` and so on."""
    return TransitionTable(
        Transition(JobStatus.QUEUED, JobStatus.RUNNING, permission, f"{noun}.started"),
        Transition(JobStatus.RUNNING, JobStatus.DONE, permission, f"{noun}.done"),
        Transition(JobStatus.RUNNING, JobStatus.FAILED, permission, f"{noun}.failed"),
        Transition(JobStatus.QUEUED, JobStatus.CANCELLED, permission, f"{noun}.cancelled", "Cancel"),
        Transition(JobStatus.RUNNING, JobStatus.CANCELLED, permission, f"{noun}.cancelled", "Cancel"),
    )


class Job(models.Model):
    status = models.CharField(max_length=10, choices=JobStatus, default=JobStatus.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    progress = models.PositiveSmallIntegerField(default=0, help_text="Percent done.")
    error = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def is_over(self) -> bool:
        return self.status in {JobStatus.DONE, JobStatus.FAILED, JobStatus.CANCELLED}
