"""Which pictures a decision was taken on: the digests of the bytes that were kept of them, in the audit log.

An address shows what its owner wants at any time. What we keep of an address never changes (portal/media/thumbnails.py), so
its digest, sealed with the decision, says later which picture it was; evidence packs have the bytes.
"""

from listings.models import Decision, Flag
from portal import audit
from portal.identity.actors import Actor
from portal.media.thumbnails import Outcome, digest_of, known_of
from portal.models import Thumbnail

ACTION = "flag.pictures_seen"
MAX_OF_RECALL = 5


def note_pictures(*, decision: Decision, flag: Flag, actor: Actor) -> None:
    """Record the pictures of listing and recall as they are now, or why there is none; nothing where neither names any."""
    listing = flag.listing.image_link
    named = [("listing", listing)] if listing else []
    named += [("recall", picture.url) for picture in flag.notice.version.pictures.all()[:MAX_OF_RECALL]]
    if not named:
        return
    known = known_of([address for _, address in named])
    pictures = []
    for side, address in named:
        row = known.get(digest_of(address))
        if row is not None and row.outcome == Outcome.KEPT:
            sha256, problem = row.etag, ""
        else:
            sha256, problem = "", (row or Thumbnail()).get_outcome_display()
        pictures.append({"of": side, "address": address, "sha256": sha256, "problem": problem})
    after = {"decision": decision.pk, "pictures": pictures}
    audit.record(actor=actor, action=ACTION, subject=flag, after=after)
