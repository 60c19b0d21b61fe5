"""Failed jobs of every kind in one shape, for the page and for its export."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from enforcement.models import CheckPlan
from listings.models import CatalogueImport
from portal.background.sweeping import error_name
from portal.http import stored_texts
from portal.http.object_names import noun_of
from portal.models import Export, Hook, Mail, SetAside
from recalls.models import RecallImport


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A failed job without what it is about: operators see no case. `pk` identifies it for a retry."""

    pk: int
    what: str
    reason: str
    since: datetime | None
    attempts: int = 0


def failed_job_of(row: Any) -> FailedJob:
    """A row of services.FAILED_JOBS in words. Neither subjects and names of files, nor what an error quotes, are among them:
    they tell of cases."""
    if isinstance(row, Mail):
        return FailedJob(row.pk, gettext("To %(address)s") % {"address": row.to}, row.error, row.created_at)
    if isinstance(row, Hook):
        what = gettext("%(event)s to %(platform)s") % {"event": row.event_type, "platform": row.organisation}
        return FailedJob(row.pk, what, row.error, row.created_at)
    if isinstance(row, SetAside):
        sweep = stored_texts.in_readers_language(row.sweep) or row.sweep
        what = f"{sweep[:1].upper()}{sweep[1:]}: {noun_of(row.subject_type)} {row.subject_id}"
        return FailedJob(row.pk, what, error_name(row.error), row.first_at, row.attempts)
    if isinstance(row, CatalogueImport | RecallImport | Export):
        owner = getattr(row, {CatalogueImport: "platform", RecallImport: "regulator"}.get(type(row), "organisation"))
        what = gettext("Number %(number)s of %(organisation)s") % {"number": row.pk, "organisation": owner}
        return FailedJob(row.pk, what, error_name(row.error), row.finished_at)
    if isinstance(row, CheckPlan):
        reason = error_name(row.error) or f"The worker died {row.attempts - 1} times during this check."
        return FailedJob(row.pk, gettext("Takedown %(number)s") % {"number": row.pk}, reason, None)
    raise TypeError(row._meta.label_lower)
