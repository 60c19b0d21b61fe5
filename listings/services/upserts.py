"""Storing single listings at once, as the API does."""

from collections.abc import Sequence
from typing import Any, TypedDict

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from listings.ingest.rows import ListingRow, parse_row
from listings.services.storing import STORE_LOCK, prepare_staging, store_apart
from portal import audit
from portal.identity.actors import Actor
from portal.models import Organisation

MAX_ITEMS = 1_000


class ItemResult(TypedDict):
    id: str
    result: str
    reasons: list[str]


def upsert_listings(*, platform: Organisation, items: Sequence[Any], actor: Actor) -> list[ItemResult]:
    """Store up to 1,000 listings at once, as the API does; one result per item, in the same order.

    A rejected item stops no other. Raises ValueError for more than 1,000.
    """
    actor.require("catalogue.import")
    if actor.platform_id not in (None, platform.pk):
        raise PermissionDenied(gettext_noop("You can store listings only for your own platform."))
    if len(items) > MAX_ITEMS:
        raise ValueError(f"{len(items):,} items are too many: send at most {MAX_ITEMS:,} in one request.")
    results: list[ItemResult] = []
    parsed: dict[str, ListingRow] = {}
    for place, item in enumerate(items, 1):
        if not isinstance(item, dict):
            results.append(
                {
                    "id": "",
                    "result": "rejected",
                    "reasons": [f"item {place} is not an object: send each listing as an object"],
                }
            )
            continue
        listing, refused = parse_row(place, item)
        results.append(
            {"id": listing.external_id if listing else str(item.get("id") or ""), "result": "" if listing else "rejected",
             "reasons": [reject.reason for reject in refused]}
        )  # fmt: skip
        if listing:
            parsed.pop(listing.external_id, None)
            parsed[listing.external_id] = listing
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [STORE_LOCK, platform.pk])
        prepare_staging()
        stored, broken = store_apart(platform.pk, list(parsed.values()), job_id=None, at=timezone.now(), delta=True)
        audit.record(
            actor=actor,
            action="catalogue.upserted",
            subject=platform,
            after={"added": len(stored.added), "changed": len(stored.changed), "unchanged": stored.unchanged},
        )
    unstored = {reject.external_id: reject.reason for reject in broken}
    for result in results:
        if not result["result"] and result["id"] in unstored:
            result["result"] = "rejected"
            result["reasons"].append(unstored[result["id"]])
        elif not result["result"]:
            known = (
                "created"
                if result["id"] in stored.added
                else "changed"
                if result["id"] in stored.changed
                else "unchanged"
            )
            result["result"] = known
    return results
