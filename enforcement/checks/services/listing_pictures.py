"""Fetch pictures of listings and recalls, with the same care as pages: the only place where they are requested."""

import time
from itertools import zip_longest

from enforcement.checks.fetch import Capture, fetch_page
from enforcement.checks.services.pace import robots_refuse
from listings import services as listings
from listings.models import Listing
from listings.pictures import Seen, picture_hash
from portal.background import sweeping
from portal.identity.actors import Actor
from portal.media import thumbnails
from portal.media.imaging import NoPicture, TooLarge, thumbnail
from portal.media.limits import MAX_BYTES
from portal.media.thumbnails import Outcome
from portal.models import Thumbnail
from recalls import services as recalls
from recalls.models import Picture

MAX_SECONDS = 20.0
BATCH = 50
OF_LISTINGS, OF_RECALLS = "pictures of listings", "pictures of recalls"
ASKED_FOR = {"Accept": "image/webp,image/jpeg,image/png,image/gif", "Accept-Encoding": "identity"}
LATER = {408, 425, 429}  # answers below 500 that mean "not now"


def check_pictures_due() -> int:
    """Fetch pictures that were not fetched yet, of listings and recalls in turn; returns how many were requested.

    Each becomes a stored thumbnail or a reason why there is none. Only a host that did not answer is asked again;
    pictures are optional everywhere.
    """
    actor, until, done = Actor.system("pictures"), time.monotonic() + MAX_SECONDS, 0

    def check_listing_picture(listing: Listing) -> None:
        nonlocal done
        known, asked = _known(listing.image_link, actor)
        done += asked
        if known.again_at is None:
            seen = Seen(known.hash, "" if known.hash else known.get_outcome_display())
            listings.record_picture(listing=listing, seen=seen, actor=actor)

    def check_recall_picture(picture: Picture) -> None:
        nonlocal done
        done += _known(picture.url, actor)[1]

    sweeping.forget_others(Listing.objects.filter(picture_seen_at=None), sweep=OF_LISTINGS)
    sweeping.forget_others(Picture.objects.filter(~thumbnails.settled("url")), sweep=OF_RECALLS)
    of_listings = sweeping.ready(listings.pictures_due(), sweep=OF_LISTINGS)[:BATCH]
    of_recalls = sweeping.ready(recalls.pictures_due(), sweep=OF_RECALLS)[:BATCH]
    for listing, picture in zip_longest(of_listings, of_recalls):
        if listing is not None:
            sweeping.each([listing], check_listing_picture, sweep=OF_LISTINGS, until=until, atomic=False)
        if picture is not None:
            sweeping.each([picture], check_recall_picture, sweep=OF_RECALLS, until=until, atomic=False)
        if time.monotonic() > until:
            break
    return done


def _known(address: str, actor: Actor) -> tuple[Thumbnail, bool]:
    """What is known of an address, fetched now if it is due; and whether it was fetched."""
    known, is_ours = thumbnails.take_up(address=address, actor=actor)
    if not is_ours:
        return known, False
    if robots_refuse(address):
        return thumbnails.settle(address=address, outcome=Outcome.REFUSED, actor=actor), False
    capture = fetch_page(address, asked_for=ASKED_FOR, most_bytes=MAX_BYTES + 1)
    outcome = _outcome(capture)
    if outcome != Outcome.KEPT:
        return thumbnails.settle(address=address, outcome=outcome, actor=actor), True
    try:
        thumb = thumbnail(capture.body)
    except NoPicture as problem:
        outcome = Outcome.TOO_LARGE if isinstance(problem, TooLarge) else Outcome.NOT_A_PICTURE
        return thumbnails.settle(address=address, outcome=outcome, actor=actor), True
    marks = picture_hash(capture.body).hash
    return thumbnails.settle(address=address, outcome=outcome, actor=actor, thumb=thumb, marks=marks), True


def _outcome(capture: Capture) -> Outcome:
    """The outcome of an answer before its bytes are read."""
    if capture.refused:
        return Outcome.REFUSED
    if capture.status is None or capture.status >= 500 or capture.status in LATER:
        return Outcome.NO_ANSWER
    return Outcome.KEPT if capture.status == 200 else Outcome.GONE
