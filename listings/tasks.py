"""Periodic and hurried work of listings: imports that wait or broke off, notices and listings to match."""

import time

from celery import shared_task
from django.conf import settings

from listings import services
from listings.models import DryRun, Listing
from portal.jobs import WAITS_OR_BROKE_OFF
from portal.transitions import LostRace
from recalls.models import Notice

AT_MOST_SECONDS = 20  # then the next sweep goes on, so that no other work waits for long


@shared_task(name="listings.tasks.run_imports_due")
def run_imports_due() -> None:
    """Import the catalogues that wait, and those whose worker died, as far as IMPORTS_AT_ONCE lets this worker."""
    services.run_imports_due()


@shared_task(name="listings.tasks.run_dry_runs_due")
def run_dry_runs_due() -> None:
    """Run dry runs that wait, and those whose worker died."""
    for run in DryRun.objects.filter(status__in=WAITS_OR_BROKE_OFF).order_by("pk"):
        try:
            services.run_dry_run(run)
        except LostRace:
            continue  # cancelled in the middle


@shared_task(name="listings.tasks.expire_innocents")
def expire_innocents() -> None:
    """Make due for matching what was remembered as innocent until a time that is over."""
    while services.expire_innocents():
        pass


@shared_task(name="listings.tasks.settle_flags_due")
def settle_flags_due() -> None:
    """Let decisions have their effects that are final now, and open the flags again whose seller did not answer in time."""
    while services.settle_due():
        pass
    while services.reopen_unanswered():
        pass


@shared_task(name="listings.tasks.match_notices_due")
def match_notices_due() -> None:
    """Match the notices whose version has not been looked for yet; the database says which."""
    until = time.monotonic() + AT_MOST_SECONDS
    for notice in Notice.objects.active().filter(matched_at=None).order_by("pk").iterator():
        services.match_notice(notice=notice)
        if time.monotonic() > until:
            return


@shared_task(name="listings.tasks.match_listings_due")
def match_listings_due() -> None:
    """Hand the new and changed listings of each platform to the workers, in MATCH_SHARDS shards at once.

    A shard takes batches that no other holds (SKIP LOCKED) until nothing is due; each batch is matched, flagged and marked
    in one transaction, so that a listing is matched once however many shards run, and a broken one leaves its batch due.
    """
    due = Listing.objects.filter(match_due=True).order_by().values_list("platform_id", flat=True).distinct()
    for platform_id in list(due):
        for _ in range(settings.MATCH_SHARDS - services.shards_at_work(platform_id=platform_id)):
            match_shard.apply_async((platform_id,), expires=AT_MOST_SECONDS)


@shared_task(name="listings.tasks.match_shard")
def match_shard(platform_id: int) -> None:
    """Match batches of one platform until nothing is due, or for as long as one task may take."""
    until = time.monotonic() + AT_MOST_SECONDS
    while services.match_listings_due(platform_id=platform_id) and time.monotonic() < until:
        pass
