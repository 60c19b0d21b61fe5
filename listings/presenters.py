"""What pages show of a listing and of the facts in a recall: pictures side by side, and contradictions."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from listings.matching import RecallReading
from listings.models import Listing
from listings.pictures import HASH_LENGTH, is_same, shared
from portal.media.thumbnails import Outcome, Shown, digest_of, known_of, shown
from recalls.models import RecallVersion


def picture_of(listing: Listing) -> Shown:
    """The listing's picture as a page shows it."""
    ours = reverse("listings:picture", args=[listing.pk])
    return shown(
        [(listing.image_link, ours, "")] if listing.image_link else [],
        alt=listing.title,
        none_named=gettext_noop("The listing has no picture."),
        not_asked=gettext_noop("The picture is fetched once the listing is flagged."),
    )


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two pictures are: the share of their edges that both have, and whether they are of one photo."""

    share: float
    is_same: bool


def likeness_of(listing: Listing, version: RecallVersion) -> Likeness | None:
    """How alike the pictures are that `picture_of` and `first_picture_of` show; None where one has too little in it."""
    addresses = [listing.image_link, *version.pictures.values_list("url", flat=True)]
    known = known_of([address for address in addresses if address])
    rows = [known.get(digest_of(address)) for address in addresses]
    ours = next((row for row in rows[1:] if row is not None and row.outcome == Outcome.KEPT), None)
    theirs = rows[0] if listing.image_link else None
    if ours is None or theirs is None or not len(ours.hash) == len(theirs.hash) == HASH_LENGTH:
        return None
    return Likeness(shared(ours.hash, theirs.hash), is_same(ours.hash, theirs.hash))


def contradictions_in(read: RecallReading) -> list[str]:
    """What the text both includes and excludes, for its writer to decide. Until then, matching asks a moderator."""
    detail = gettext(
        "%(model)s is listed both as recalled and as not recalled. Correct the text or the facts. "
        "Until then, moderators decide on its listings."
    )
    return [detail % {"model": leaves_out.text} for _, leaves_out in read.contested.values()]
