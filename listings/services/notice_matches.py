"""Matching a notice against the whole catalogue of its platform (listings/services/matches.py says how the two fit)."""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial, reduce
from operator import or_
from typing import TYPE_CHECKING, TypeVar

from celery.exceptions import SoftTimeLimitExceeded
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from listings.matching import ListingText, RecallIndex, lookup_of, recall_keys
from listings.matching.settling import stored_keys
from listings.matching_texts import STORED_TEXT, reading_of, stored_text
from listings.models import Listing
from listings.services.flagging import flag_all
from listings.services.held_matches import follow_notice
from listings.services.intake import Found, Intake
from listings.services.matches import BATCH, LEASE, MATCH_LOCK, NOTICES, SWEEP
from listings.services.removal_traces import match_returned_again
from listings.services.rule_switches import switched_off
from listings.signals import notice_matching
from portal.background import sweeping
from portal.identity.actors import Actor
from recalls import services as recalls
from recalls.models import Notice

if TYPE_CHECKING:
    from listings.matching.bulk.filter import BulkFilter

MAX_BROKEN = 20  # listings that may break with a notice before the notice is taken to be at fault
AT_ONCE = 100  # listings that are flagged together
ASKED_AT_ONCE = 50  # searches of the index of keys in one statement
TOGETHER_FROM = 200  # listings of a batch from which making columns costs less than a quick read of each
Result = TypeVar("Result")

logger = logging.getLogger(__name__)


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
            .prefetch_related("version__products")
            .get(pk=notice.pk)
        )
        if notice.status != "active" or notice.matched_at is not None:
            return 0
        notice_matching.send(sender=Notice, notice=notice)
        recall = reading_of(notice.version)
        index, without = RecallIndex([recall]), switched_off()
        hopeful = _Hopeful(index)
        broken: list[int] = []

        def attempt(listing_id: int, act: Callable[[], Result]) -> Result | None:
            try:
                return act()
            except SoftTimeLimitExceeded:
                raise
            except Exception as error:
                if sweeping.database_is_gone(error) or len(broken) >= MAX_BROKEN:
                    raise
                broken.append(listing_id)
                sweeping.set_aside(Listing(pk=listing_id), sweep=SWEEP, error=error)
                return None

        intake = Intake(notice, whole=True)
        for texts in _texts_in_batches(ids_sharing_a_key(notice.platform_id, recall_keys(recall))):
            read += len(texts)
            matched = {
                pk: matches
                for (pk, text), among in zip(texts.items(), hopeful.among([*texts.values()]), strict=True)
                if (matches := attempt(pk, partial(index.match, text, without, among=among)))
            }
            for listing in Listing.objects.filter(pk__in=matched).order_by("pk"):
                for match in matched[listing.pk]:
                    attempt(listing.pk, partial(intake.offer, listing, match))
        opened += _flag(intake.settle(), notice, actor, attempt)
        for listing, error in intake.broken:
            attempt(listing.pk, partial(_raise, error))
        if intake.held:
            opened += follow_notice(notice=notice)
        match_returned_again(notice=notice)
        Listing.objects.filter(pk__in=broken).update(match_due=True, match_due_since=timezone.now())
        recalls.mark_matched(notice=notice, at=timezone.now(), read=read, flags=opened, actor=actor)
    return opened


class _Hopeful:
    """Rules out listings of large batches together, in columns; those that may match are judged one by one."""

    def __init__(self, index: RecallIndex) -> None:
        self._index = index
        self._filter: BulkFilter | None = None

    def among(self, texts: Sequence[ListingText]) -> list[Collection[int] | None]:
        """Of each listing the recalls that it may match, None where that is not known: in a small batch, and in one that
        a listing breaks, which then costs itself alone."""
        unknown: list[Collection[int] | None] = [None] * len(texts)
        if len(texts) < TOGETHER_FROM:
            return unknown
        try:
            if self._filter is None:
                self._filter = self._made()
            return self._filter.hopeful(texts)
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            logger.exception("%s listings could not be ruled out together", len(texts))
            self._filter = None  # it may be half-way through a piece
            return unknown

    def _made(self) -> "BulkFilter":
        from listings.matching.bulk.filter import BulkFilter  # noqa: PLC0415  numpy, which few programs need
        from listings.matching.bulk.tables import tables_of  # noqa: PLC0415

        return BulkFilter(tables_of(self._index.profiles, self._index.postings))


def _flag(
    found: Sequence[Found], notice: Notice, actor: Actor, attempt: Callable[[int, Callable[[], int]], int | None]
) -> int:
    """Flag what was found, a piece of it at a time; where a piece breaks, each by itself. Returns how many were."""
    opened = 0
    for start in range(0, len(found), AT_ONCE):
        piece = found[start : start + AT_ONCE]
        try:
            opened += flag_all(piece, notice=notice, actor=actor)
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:
            if sweeping.database_is_gone(error):
                raise
            logger.exception("%s listings of notice %s could not be flagged together", len(piece), notice.pk)
            for each in piece:
                opened += attempt(each.listing.pk, partial(flag_all, [each], notice=notice, actor=actor)) or 0
    return opened


def _raise(error: Exception) -> int:
    raise error


def ids_sharing_a_key(platform_id: int, keys: frozenset[str]) -> list[int]:
    """The matched listings that may share one of a recall's keys, in order: all that do, and a few others. Asked for
    unordered and without a cursor: else PostgreSQL would rather walk the whole table than use the index of the keys."""
    single, beside = lookup_of(keys)
    wanted = [Q(keys__overlap=stored_keys(single))]
    wanted += [Q(keys__contains=[word], keys__overlap=others) for word, others in beside.items()]
    rows = Listing.objects.filter(platform_id=platform_id, present=True, match_due=False).order_by()
    found: set[int] = set()
    for start in range(0, len(wanted), ASKED_AT_ONCE):
        found.update(rows.filter(reduce(or_, wanted[start : start + ASKED_AT_ONCE])).values_list("pk", flat=True))
    return sorted(found)


def _texts_in_batches(ids: list[int]) -> Iterator[dict[int, ListingText]]:
    """The texts of the listings with these ids, in order: all that most of them are asked for."""
    for start in range(0, len(ids), BATCH):
        rows = Listing.objects.filter(pk__in=ids[start : start + BATCH]).order_by("pk")
        yield {values[0]: stored_text(*values) for values in rows.values_list("pk", *STORED_TEXT)}


def in_batches(ids: list[int]) -> Iterator[Listing]:
    """The listings with these ids, in order, read a batch at a time."""
    for start in range(0, len(ids), BATCH):
        yield from Listing.objects.filter(pk__in=ids[start : start + BATCH]).order_by("pk")
