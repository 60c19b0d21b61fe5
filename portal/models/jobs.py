"""The common shape of long work that a person starts, leaves and comes back to; portal/background/jobs.py does it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal.transition_tables import Transition, TransitionTable


class JobStatus(models.TextChoices):
    QUEUED = "queued", gettext_noop("Queued")
    RUNNING = "running", gettext_noop("Running")
    DONE = "done", gettext_noop("Done")
    FAILED = "failed", gettext_noop("Failed")
    CANCELLED = "cancelled", gettext_noop("Cancelled")


WAITS_OR_BROKE_OFF = frozenset({JobStatus.QUEUED, JobStatus.RUNNING})
"""Jobs that a sweep offers to `work_on`, which leaves those alone that a living worker holds."""


def job_transitions(permission: str, noun: str) -> TransitionTable:
    """The moves of a job whose starter needs `permission`; events are called `noun.started` and so on."""
    return TransitionTable(
        Transition(JobStatus.QUEUED, JobStatus.RUNNING, permission, f"{noun}.started"),
        Transition(JobStatus.RUNNING, JobStatus.DONE, permission, f"{noun}.done"),
        Transition(JobStatus.RUNNING, JobStatus.FAILED, permission, f"{noun}.failed"),
        Transition(JobStatus.FAILED, JobStatus.QUEUED, "job.retry", f"{noun}.retried", "Try again"),
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

    @property
    def is_under_way(self) -> bool:
        """Whether it goes on by itself: it is neither over nor waits for a person."""
        return self.status in WAITS_OR_BROKE_OFF
