"""Single listings on and off sale, by the platform's word: as absence from a full feed is, for one listing at once."""

from django.db import transaction
from django.utils import timezone

from listings.models import Listing
from listings.signals import listing_off_sale, listing_on_sale
from portal import audit
from portal.identity.actors import Actor


def set_presence(*, listing: Listing, present: bool, actor: Actor) -> bool:
    """Mark a listing as on or off sale; returns False, and changes nothing, where it is that already.

    Off sale is a claim that proves no removal: enforcement notes it as the platform's word. A listing that is on sale
    again is matched again, as any change of it is, and enforcement believes the platform at once.
    """
    actor.require("catalogue.import")
    with transaction.atomic():
        row = Listing.objects.select_for_update().get(pk=listing.pk)
        if row.present == present:
            return False
        now = timezone.now()
        row.present, row.changed_at = present, now
        if present and not row.match_due:
            row.match_due, row.match_due_since = True, now
        row.save(update_fields=["present", "changed_at", "match_due", "match_due_since"])
        (listing_on_sale if present else listing_off_sale).send(sender=Listing, listing=row, actor=actor)
        action = "listing.on_sale" if present else "listing.off_sale"
        audit.record(
            actor=actor, action=action, subject=row, before={"present": not present}, after={"present": present}
        )
    return True
