"""What pages show of a listing and of the facts in a recall: pictures side by side, and contradictions."""

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from listings.matching import RecallReading
from listings.models import Listing
from portal.media.thumbnails import Shown, shown


def picture_of(listing: Listing) -> Shown:
    """The listing's picture as a page shows it."""
    ours = reverse("listings:picture", args=[listing.pk])
    return shown(
        [(listing.image_link, ours, "")] if listing.image_link else [],
        alt=listing.title,
        none_named=gettext_noop("The listing has no picture."),
        not_asked=gettext_noop("The picture is fetched once the listing is flagged."),
    )


def contradictions_in(read: RecallReading) -> list[str]:
    """What the text both includes and excludes, for its writer to decide. Until then, matching asks a moderator."""
    detail = gettext(
        "%(model)s is listed both as recalled and as not recalled. Correct the text or the facts. "
        "Until then, moderators decide on its listings."
    )
    return [detail % {"model": leaves_out.text} for _, leaves_out in read.contested.values()]
