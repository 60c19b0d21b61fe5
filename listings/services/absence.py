"""Which listings a full feed has, and which are no longer in it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection
from django.utils import timezone

from listings.ingest.rows import ListingRow, RowReject
from listings.matching.settling import array_literal
from listings.models import CatalogueImport
from listings.states import ImportStatus


def prepare_seen() -> None:
    """Make, or empty, this connection's table of the ids that a feed carries."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE IF NOT EXISTS seen_listing (external_id text PRIMARY KEY)")
        cursor.execute("TRUNCATE seen_listing")


def note_seen(ids: Sequence[str], rows: Mapping[str, ListingRow] | None = None) -> list[RowReject]:
    """Note ids as present; of `rows`, report those that were already in an earlier chunk of the file."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO seen_listing SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING RETURNING external_id",
            [array_literal(ids)],
        )
        fresh = {external_id for (external_id,) in cursor.fetchall()}
    return [
        RowReject(
            row.line, row.external_id, "the same id is earlier in the file: the later row was used; keep one row per id", "", False,
            "duplicate id", "id",
        )
        for row in (rows or {}).values()
        if row.external_id not in fresh
    ]  # fmt: skip


def carried_and_on_sale(job: CatalogueImport, begun: datetime) -> tuple[int, int]:
    """How many of the listings that were on sale before the feed are in it, and how many were on sale.

    Listings from full feeds that were not confirmed since the last good one do not count: otherwise a broken feed that
    is uploaded again would be measured by its own rows.
    """
    full = CatalogueImport.objects.filter(
        platform_id=job.platform_id, kind=CatalogueImport.Kind.FULL, pk__lt=job.pk
    ).order_by("pk")
    good = full.filter(status=ImportStatus.DONE).last()
    doubtful = full.exclude(status=ImportStatus.DONE).filter(pk__gt=good.pk if good else 0).first()
    if doubtful is not None:
        begun = min(begun, doubtful.created_at)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(s.external_id), count(*) FROM listings_listing l LEFT JOIN seen_listing s ON s.external_id = l.external_id
               WHERE l.platform_id = %s AND l.present AND l.first_seen_at < %s""",
            [job.platform_id, begun],
        )
        carried, on_sale = cursor.fetchone()
        return carried, on_sale


def mark_absent(job: CatalogueImport, *, before: datetime) -> int:
    """Mark listings absent that are not in a complete feed and not in an import after `before`: the platform reports them
    as no longer on sale, and enforcement records that as an observation."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE listings_listing l SET present = false, changed_at = %s WHERE l.platform_id = %s AND l.present
               AND l.changed_at <= %s AND coalesce(l.seen_in_id, 0) <= %s
               AND NOT EXISTS (SELECT 1 FROM seen_listing s WHERE s.external_id = l.external_id)""",
            [timezone.now(), job.platform_id, before, job.pk],
        )
        return cursor.rowcount
