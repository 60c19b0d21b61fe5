"""The common shape of long work that a person starts, leaves and comes back to: imports, dry runs and exports.

The row is the truth: a worker that dies lets go of the job's lock, and the next sweep takes the job up again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection, models
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from portal.identity.actors import Actor
from portal.transitions import Transition, TransitionTable, move

MAX_ATTEMPTS = 5
J = TypeVar("J", bound="Job")


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


def failed_rows(jobs: QuerySet[J], *, owner: str) -> QuerySet[J]:
    """Jobs that failed and that no later one of the same `owner` (a field) came after: an old file must not undo a new one."""
    later = jobs.model._base_manager.filter(**{owner: OuterRef(owner)}, pk__gt=OuterRef("pk"))
    return jobs.filter(~Exists(later), status=JobStatus.FAILED)


def try_again(job: J, *, actor: Actor) -> J:
    """Queue a job that failed once more, from its beginning."""
    return move(job, JobStatus.QUEUED, actor=actor, attempts=0, progress=0, error="", finished_at=None)


def work_on(
    job: J, *, lock: tuple[int, int], unreadable: tuple[type[Exception], ...], actor: Actor, run: Callable[[J], J]
) -> J:
    """Run a job that waits, or take up one that broke off; `run` does the work and moves it to done.

    Only the holder of the advisory lock works; everybody else comes away with the job untouched, and a worker that
    dies loses the lock with its connection. The sixth attempt fails the job, and so does a file that `run` cannot read
    (one of the `unreadable` errors, whose message becomes the job's).
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", lock)
        if not cursor.fetchone()[0]:
            return job
    try:
        job.refresh_from_db()
        if job.is_over:
            return job
        now = timezone.now()
        if job.status == JobStatus.QUEUED:
            move(job, JobStatus.RUNNING, actor=actor, started_at=now)
        job.attempts += 1
        job.heartbeat_at = now
        job.save(update_fields=["attempts", "heartbeat_at"])
        if job.attempts > MAX_ATTEMPTS:
            detail = f"It broke off {MAX_ATTEMPTS} times; see the worker's log."
            return move(job, JobStatus.FAILED, actor=actor, finished_at=timezone.now(), error=detail)
        try:
            return run(job)
        except unreadable as error:
            return move(job, JobStatus.FAILED, actor=actor, finished_at=timezone.now(), error=str(error))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", lock)


@contextmanager
def turn(lock: int, places: int) -> Iterator[bool]:
    """Whether one of so many places of an advisory lock class was free; it is held to the end, or until this worker dies.

    Long work of one kind takes a place first, so that it never has more than `places` workers at once.
    """
    held = None
    with connection.cursor() as cursor:
        for place in range(places):
            cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [lock, place])
            if cursor.fetchone()[0]:
                held = place
                break
    try:
        yield held is not None
    finally:
        if held is not None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [lock, held])
