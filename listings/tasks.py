"""Periodic and hurried work of listings: scheduled feeds, imports that wait or were interrupted, notices and listings to match."""

import time

from celery import shared_task
from django.conf import settings
from django.db.models import Exists, OuterRef

from listings import services
from listings.models import Listing
from portal.background.hurry import hurry
from portal.models import Organisation

MAX_SECONDS = 20  # then the next sweep goes on, so that no other work waits for long
MIN_SECONDS = 2  # of one platform's turn, however many there are


@shared_task(name="listings.tasks.run_imports_due")
def run_imports_due() -> None:
    """Import the catalogues that wait, and those whose worker died, as far as IMPORTS_AT_ONCE lets this worker."""
    services.run_imports_due()


@shared_task(name="listings.tasks.fetch_scheduled_feeds_due")
def fetch_scheduled_feeds_due() -> None:
    """Fetch the catalogues that platforms have us fetch, as far as one worker at a time gets; new files are imported."""
    if services.fetch_scheduled_feeds_due():
        hurry(run_imports_due)


@shared_task(name="listings.tasks.run_dry_runs_due")
def run_dry_runs_due() -> None:
    """Run dry runs that wait, and those whose worker died."""
    services.run_dry_runs_due()


@shared_task(name="listings.tasks.expire_exclusions")
def expire_exclusions() -> None:
    """Expire exclusions whose end has passed, and match what they covered again."""
    while services.expire_exclusions():
        pass


@shared_task(name="listings.tasks.finalize_decisions_due")
def finalize_decisions_due() -> None:
    """Finalize decisions that can no longer be undone, and open the flags again whose seller did not reply in time."""
    while services.finalize_due():
        pass
    while services.reopen_unanswered():
        pass


@shared_task(name="listings.tasks.check_codes_due")
def check_codes_due() -> None:
    """Search catalogues that changed for GTINs that unrelated listings carry."""
    services.check_codes_due(until=time.monotonic() + MAX_SECONDS)


@shared_task(name="listings.tasks.learn_removals_due")
def learn_removals_due() -> None:
    """Learn from removals that are final, so that the products are found when they come back under another name."""
    services.learn_removals_due(until=time.monotonic() + MAX_SECONDS)


@shared_task(name="listings.tasks.seek_pictures_due")
def seek_pictures_due() -> None:
    """Ask for the pictures of listings of a removed product's type, so that it is found when only its picture is left."""
    services.seek_pictures_due(until=time.monotonic() + MAX_SECONDS)


@shared_task(name="listings.tasks.match_notices_due")
def match_notices_due() -> None:
    """Match the notices whose version is not matched yet; the database says which."""
    services.match_notices_due(until=time.monotonic() + MAX_SECONDS)


@shared_task(name="listings.tasks.check_coverage_due")
def check_coverage_due() -> None:
    """Judge the flags of notices that follow a new version: those no longer covered are closed."""
    services.check_coverage_due(until=time.monotonic() + MAX_SECONDS)


@shared_task(name="listings.tasks.follow_held_due")
def follow_held_due() -> None:
    """Flag held-back listings that were released, or whose turn it is."""
    services.follow_held(until=time.monotonic() + MAX_SECONDS)


@shared_task(name="listings.tasks.match_listings_due")
def match_listings_due() -> None:
    """Hand the new and changed listings of each platform to the workers, in MATCH_SHARDS shards at once.

    A shard takes batches that no other holds (SKIP LOCKED) until nothing is due; each batch is matched, flagged and
    marked in one transaction, so that a listing is matched once however many shards run. Platforms share the time: a
    turn is the shorter the more of them have something due, and waits until the turns handed out with it are over, so
    that the flood of one platform never starves another.
    """
    due = Listing.objects.filter(platform_id=OuterRef("pk"), match_due=True).order_by()
    platforms = list(Organisation.objects.platforms().filter(Exists(due)).order_by("pk").values_list("pk", flat=True))
    seconds = max(MIN_SECONDS, MAX_SECONDS // max(1, len(platforms)))
    turns = [
        platform_id
        for platform_id in platforms
        for _ in range(settings.MATCH_SHARDS - services.shards_at_work(platform_id=platform_id))
    ]
    # Alike for all: in a queue that is behind, the turns of the first platforms would be dropped each time.
    expires = MAX_SECONDS + 2 * seconds * len(turns)
    for platform_id in turns:
        hurry(match_shard, platform_id, seconds, expires=expires)


@shared_task(name="listings.tasks.match_shard")
def match_shard(platform_id: int, seconds: int = MAX_SECONDS) -> None:
    """Match batches of one platform until nothing is due, or for as long as its turn may take."""
    until = time.monotonic() + seconds
    with services.shard_turn(platform_id=platform_id) as match_batch:
        while match_batch is not None and match_batch() and time.monotonic() < until:
            pass
