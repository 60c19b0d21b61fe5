"""One list of all failed jobs, with reasons and retries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, ngettext

from enforcement import services
from enforcement.models import CheckPlan
from listings.models import CatalogueImport
from portal.http.requests import ActingRequest
from portal.models import Export, Hook, Mail, SetAside
from portal.texts import key_in
from recalls.models import RecallImport

MAX_COUNT = 50  # in one group


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A failed job on the page: `pk` identifies it for a retry; its activity is that of `subject`, or its own."""

    pk: int
    what: str
    reason: str
    since: datetime | None
    kind: str
    subject: int = 0
    attempts: int = 0

    @property
    def about(self) -> int:
        return self.subject or self.pk


def failed_jobs(request: ActingRequest) -> HttpResponse:
    """The groups that are not empty; a POST retries one job, one group or all."""
    if request.method == "POST":
        return _retry(request)
    groups: list[dict[str, Any]] = []
    for group in services.FAILED_JOBS:
        rows = group.rows()
        if count := rows.count():
            jobs = [_shown(row) for row in rows.order_by("-pk")[:MAX_COUNT]]
            groups.append({"name": group.name, "title": group.title, "count": count, "jobs": jobs})
    return render(request, "enforcement/oversight/failed_jobs.html", {"groups": groups, "max_count": MAX_COUNT})


def _retry(request: ActingRequest) -> HttpResponse:
    given = request.POST.get("only", "")
    only = key_in(given)
    if given and only is None:
        raise BadRequest(gettext_noop("Choose a failed job to retry."))
    tried = services.retry(actor=request.actor, group=request.POST.get("group", ""), only=only)
    if tried:
        detail = ngettext("%(count)d job will be retried.", "%(count)d jobs will be retried.", tried) % {"count": tried}
    else:
        detail = gettext_noop("No failed jobs were left to retry.")
    messages.success(request, detail)
    return redirect("enforcement:failed_jobs")


def _shown(row: Any) -> FailedJob:
    kind = row._meta.label_lower
    if isinstance(row, Mail):
        return FailedJob(
            row.pk,
            gettext("%(subject)s to %(address)s") % {"subject": row.subject, "address": row.to},
            row.error,
            row.created_at,
            kind,
        )
    if isinstance(row, Hook):
        return FailedJob(row.pk, str(row), row.error, row.created_at, kind)
    if isinstance(row, SetAside):
        what = f"{row.sweep}: {_noun(row.subject_type)} {row.subject_id}"
        return FailedJob(row.pk, what, row.error, row.first_at, row.subject_type, row.subject_id, row.attempts)
    if isinstance(row, CatalogueImport | RecallImport | Export):
        return FailedJob(row.pk, row.filename, row.error, row.finished_at, kind)
    if isinstance(row, CheckPlan):
        reason = row.error or f"The worker died {row.attempts - 1} times during this check."
        what = gettext("Takedown %(number)s") % {"number": row.pk}
        return FailedJob(row.pk, f"{what}: {reverse('enforcement:takedown', args=[row.pk])}", reason, None, kind)
    raise TypeError(kind)


def _noun(kind: str) -> str:
    try:
        return str(apps.get_model(kind)._meta.verbose_name)
    except LookupError:
        return kind  # a table that no longer exists
