"""The whole address of a seller's link, the same for pages and API."""

from django.conf import settings
from django.urls import reverse

from listings.services import SELLER_PAGE, GivenLink


def address_of(given: GivenLink) -> str:
    """What is handed over; empty for a link that leaves by mail, whose address we show to nobody."""
    return f"{settings.BASE_URL}{reverse(SELLER_PAGE, args=[given.token])}" if given.token else ""
