"""What each rule of a removal check found, in the reader's language. The details that a rule writes stay English."""

import re

from django.utils.translation import gettext, gettext_noop

_TITLES = {
    "another_product": gettext_noop("The page is about another product"),
    "asks_first": gettext_noop("The page asks its visitors for their age first"),
    "changed_by_script": gettext_noop("A script changes what the page says"),
    "consent": gettext_noop("The shop asks for consent or an age check"),
    "contradiction": gettext_noop("The page says removed, but offers the listing"),
    "data_alone": gettext_noop("Only the page's data says that the listing has ended"),
    "delta_feed": gettext_noop("Read in the platform's feed"),
    "drawn_with_links": gettext_noop("The page has a drawing that was not read"),
    "flagged_page": gettext_noop("The page as flagged is not confirmed gone"),
    "framed": gettext_noop("A part of the page was not read"),
    "full_feed": gettext_noop("Read in the platform's full catalogue"),
    "gone_from_some_places": gettext_noop("On sale from some places only"),
    "hidden_offer": gettext_noop("The page says removed, but hides an offer"),
    "host_unreadable": gettext_noop("The shop's answers cannot confirm a removal"),
    "leads_on": gettext_noop("The page leads on to another page"),
    "like_impossible": gettext_noop("Same answer as for an address that cannot exist"),
    "looks_differ": gettext_noop("The page and a browser's view of it differ"),
    "moved": gettext_noop("The page says removed, but links to the listing elsewhere"),
    "needs_scripts": gettext_noop("Only scripts draw the page"),
    "no_address": gettext_noop("The listing has no address to check"),
    "no_answer": gettext_noop("The shop did not answer"),
    "not_filled_in": gettext_noop("Scripts have yet to fill in the page"),
    "not_found": gettext_noop("The page says that the listing was not found"),
    "not_a_page": gettext_noop("The answer is not a page"),
    "not_whole": gettext_noop("The page was not read to its end"),
    "nothing_clear": gettext_noop("The page is not clear"),
    "nothing_read": gettext_noop("The page is empty"),
    "other_host": gettext_noop("Another shop answered"),
    "other_sellers": gettext_noop("The page shows offers of other sellers"),
    "other_status": gettext_noop("Unexpected answer from the shop"),
    "other_versions": gettext_noop("The page has a version for telephones that was not read"),
    "live_where_recalled": gettext_noop("On sale where the recall applies"),
    "out_of_order": gettext_noop("The shop does not work"),
    "out_of_stock": gettext_noop("Out of stock, but still online"),
    "two_readings": gettext_noop("Browsers may read another page"),
    "person_looked": gettext_noop("A person checked"),
    "own_404_page": gettext_noop("The shop's own page for what does not exist"),
    "pictured": gettext_noop("The page shows a picture of the listing"),
    "platform_report": gettext_noop("The platform reported it"),
    "refusal_header": gettext_noop("The shop refuses to answer"),
    "robot_check": gettext_noop("The shop asks for proof of being human"),
    "says_ended": gettext_noop("The page says that the listing has ended"),
    "says_restricted": gettext_noop("The page says that the listing is restricted"),
    "still_sent_there": gettext_noop("Restricted, but its destinations include where the recall applies"),
    "sellers_words": gettext_noop("The page says removed in what may be the seller's words"),
    "sent_elsewhere": gettext_noop("The address leads to another page"),
    "sent_home": gettext_noop("The address leads to the shop's home page"),
    "sent_to_search": gettext_noop("The address leads to a search"),
    "server_error": gettext_noop("The shop does not work"),
    "server_page": gettext_noop("The web server answered for itself"),
    "shows_offer": gettext_noop("The page offers the listing"),
    "shows_title": gettext_noop("The page offers the listing"),
    "sign_in": gettext_noop("The shop asks for a sign-in"),
    "status_451": gettext_noop("Unavailable for legal reasons"),
    "sold_in_data": gettext_noop("The page says removed, but its data sells the listing"),
    "sold_on": gettext_noop("The page says removed, but says how to order"),
    "stock_message": gettext_noop("The page shows the listing's stock"),
    "structured_data": gettext_noop("The page's data says that the listing is on sale"),
    "title_alone": gettext_noop("The page shows the title, but no offer"),
    "title_only": gettext_noop("Only the browser's title says removed"),
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
