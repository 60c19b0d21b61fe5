"""What pages show of a listing and of how a recall is read: the pictures beside each other, and what contradicts itself."""

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
        none_named=gettext_noop("The listing names none."),
        not_asked=gettext_noop("It is fetched once the listing is flagged."),
    )


def contradictions_in(read: RecallReading) -> list[str]:
    """What the text says both of, for its writer to decide; matching asks a moderator meanwhile."""
    detail = gettext(
        "%(model)s is named as recalled and as not recalled. Say in the text which is right, or correct how it is read; "
        "until then a moderator is asked about its listings."
    )
    return [detail % {"model": leaves_out.text} for _, leaves_out in read.contested.values()]
