"""Opening, confirming and reopening flags. Enforcement starts and stops clocks on the signals sent here, in the same
transaction."""

import math
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from listings.exclusion_scope import exclusion_for, relisting_reason
from listings.matching import Evidence, Match
from listings.matching.score import FLAG_FROM
from listings.matching_texts import evidence_of
from listings.models import Flag, Listing
from listings.past_removals import seller_before
from listings.relisting import relisted_from
from listings.services.rule_switches import switched_off
from listings.signals import flag_changed, flag_opened
from listings.states import FLAG_UNDOINGS, PROVED, FlagStatus
from portal import audit
from portal.identity.actors import Actor
from portal.transitions import move, move_back
from recalls.models import Notice, Product

_SHOWN = (
    "external_id",
    "title",
    "description",
    "brand",
    "gtin",
    "mpn",
    "seller",
    "category",
    "currency",
    "link",
    "image_link",
)


def open_flag(
    *,
    notice: Notice,
    listing: Listing,
    match: Match,
    earlier: tuple[Flag, str] | None = None,
    actor: Actor,
) -> Flag | None:
    """Flag a listing under a notice, with the evidence as found; its clock starts in the same transaction.

    Returns None where an exclusion covers the listing (`exclusion_for`). Flags once for each notice and listing: a
    second time returns None, except that a dismissed flag opens again where its exclusion is withdrawn, expired or
    outgrown, or where the listing's identity was edited and now matches at least as strongly.
    """
    weighed = weigh(notice=notice, listing=listing, match=match)
    if weighed is None:
        return None
    match = weighed
    products = list(notice.version.products.all())
    product = products[match.product_index] if match.product_index < len(products) else None
    before, reason = earlier or relisted_from(notice, listing)
    with transaction.atomic():
        flag, fresh = Flag.objects.get_or_create(
            notice=notice,
            listing=listing,
            defaults={
                "recall_id": notice.recall_id,
                "regulator_id": notice.recall.regulator_id,
                "platform_id": notice.platform_id,
                "product": product,
                "score": match.score,
                "band": match.band,
                "evidence": evidence_of(match),
                "listing_digest": listing.digest,
                "listing_as_flagged": as_flagged(listing),
                "opened_at": timezone.now(),
                "relisted_from": before,
                "relisted_reason": reason[:200],
            },
        )
        if not fresh:
            return _open_again(flag, listing, product, match, actor)
        audit.record(
            actor=actor,
            action="flag.opened",
            subject=flag,
            after={
                "status": flag.status,
                "recall": notice.recall.number,
                "listing": listing.external_id,
                "score": match.score,
                "signals": [item.signal for item in match.evidence],
                "relisted_from": before.pk if before else None,
            },
            reason=f"Relisting: {reason.rstrip('.')}." if reason else "",
        )
        flag_opened.send(sender=Flag, flag=flag)
    return flag


def weigh(*, notice: Notice, listing: Listing, match: Match) -> Match | None:
    """The match with the evidence of earlier removals; None where an exclusion covers the listing.

    Writes nothing, so the notice need not be stored.
    """
    match = _with_history(match, seller_before(notice, listing))
    return match if exclusion_for(notice=notice, listing=listing, match=match) is None else None


def _with_history(match: Match, evidence: Evidence | None) -> Match:
    """The match with the evidence of earlier removals."""
    if evidence is None or evidence.signal in switched_off():
        return match
    odds = match.score / max(1e-4, 1 - match.score) * math.exp(evidence.weight)
    score = round(odds / (1 + odds), 4)
    band = "flag" if score >= FLAG_FROM else match.band
    return replace(match, score=score, band=band, evidence=(*match.evidence, evidence))


def link_relisting(*, flag: Flag, earlier: Flag, reason: str, actor: Actor) -> Flag:
    """Link a flag to the earlier one of a listing that was taken down; the first link stays."""
    if flag.relisted_from_id is not None or flag.pk == earlier.pk:
        return flag
    with transaction.atomic():
        flag.relisted_from, flag.relisted_reason = earlier, reason[:200]
        flag.save(update_fields=["relisted_from", "relisted_reason"])
        audit.record(
            actor=actor, action="flag.linked", subject=flag, after={"relisted_from": earlier.pk}, reason=reason
        )
    return flag


def as_flagged(listing: Listing) -> dict[str, Any]:
    """The listing's fields as plain data, so that a later edit cannot change what was judged."""
    shown = {name: getattr(listing, name) for name in _SHOWN}
    return shown | {"price": str(listing.price) if listing.price is not None else ""}


def _open_again(flag: Flag, listing: Listing, product: Product | None, match: Match, actor: Actor) -> Flag | None:
    if flag.status != FlagStatus.DISMISSED or not (reason := relisting_reason(flag, listing, match)):
        return None
    changes = {
        "product": product,
        "score": match.score,
        "band": match.band,
        "evidence": evidence_of(match),
        "listing_digest": listing.digest,
        "listing_as_flagged": as_flagged(listing),
        "closed_at": None,
    }
    change_status(flag, FlagStatus.OPEN, actor=actor, reason=reason, **changes)
    return flag


def change_status(flag: Flag, to: str, *, actor: Actor, reason: str = "", **changes: Any) -> Flag:
    """Change a flag's status and announce it, in one transaction; its clock is updated before the commit."""
    before = flag.status
    with transaction.atomic():
        move(flag, to, actor=actor, reason=reason, **changes)
        flag_changed.send(sender=Flag, flag=flag, before=before, actor=actor)
    return flag


def change_back(flag: Flag, to: str, *, actor: Actor) -> Flag:
    """Undo the flag's last change of status, and announce it like any other."""
    before = flag.status
    with transaction.atomic():
        move_back(flag, to, undoings=FLAG_UNDOINGS, actor=actor, closed_at=None)
        flag_changed.send(sender=Flag, flag=flag, before=before, actor=actor)
    return flag


def ask_for_second(*, flag: Flag, dismissal_from: float | None, overrule: bool) -> Flag:
    """Store what enforcement's terms say: the score from which a dismissal needs a second person, and whether
    overruling does."""
    Flag.objects.filter(pk=flag.pk).update(second_from=dismissal_from, overrule_needs_second=overrule)
    flag.second_from, flag.overrule_needs_second = dismissal_from, overrule
    return flag


def set_due(*, flag: Flag, due_at: datetime | None) -> Flag:
    """Store the deadline that enforcement set, for the order of the queue."""
    Flag.objects.filter(pk=flag.pk).update(due_at=due_at)
    flag.due_at = due_at
    return flag


def prove(*, flag: Flag, to: str, actor: Actor, reason: str) -> Flag:
    """Store the result of removal checks: removed, restricted, or back on sale (open). Enforcement decides it; `reason`
    explains it."""
    closed_at = timezone.now() if to in PROVED else None
    return change_status(
        flag, to, actor=actor, reason=reason, closed_at=closed_at, claimed_by=None, claim_expires_at=None
    )


def withdraw_flags(*, notice: Notice, actor: Actor, reason: str) -> int:
    """Close undecided and claimed flags of a withdrawn notice; returns how many. Confirmed removals stay."""
    count = 0
    for flag in Flag.objects.in_play().filter(notice=notice):
        change_status(flag, FlagStatus.WITHDRAWN, actor=actor, reason=reason, closed_at=timezone.now())
        count += 1
    return count
