"""Matching a notice against the whole catalogue of its platform (listings/services/matches.py says how the two fit)."""

from collections.abc import Iterator

from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction
from django.utils import timezone

from listings.matching import RecallIndex, recall_keys
from listings.matching_texts import listing_text, reading_of
from listings.models import Listing
from listings.services.flags import open_flag
from listings.services.matches import BATCH, LEASE, MATCH_LOCK, NOTICES, SWEEP, stored_keys
from listings.services.rule_switches import switched_off
from listings.signals import notice_matching
from portal.background import sweeping
from portal.identity.actors import Actor
from recalls import services as recalls
from recalls.models import Notice

MAX_BROKEN = 20  # listings that may break with a notice before the notice is taken to be at fault


def match_notices_due(*, until: float | None = None) -> int:
    """Match the notices whose version is not matched yet, until a moment of time.monotonic; returns how many.

    One that breaks, or at which a worker died, is set aside and the others go on. Those that never broke come first.
    """
    due = Notice.objects.active().filter(matched_at=None).order_by("pk")
    sweeping.forget_others(due, sweep=NOTICES)
    matched = 0
    for rows in (sweeping.fresh(due, sweep=NOTICES), sweeping.again(due, sweep=NOTICES)):
        swept = sweeping.each(
            rows.iterator(), lambda notice: match_notice(notice=notice), sweep=NOTICES, until=until, atomic=False, lease=LEASE
        )  # fmt: skip
        matched += swept.done
        if swept.stopped:
            break
    return matched


def match_notice(*, notice: Notice) -> int:
    """Search the platform's whole catalogue for the notice's version; returns how many flags it opened.

    Listings that are still due are left to their batch, which will know this notice; so is one that breaks, which is
    set aside. Safe to run again. Raises where the notice itself is at fault; then nothing is stored.
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
        notice_matching.send(sender=Notice, notice=notice)
        recall = reading_of(notice.version)
        index, without = RecallIndex([recall]), switched_off()
        broken: list[Listing] = []
        for listing in in_batches(ids_sharing_a_key(notice.platform_id, recall_keys(recall))):
            read += 1
            try:
                if matches := index.match(listing_text(listing), without):
                    with transaction.atomic():
                        for match in matches:
                            opened += open_flag(notice=notice, listing=listing, match=match, actor=actor) is not None
            except SoftTimeLimitExceeded:
                raise
            except Exception as error:
                if sweeping.database_is_gone(error) or len(broken) >= MAX_BROKEN:
                    raise
                broken.append(listing)
                sweeping.set_aside(listing, sweep=SWEEP, error=error)
        Listing.objects.filter(pk__in=[listing.pk for listing in broken]).update(
            match_due=True, match_due_since=timezone.now()
        )
        recalls.mark_matched(notice=notice, at=timezone.now(), read=read, flags=opened, actor=actor)
    return opened


def ids_sharing_a_key(platform_id: int, keys: frozenset[str]) -> list[int]:
    """The matched listings with one of the keys, in order. Asked for unordered and without a cursor: else PostgreSQL
    would rather walk the whole table than use the index of the keys."""
    found = Listing.objects.filter(
        platform_id=platform_id, present=True, match_due=False, keys__overlap=stored_keys(keys)
    )
    return sorted(found.order_by().values_list("pk", flat=True))


def in_batches(ids: list[int]) -> Iterator[Listing]:
    """The listings with these ids, in order, read a batch at a time."""
    for start in range(0, len(ids), BATCH):
        yield from Listing.objects.filter(pk__in=ids[start : start + BATCH]).order_by("pk")
