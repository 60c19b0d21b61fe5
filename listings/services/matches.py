"""Matching new and changed listings against all active notices; listings/services/notice_matches.py goes the other way.

The two together must not miss a pair. A batch of listings holds a shared lock of its platform, a notice an exclusive
one. So either the batch has committed its keys before the notice looks them up, or the batch starts after the notice
was matched, and then reads it among the active notices (docs/decisions/0006-matching-lock-for-each-platform.md). For the same
reason a batch may leave out a notice that is not matched yet, and does so where the notice is set aside: once it is
matched, it finds the listings of the batch.

Titles and descriptions are untrusted. A batch that one of them breaks is matched in parts and then row by row; a row
that breaks, or at which a worker died, is set aside with its error (portal/background/sweeping.py) and the others go
on.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Min, QuerySet

from listings.matching import Match, RecallIndex, keys_apart, quick_read
from listings.matching.copies import catalogue_keys
from listings.matching.settling import array_literal, stored_keys
from listings.matching_texts import index_of, listing_text, reading_of
from listings.models import Flag, Listing
from listings.services.flagging import flag_all
from listings.services.intake import Intake
from listings.services.removal_traces import NO_TRACES, Returned, Traces, joined, returned, traces_of
from listings.services.rule_switches import switched_off
from portal.background import sweeping
from portal.identity.actors import Actor
from portal.models import Organisation
from recalls import services as recalls
from recalls.models import Notice, RecallVersion

MATCH_LOCK = 0x0FF5_0003  # advisory lock class; the platform is the key
TURN_LOCK = 0x0FF5_1000  # advisory lock class of the first shard of a platform; the next has the next number
BATCH, MIN_BATCH = 500, 8
LEASE = timedelta(minutes=2)  # how long one listing or notice may take
UNMATCHED_TOO_OLD = timedelta(minutes=5)
SWEEP, NOTICES = "listings to match", "notices to match"

logger = logging.getLogger(__name__)


@contextmanager
def shard_turn(*, platform_id: int) -> Iterator[Callable[[], int] | None]:
    """A turn of one of the platform's MATCH_SHARDS shards: what matches a batch and returns how many rows that was;
    None where all shards are at work.

    After a turn that broke off, the row that killed its worker is among the first that are due: these are matched one
    by one.
    """
    shard = next(
        (number for number in range(settings.MATCH_SHARDS) if _try_lock(TURN_LOCK + number, platform_id)), None
    )
    if shard is None:
        yield None
        return
    try:
        platform = Organisation(pk=platform_id)
        with sweeping.turn(platform, sweep=f"turn of matching shard {shard + 1}") as broke_off:
            if broke_off:
                match_one_by_one(platform_id=platform_id)
            yield lambda: match_listings_due(platform_id=platform_id)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [TURN_LOCK + shard, platform_id])


def _try_lock(lock: int, platform_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [lock, platform_id])
        return bool(cursor.fetchone()[0])


def shards_at_work(*, platform_id: int) -> int:
    """How many batches of the platform are being matched at this moment, counted by the lock that each holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock' AND granted "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
            "AND classid = %s AND objid = %s AND objsubid = 2",
            [MATCH_LOCK, platform_id],
        )
        return int(cursor.fetchone()[0])


def match_listings_due(*, platform_id: int) -> int:
    """Match one batch of the platform's new and changed listings; returns how many it took. Run it until it returns 0.

    Keys, flags and the cleared mark commit together: a crash in the middle leaves the batch due. A batch that breaks is
    taken in parts. Rows that were set aside come last, and only when their next attempt is due.
    """
    rows = sweeping.fresh(_due(platform_id), sweep=SWEEP)
    batch: list[Listing] = []
    try:
        with transaction.atomic():
            lock_shared(platform_id)
            batch = list(rows.select_for_update(skip_locked=True, of=("self",))[:BATCH])
            if batch:
                _Matcher(platform_id).match(batch)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        if sweeping.database_is_gone(error):
            raise
        logger.exception("a batch of %s listings of platform %s broke; it is taken in parts", len(batch), platform_id)
        _match_parts(platform_id, [listing.pk for listing in batch])
    if batch:
        return len(batch)
    sweeping.forget_others(Listing.objects.filter(match_due=True), sweep=SWEEP)
    return _each(sweeping.again(_due(platform_id), sweep=SWEEP)[:BATCH], platform_id)


def _match_parts(platform_id: int, ids: Sequence[int]) -> None:
    """Match listings of a batch that broke: halves of it, and halves of these, down to a few that are matched one by
    one. So a broken listing costs little more than matching the batch again, however many batches a seller puts one
    into."""
    if len(ids) <= MIN_BATCH:
        _each(_due(platform_id).filter(pk__in=ids), platform_id)
        return
    for part in (ids[: len(ids) // 2], ids[len(ids) // 2 :]):
        try:
            with transaction.atomic():
                lock_shared(platform_id)
                due = _due(platform_id).select_for_update(skip_locked=True, of=("self",)).filter(pk__in=part)
                _Matcher(platform_id).match(list(due))
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:
            if sweeping.database_is_gone(error):
                raise
            _match_parts(platform_id, part)


def unmatched(*, now: datetime) -> sweeping.Backlog:
    """New and changed listings that have waited for their matching for longer than UNMATCHED_TOO_OLD."""
    late = Listing.objects.filter(match_due=True, match_due_since__lt=now - UNMATCHED_TOO_OLD).order_by()
    return sweeping.Backlog(**late.aggregate(count=Count("pk"), oldest=Min("match_due_since")))


def match_one_by_one(*, platform_id: int) -> int:
    """Match the first listings that are due each by itself, under a lease; returns how many were taken."""
    return _each(sweeping.ready(_due(platform_id), sweep=SWEEP)[: BATCH * settings.MATCH_SHARDS], platform_id)


def _each(rows: Iterable[Listing], platform_id: int) -> int:
    if not (rows := list(rows)):
        return 0
    matcher = _Matcher(platform_id)
    active_recalls(platform_id)  # a recall that kills whoever reads it does so before any listing is to blame

    def match(row: Listing) -> None:
        with transaction.atomic():
            lock_shared(platform_id)
            due = _due(platform_id).select_for_update(skip_locked=True, of=("self",)).filter(pk=row.pk)
            broke = [matcher.match_alone(listing) for listing in due]
        if problems := [error for errors in broke for error in errors]:
            raise problems[0]

    swept = sweeping.each(rows, match, sweep=SWEEP, atomic=False, lease=LEASE)
    if swept.stopped:
        raise SoftTimeLimitExceeded
    return swept.done + swept.broken


def _due(platform_id: int) -> QuerySet[Listing]:
    return Listing.objects.filter(platform_id=platform_id, match_due=True).order_by("match_due_since", "pk")


def lock_shared(platform_id: int) -> None:
    """Match beside others of a platform until the transaction ends; whoever matches a notice there waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [MATCH_LOCK, platform_id])


class Active(NamedTuple):
    """What to match against at one moment: an index, the notices by the number of their recall, and the rules that are
    switched off; and what removed listings showed."""

    recalls: RecallIndex
    notices: dict[str, list[int]]
    without: frozenset[str]
    traces: Traces

    def is_like(self, other: "Active") -> bool:
        """Whether a listing that matches none of the ones matches none of the others."""
        return self.recalls is other.recalls and self.without == other.without and self.traces is other.traces


def active_recalls(platform_id: int) -> Active:
    """What to match the platform's listings against at this moment."""
    numbers: dict[str, list[int]] = defaultdict(list)
    versions = set()
    active = Notice.objects.active().filter(platform_id=platform_id)
    usable = active.exclude(matched_at=None) | sweeping.fresh(active, sweep=NOTICES)
    rows = usable.order_by("version_id").values_list("pk", "version_id", "recall__number")
    for pk, version_id, number in rows:
        numbers[number].append(pk)
        versions.add(version_id)
    traces = traces_of(platform_id) if numbers else NO_TRACES
    return Active(_index_of(tuple(sorted(versions)), platform_id), numbers, switched_off(), traces)


class _Matcher:
    """Matches listings of one platform that the caller has locked, against its notices."""

    def __init__(self, platform_id: int) -> None:
        self._platform_id, self._actor = platform_id, Actor.system("matching")
        self._notices: dict[int, Notice] = {}

    def match(self, batch: Sequence[Listing]) -> None:
        """Match all together; raises where one of them breaks."""
        active = active_recalls(self._platform_id)
        keys = []
        intakes: dict[int, Intake] = {}
        for listing in batch:
            of_listing, found = self._found(listing, active)
            keys.append(stored_keys(of_listing))
            for match, earlier in found:
                for notice in self._named(active.notices[match.recall_number]):
                    intakes.setdefault(notice.pk, Intake(notice)).offer(listing, match, earlier)
        for pk, intake in intakes.items():
            self._flag(intake, self._notices[pk])
        _store(batch, keys)

    def match_alone(self, listing: Listing) -> list[Exception]:
        """Match one. What breaks with one notice costs that pair alone: it is returned, and the listing stays due."""
        active, broke = active_recalls(self._platform_id), []
        keys, found = self._found(listing, active)
        for match, earlier in found:
            for notice in self._named(active.notices[match.recall_number]):
                try:
                    with transaction.atomic():
                        intake = Intake(notice)
                        intake.offer(listing, match, earlier)
                        self._flag(intake, notice)
                except SoftTimeLimitExceeded:
                    raise
                except Exception as error:
                    if sweeping.database_is_gone(error):
                        raise
                    error.add_note(f"notice {notice.pk}")
                    broke.append(error)
        if not broke:
            _store([listing], [stored_keys(keys)])
        return broke

    def _found(self, listing: Listing, active: Active) -> tuple[set[str], list[tuple[Match, Flag | None]]]:
        """The keys of a listing, and the matches by its own words and by what removed listings showed, each with the
        removed one's flag, if it is by that."""
        text = listing_text(listing)
        shown = quick_read(text)
        apart = keys_apart(shown)
        keys = catalogue_keys(apart.stored(), text)
        if not active.notices or not listing.present:
            return keys, []
        again: dict[str, Returned] = {}
        if active.traces.touch(keys):
            again = returned(
                listing, text, keys, active.traces, active.without,
                lambda number: self._named(active.notices.get(number, ())),
            )  # fmt: skip
        found: list[tuple[Match, Flag | None]] = []
        of_words = apart.together(active.recalls.known_words)
        for match in active.recalls.match(text, active.without, shown, of_words):
            known = again.pop(match.recall_number, None)
            found.append((match, None) if known is None else (joined(match, known), known.earlier))
        return keys, [*found, *again.values()]

    def _flag(self, intake: Intake, notice: Notice) -> None:
        flag_all(intake.settle(), notice=notice, actor=self._actor)
        if intake.broken:
            raise intake.broken[0][1]

    def _named(self, pks: Sequence[int]) -> list[Notice]:
        if missing := [pk for pk in pks if pk not in self._notices]:
            self._notices |= (
                Notice.objects.select_related("recall", "version", "platform")
                .prefetch_related("version__products")
                .in_bulk(missing)
            )
        return [self._notices[pk] for pk in pks]


def _index_of(versions: tuple[int, ...], platform_id: int) -> RecallIndex:
    """The index over recalls; one that cannot be read sets its own notice aside and holds up no other."""
    try:
        return index_of(versions)
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        if sweeping.database_is_gone(error):
            raise
        logger.exception("an index over %s recalls could not be made", len(versions))
    readable, rows = [], RecallVersion.objects.select_related("recall").prefetch_related("products")
    for version in rows.filter(pk__in=versions):
        try:
            reading_of(version)
        except Exception as error:  # noqa: BLE001  whatever it is, it is kept with the notice
            for notice in Notice.objects.active().filter(platform_id=platform_id, version=version):
                recalls.match_again(notice=notice, reason=sweeping.error_text(error), actor=Actor.system("matching"))
                sweeping.set_aside(notice, sweep=NOTICES, error=error)
        else:
            readable.append(version.pk)
    return index_of(tuple(sorted(readable)))


def _store(batch: Sequence[Listing], keys: Sequence[list[str]]) -> None:
    literals = [array_literal(each) for each in keys]
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE listings_listing l SET keys = n.keys::text[], match_due = false
               FROM unnest(%s::bigint[], %s::text[]) AS n(id, keys) WHERE l.id = n.id""",
            [[listing.pk for listing in batch], literals],
        )
