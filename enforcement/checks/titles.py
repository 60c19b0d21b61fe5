"""What each rule of a removal check found, in the reader's language. The details that a rule writes stay English."""

import re

from django.utils.translation import gettext, gettext_noop

_TITLES = {
    "another_product": gettext_noop("The page is about another product"),
    "consent": gettext_noop("The shop asks for consent or an age check"),
    "contradiction": gettext_noop("The page says removed, but offers the listing"),
    "data_alone": gettext_noop("Only the page's data says that the listing has ended"),
    "delta_feed": gettext_noop("Read in the platform's feed"),
    "full_feed": gettext_noop("Read in the platform's full catalogue"),
    "gone_from_some_places": gettext_noop("On sale from some places only"),
    "host_unreadable": gettext_noop("The shop's answers cannot confirm a removal"),
    "like_impossible": gettext_noop("Same answer as for an address that cannot exist"),
    "no_address": gettext_noop("The listing has no address to check"),
    "no_answer": gettext_noop("The shop did not answer"),
    "not_found": gettext_noop("The page says that the listing was not found"),
    "nothing_clear": gettext_noop("The page is not clear"),
    "nothing_read": gettext_noop("The page is empty or needs scripts"),
    "other_status": gettext_noop("Unexpected answer from the shop"),
    "out_of_order": gettext_noop("The shop does not work"),
    "out_of_stock": gettext_noop("Out of stock, but still online"),
    "person_looked": gettext_noop("A person checked"),
    "platform_report": gettext_noop("The platform reported it"),
    "robot_check": gettext_noop("The shop asks for proof of being human"),
    "says_ended": gettext_noop("The page says that the listing has ended"),
    "says_restricted": gettext_noop("The page says that the listing is restricted"),
    "sent_elsewhere": gettext_noop("The address leads to another page"),
    "sent_home": gettext_noop("The address leads to the shop's home page"),
    "sent_to_search": gettext_noop("The address leads to a search"),
    "server_error": gettext_noop("The shop does not work"),
    "shows_offer": gettext_noop("The page offers the listing"),
    "shows_title": gettext_noop("The page offers the listing"),
    "sign_in": gettext_noop("The shop asks for a sign-in"),
    "status_451": gettext_noop("Unavailable for legal reasons"),
    "stock_message": gettext_noop("The page shows the listing's stock"),
    "structured_data": gettext_noop("The page's data says that the listing is on sale"),
    "title_alone": gettext_noop("The page shows the title, but no offer"),
    "unchanged": gettext_noop("The page has not changed"),
    "unchanged_since_nothing": gettext_noop("The page has not changed"),
    "wall_header": gettext_noop("A bot wall answered"),
    "wall_markup": gettext_noop("A bot wall answered"),
}
_KINDS = (
    (re.compile(r"status_\d+_unread"), gettext_noop("Missing page, but unlike the shop's own")),
    (re.compile(r"status_2\d\d"), gettext_noop("Unexpected answer from the shop")),
    (re.compile(r"status_\d+"), gettext_noop("The shop refuses to answer")),
    (re.compile(r".+_ended"), gettext_noop("The page has the shop's markup for ended listings")),
)


def title_of(rule: str) -> str:
    """The title of a rule; empty for a name that no rule has, for example one of an earlier version."""
    words = _TITLES.get(rule) or next((title for kind, title in _KINDS if kind.fullmatch(rule)), "")
    return gettext(words) if words else ""
