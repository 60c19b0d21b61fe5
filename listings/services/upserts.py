"""Storing single listings at once, as the API does."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from math import isfinite
from typing import Any, TypedDict

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from listings.ingest.rows import ListingRow, parse_row
from listings.models import CatalogueImport, Flag, Listing
from listings.services.chosen_columns import FIELD_LABELS
from listings.services.presence import set_presence
from listings.services.sandbox_limits import leave_out_too_many
from listings.services.storing import STORE_LOCK, prepare_staging, store_apart
from listings.signals import listing_on_sale
from listings.states import ImportStatus
from portal import audit
from portal.database.acting import as_system
from portal.identity.actors import Actor
from portal.models import Organisation
from portal.transitions import LostRace

logger = logging.getLogger(__name__)
MAX_ITEMS = 10_000
TEXTS = tuple("id" if name == "external_id" else name for name in FIELD_LABELS)

MAY_BE_NUMBERS = {"id": (int,), "gtin": (int,), "mpn": (int,), "price": (int, float), "minimum_order": (int,)}
"""Fields that many systems hold as numbers. A GTIN that has lost its leading zeros that way is completed where it is read."""


class ImportRunning(LostRace):
    """A file is being imported, and nothing was stored: the same call is possible when it is done."""

    wait = 30


class ItemResult(TypedDict):
    """What became of one item: created, updated, unchanged, absent or rejected, and if rejected, why."""

    id: str
    result: str
    reasons: list[str]


@dataclass(slots=True)
class _Items:
    """Items as they were sent: a result for each, those to store, and the ids of those that are off sale."""

    results: list[ItemResult] = field(default_factory=list)
    rows: dict[str, ListingRow] = field(default_factory=dict)
    off_sale: set[str] = field(default_factory=set)

    def take(self, place: int, item: Any) -> None:
        item = _with_texts(item)
        result: ItemResult = {"id": "", "result": "rejected", "reasons": _problems(place, item)}
        self.results.append(result)
        if isinstance(item, dict) and isinstance(item.get("id"), str):
            result["id"] = item["id"][:200]
        if result["reasons"]:
            return
        if item.get("present") is False:
            self._take_off_sale(result, item)
            return
        listing, refused = parse_row(place, {name: value for name, value in item.items() if name != "present"})
        result["reasons"] = [reject.reason for reject in refused]
        if listing:
            result["id"], result["result"] = listing.external_id, ""
            self.rows.pop(listing.external_id, None)
            self.rows[listing.external_id] = listing
            self.off_sale.discard(listing.external_id)

    def _take_off_sale(self, result: ItemResult, item: dict[str, Any]) -> None:
        row, refused = parse_row(0, {"id": item.get("id", ""), "title": "off sale"})  # the id as one is stored
        if row is None:
            result["reasons"] += [reject.reason for reject in refused]
            return
        external_id = result["id"] = row.external_id
        result["result"] = ""
        if len(item) > 2:
            result["reasons"].append("the listing is off sale, so its other fields were not stored")
        self.rows.pop(external_id, None)
        self.off_sale.add(external_id)


def upsert_listings(*, platform: Organisation, items: Sequence[Any], actor: Actor) -> list[ItemResult]:
    """Store up to MAX_ITEMS listings at once, as the API does; one result per item, in the same order.

    An item whose `present` is False takes its listing off sale. Of equal ids the last counts. A rejected item stops no
    other. Raises ValueError for too many, LostRace while a file of the platform is being imported.
    """
    actor.require("catalogue.import")
    if actor.platform_id not in (None, platform.pk):
        raise PermissionDenied(gettext_noop("You can store listings only for your own platform."))
    if len(items) > MAX_ITEMS:
        raise ValueError(f"{len(items):,} items are too many: send at most {MAX_ITEMS:,} in one request.")
    given = _Items()
    for place, item in enumerate(items, 1):
        given.take(place, item)
    with as_system("rows are put where those of a file are put, by the workers"), transaction.atomic():
        _take_turn(platform)
        prepare_staging()
        outcomes = dict.fromkeys(given.rows, ("unchanged", ""))
        left_out = leave_out_too_many(platform.pk, given.rows)
        away = Listing.objects.filter(platform=platform, external_id__in=list(given.rows), present=False)
        back = list(away.values_list("pk", flat=True))
        stored, broken = store_apart(platform.pk, list(given.rows.values()), job_id=None, at=timezone.now(), delta=True)
        outcomes |= dict.fromkeys(stored.added, ("created", ""))
        outcomes |= dict.fromkeys(stored.changed, ("changed", ""))
        outcomes |= {reject.external_id: ("rejected", reject.reason) for reject in [*left_out, *broken]}
        flagged = Flag.objects.filter(listing__in=back).values("listing")
        for listing in Listing.objects.filter(pk__in=flagged, present=True).order_by("pk"):
            listing_on_sale.send(sender=Listing, listing=listing, actor=actor)
        for external_id in sorted(given.off_sale):
            outcomes[external_id] = _take_off_sale(platform, external_id, actor)
        audit.record(
            actor=actor,
            action="catalogue.upserted",
            subject=platform,
            after={"added": len(stored.added), "changed": len(stored.changed), "unchanged": stored.unchanged},
        )
    for result in given.results:
        if not result["result"]:
            result["result"], reason = outcomes[result["id"]]
            result["reasons"] += [reason] if reason else []
    return given.results


def _take_turn(platform: Organisation) -> None:
    """One writer of a catalogue at a time. Another call is waited for; an import may take hours, in which each call that
    waits would hold a thread of the web server. Raises ImportRunning."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [STORE_LOCK, platform.pk])
        if cursor.fetchone()[0]:
            return
        if CatalogueImport.objects.filter(platform=platform, status=ImportStatus.RUNNING).exists():
            raise ImportRunning(
                gettext_noop("A file of your catalogue is being imported. Send the listings when it is done.")
            )
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [STORE_LOCK, platform.pk])


def _with_texts(item: Any) -> Any:
    """The item, with numbers as texts in the fields that may be numbers."""
    if not isinstance(item, dict):
        return item
    return {
        name: str(value) if type(value) in MAY_BE_NUMBERS.get(name, ()) and _is_finite(value) else value
        for name, value in item.items()
    }


def _is_finite(value: float) -> bool:
    return isinstance(value, int) or isfinite(value)  # of an integer of 400 digits, isfinite knows no answer


def _problems(place: int, item: Any) -> list[str]:
    """What is wrong with an item before its values are read: unknown fields, and values of another type than text."""
    if not isinstance(item, dict):
        return [f"item {place} is not an object: send each listing as an object"]
    problems = []
    for name, value in item.items():
        if name == "present":
            if not isinstance(value, bool):
                problems.append("present must be true or false")
        elif name not in TEXTS:
            near = get_close_matches(name, (*TEXTS, "present"), 1, 0.5)
            hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(TEXTS)} and present"
            problems.append(f"there is no field {name[:80]!r}: {hint}")
        elif not isinstance(value, str) and not (value is None and name not in {"id", "title"}):
            problems.append(f"{name} must be text in quotes{' or a number' if name in MAY_BE_NUMBERS else ''}")
    return problems[:20]


def _take_off_sale(platform: Organisation, external_id: str, actor: Actor) -> tuple[str, str]:
    """(result, reason) of one listing; what breaks with it costs itself alone."""
    listing = Listing.objects.filter(platform=platform, external_id=external_id).first()
    if listing is None:
        return "rejected", "there is no listing with this id, so nothing was taken off sale: check the id"
    try:
        with transaction.atomic():
            return ("absent" if set_presence(listing=listing, present=False, actor=actor) else "unchanged"), ""
    except OperationalError:
        raise
    except DatabaseError as error:
        logger.warning("listing %s of platform %s could not be taken off sale: %s", listing.pk, platform.pk, error)
        return "rejected", "the database rejected the change: send it again later"
