"""Flagging what a notice or a batch of listings matches: all together, in a few statements."""

from collections.abc import Sequence

from django.db import transaction

from listings.models import Flag, HeldMatch
from listings.services.flags import announce_opened, new_flag, past_of, weigh
from listings.services.intake import Found, flag_found
from portal.identity.actors import Actor
from recalls import services as recalls
from recalls.models import Notice


def flag_all(found: Sequence[Found], *, notice: Notice, actor: Actor) -> int:
    """Do for each what `flag_found` does; returns how many flags were opened. Raises where one breaks, and flags none. Under
    a notice that was withdrawn in the meantime, nothing is flagged."""
    if not found:
        return 0
    with transaction.atomic():
        if not recalls.stays_active(notice):
            return 0
        flagged = set(
            Flag.objects.filter(notice=notice, listing__in=[each.listing.pk for each in found]).values_list(
                "listing_id", flat=True
            )
        )
        before = [each for each in found if each.listing.pk in flagged]
        again = [flag for each in before if (flag := flag_found(each, notice=notice, actor=actor)) is not None]
        return len(again) + _flag_new([each for each in found if each.listing.pk not in flagged], notice, actor)


def _flag_new(found: Sequence[Found], notice: Notice, actor: Actor) -> int:
    """Flag listings that have no flag under the notice."""
    past, flags = past_of(notice), []
    for each in found:
        each.listing.platform = notice.platform
        match = weigh(notice=notice, listing=each.listing, match=each.match, past=past)
        if match is not None:
            flags.append(
                new_flag(notice, each.listing, match, earlier=each.relisted, past=past, takes_room=each.takes_room)
            )
    Flag.objects.bulk_create(flags)
    announce_opened(flags, actor)
    HeldMatch.objects.filter(notice=notice, listing__in=[each.listing.pk for each in found]).delete()
    return len(flags)
