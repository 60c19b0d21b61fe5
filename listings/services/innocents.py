"""Remembering what is not a recalled product, and forgetting it again."""

import hashlib
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from listings.matching.identifiers import gtin14
from listings.matching.lexicon import rarity
from listings.matching.normalise import words_of
from listings.models import Flag, KnownInnocent, Listing
from portal import audit
from portal.actors import Actor
from recalls.models import Notice

IDENTITY = ("title", "brand", "gtin", "mpn")
"""The fields that say which product a listing is; where one changes, what was decided of it holds no longer."""
Scope = KnownInnocent.Scope


def known_innocent(*, notice: Notice, listing: Listing) -> KnownInnocent | None:
    """What speaks against flagging this listing under this notice, if anything does."""
    covered = Q(scope=Scope.LISTING, listing=listing, identity=identity_of(listing))
    if gtin := gtin14(listing.gtin):
        covered |= Q(scope=Scope.GTIN, gtin=gtin)
    if listing.seller:
        covered |= Q(scope=Scope.SELLER_PRODUCT, seller=listing.seller, product=product_of(listing))
    of_recall = Q(recall=None) | Q(recall_id=notice.recall_id)
    return KnownInnocent.objects.holding().filter(covered, of_recall, platform_id=notice.platform_id).first()


def remember_innocent(
    *, flag: Flag, scope: str, reason: str, until: datetime | None = None, actor: Actor
) -> KnownInnocent:
    """Remember that what `flag` was raised on is not the product: the listing as it is, its GTIN, or the seller's product.

    Raises ValidationError where the listing lacks what the scope needs or `until` is past. Undone by `forget_innocent`.
    """
    actor.require("flag.decide")
    listing = flag.listing
    errors = {}
    if scope not in Scope.values:
        errors["remember"] = "Choose what is to be remembered."
    if scope == Scope.GTIN and gtin14(listing.gtin) is None:
        errors["remember"] = "The listing has no valid GTIN to remember."
    if scope == Scope.SELLER_PRODUCT and not (listing.seller and product_of(listing)):
        errors["remember"] = "The listing names no seller, or no product, to remember."
    if until is not None and until <= timezone.now():
        errors["until"] = "Choose a time to come, or leave it empty."
    if errors:
        raise ValidationError(errors)
    with transaction.atomic():
        known = KnownInnocent.objects.create(
            platform_id=flag.platform_id,
            recall_id=flag.recall_id,
            scope=scope,
            listing=listing,
            identity=identity_of(listing),
            gtin=gtin14(listing.gtin) or "" if scope == Scope.GTIN else "",
            seller=listing.seller if scope == Scope.SELLER_PRODUCT else "",
            product=product_of(listing) if scope == Scope.SELLER_PRODUCT else "",
            flag=flag,
            reason=reason,
            made_by=actor.label,
            expires_at=until,
        )
        after = {"scope": scope, "covers": known.covers, "expires_at": until.isoformat() if until else None}
        audit.record(actor=actor, action="innocent.remembered", subject=known, after=after, reason=reason)
    return known


def forget_innocent(*, known: KnownInnocent, reason: str, actor: Actor) -> KnownInnocent:
    """Withdraw what was remembered; the next import or match may flag it again. Not reversible, but it can be remembered
    again. Raises ValidationError where it holds no longer."""
    actor.require("innocent.withdraw")
    with transaction.atomic():
        known = KnownInnocent.objects.select_for_update(of=("self",)).get(pk=known.pk)
        if not known.holds:
            raise ValidationError("It holds no longer: there is nothing to withdraw.")
        known.withdrawn_at = timezone.now()
        known.save(update_fields=["withdrawn_at"])
        audit.record(
            actor=actor, action="innocent.withdrawn", subject=known, after={"covers": known.covers}, reason=reason
        )
        Listing.objects.filter(platform_id=known.platform_id).filter(_covered_by(known)).update(match_due=True)
    return known


def identity_of(listing: Listing) -> str:
    return hashlib.sha256("\x1f".join(getattr(listing, name) for name in IDENTITY).encode()).hexdigest()


def product_of(listing: Listing) -> str:
    return " ".join(sorted({word for word in words_of(listing.title) if rarity(word) > 0}))


def _covered_by(known: KnownInnocent) -> Q:
    """The listings to look at again; a GTIN stands as it was given, so its digits are looked for."""
    if known.scope == Scope.GTIN:
        return Q(gtin__endswith=known.gtin.lstrip("0"))
    return Q(seller=known.seller) if known.scope == Scope.SELLER_PRODUCT else Q(pk=known.listing_id)
