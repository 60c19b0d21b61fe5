"""Dry runs: match a version of a recall against every catalogue, without flags, clocks or notifications."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from listings.matching import Match, RecallIndex, recall_keys
from listings.matching_texts import listing_text
from listings.models import DryRun, DryRunResult, Flag, Listing, ReadingCorrection
from listings.services.flags import weigh
from listings.services.matches import BATCH
from listings.services.notice_matches import ids_sharing_a_key, in_batches
from listings.services.readings import read_version
from listings.services.rule_switches import switched_off
from portal import audit
from portal.background.jobs import turn, work_on
from portal.background.sweeping import run_jobs_due
from portal.identity.actors import Actor
from portal.models import Organisation
from portal.models.jobs import WAITS_OR_BROKE_OFF, JobStatus
from portal.transitions import IllegalTransition, LostRace, move
from recalls.models import Notice, RecallVersion
from recalls.states import RecallStatus

DRY_RUN_LOCK = 0x0FF5_0004  # advisory lock class: one worker a run
TURN_LOCK = 0x0FF5_0013  # advisory lock class: one worker makes dry runs, the others go on with files
SAMPLES = 10  # of each platform: half of them the strongest matches, half the weakest


class VersionChanged(Exception):
    """The version was edited after its run started, so counts before and after would not belong together."""


def start_dry_run(*, version: RecallVersion, actor: Actor) -> DryRun:
    """Queue a search for a version in the catalogues of the platforms that the actor could send it to; a worker runs
    it.

    Returns the version's dry run that is already under way, if there is one. Can be cancelled until it is done.
    """
    actor.require("dry_run.make")
    recall = version.recall
    if actor.regulator_id not in (None, recall.regulator_id):
        raise PermissionDenied(gettext_noop("You can start dry runs only for recalls of your own regulator."))
    if recall.status == RecallStatus.WITHDRAWN:
        detail = gettext_noop("Recall %(number)s is withdrawn, so there is nothing to search for.")
        raise IllegalTransition(detail, {"number": recall.number})
    platforms = list(Organisation.objects.visible_to(actor).platforms())
    with transaction.atomic():
        try:
            with transaction.atomic():
                run = DryRun.objects.create(
                    version=version,
                    regulator_id=recall.regulator_id,
                    created_by_id=actor.user_id,
                    digest=version.digest,
                )
        except IntegrityError:
            return DryRun.objects.get(version=version, status__in=WAITS_OR_BROKE_OFF)
        DryRunResult.objects.bulk_create(DryRunResult(run=run, platform=platform) for platform in platforms)
        after = {"recall": recall.number, "version": version.version, "platforms": len(platforms)}
        audit.record(actor=actor, action="dry_run.queued", subject=run, after=after)
    return run


def cancel_dry_run(*, run: DryRun, actor: Actor) -> DryRun:
    """Stop a dry run; platforms that were already searched keep their counts."""
    return move(run, JobStatus.CANCELLED, actor=actor, finished_at=timezone.now())


def forget_version(*, version: RecallVersion) -> None:
    """Delete what is kept of a version that is being discarded: its dry runs, and corrections of what is read from it.

    Inside the transaction that discards it. Raises IllegalTransition while one of its dry runs is under way.
    """
    runs = DryRun.objects.select_for_update(of=("self",)).filter(version=version)
    if any(run.status in WAITS_OR_BROKE_OFF for run in runs):
        raise IllegalTransition(gettext_noop("A dry run of this version is under way. Cancel it first."))
    runs.delete()
    ReadingCorrection.objects.filter(version=version).delete()


def run_dry_runs_due() -> None:
    """Run dry runs that wait, and those whose worker died, in one worker at a time; the others return at once."""
    with turn(TURN_LOCK, 1) as mine:
        if mine:
            run_jobs_due(DryRun.objects.all(), run_dry_run, owner="regulator", sweep="dry runs")


def run_dry_run(run: DryRun) -> DryRun:
    """Run or resume a dry run; safe to call again after a crash and by two workers at once (the second does nothing).

    A platform that was searched before the crash is not searched again.
    """
    actor = Actor.system("dry run")
    lock = (DRY_RUN_LOCK, run.pk)
    return work_on(run, lock=lock, unreadable=(VersionChanged,), actor=actor, run=lambda run: _run(run, actor))


@dataclass(frozen=True, slots=True)
class _Hit:
    listing: Listing
    match: Match
    already: bool

    def as_sample(self, platform: Organisation) -> dict[str, Any]:
        self.listing.platform = platform  # whose addresses it has
        return {
            "listing": self.listing.external_id,
            "title": self.listing.title[:300],
            "brand": self.listing.brand,
            "seller": self.listing.seller,
            "link": self.listing.page_url,
            "score": self.match.score,
            "band": self.match.band,
            "already": self.already,
            "evidence": [{"weight": item.weight, "says": item.detail} for item in self.match.evidence],
        }


@dataclass
class _Found:
    """What was found on a platform so far: all counts, and the strongest and weakest hits."""

    counts: Counter[str] = field(default_factory=Counter)
    strongest: list[_Hit] = field(default_factory=list)
    weakest: list[_Hit] = field(default_factory=list)

    def add(self, hit: _Hit) -> None:
        self.counts["to_flag" if hit.match.band == Flag.Band.FLAG else "to_ask"] += 1
        self.counts["already"] += hit.already
        ordered = sorted([*self.strongest, *self.weakest, hit], key=lambda each: (-each.match.score, each.listing.pk))
        half = SAMPLES // 2
        self.strongest, self.weakest = ordered[:half], ordered[half:][-half:]


def _run(run: DryRun, actor: Actor) -> DryRun:
    version = RecallVersion.objects.select_related("recall").get(pk=run.version_id)
    reading = read_version(version)
    index, keys, without = RecallIndex([reading]), recall_keys(reading), switched_off()
    results = list(run.results.select_related("platform"))
    for place, result in enumerate(results):
        if result.done_at is not None:
            continue
        notice = Notice(recall=version.recall, version=version, platform=result.platform)  # never stored
        ids = ids_sharing_a_key(result.platform_id, keys)
        flagged = set(Flag.objects.filter(recall=version.recall, listing__in=ids).values_list("listing_id", flat=True))
        found = _Found()
        for number, listing in enumerate(in_batches(ids)):
            if number % BATCH == 0:
                _record_progress(run, 100 * (place + number / len(ids)) / len(results))
            for match in index.match(listing_text(listing), without):
                weighed = weigh(notice=notice, listing=listing, match=match)
                if weighed is None:
                    found.counts["excluded"] += 1
                else:
                    found.add(_Hit(listing, weighed, listing.pk in flagged))
        _record_progress(run, 100 * (place + 1) / len(results))
        waiting = Listing.objects.filter(platform_id=result.platform_id, present=True, match_due=True).count()
        for name, count in {**found.counts, "compared": len(ids), "not_matched_yet": waiting}.items():
            setattr(result, name, count)
        result.samples = [hit.as_sample(result.platform) for hit in (*found.strongest, *found.weakest)]
        result.done_at = timezone.now()
        result.save()
    return move(run, JobStatus.DONE, actor=actor, finished_at=timezone.now(), progress=100)


def _record_progress(run: DryRun, percent: float) -> None:
    """Record the progress; raises where the run was cancelled or the version was edited."""
    if not RecallVersion.objects.filter(pk=run.version_id, digest=run.digest).exists():
        raise VersionChanged(gettext_noop("The recall was edited since the dry run started. Start another dry run."))
    alive = {"progress": min(99, int(percent)), "heartbeat_at": timezone.now()}
    if not DryRun.objects.filter(pk=run.pk, status=JobStatus.RUNNING).update(**alive):
        raise LostRace(gettext_noop("The dry run was cancelled."))
