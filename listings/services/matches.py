"""Matching, both ways round: new and changed listings against all active notices, a new notice against all listings.

The two must not miss a pair between them. A batch of listings holds a shared lock of its platform, a notice an
exclusive one. So either the batch has committed its keys before the notice looks them up, or the batch starts after
the notice was matched, and then reads it among the active notices (docs/decisions/matching-takes-a-shared-lock.md).
"""

from collections import defaultdict
from collections.abc import Iterator

from django.db import connection, transaction
from django.utils import timezone

from listings.bridge import index_of, listing_text, reading_of
from listings.matching import RecallIndex, glance, listing_keys, recall_keys
from listings.models import Listing
from listings.services.flags import open_flag
from listings.services.rules import switched_off
from portal.actors import Actor
from recalls import services as recalls
from recalls.models import Notice

MATCH_LOCK = 0x0FF5_0003  # advisory lock class; the platform is the key
BATCH = 500


def match_listings_due(*, platform_id: int) -> int:
    """Match one batch of the platform's new and changed listings; returns how many. Run it until it returns 0.

    Keys, flags and the cleared mark commit together: a crash in the middle leaves the batch due.
    """
    actor = Actor.system("matching")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [MATCH_LOCK, platform_id])
        batch = list(
            Listing.objects.select_for_update(skip_locked=True)
            .filter(platform_id=platform_id, match_due=True)
            .order_by("pk")[:BATCH]
        )
        if not batch:
            return 0
        notices: dict[str, list[Notice]] = defaultdict(list)
        active = (
            Notice.objects.active()
            .filter(platform_id=platform_id)
            .select_related("recall", "version")
            .order_by("version_id")
        )
        for notice in active:
            notices[notice.recall.number].append(notice)
        index = index_of(tuple(sorted({notice.version_id for found in notices.values() for notice in found})))
        keys_of: list[str] = []
        without = switched_off()
        for listing in batch:
            text = listing_text(listing)
            keys = listing_keys(glance(text))
            keys_of.append("{" + ",".join(f'"{_escape(key)}"' for key in sorted(keys)) + "}")
            if notices and listing.present:
                for match in index.match(text, without):
                    for notice in notices[match.recall_number]:
                        open_flag(notice=notice, listing=listing, match=match, actor=actor)
        with connection.cursor() as cursor:
            cursor.execute(
                """UPDATE listings_listing l SET keys = n.keys::text[], match_due = false
                   FROM unnest(%s::bigint[], %s::text[]) AS n(id, keys) WHERE l.id = n.id""",
                [[listing.pk for listing in batch], keys_of],
            )
    return len(batch)


def shards_at_work(*, platform_id: int) -> int:
    """How many batches of the platform are being matched at this moment, told by the lock that each holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock' AND granted "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
            "AND classid = %s AND objid = %s AND objsubid = 2",
            [MATCH_LOCK, platform_id],
        )
        return int(cursor.fetchone()[0])


def match_notice(*, notice: Notice) -> int:
    """Look through the platform's whole catalogue for the notice's version; returns how many flags that opened.

    Listings that are still due are left to their batch, which will know this notice. Safe to run again.
    """
    actor, read, opened = Actor.system("matching"), 0, 0
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [MATCH_LOCK, notice.platform_id])
        notice = (
            Notice.objects.select_for_update(of=("self",))
            .select_related("recall", "version__recall", "platform")
            .get(pk=notice.pk)
        )
        if notice.status != "active" or notice.matched_at is not None:
            return 0
        recall = reading_of(notice.version)
        index, without = RecallIndex([recall]), switched_off()
        for listing in in_batches(ids_sharing_a_key(notice.platform_id, recall_keys(recall))):
            read += 1
            for match in index.match(listing_text(listing), without):
                if open_flag(notice=notice, listing=listing, match=match, actor=actor):
                    opened += 1
        recalls.mark_matched(notice=notice, at=timezone.now(), read=read, flags=opened, actor=actor)
    return opened


def ids_sharing_a_key(platform_id: int, keys: frozenset[str]) -> list[int]:
    """The matched listings with one of the keys, in order. Asked for unordered and without a cursor: else PostgreSQL would
    rather walk the whole table than use the index of the keys."""
    found = Listing.objects.filter(platform_id=platform_id, present=True, match_due=False, keys__overlap=sorted(keys))
    return sorted(found.order_by().values_list("pk", flat=True))


def in_batches(ids: list[int]) -> Iterator[Listing]:
    """The listings with these ids, in order, read a batch at a time."""
    for start in range(0, len(ids), BATCH):
        yield from Listing.objects.filter(pk__in=ids[start : start + BATCH]).order_by("pk")


def _escape(key: str) -> str:
    return key.replace("\\", "\\\\").replace('"', '\\"')
