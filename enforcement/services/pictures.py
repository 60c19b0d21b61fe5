"""Looking at pictures of listings, with the same care as at their pages."""

import time

from enforcement.fetch import look_at
from listings import services as listings
from listings.pictures import Seen, picture_hash
from portal.actors import Actor

AT_MOST_SECONDS = 20.0
BATCH = 50


def look_at_pictures_due() -> int:
    """Fetch pictures that nobody looked at yet; returns how many. What cannot be had is not asked for again until the
    listing names another picture: pictures are optional everywhere."""
    actor, until, done = Actor.system("pictures"), time.monotonic() + AT_MOST_SECONDS, 0
    for listing in listings.pictures_due()[:BATCH]:
        capture = look_at(listing.image_link)
        answered = not capture.failure and capture.status == 200
        seen = picture_hash(capture.body) if answered else Seen("", capture.failure or f"answer {capture.status}")
        listings.record_picture(listing=listing, seen=seen, actor=actor)
        done += 1
        if time.monotonic() > until:
            break
    return done
