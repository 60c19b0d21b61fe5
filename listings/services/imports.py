"""Importing catalogues: streaming, in chunks, idempotent; a worker that dies is followed by one that starts again."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any, TypedDict

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import connection, transaction
from django.utils import timezone

from listings.ingest.readers import Complaint, UnreadableFeed, read_feed
from listings.ingest.rows import ListingRow, RowReject, parse_row
from listings.models import CatalogueImport, CatalogueReject
from listings.services.storing import prepare_staging, store
from portal import audit
from portal.actors import Actor
from portal.jobs import JobStatus, work_on
from portal.models import Organisation
from portal.transitions import LostRace, move

CHUNK = 5_000
STORE_LOCK = 0x0FF5_0002  # advisory lock class: one writer of a platform's catalogue at a time
MOST_REJECTS = 100_000
MOST_ITEMS = 1_000


class ItemResult(TypedDict):
    id: str
    result: str
    reasons: list[str]


def start_import(*, platform: Organisation, file: File, filename: str, kind: str, actor: Actor) -> CatalogueImport:
    """Take a feed in; a worker imports it. Reversible until it ran: cancel it."""
    actor.require("catalogue.import")
    if actor.platform_id not in (None, platform.pk) or not platform.is_platform:
        raise PermissionDenied("A catalogue can be imported for one's own platform only.")
    with transaction.atomic():
        job = CatalogueImport.objects.create(
            platform=platform, created_by_id=actor.user_id, kind=kind, file=file, filename=filename[:255]
        )
        audit.record(
            actor=actor, action="catalogue_import.queued", subject=job, after={"filename": filename, "kind": kind}
        )
    return job


def cancel_import(*, job: CatalogueImport, actor: Actor) -> CatalogueImport:
    """Stop an import; rows stored so far stay, and a cancelled full feed says nothing about what is absent."""
    return move(job, JobStatus.CANCELLED, actor=actor, finished_at=timezone.now())


def run_import(job: CatalogueImport, *, on_progress: Callable[[int, int], None] | None = None) -> CatalogueImport:
    """Run or take up a job. While another feed of the platform is being stored it does nothing: the sweep comes again.

    `on_progress` hears (bytes read, bytes in all).
    """
    actor = Actor.system("catalogue import")
    return work_on(
        job,
        lock=(STORE_LOCK, job.platform_id),
        unreadable=(UnreadableFeed, FileNotFoundError),
        actor=actor,
        run=lambda job: _run(job, actor, on_progress),
    )


def _run(job: CatalogueImport, actor: Actor, on_progress: Callable[[int, int], None] | None) -> CatalogueImport:
    job.rejects.all().delete()
    prepare_staging()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE IF NOT EXISTS seen_listing (external_id text PRIMARY KEY)")
        cursor.execute("TRUNCATE seen_listing")
    counts: dict[str, Any] = dict.fromkeys(("total", "added", "changed", "unchanged", "rejected"), 0)
    size, noted = job.file.size, 0
    with job.file.open("rb") as source:
        rows = read_feed(source, size)
        while chunk := list(islice(rows, CHUNK)):
            parsed, rejects = _parse(chunk)
            with transaction.atomic():
                rejects += _seen_before(parsed)
                stored = store(
                    job.platform_id,
                    list(parsed.values()),
                    job_id=job.pk,
                    at=timezone.now(),
                    delta=job.kind == CatalogueImport.Kind.DELTA,
                )
                keep = rejects[: max(0, MOST_REJECTS - noted)]
                CatalogueReject.objects.bulk_create(
                    [
                        CatalogueReject(
                            job=job, line=r.line, external_id=r.external_id, reason=r.reason, content=r.content
                        )
                        for r in keep
                    ]
                )
                noted += len(keep)
                counts["total"] += len(chunk)
                counts["added"] += len(stored.added)
                counts["changed"] += len(stored.changed)
                counts["unchanged"] += stored.unchanged
                counts["rejected"] += sum(reject.whole_row for reject in rejects)
                read = min(source.tell(), size)
                progress = {"progress": min(99, 100 * read // max(1, size)), "heartbeat_at": timezone.now()}
                if not CatalogueImport.objects.filter(pk=job.pk, status=JobStatus.RUNNING).update(**progress, **counts):
                    raise LostRace("The import was cancelled.")
            if on_progress:
                on_progress(read, size)
    with transaction.atomic():
        absent = (
            _mark_absent(job)
            if job.kind == CatalogueImport.Kind.FULL and counts["added"] + counts["changed"] + counts["unchanged"]
            else 0
        )
        return move(job, JobStatus.DONE, actor=actor, finished_at=timezone.now(), progress=100, absent=absent, **counts)


def _parse(chunk: Iterable[tuple[int, dict[str, Any] | Complaint]]) -> tuple[dict[str, ListingRow], list[RowReject]]:
    """Rows by id, the last of equal ids winning, and everything refused."""
    parsed: dict[str, ListingRow] = {}
    rejects: list[RowReject] = []
    for line, row in chunk:
        if isinstance(row, Complaint):
            rejects.append(RowReject(line, "", str(row), ""))
            continue
        listing, refused = parse_row(line, row)
        rejects += refused
        if listing is None:
            continue
        if (earlier := parsed.pop(listing.external_id, None)) is not None:
            rejects.append(
                RowReject(
                    earlier.line,
                    listing.external_id,
                    f"the same id stands again in line {line}: the later row was taken",
                    "",
                )
            )
        parsed[listing.external_id] = listing
    return parsed, rejects


def _seen_before(parsed: dict[str, ListingRow]) -> list[RowReject]:
    """Note the ids of this chunk as seen, and report those that an earlier chunk of the file had already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO seen_listing SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING RETURNING external_id",
            [list(parsed)],
        )
        fresh = {external_id for (external_id,) in cursor.fetchall()}
    return [
        RowReject(
            row.line,
            row.external_id,
            "the same id stood earlier in the file: the later row was taken",
            "",
            whole_row=False,
        )
        for row in parsed.values()
        if row.external_id not in fresh
    ]


def _mark_absent(job: CatalogueImport) -> int:
    """What a whole feed no longer carries is no longer on sale; enforcement takes that as an observation."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE listings_listing l SET present = false, changed_at = %s WHERE l.platform_id = %s AND l.present
               AND NOT EXISTS (SELECT 1 FROM seen_listing s WHERE s.external_id = l.external_id)""",
            [timezone.now(), job.platform_id],
        )
        return cursor.rowcount


def upsert_listings(*, platform: Organisation, items: Sequence[Any], actor: Actor) -> list[ItemResult]:
    """Store up to 1,000 listings at once, as the API does; one result an item, in their order.

    An item is refused by itself and stops no other. Raises ValueError for more than 1,000.
    """
    actor.require("catalogue.import")
    if actor.platform_id not in (None, platform.pk):
        raise PermissionDenied("Listings can be stored for one's own platform only.")
    if len(items) > MOST_ITEMS:
        raise ValueError(f"{len(items):,} items; {MOST_ITEMS:,} are the most in one call: send several.")
    results: list[ItemResult] = []
    parsed: dict[str, ListingRow] = {}
    for place, item in enumerate(items, 1):
        if not isinstance(item, dict):
            results.append({"id": "", "result": "rejected", "reasons": [f"item {place} is not an object"]})
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
        stored = store(platform.pk, list(parsed.values()), job_id=None, at=timezone.now(), delta=True)
        audit.record(
            actor=actor,
            action="catalogue.upserted",
            subject=platform,
            after={"added": len(stored.added), "changed": len(stored.changed), "unchanged": stored.unchanged},
        )
    for result in results:
        if not result["result"]:
            known = (
                "created"
                if result["id"] in stored.added
                else "changed"
                if result["id"] in stored.changed
                else "unchanged"
            )
            result["result"] = known
    return results
