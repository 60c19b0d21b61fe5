"""The common shape of long work that a person starts, leaves and comes back to: imports, dry runs and exports.

The row is the truth: a worker that dies lets go of the job's lock, and the next sweep takes the job up again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from portal.identity.actors import Actor
from portal.models.jobs import Job, JobStatus
from portal.transitions import move

MAX_ATTEMPTS = 5
J = TypeVar("J", bound="Job")


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

    Only the holder of the advisory lock works; everyone else comes away with the job untouched, and a worker that
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
            detail = f"The job was interrupted {MAX_ATTEMPTS} times. See the worker's log."
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
