"""Evidence from a platform's earlier removals: the seller and the picture. It adds to the evidence of the texts."""

from listings.matching import Evidence
from listings.models import Flag, Listing
from listings.pictures import is_same, shared
from listings.states import WATCHED
from recalls.models import Notice

WEIGHTS = {"seller_before": 0.8, "same_picture": 7.0}
"""Signal → log-odds. Like the engine's, each can be switched off (listings/services/rule_switches.py)."""

MAX_COMPARED = 5_000  # flags whose pictures are compared, newest first


def seller_before(notice: Notice, listing: Listing) -> Evidence | None:
    """The seller had this recall's product taken down on this platform before."""
    if not listing.seller:
        return None
    earlier = Flag.objects.filter(
        platform_id=notice.platform_id,
        recall_id=notice.recall_id,
        status__in=WATCHED,
        listing__seller=listing.seller,
    ).exclude(listing=listing)
    if not (count := earlier.count()):
        return None
    times = "once" if count == 1 else f"{count} times"
    return Evidence(
        "seller_before",
        WEIGHTS["seller_before"],
        None,
        None,
        f"Seller {listing.seller} has listed this recalled product {times} before.",
    )


def picture_taken_down(listing: Listing) -> tuple[Flag, Evidence] | None:
    """The newest flag of this platform, removed (claimed or confirmed), whose listing showed the same photo."""
    if not listing.picture_hash:
        return None
    gone = Flag.objects.filter(platform_id=listing.platform_id, status__in=WATCHED).exclude(listing=listing)
    gone = gone.exclude(listing__picture_hash="").select_related("listing", "notice", "recall", "product")
    for flag in gone.order_by("-pk")[:MAX_COMPARED]:
        if is_same(flag.listing.picture_hash, listing.picture_hash):
            alike = shared(flag.listing.picture_hash, listing.picture_hash)
            detail = f"Same picture as listing {flag.listing}, which was taken down ({alike:.0%} of the edges match)."
            return flag, Evidence("same_picture", WEIGHTS["same_picture"], None, None, detail)
    return None
