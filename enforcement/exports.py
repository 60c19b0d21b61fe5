"""Exports of lists: takedowns, escalations, letters, public listings, appeals, failed jobs and activity, as their pages list
them."""

import json
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_noop

from enforcement import services
from enforcement.appeals.filters import AppealFilter
from enforcement.escalations.filters import EscalationFilter
from enforcement.letters.filters import LetterFilter
from enforcement.models import Appeal, Escalation, Letter, PublicListing, Takedown
from enforcement.oversight.failed_job_rows import failed_job_of
from enforcement.takedowns.filters import RegulatorTakedownFilter, TakedownFilter
from portal.audit_filter import AuditFilter
from portal.database.acting import SYSTEM, as_system, drawn
from portal.exporting.registry import OF, Table, register_columns, register_list
from portal.identity.actors import Actor
from portal.models import AuditEvent


def _of_takedown(path: str) -> dict[str, str]:
    """What every list says of the case; `path` leads to the takedown."""
    return {
        "flag": f"{path}flag__pk", "platform": f"{path}platform__name", "recall": f"{path}flag__recall__number",
        "listing": f"{path}flag__listing__external_id", "title": f"{path}flag__listing__title",
    }  # fmt: skip


def _takedowns(actor: Actor, query: QueryDict) -> QuerySet[Takedown]:
    one = actor.platform_id is not None
    kind = TakedownFilter if one else RegulatorTakedownFilter
    return kind(query, Takedown.objects.visible_to(actor), one_platform=one).qs


def _escalations(actor: Actor, query: QueryDict) -> QuerySet[Escalation]:
    return EscalationFilter(query, Escalation.objects.visible_to(actor), one_platform=actor.platform_id is not None).qs


def _letters(actor: Actor, query: QueryDict) -> QuerySet[Letter]:
    return LetterFilter(query, Letter.objects.visible_to(actor), one_platform=actor.platform_id is not None).qs


def _appeals(actor: Actor, query: QueryDict) -> QuerySet[Appeal]:
    return AppealFilter(query, Appeal.objects.visible_to(actor), one_platform=actor.platform_id is not None).qs


def _public_listings(actor: Actor, _query: QueryDict) -> QuerySet[PublicListing]:
    return PublicListing.objects.visible_to(actor)


register_columns(
    "takedowns",
    gettext_noop("Takedowns"),
    "takedown.view",
    _takedowns,
    _of_takedown("")
    | {
        "flag status": "flag__status", "clock": "status", "started at": "started_at", "due at": "due_at", "missed at": "missed_at",
        "met at": "met_at", "paused at": "paused_at",
    },
)  # fmt: skip
register_columns(
    "escalations",
    gettext_noop("Escalations"),
    "escalation.view",
    _escalations,
    {"escalation": "pk"}
    | _of_takedown("takedown__")
    | {
        "step": "step", "kind": "kind", "due at": "due_at", "raised at": "raised_at", "acknowledged at": "acknowledged_at",
        "acknowledged by": "acknowledged_by", "handled by": "assigned_to__name", "resolved at": "resolved_at",
        "resolved by": "resolved_by",
    },
)  # fmt: skip
register_columns(
    "letters",
    gettext_noop("Letters"),
    "escalation.view",
    _letters,
    {"letter": "pk"}
    | _of_takedown("escalation__takedown__")
    | {"status": "status", "language": "language", "subject": "subject", "drafted at": "drafted_at", "reviewed at": "reviewed_at"},
)  # fmt: skip
register_columns(
    "appeals",
    gettext_noop("Appeals"),
    "takedown.view",
    _appeals,
    {"appeal": "pk"}
    | _of_takedown("takedown__")
    | {
        "status": "status", "side": "side", "text": "text", "made by": "made_by", "made at": "made_at", "answer": "answer",
        "answered by": "answered_by", "answered at": "answered_at",
    },
)  # fmt: skip
register_columns(
    "public_listings",
    gettext_noop("Public naming"),
    "public_listing.view",
    _public_listings,
    {"public listing": "pk"}
    | _of_takedown("escalation__takedown__")
    | {
        "status": "status", "proposed at": "proposed_at", "first person": "first_by", "second person": "second_by",
        "published at": "published_at", "withdrawn at": "withdrawn_at",
    },
)  # fmt: skip


def _failed_jobs(_actor: Actor, _arguments: dict[str, Any]) -> Table:
    """Of every group, the newest first, without what they are about; the page shows the newest of each."""
    groups = [(group.name, group.rows().order_by("-pk")) for group in services.FAILED_JOBS]
    with as_system("failed jobs of all sides, without what they are about"):
        total = sum(found.count() for _, found in groups)
    rows = (
        (name, job.pk, job.what, job.reason, job.since.isoformat() if job.since else "", job.attempts or "")
        for name, found in groups
        for job in map(failed_job_of, found.iterator(chunk_size=500))
    )
    return Table(("group", "number", "job", "reason", "since", "attempts"), drawn(rows, SYSTEM), total)


register_list("failed_jobs", gettext_noop("Failed jobs"), "health.view", _failed_jobs)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _activity(actor: Actor, query: QueryDict) -> QuerySet[AuditEvent]:
    """The events of an object and of its related records, as its page lists them; `of` is its kind and its key."""
    kind, _, key = query.get(OF, "").partition(":")
    return AuditFilter(query, services.history_of(kind=kind, pk=key, actor=actor)).qs


register_columns(
    "activity",
    gettext_noop("Activity"),
    "audit.view",
    _activity,
    {
        "id": "pk", "at": "at", "actor kind": "actor_kind", "actor": "actor_label", "action": "action", "object type": "subject_type",
        "object id": "subject_id", "object": "subject_label", "platform": "organisation__name", "before": "before", "after": "after",
        "reason": "reason", "hash": "seal__hash",
    },
    {"before": _json, "after": _json},
)  # fmt: skip
