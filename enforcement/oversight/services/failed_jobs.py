"""Failed jobs: mail, webhooks, checks, imports and exports that failed, in groups that can be retried; and rows that
sweeps have set aside and retry themselves at increasing intervals."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from enforcement.checks.services.removal_checks import MAX_ATTEMPTS
from enforcement.models import CheckPlan
from listings.models import CatalogueImport
from portal import audit
from portal.background import jobs
from portal.database.acting import as_system
from portal.identity.actors import Actor
from portal.models import SetAside
from portal.notifications.deliveries import Channel, failed_rows, retry_failed
from portal.notifications.mail import MAIL
from portal.notifications.webhooks import HOOKS
from portal.services import failed_exports
from recalls.models import RecallImport


@dataclass(frozen=True)
class FailedJobs:
    """Failed jobs of one kind: `rows` finds them; `retry` retries one or all and returns how many."""

    name: str
    title: str
    rows: Callable[[], models.QuerySet]
    retry: Callable[[Actor, int | None], int]


def set_aside() -> models.QuerySet[SetAside]:
    """Rows that broke in a sweep, or during which its worker died."""
    return SetAside.objects.filter(at_work=False)


def broken_checks() -> models.QuerySet[CheckPlan]:
    """Plans of takedowns that are no longer checked because their checks broke or killed the worker each time."""
    return CheckPlan.objects.filter(next_at=None, attempts__gt=MAX_ATTEMPTS).select_related("takedown")


def _catalogues() -> models.QuerySet[CatalogueImport]:
    return jobs.failed_rows(CatalogueImport.objects.outside_sandboxes(), owner="platform")


def _recall_files() -> models.QuerySet[RecallImport]:
    return jobs.failed_rows(RecallImport.objects.all(), owner="regulator")


def _retry_set_aside(actor: Actor, only: int | None) -> int:
    """The sweep retries them in its next run. Attempts stay counted: a row that fails again waits as long as before."""
    actor.require("job.retry")
    with transaction.atomic():
        rows = list(set_aside().filter(**_one(only)).select_for_update())
        SetAside.objects.filter(pk__in=[row.pk for row in rows]).update(next_attempt_at=timezone.now())
        audit.require_current(actor)
        audit.record_many(
            audit.event_for(
                actor=actor,
                action="set_aside.retried",
                subject=row,
                before={"error": row.error, "attempts": row.attempts, "next_attempt_at": row.next_attempt_at},
            )
            for row in rows
        )
    return len(rows)


def _retry_checks(actor: Actor, only: int | None) -> int:
    actor.require("escalation.retry")
    with transaction.atomic():
        rows = list(broken_checks().filter(**_one(only)).select_for_update(of=("self",)))
        CheckPlan.objects.filter(pk__in=[row.pk for row in rows]).update(attempts=0, next_at=timezone.now(), error="")
        audit.require_current(actor)
        audit.record_many(
            audit.event_for(
                actor=actor, action="takedown.check_retried", subject=row.takedown, before={"error": row.error}
            )
            for row in rows
        )
    return len(rows)


def _retry_jobs(rows: models.QuerySet, actor: Actor, only: int | None) -> int:
    actor.require("job.retry")
    with transaction.atomic():
        return len([jobs.try_again(job, actor=actor) for job in rows.filter(**_one(only)).select_for_update()])


def _deliveries(title: str, channel: Channel[Any]) -> FailedJobs:
    return FailedJobs(
        channel.name,
        title,
        lambda: failed_rows(channel),
        lambda actor, only: retry_failed(channel, actor=actor, only=only),
    )


def _one(only: int | None) -> dict[str, int]:
    return {} if only is None else {"pk": only}


FAILED_JOBS = (
    _deliveries(gettext_noop("Mail"), MAIL),
    _deliveries(gettext_noop("Webhooks"), HOOKS),
    FailedJobs("aside", gettext_noop("Rows skipped with an error"), set_aside, _retry_set_aside),
    FailedJobs("checks", gettext_noop("Removal checks"), broken_checks, _retry_checks),
    FailedJobs(
        "catalogue",
        gettext_noop("Catalogue imports"),
        _catalogues,
        lambda actor, only: _retry_jobs(_catalogues(), actor, only),
    ),
    FailedJobs(
        "recalls",
        gettext_noop("Recall imports"),
        _recall_files,
        lambda actor, only: _retry_jobs(_recall_files(), actor, only),
    ),
    FailedJobs(
        "exports",
        gettext_noop("Exports"),
        failed_exports,
        lambda actor, only: _retry_jobs(failed_exports(), actor, only),
    ),
)


def retry(*, actor: Actor, group: str = "", only: int | None = None) -> int:
    """Retry one failed job, a group, or all groups; returns how many."""
    actor.require("health.view")
    wanted = [each for each in FAILED_JOBS if group in ("", each.name)]
    with as_system("failed jobs are of all sides, and whoever retries them sees none of what they are about"):
        return sum(each.retry(actor, only) for each in wanted)
