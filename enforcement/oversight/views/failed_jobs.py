"""One list of all that was given up, with its reason and another try."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from enforcement import services
from enforcement.models import CheckPlan
from listings.models import CatalogueImport
from portal.http.requests import ActingRequest
from portal.models import Export, Hook, Mail, SetAside
from portal.texts import key_in
from recalls.models import RecallImport

MAX_COUNT = 50  # of one pile


@dataclass(frozen=True, slots=True)
class Letter:
    """A dead letter as the page shows it: `pk` is what another try names; the history is that of `subject`, or of itself."""

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
    """The piles that are not empty; a POST tries one letter, one pile or all again."""
    if request.method == "POST":
        return _retry(request)
    groups: list[dict[str, Any]] = []
    for group in services.FAILED_JOBS:
        rows = group.rows()
        if count := rows.count():
            letters = [_shown(row) for row in rows.order_by("-pk")[:MAX_COUNT]]
            groups.append({"name": group.name, "title": group.title, "count": count, "letters": letters})
    return render(request, "enforcement/oversight/failed_jobs.html", {"groups": groups, "most": MAX_COUNT})


def _retry(request: ActingRequest) -> HttpResponse:
    given = request.POST.get("only", "")
    only = key_in(given)
    if given and only is None:
        raise BadRequest("Say which one.")
    tried = services.retry(actor=request.actor, group=request.POST.get("group", ""), only=only)
    told = gettext("%(count)d tried again.") % {"count": tried} if tried else gettext_noop("Nothing was left to try.")
    messages.success(request, told)
    return redirect("enforcement:failed_jobs")


def _shown(row: Any) -> Letter:
    kind = row._meta.label_lower
    if isinstance(row, Mail):
        return Letter(
            row.pk,
            gettext("%(subject)s to %(address)s") % {"subject": row.subject, "address": row.to},
            row.error,
            row.created_at,
            kind,
        )
    if isinstance(row, Hook):
        return Letter(row.pk, str(row), row.error, row.created_at, kind)
    if isinstance(row, SetAside):
        what = f"{row.sweep}: {_noun(row.subject_type)} {row.subject_id}"
        return Letter(row.pk, what, row.error, row.first_at, row.subject_type, row.subject_id, row.attempts)
    if isinstance(row, CatalogueImport | RecallImport | Export):
        return Letter(row.pk, row.filename, row.error, row.finished_at, kind)
    if isinstance(row, CheckPlan):
        reason = row.error or f"Its worker died {row.attempts - 1} times while it looked."
        what = gettext("Takedown %(number)s") % {"number": row.pk}
        return Letter(row.pk, f"{what}: {reverse('enforcement:takedown', args=[row.pk])}", reason, None, kind)
    raise TypeError(kind)


def _noun(kind: str) -> str:
    try:
        return str(apps.get_model(kind)._meta.verbose_name)
    except LookupError:
        return kind  # of a table that is gone
