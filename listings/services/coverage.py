"""What a new version of a recall does to the flags that there are: those it no longer covers are closed, and opened again
where a later version covers them (`listings/services/flags.py: cover_again`).

A flag is judged as a pair of texts, so that a candidate key that is gone decides nothing. It is closed only where the new
version is the reason: the version it was judged by before matches the listing still, as it is or as it was flagged, and
the new one matches neither. So a seller who edits the listing closes nothing by the next correction, and neither does a
rule that was switched off. What someone holds, claimed or had removed is theirs: it is only noted, and listed for the
regulator.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from listings.coverage_words import NOT_COVERED
from listings.matching import ListingText, Match, RecallReading, compare, read_listing
from listings.matching_texts import flagged_text, listing_text, reading_of
from listings.models import CoverageCheck, Flag
from listings.services.flags import change_status, cover_again, weigh
from listings.services.rule_switches import switched_off
from listings.services.seller_links import close_seller_links
from listings.states import CLAIMED, PROVED, UNDECIDED, FlagStatus
from portal.background import sweeping
from portal.identity.actors import Actor
from portal.models import Role, User
from portal.notifications.outbox import notify
from recalls.effects import VersionOutcome
from recalls.models import Notice, Recall, RecallVersion

CHECKS, FLAGS = "notices that follow a version", "flags under a new version"
PIECE = 200  # flags that are looked up at a time
LEASE = timedelta(minutes=2)
JUDGED = UNDECIDED | CLAIMED | PROVED | {FlagStatus.NOT_COVERED}
"""What is judged again. A dismissed flag is opened again by its own rules (listings/exclusion_scope.py)."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a version says of a flag: the match with the listing as it is now, or else as it was flagged, if there is one;
    and whether the version is the reason where there is none."""

    match: Match | None
    as_it_is: bool = True
    is_left_out: bool = False


def judge(flag: Flag, reading: RecallReading, before: RecallReading | None) -> Judged:
    """Compare the texts of a flag with the reading of a version, and with that of the version before where they fit it
    no longer. Writes nothing."""
    now, flagged = listing_text(flag.listing), flagged_text(flag)
    if (match := _match(reading, now)) is not None:
        return Judged(match)
    if (match := _match(reading, flagged)) is not None:
        return Judged(match, as_it_is=False)
    matched = before is not None and any(_match(before, text) is not None for text in (flagged, now))
    return Judged(None, is_left_out=matched or not flag.covered)


def _match(reading: RecallReading, text: ListingText) -> Match | None:
    match = compare(reading, read_listing(text), switched_off())
    return match if match is not None and match.band != "no" else None


def is_held(flag: Flag) -> bool:
    """Whether a moderator holds the flag now."""
    return (
        flag.claimed_by_id is not None and flag.claim_expires_at is not None and flag.claim_expires_at > timezone.now()
    )


def closes(flag: Flag, judged: Judged) -> bool:
    """Whether the flag is closed by what was judged; else, if it is left out, it is only noted."""
    return judged.is_left_out and flag.status in UNDECIDED and not is_held(flag)


def is_kept(flag: Flag, judged: Judged) -> bool:
    """Whether the flag is not covered and stays as it is, because someone holds, claimed or decided it."""
    return judged.is_left_out and flag.status != FlagStatus.NOT_COVERED and not closes(flag, judged)


def reopens(flag: Flag, notice: Notice, judged: Judged) -> Match | None:
    """The match by which a flag that was not covered is opened again; None where an exclusion covers it, or nothing."""
    if flag.status != FlagStatus.NOT_COVERED or judged.match is None:
        return None
    return weigh(notice=notice, listing=flag.listing, match=judged.match)


def judged_before(flag: Flag, versions: Iterable[RecallVersion]) -> RecallVersion | None:
    """The version by which the flag was judged last, of the recall's `versions` in force, oldest first."""
    found = None
    for version in versions:
        if version.pk == flag.judged_by_id:
            return version
        if flag.judged_by_id is None and version.published_at and version.published_at <= flag.opened_at:
            found = version
    return found


def flags_to_judge(notice: Notice, version: RecallVersion) -> QuerySet[Flag]:
    """The flags of a notice that the version has not judged yet."""
    rows = Flag.objects.filter(Q(judged_by=None) | ~Q(judged_by=version), notice=notice, status__in=JUDGED)
    return rows.select_related("listing", "recall").order_by("pk")


def begin_coverage_check(*, notice: Notice) -> CoverageCheck:
    """Have the flags of a notice judged by the version that it follows from now on. Once for each version."""
    return CoverageCheck.objects.get_or_create(notice=notice, version_id=notice.version_id)[0]


def check_coverage_due(*, until: float | None = None) -> int:
    """Go on with all checks that are not done, until a moment of time.monotonic; returns how many were gone on with."""
    due = CoverageCheck.objects.filter(done_at=None).order_by("pk")
    sweeping.forget_others(due, sweep=CHECKS)
    waiting = Flag.objects.filter(Exists(due.filter(notice=OuterRef("notice"))), status__in=JUDGED)
    sweeping.forget_others(waiting, sweep=FLAGS)
    rows = sweeping.ready(due, sweep=CHECKS)
    swept = sweeping.each(
        rows, lambda check: follow_check(check=check, until=until), sweep=CHECKS, until=until, atomic=False, lease=LEASE
    )
    return swept.done


def follow_check(*, check: CoverageCheck, until: float | None = None) -> CoverageCheck:
    """Judge the flags of a check one by one; one that breaks is set aside and tried again, and the others go on. Who has to
    know is told once no other is left. Safe to run again and by two workers."""
    notice = Notice.objects.select_related("recall", "version", "platform").get(pk=check.notice_id)
    if notice.status != "active" or notice.version_id != check.version_id:  # the check of a later version has them all
        _finish(check, notice)
        return check
    versions = list(notice.recall.versions.exclude(published_at=None).order_by("version").select_related("recall"))
    open_ones = flags_to_judge(notice, notice.version)
    while rows := list(sweeping.ready(open_ones, sweep=FLAGS)[:PIECE]):
        swept = sweeping.each(
            rows, lambda flag: judge_flag(flag=flag, check=check, notice=notice, versions=versions), sweep=FLAGS,
            until=until, lease=LEASE,
        )  # fmt: skip
        if swept.stopped or not swept.done + swept.broken:
            return check
    _finish(check, notice, is_done=not open_ones.exists())
    return check


def judge_flag(*, flag: Flag, check: CoverageCheck, notice: Notice, versions: list[RecallVersion]) -> None:
    """Judge one flag by the version of a check, and close it, open it again, or note that it is not covered."""
    with transaction.atomic():
        row = flags_to_judge(notice, notice.version).select_for_update(of=("self",)).filter(pk=flag.pk).first()
        if row is None:
            return
        before = judged_before(row, versions)
        reading = reading_of(notice.version)
        judged = judge(row, reading, reading_of(before) if before and before.pk != notice.version_id else None)
        actor = Actor.system("new version")
        if closes(row, judged):
            close_not_covered(flag=row, version=notice.version, actor=actor)
            _count(check, "closed")
        elif (match := reopens(row, notice, judged)) is not None:
            cover_again(flag=row, notice=notice, match=match, as_it_is=judged.as_it_is, actor=actor)
        else:
            if is_kept(row, judged):
                _count(check, "kept")
            Flag.objects.filter(pk=row.pk).update(judged_by=notice.version, covered=not judged.is_left_out)


def close_not_covered(*, flag: Flag, version: RecallVersion, actor: Actor) -> Flag:
    """Close an undecided flag that a version of its recall no longer covers: its clock ends, and its seller's links. It is
    opened again by `cover_again`. Raises IllegalTransition where it is decided."""
    reason = NOT_COVERED % {"version": version.version}
    change_status(
        flag, FlagStatus.NOT_COVERED, actor=actor, reason=reason, closed_at=timezone.now(), judged_by=version, covered=False,
        claimed_by=None, claim_expires_at=None,
    )  # fmt: skip
    close_seller_links(flag=flag, actor=actor, reason=reason)
    return flag


def outcomes_of(*, recall: Recall, actor: Actor) -> dict[int, VersionOutcome]:
    """Version → what it did to the flags of the notices that the actor may see."""
    checks = CoverageCheck.objects.visible_to(actor).filter(notice__recall=recall).order_by()
    rows = checks.values("version_id").annotate(
        all_closed=Sum("closed"), all_reopened=Sum("reopened"), all_kept=Sum("kept"),
        going_on=Count("pk", filter=Q(done_at=None)),
    )  # fmt: skip
    kept_url = f"{reverse('listings:queue')}?view=all&covered=no&recall={quote(recall.number)}"
    return {
        row["version_id"]: VersionOutcome(
            row["all_closed"], row["all_reopened"], row["all_kept"], kept_url, bool(row["going_on"])
        )
        for row in rows
    }


def _count(check: CoverageCheck, name: str) -> None:
    CoverageCheck.objects.filter(pk=check.pk).update(**{name: F(name) + 1})


def _finish(check: CoverageCheck, notice: Notice, *, is_done: bool = True) -> None:
    """Tell both sides what changed since they were told last; what was set aside may change something yet."""
    with transaction.atomic():
        row = CoverageCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
        changed = row.closed + row.reopened
        if changed > row.told:
            _tell_platform(row, notice)
        if row.kept and is_done:
            _tell_regulator(row, notice)
        row.told, row.done_at = changed, timezone.now() if is_done else None
        row.save(update_fields=["told", "done_at"])


def _tell_platform(row: CoverageCheck, notice: Notice) -> None:
    recall, version = notice.recall.number, row.version.version
    told = []
    if row.closed:
        told.append(f"Closed, as version {version} no longer covers the listing: {_flags(row.closed)}.")
    if row.reopened:
        told.append(f"Open again, as version {version} covers the listing again: {_flags(row.reopened)}.")
    notify(
        people=notice.platform.people.filter(is_active=True),
        key=f"coverage:{row.pk}:{row.closed + row.reopened}",
        subject=f"Version {version} of recall {recall} changes which listings are covered",
        body=" ".join(told),
        link=f"{reverse('listings:queue')}?view=all&notice={notice.pk}",
        platform=notice.platform,
    )


def _tell_regulator(row: CoverageCheck, notice: Notice) -> None:
    recall, version = notice.recall.number, row.version.version
    notify(
        people=User.objects.filter(organisation=notice.recall.regulator_id, role=Role.REGULATOR_STAFF, is_active=True),
        key=f"coverage:{row.pk}:kept",
        subject=f"Version {version} of recall {recall} no longer covers {_flags(row.kept)} that someone acted on",
        body=(
            f"Someone at {notice.platform} holds, claimed or removed what is no longer covered, so nothing was closed. "
            "Decide what becomes of it."
        ),
        link=f"{reverse('listings:queue')}?view=all&covered=no&notice={notice.pk}",
    )


def _flags(number: int) -> str:
    return f"{number:,} flag" if number == 1 else f"{number:,} flags"
