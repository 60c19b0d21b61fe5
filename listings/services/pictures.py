"""Pictures of listings: which ones to fetch, and what a fetched one shows."""

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from listings.matching import Evidence, Match
from listings.models import Flag, Listing
from listings.past_removals import picture_taken_down
from listings.pictures import Seen
from listings.services.flags import link_relisting, open_flag
from listings.services.rule_switches import switched_off
from listings.states import WATCHED
from portal.identity.actors import Actor
from portal.media.thumbnails import waiting
from recalls.models import Notice

PICTURE_ALONE = 0.35  # score of a listing that shows the photo of a removed one, without other evidence


def pictures_due() -> QuerySet[Listing]:
    """Listings with a picture that was not fetched yet: flagged ones, others of sellers who had one taken down, and after
    these the ones that may show a removed product (listings/services/picture_search.py); none of sandboxes. Pictures that
    are being fetched, or failed recently, are left out."""
    gone = Flag.objects.filter(
        platform_id=OuterRef("platform_id"), status__in=WATCHED, listing__seller=OuterRef("seller")
    )
    worth = (
        Flag.objects.order_by()
        .values("listing_id")
        .union(
            Listing.objects.order_by().exclude(seller="").filter(Exists(gone)).values("pk"),
            Listing.objects.order_by().filter(picture_wanted_at__isnull=False, picture_seen_at=None).values("pk"),
        )
    )
    unseen = Listing.objects.outside_sandboxes().filter(pk__in=worth, picture_seen_at=None, present=True)
    unseen = unseen.exclude(image_link="")
    return unseen.filter(~waiting("image_link")).order_by(F("picture_wanted_at").asc(nulls_first=True), "pk")


def record_picture(*, listing: Listing, seen: Seen, actor: Actor) -> Flag | None:
    """Store what a picture shows, unless the listing has another one by now. Where it is the picture of a removed
    listing, link the listing's flag to that one, or open a flag. Returns the flag that was opened."""
    actor.require("observation.record")
    with transaction.atomic():
        address = listing.image_link
        listing = Listing.objects.select_for_update().get(pk=listing.pk)
        if listing.image_link != address:
            return None
        # A picture that can no longer be fetched counts as seen.
        listing.picture_hash, listing.picture_seen_at = seen.hash or listing.picture_hash, timezone.now()
        listing.save(update_fields=["picture_hash", "picture_seen_at"])
        if "same_picture" in switched_off() or (known := picture_taken_down(listing)) is None:
            return None
        earlier, evidence = known
        flag = Flag.objects.filter(listing=listing, recall_id=earlier.recall_id).order_by("-pk").first()
        if flag is not None:
            link_relisting(
                flag=flag, earlier=earlier, reason=f"the same picture as listing {earlier.listing}", actor=actor
            )
            return None
        notice = Notice.objects.active().filter(recall_id=earlier.recall_id, platform_id=listing.platform_id).first()
        if notice is None:
            return None
        match = _match(notice, listing, evidence)
        return open_flag(notice=notice, listing=listing, match=match, earlier=(earlier, evidence.detail), actor=actor)


def _match(notice: Notice, listing: Listing, evidence: Evidence) -> Match:
    """A match by the picture alone, in the band "ask": the texts gave no evidence. Earlier removals of the seller add
    to it."""
    return Match(notice.recall.number, str(listing.pk), 0, PICTURE_ALONE, "ask", (evidence,))
