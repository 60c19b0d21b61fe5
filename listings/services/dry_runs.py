"""Dry runs: a version of a recall against every catalogue, without a flag, a clock or a word to a platform."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from listings.matching import Match, RecallIndex, recall_keys
from listings.matching_texts import listing_text
from listings.models import DryRun, DryRunResult, Flag, Listing
from listings.services.flags import weigh
from listings.services.matches import BATCH
from listings.services.notice_matches import ids_sharing_a_key, in_batches
from listings.services.readings import read_version
from listings.services.rule_switches import switched_off
from portal import audit
from portal.background.jobs import work_on
from portal.identity.actors import Actor
from portal.models import Organisation
from portal.models.jobs import WAITS_OR_BROKE_OFF, JobStatus
from portal.transitions import IllegalTransition, LostRace, move
from recalls.models import Notice, RecallVersion
from recalls.states import RecallStatus

DRY_RUN_LOCK = 0x0FF5_0004  # advisory lock class: one worker a run
SAMPLES = 10  # of each platform: half of them the surest, half the least sure


class VersionChanged(Exception):
    """The version was edited after its run had been started; what was counted before and after would not belong together."""


def start_dry_run(*, version: RecallVersion, actor: Actor) -> DryRun:
    """Queue a look for a version through the catalogues of the platforms that the actor could send it to; a worker runs it.

    Where one is under way for the version, that one. Reversible until it ran: cancel it.
    """
    actor.require("dry_run.make")
    recall = version.recall
    if actor.regulator_id not in (None, recall.regulator_id):
        raise PermissionDenied("A dry run is for the recalls of one's own regulator only.")
    if recall.status == RecallStatus.WITHDRAWN:
        raise IllegalTransition(f"Recall {recall.number} is withdrawn: there is nothing to look for.")
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
    """Stop a dry run; the platforms that were looked through keep their counts."""
    return move(run, JobStatus.CANCELLED, actor=actor, finished_at=timezone.now())


def run_dry_run(run: DryRun) -> DryRun:
    """Run or take up a dry run; safe to call again after a crash and by two workers at once (the second does nothing).

    A platform that was looked through before the crash is not looked through again.
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
    """What was found on a platform so far: the counts of everything, and of all hits the surest and the least sure."""

    counts: Counter[str] = field(default_factory=Counter)
    surest: list[_Hit] = field(default_factory=list)
    least: list[_Hit] = field(default_factory=list)

    def add(self, hit: _Hit) -> None:
        self.counts["to_flag" if hit.match.band == Flag.Band.FLAG else "to_ask"] += 1
        self.counts["already"] += hit.already
        ordered = sorted([*self.surest, *self.least, hit], key=lambda each: (-each.match.score, each.listing.pk))
        half = SAMPLES // 2
        self.surest, self.least = ordered[:half], ordered[half:][-half:]


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
                _go_on(run, 100 * (place + number / len(ids)) / len(results))
            for match in index.match(listing_text(listing), without):
                weighed = weigh(notice=notice, listing=listing, match=match)
                if weighed is None:
                    found.counts["excluded"] += 1
                else:
                    found.add(_Hit(listing, weighed, listing.pk in flagged))
        _go_on(run, 100 * (place + 1) / len(results))
        waiting = Listing.objects.filter(platform_id=result.platform_id, present=True, match_due=True).count()
        for name, count in {**found.counts, "compared": len(ids), "not_matched_yet": waiting}.items():
            setattr(result, name, count)
        result.samples = [hit.as_sample(result.platform) for hit in (*found.surest, *found.least)]
        result.done_at = timezone.now()
        result.save()
    return move(run, JobStatus.DONE, actor=actor, finished_at=timezone.now(), progress=100)


def _go_on(run: DryRun, percent: float) -> None:
    """Say how far it is; raises where the run was cancelled, or the version is no longer what was asked about."""
    if not RecallVersion.objects.filter(pk=run.version_id, digest=run.digest).exists():
        raise VersionChanged("The recall was edited meanwhile: start another dry run.")
    alive = {"progress": min(99, int(percent)), "heartbeat_at": timezone.now()}
    if not DryRun.objects.filter(pk=run.pk, status=JobStatus.RUNNING).update(**alive):
        raise LostRace("The dry run was cancelled.")
