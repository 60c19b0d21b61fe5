"""Which links a browser has opened: kept in its session, so that no address, log or referrer has a token."""

from contextlib import AbstractContextManager

from django.http import HttpRequest

from listings import services as listings
from listings.models import SellerLink
from portal.database.acting import PLATFORM, Principal, acting
from portal.identity import throttle
from portal.identity.sessions import trust_anew
from portal.identity.throttle import SELLER_TRIES

OPENED = "seller_links"
MAX_OPENED = 10  # in one browser; the oldest is opened again from its mail


def let_in(request: HttpRequest, link: SellerLink, token: str) -> None:
    """Remember the link that a browser has opened. Each has its page, so that two in one browser are never mixed up."""
    trust_anew(request)
    others = {number: known for number, known in _opened(request).items() if number != str(link.pk)}
    newest = list(others.items())[-(MAX_OPENED - 1) :]
    request.session[OPENED] = dict([*newest, (str(link.pk), token)])


def link_of(request: HttpRequest, number: int) -> SellerLink | None:
    """The link of that number, where this browser has opened it and it is open still."""
    return listings.find_seller_link(_opened(request).get(str(number), ""))


def in_the_name_of(link: SellerLink) -> AbstractContextManager[None]:
    """Meanwhile the database shows what the platform that gave the link sees, and takes what it may write: a guest, or who
    previews the page, has no side of their own here. What of it a guest is shown is chosen in enforcement/sellers/case.py."""
    return acting(Principal(PLATFORM, link.flag.platform_id))


def may_send_files(request: HttpRequest) -> bool:
    """Whether a request to the page of a link is by who opened it, and within the tries of that link."""
    number = request.resolver_match.kwargs["pk"] if request.resolver_match else 0
    link = link_of(request, number)
    return link is not None and not throttle.is_spent(SELLER_TRIES, str(link.pk))


def _opened(request: HttpRequest) -> dict[str, str]:
    known: dict[str, str] = request.session.get(OPENED, {})
    return known
