"""What a platform reports of a search on its own machines."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_noop

from listings.services.upserts import ItemResult, upsert_listings
from portal import audit
from portal.identity.actors import Actor
from portal.models import AuditEvent, Organisation


def report_search(
    *, platform: Organisation, commitment: dict[str, Any], matches: Sequence[Any], actor: Actor
) -> tuple[AuditEvent, list[ItemResult]]:
    """Keep the commitment to what was searched, and store the matches as listings; one result for each, in their order.

    The commitment is an audit event and nothing else: it is sealed, stamped and never changed, which is all it is for. It
    says what the platform claims to have searched (docs/integrate.md tells how a row is proved against it); matching here
    decides again what is flagged. Raises ValueError for too many matches.
    """
    actor.require("catalogue.import")
    if actor.platform_id != platform.pk:
        raise PermissionDenied(gettext_noop("You can report searches only of your own catalogue."))
    with transaction.atomic():
        results = upsert_listings(platform=platform, items=matches, actor=actor) if matches else []
        stored = [row for row in results if row["result"] != "rejected"]
        after = {**commitment, "matches": len(matches), "stored": len(stored)}
        event = audit.event_for(actor=actor, action="catalogue.searched", subject=platform, after=after)
        event.organisation_id = platform.pk  # what an organisation's own events leave empty
        event.save(force_insert=True)
        return event, results
