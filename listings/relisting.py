"""Is a newly flagged listing one that was taken down before, under another id?"""

import re

from django.db.models import Q

from listings.matching.normalise import words_of
from listings.models import Flag, Listing
from listings.states import WATCHED
from recalls.models import Notice


def relisted_from(notice: Notice, listing: Listing) -> tuple[Flag | None, str]:
    """The newest earlier flag that this listing repeats, and why: same seller, same picture, or same title.

    Earlier means: of the same recall on the same platform, removed (claimed or confirmed).
    """
    gone = Flag.objects.filter(recall_id=notice.recall_id, platform_id=notice.platform_id, status__in=WATCHED).exclude(
        listing=listing
    )
    same = Q()
    if listing.seller:
        same |= Q(listing__seller=listing.seller)
    if listing.image_link:
        same |= Q(listing__image_link=listing.image_link)
    if same and (earlier := gone.filter(same).select_related("listing").order_by("-closed_at", "-pk").first()):
        by_picture = bool(listing.image_link) and earlier.listing.image_link == listing.image_link
        return (
            earlier,
            f"the same picture as listing {earlier.listing}"
            if by_picture
            else f"the same seller as listing {earlier.listing}",
        )
    title = _plain(listing.title)
    for earlier in gone.select_related("listing").order_by("-closed_at", "-pk")[:200]:
        if _plain(earlier.listing.title) == title:
            return earlier, f"the same title as listing {earlier.listing}"
    return None, ""


def _plain(title: str) -> str:
    return " ".join(sorted(set(words_of(re.sub(r"\W+", " ", title)))))
