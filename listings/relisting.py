"""Is a newly flagged listing one that was taken down before, under another id?"""

import re

from django.db.models import Q

from listings.matching import Match
from listings.matching.normalise import words_of
from listings.models import Flag, Listing
from listings.seller_names import folded
from listings.states import WATCHED
from recalls.models import Notice

WORDS = {
    "removed_gtin": "the same GTIN as listing {}",
    "removed_text": "the same description as listing {}",
    "removed_text_in_part": "much of the description of listing {}",
    "removed_picture_file": "the same picture file as listing {}",
    "removed_model": "the same model number as listing {}",
}
"""Signal → why a listing is a relisting of one that was taken down, strongest first."""


def relisting_words(match: Match, earlier: Flag) -> str:
    """Why a match that was found by what a removed listing showed is a relisting of it."""
    shown = {item.signal for item in match.evidence}
    return next((words.format(earlier.listing) for signal, words in WORDS.items() if signal in shown), "")


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
    title, seller = _plain(listing.title), folded(listing.seller)
    for earlier in gone.select_related("listing").order_by("-closed_at", "-pk")[:200]:
        if _plain(earlier.listing.title) == title:
            return earlier, f"the same title as listing {earlier.listing}"
        if seller and folded(earlier.listing.seller) == seller:
            return earlier, f"the same seller as listing {earlier.listing}"
    return None, ""


def _plain(title: str) -> str:
    return " ".join(sorted(set(words_of(re.sub(r"\W+", " ", title)))))
