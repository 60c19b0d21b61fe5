"""What a new version of a recall would do to the flags of its notices: the real matching, with nothing written.

It follows `match_notice`, the intake of a notice (listings/services/intake.py) and the judging of its flags by the new
version (listings/services/coverage.py). A page waits for it, so it stops after
SECONDS or MAX_READ listings and says how far it came; a listing that breaks costs itself.
"""

import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet

from listings.exclusion_scope import relisting_reason
from listings.matching import Match, RecallIndex, recall_keys
from listings.matching_texts import listing_text, reading_of
from listings.models import CoverageCheck, Flag, HeldMatch, Listing
from listings.services.coverage import JUDGED, closes, is_kept, judge, judged_before, reopens
from listings.services.flags import weigh
from listings.services.intake import is_exact, is_stronger, limit_of, undecided_by_seller
from listings.services.isolation import by_itself
from listings.services.matches import BATCH
from listings.services.notice_matches import ids_sharing_a_key
from listings.services.readings import read_version
from listings.services.rule_switches import switched_off
from listings.states import UNDECIDED, FlagStatus
from recalls.effects import NoticeEffects
from recalls.models import Notice, RecallVersion

SECONDS = 2.0  # for all notices together
MAX_READ = 2_000  # listings of all notices together, beside their flags

M = TypeVar("M", bound=Model)

WHERE = "the preview of a version"


def effects_on_notices(
    *, version: RecallVersion, notices: Iterable[Notice], widens: bool, until: float | None = None
) -> list[NoticeEffects]:
    """What the version would do to each of the notices, until a moment of time.monotonic(). Their flags come first; only
    a version that widens the recall has the catalogue matched again."""
    reading = read_version(version)
    preview = _Preview(RecallIndex([reading]), until or time.monotonic() + SECONDS)
    keys, found = recall_keys(reading), []
    versions = list(version.recall.versions.exclude(published_at=None).order_by("version").select_related("recall"))
    for notice in notices:
        effects = NoticeEffects(platform=notice.platform.name)
        notice.version = version  # in memory: exclusions and reopened flags are judged by the version they would have
        gained = preview.flags(notice, versions, effects)
        if widens:
            preview.catalogue(notice, keys, gained, effects)
        found.append(effects)
    return found


class _Preview:
    """One index and one limit of time and number for all notices."""

    def __init__(self, index: RecallIndex, until: float) -> None:
        self._index, self._until, self._room = index, until, MAX_READ
        self._without = switched_off()

    def flags(self, notice: Notice, versions: list[RecallVersion], effects: NoticeEffects) -> int:
        """Count what becomes of the flags that there are; how much room of the limit that gives, or takes if it is negative."""
        flags = Flag.objects.filter(notice=notice, status__in=JUDGED)
        ids = list(flags.order_by("pk").values_list("pk", flat=True))
        effects.candidates += len(ids)
        effects.waiting = CoverageCheck.objects.filter(notice=notice, done_at=None).exists()
        room = 0
        for flag in self._each(ids, flags.select_related("listing", "recall"), effects):
            with by_itself(flag, effects, where=WHERE):
                room += self._count(flag, notice, versions, effects)
        return room

    def _count(self, flag: Flag, notice: Notice, versions: list[RecallVersion], effects: NoticeEffects) -> int:
        before = judged_before(flag, versions)
        judged = judge(flag, self._index.readings[0], reading_of(before) if before else None)
        if closes(flag, judged):
            effects.closes += 1
            return int(flag.takes_room)
        if reopens(flag, notice, judged) is not None:
            effects.reopens += 1
            return -int(flag.takes_room)
        effects.kept += is_kept(flag, judged)
        effects.stays += flag.status in UNDECIDED
        return 0

    def catalogue(self, notice: Notice, keys: frozenset[str], gained: int, effects: NoticeEffects) -> None:
        """Count what the search of the catalogue would flag, and what would wait."""
        ids = ids_sharing_a_key(notice.platform_id, keys)
        unmatched = Listing.objects.filter(platform_id=notice.platform_id, present=True, match_due=True)
        effects.waiting = effects.waiting or unmatched.exists()
        flags = {flag.listing_id: flag for flag in Flag.objects.filter(notice=notice)}
        judged = {pk for pk, flag in flags.items() if flag.status in JUDGED}
        ids = [pk for pk in ids if pk not in judged]
        effects.candidates += len(ids)
        need_room = 0
        for listing in self._each(ids, Listing.objects.all(), effects):
            with by_itself(listing, effects, where=WHERE):
                match = self._weighed(notice, listing)
                if match is None:
                    continue
                if (flag := flags.get(listing.pk)) is not None:
                    flag.notice = notice
                    dismissed = flag.status == FlagStatus.DISMISSED
                    effects.opens += bool(dismissed and relisting_reason(flag, listing, match))
                elif is_exact(match):
                    effects.opens += 1
                else:
                    need_room += not _was_dismissed(notice, listing, match)
        undecided = undecided_by_seller(notice).total() - gained
        room = max(0, limit_of(notice.recall.regulator_id) - undecided)
        effects.opens += min(need_room, room)
        effects.waits += max(0, need_room - room)

    def _weighed(self, notice: Notice, listing: Listing) -> Match | None:
        matches = self._index.match(listing_text(listing), self._without)
        return weigh(notice=notice, listing=listing, match=matches[0]) if matches else None

    def _each(self, ids: list[int], rows: QuerySet[M], effects: NoticeEffects) -> Iterator[M]:
        """Those of `rows` with these ids, as far as time and number allow."""
        ids = ids[: max(0, self._room)]
        for start in range(0, len(ids), BATCH):
            for row in rows.filter(pk__in=ids[start : start + BATCH]).order_by("pk"):
                if time.monotonic() > self._until:
                    return
                self._room -= 1
                effects.read += 1
                yield row


def _was_dismissed(notice: Notice, listing: Listing, match: Match) -> bool:
    """Whether the regulator dismissed the listing while it was held back, and it matches no more strongly now."""
    row = HeldMatch.objects.filter(notice=notice, listing=listing).exclude(dismissed_at=None).first()
    return row is not None and not is_stronger(match, row)
