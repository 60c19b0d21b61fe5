"""One list of all failed jobs, with reasons and retries."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_noop, ngettext

from enforcement import services
from enforcement.oversight.failed_job_rows import failed_job_of
from portal.database.acting import as_system
from portal.http.requests import ActingRequest
from portal.texts import key_in

MAX_COUNT = 50  # in one group


def failed_jobs(request: ActingRequest) -> HttpResponse:
    """The groups that are not empty; a POST retries one job, one group or all."""
    if request.method == "POST":
        return _retry(request)
    groups: list[dict[str, Any]] = []
    with as_system("failed jobs of all sides, without what they are about"):
        for group in services.FAILED_JOBS:
            rows = group.rows()
            if count := rows.count():
                jobs = [failed_job_of(row) for row in rows.order_by("-pk")[:MAX_COUNT]]
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
