"""The pictures that stand beside each other where a listing is judged: its own, and the recall's."""

from django.urls import reverse
from django.utils.translation import gettext_noop

from listings.models import Listing
from portal.thumbnails import Shown, shown


def picture_of(listing: Listing) -> Shown:
    """The listing's picture as a page shows it."""
    ours = reverse("listings:picture", args=[listing.pk])
    return shown(
        [(listing.image_link, ours, "")] if listing.image_link else [],
        alt=listing.title,
        none_named=gettext_noop("The listing names none."),
        not_asked=gettext_noop("It is fetched once the listing is flagged."),
    )
