"""Storing rows of a catalogue: COPY into a staging table, then a few statements for all of them together."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from django.db import DatabaseError, DataError, OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper

from listings.ingest.rows import ListingRow, RowReject
from listings.matching.settling import array_literal

STORE_LOCK = 0x0FF5_0002  # advisory lock class: one writer of a platform's catalogue at a time

_TEXTS = (
    *("title", "description", "brand", "gtin", "mpn", "seller", "category", "currency", "link", "image_link"),
    *("supplier", "minimum_order", "price_ladder", "destinations"),
)
NONE_SETTLED: Mapping[str, str] = MappingProxyType({})
_MATTER = ("title", "description", "brand", "gtin", "mpn", "seller", "category", "image_link")  # to matching
_GIVEN = ("external_id", *_TEXTS, "digest")
_NAMES = ", ".join((*_TEXTS, "price", "digest"))
_VALUES = ", ".join(f"s.{name}" for name in (*_TEXTS, "price", "digest"))
_DIFFERS = "(l.digest <> s.digest OR NOT l.present)"
_texts_of = attrgetter(*_GIVEN)
SEPARATOR, _LINE_END, _NULL = "\x1f", "\x1e", "\x1d"  # a row has no control characters but tabs and ends of lines
_ESCAPED = (("\\", r"\\"), ("\n", r"\n"), ("\r", r"\r"), (_LINE_END, "\n"))  # in this order
COPY = f"COPY staged_listing ({', '.join(_GIVEN)}, keys, price) FROM STDIN (DELIMITER E'\\x1f', NULL E'\\x1d')"

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Stored:
    """The result of storing a batch, by external id."""

    added: set[str]
    changed: set[str]
    total: int

    @property
    def unchanged(self) -> int:
        return self.total - len(self.added) - len(self.changed)


def prepare_staging() -> None:
    """Make this connection's staging table; rows vanish when the transaction ends."""
    columns = ", ".join(f"{name} text" for name in ("external_id", *_TEXTS, "digest"))
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS staged_listing ({columns}, price numeric(14,2), keys text[]) "
            "ON COMMIT DELETE ROWS"
        )


def stored_ids(platform_id: int, ids: Collection[str]) -> set[str]:
    """Those of the ids that listings of the platform have."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT external_id FROM listings_listing WHERE platform_id = %s AND external_id = ANY(%s::text[])",
            [platform_id, array_literal(list(ids))],
        )
        return {external_id for (external_id,) in cursor.fetchall()}


def _copied(rows: Sequence[ListingRow], settled: Mapping[str, str]) -> bytes:
    """The rows as COPY reads them: all at once, since each part that is handed over separately costs a wait.

    Raises DataError where a row has what ends one, which no row that was parsed has.
    """
    lines = [
        SEPARATOR.join(
            (*_texts_of(row), settled.get(row.external_id, _NULL), _NULL if row.price is None else str(row.price))
        )
        for row in rows
    ]
    text = _LINE_END.join([*lines, ""])
    if text.count(_LINE_END) != len(lines):
        raise DataError("a text has a separator of rows")
    for plain, escaped in _ESCAPED:
        text = text.replace(plain, escaped)
    return text.encode()


def _changed(cursor: CursorWrapper, given: Mapping[str, Any], where: str) -> set[str]:
    """Update the listings that differ from their staged rows, `FROM … WHERE` them, and keep what they said before."""
    different = " OR ".join(f"l.{name} IS DISTINCT FROM s.{name}" for name in _MATTER)
    old = ", ".join(f"'{name}', CASE WHEN l.{name} IS DISTINCT FROM s.{name} THEN l.{name} END" for name in _TEXTS)
    cursor.execute(
        f"""INSERT INTO listings_listingchange (listing_id, at, job_id, before)
            SELECT l.id, %(at)s, %(job)s, jsonb_strip_nulls(jsonb_build_object({old},
                'price', CASE WHEN l.price IS DISTINCT FROM s.price THEN l.price::text END,
                'present', CASE WHEN NOT l.present THEN false END))
            {where}""",
        given,
    )
    cursor.execute(
        f"""UPDATE listings_listing l SET ({_NAMES}) = ROW({_VALUES}), changed_at = %(at)s, present = true,
                match_due = l.match_due OR NOT l.present OR {different},
                match_due_since = CASE WHEN l.match_due THEN l.match_due_since ELSE %(at)s END,
                picture_hash = CASE WHEN l.image_link = s.image_link THEN l.picture_hash ELSE '' END,
                picture_seen_at = CASE WHEN l.image_link = s.image_link THEN l.picture_seen_at END
            FROM staged_listing s WHERE l.platform_id = %(platform)s AND l.external_id = s.external_id
                AND {_DIFFERS} RETURNING l.external_id""",
        given,
    )
    return {external_id for (external_id,) in cursor.fetchall()}


def store(
    platform_id: int,
    rows: Sequence[ListingRow],
    *,
    job_id: int | None,
    at: datetime,
    delta: bool,
    settled: Mapping[str, str] = NONE_SETTLED,
) -> Stored:
    """Store rows with distinct ids, inside the caller's transaction. The same rows again change nothing.

    `settled` are the keys of rows that are known to match no active notice, by external id, as `array_literal` writes
    them: a new one of these rows is stored with its keys and need not be matched.

    A row that changed keeps its old values in ListingChange and, unless only price or link changed, is matched again;
    so is one that had been absent. In a delta every row it carries is marked as seen.
    """
    here = "FROM staged_listing s JOIN listings_listing l ON l.platform_id = %(platform)s AND l.external_id = s.external_id"
    given = {"platform": platform_id, "job": job_id, "at": at}
    copied = _copied(rows, settled)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM staged_listing")
        # COPY fails when it ends, past Django's cursor, with an error of psycopg's own.
        with connection.wrap_database_errors, cursor.copy(COPY) as copy:
            copy.write(copied)
        cursor.execute(f"SELECT count(*), count(*) FILTER (WHERE {_DIFFERS}) {here}", given)
        known, different = cursor.fetchone()
        changed = _changed(cursor, given, f"{here} WHERE {_DIFFERS}") if different else set()
        unless_known = "WHERE NOT EXISTS (SELECT 1 FROM listings_listing l WHERE l.platform_id = %(platform)s AND l.external_id = s.external_id)"
        cursor.execute(
            f"""INSERT INTO listings_listing (platform_id, external_id, {_NAMES}, seen_in_id, first_seen_at, changed_at, match_due_since,
                    keys, match_due)
                SELECT %(platform)s, s.external_id, {_VALUES}, %(job)s, %(at)s, %(at)s, %(at)s, coalesce(s.keys, '{{}}'),
                    s.keys IS NULL FROM staged_listing s {unless_known if known else ""}
                ON CONFLICT (platform_id, external_id) DO NOTHING RETURNING external_id""",
            given,
        )
        added = {external_id for (external_id,) in cursor.fetchall()}
        if delta and job_id is not None:
            # Those that were added have it already: to write them twice would cost as much as to add them.
            marked = f"{here} WHERE u.id = l.id AND l.seen_in_id IS DISTINCT FROM %(job)s"
            cursor.execute(f"UPDATE listings_listing u SET seen_in_id = %(job)s {marked}", given)
    return Stored(added, changed, len(rows))


def store_apart(
    platform_id: int,
    rows: Sequence[ListingRow],
    *,
    job_id: int | None,
    at: datetime,
    delta: bool,
    settled: Mapping[str, str] = NONE_SETTLED,
) -> tuple[Stored, list[RowReject]]:
    """As `store`, but a row that the database rejects is left out and reported; it is found by halving the batch.

    Raises errors that are not about a row: a lost connection, a server that stops.
    """
    try:
        with transaction.atomic():
            return store(platform_id, rows, job_id=job_id, at=at, delta=delta, settled=settled), []
    except OperationalError as error:
        # Exceeding the limits of an index is also an OperationalError (SQLSTATE 54000), and is about a row.
        if not str(getattr(error.__cause__, "sqlstate", "") or "").startswith("54"):
            raise
        broke: Exception = error
    except (DatabaseError, UnicodeEncodeError) as error:
        broke = error
    if len(rows) == 1:
        logger.warning("a row of platform %s could not be stored: %s", platform_id, broke)
        detail = f"the database rejected the row ({str(broke).splitlines()[0][:200]}): shorten its texts"
        return Stored(set(), set(), 0), [
            RowReject(rows[0].line, rows[0].external_id, detail, "", cause="rejected by the database")
        ]
    half = len(rows) // 2
    one, first = store_apart(platform_id, rows[:half], job_id=job_id, at=at, delta=delta, settled=settled)
    two, second = store_apart(platform_id, rows[half:], job_id=job_id, at=at, delta=delta, settled=settled)
    return Stored(one.added | two.added, one.changed | two.changed, one.total + two.total), first + second
