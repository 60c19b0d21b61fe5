"""The audit log as a table to take away."""

import json
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_noop

from portal.audit_filter import AuditFilter
from portal.exporting.registry import Table, register_table
from portal.identity.actors import Actor
from portal.models import AuditEvent

HEADER = (
    "id", "at", "actor kind", "actor", "action", "object type", "object id", "object", "platform", "before", "after", "reason", "hash",
)  # fmt: skip


def _events(actor: Actor, arguments: dict[str, Any]) -> Table:
    """The events that the page Audit lists for `query`, newest first."""
    visible = AuditEvent.objects.visible_to(actor).select_related("organisation", "seal")
    listed = AuditFilter(QueryDict(arguments["query"]), visible).qs
    rows = (
        (
            row.pk, row.at.isoformat(), row.actor_kind, row.actor_label, row.action, row.subject_type, row.subject_id, row.subject_label,
            row.organisation or "", json.dumps(row.before, ensure_ascii=False), json.dumps(row.after, ensure_ascii=False), row.reason,
            row.seal.hash if hasattr(row, "seal") else "",
        )
        for row in listed.order_by("-pk").iterator(chunk_size=2_000)
    )  # fmt: skip
    return Table(HEADER, rows, listed.count())


register_table("audit", gettext_noop("Audit events"), "audit.view", _events)
