"""Opening, confirming and reopening flags. Enforcement starts and stops clocks on the signals sent here, in the same
transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from listings.coverage_words import COVERED_AGAIN
from listings.exclusion_scope import exclusion_for, exclusions_of, relisting_reason
from listings.matching import Match
from listings.matching_texts import evidence_of
from listings.models import CoverageCheck, Flag, Listing, RemovalTrace
from listings.past_removals import seller_before, sellers_before, with_signs
from listings.relisting import relisted_from
from listings.services.flag_news import tell_changed, tell_opened
from listings.services.rule_switches import switched_off
from listings.services.seller_links import close_seller_links
from listings.signals import flag_changed, flag_opened
from listings.states import FLAG_UNDOINGS, PROVED, WATCHED, FlagStatus
from portal import audit
from portal.identity.actors import Actor
from portal.transitions import move, move_back
from recalls import services as recalls
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
    "supplier",
    "minimum_order",
    "price_ladder",
    "destinations",
)

_OF_A_NEW_FLAG = (
    *("recall_id", "regulator_id", "platform_id", "product", "score", "band", "evidence", "listing_digest"),
    *("listing_as_flagged", "opened_at", "takes_room", "judged_by_id", "relisted_from", "relisted_reason"),
)


class Past(NamedTuple):
    """Whether anything of a notice's recall was removed from its platform before, and whether exclusions may cover
    something under it: where there is neither, no listing has to be asked for it. `sellers` are the `sellers_before`."""

    removals: bool
    exclusions: bool
    sellers: Mapping[str, int] | None = None


UNKNOWN_PAST = Past(removals=True, exclusions=True)


def past_of(notice: Notice) -> Past:
    """What a platform's past says about the listings of a notice, read once for all of them."""
    gone = Flag.objects.filter(recall_id=notice.recall_id, platform_id=notice.platform_id, status__in=WATCHED)
    removals = gone.exists()
    return Past(removals, exclusions_of(notice).exists(), sellers_before(notice) if removals else {})


def open_flag(
    *,
    notice: Notice,
    listing: Listing,
    match: Match,
    earlier: tuple[Flag, str] | None = None,
    takes_room: bool = False,
    actor: Actor,
) -> Flag | None:
    """Flag a listing under a notice, with the evidence as found; its clock starts in the same transaction. `takes_room`:
    it counts towards the notice's limit, which is the caller's to keep (listings/services/intake.py).

    Returns None where an exclusion covers the listing (`exclusion_for`), and where the notice was withdrawn in the
    meantime. Flags once for each notice and listing: a second time returns None, except that a dismissed flag opens again
    where its exclusion is withdrawn, expired or outgrown, or where the listing's identity was edited and it still
    matches; and one that was closed as no longer covered opens again.
    """
    weighed = weigh(notice=notice, listing=listing, match=match)
    if weighed is None:
        return None
    match = weighed
    with transaction.atomic():
        if not recalls.stays_active(notice):
            return None
        new = new_flag(notice, listing, match, earlier=earlier, takes_room=takes_room)
        given = {name: getattr(new, name) for name in _OF_A_NEW_FLAG}
        flag, fresh = Flag.objects.get_or_create(notice=notice, listing=listing, defaults=given)
        if not fresh:
            if flag.status == FlagStatus.NOT_COVERED:
                return cover_again(flag=flag, notice=notice, match=match, actor=actor)
            return _open_again(flag, listing, new.product, match, actor)
        announce_opened([flag], actor)
    return flag


def new_flag(
    notice: Notice,
    listing: Listing,
    match: Match,
    *,
    earlier: tuple[Flag, str] | None = None,
    past: Past = UNKNOWN_PAST,
    takes_room: bool,
) -> Flag:
    """The unsaved flag of a match that was weighed."""
    products = list(notice.version.products.all())
    before, reason = earlier or (relisted_from(notice, listing) if past.removals else (None, ""))
    return Flag(
        notice=notice,
        listing=listing,
        recall_id=notice.recall_id,
        regulator_id=notice.recall.regulator_id,
        platform_id=notice.platform_id,
        product=products[match.product_index] if match.product_index < len(products) else None,
        score=match.score,
        band=match.band,
        evidence=evidence_of(match),
        listing_digest=listing.digest,
        listing_as_flagged=as_flagged(listing),
        opened_at=timezone.now(),
        takes_room=takes_room,
        judged_by_id=notice.version_id,
        relisted_from=before,
        relisted_reason=reason[:200],
    )


def announce_opened(flags: Sequence[Flag], actor: Actor) -> None:
    """Write down that these flags were opened, and let their clocks start; same transaction."""
    audit.record_many(
        audit.event_for(
            actor=actor,
            action="flag.opened",
            subject=flag,
            after={
                "status": flag.status,
                "recall": flag.notice.recall.number,
                "listing": flag.listing.external_id,
                "score": flag.score,
                "signals": [item["signal"] for item in flag.evidence],
                "relisted_from": flag.relisted_from_id,
            },
            reason=f"Relisting: {flag.relisted_reason.rstrip('.')}." if flag.relisted_reason else "",
        )
        for flag in flags
    )
    flag_opened.send(sender=Flag, flags=flags)
    tell_opened(flags)


def weigh(*, notice: Notice, listing: Listing, match: Match, past: Past = UNKNOWN_PAST) -> Match | None:
    """The match with the evidence of earlier removals; None where an exclusion covers the listing.

    Writes nothing, so the notice need not be stored.
    """
    before = seller_before(notice, listing, past.sellers) if past.removals else None
    if before is not None and before.signal not in switched_off():
        match = with_signs(match, [before])
    covered = past.exclusions and exclusion_for(notice=notice, listing=listing, match=match) is not None
    return None if covered else match


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


def as_flagged_again(flag: Flag, listing: Listing) -> dict[str, Any]:
    """As `as_flagged`, of a flag that opens again. The address under which it was flagged first stays known: a listing
    that was dismissed, moved and flagged again may still be sold there."""
    known = flag.listing_as_flagged
    first = known.get("first_link", known.get("link"))
    return as_flagged(listing) | ({} if first is None else {"first_link": first})


def _open_again(flag: Flag, listing: Listing, product: Product | None, match: Match, actor: Actor) -> Flag | None:
    if flag.status != FlagStatus.DISMISSED or not (reason := relisting_reason(flag, listing, match)):
        return None
    changes = {
        "product": product,
        "score": match.score,
        "band": match.band,
        "evidence": evidence_of(match),
        "listing_digest": listing.digest,
        "listing_as_flagged": as_flagged_again(flag, listing),
        "closed_at": None,
    }
    change_status(flag, FlagStatus.OPEN, actor=actor, reason=reason, **changes)
    return flag


def cover_again(*, flag: Flag, notice: Notice, match: Match, as_it_is: bool = True, actor: Actor) -> Flag:
    """Open a flag again that was closed as no longer covered, with the evidence of now; its clock goes on where it
    stopped. `as_it_is`: the match is with the listing as it is now, not as it was flagged."""
    products = list(notice.version.products.all())
    changes: dict[str, Any] = {
        "product": products[match.product_index] if match.product_index < len(products) else None,
        "score": match.score,
        "band": match.band,
        "evidence": evidence_of(match),
        "closed_at": None,
        "judged_by": notice.version,
        "covered": True,
    }
    if as_it_is:
        listing = Listing.objects.get(pk=flag.listing_id)
        changes |= {"listing_digest": listing.digest, "listing_as_flagged": as_flagged_again(flag, listing)}
    reason = COVERED_AGAIN % {"version": notice.version.version}
    with transaction.atomic():
        change_status(flag, FlagStatus.OPEN, actor=actor, reason=reason, **changes)
        going_on = CoverageCheck.objects.filter(notice=notice, version=notice.version, done_at=None)
        going_on.update(reopened=F("reopened") + 1)
    return flag


def change_status(flag: Flag, to: str, *, actor: Actor, reason: str = "", **changes: Any) -> Flag:
    """Change a flag's status and announce it, in one transaction; its clock is updated before the commit."""
    before = flag.status
    with transaction.atomic():
        move(flag, to, actor=actor, reason=reason, **changes)
        if before in WATCHED and to not in WATCHED:
            RemovalTrace.objects.filter(flag=flag).delete()
        flag_changed.send(sender=Flag, flag=flag, before=before, actor=actor)
        tell_changed(flag, before=before)
    return flag


def change_back(flag: Flag, to: str, *, actor: Actor) -> Flag:
    """Undo the flag's last change of status, and announce it like any other."""
    before = flag.status
    with transaction.atomic():
        move_back(flag, to, undoings=FLAG_UNDOINGS, actor=actor, closed_at=None)
        flag_changed.send(sender=Flag, flag=flag, before=before, actor=actor)
        tell_changed(flag, before=before)
    return flag


def ask_for_second(*, flags: Sequence[Flag], dismissal_from: float | None, overrule: bool) -> None:
    """Store what enforcement's terms say: the score from which a dismissal needs a second person, and whether
    overruling does."""
    rows = Flag.objects.filter(pk__in=[flag.pk for flag in flags])
    rows.update(second_from=dismissal_from, overrule_needs_second=overrule)
    for flag in flags:
        flag.second_from, flag.overrule_needs_second = dismissal_from, overrule


def set_due(*, flags: Sequence[Flag], due_at: datetime | None) -> None:
    """Store the deadline that enforcement set, for the order of the queue."""
    Flag.objects.filter(pk__in=[flag.pk for flag in flags]).update(due_at=due_at)
    for flag in flags:
        flag.due_at = due_at


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
    in_play = Flag.objects.in_play().filter(notice=notice).order_by("pk")
    for flag in in_play.select_for_update(of=("self",)):  # one that is decided at this moment is waited for
        change_status(flag, FlagStatus.WITHDRAWN, actor=actor, reason=reason, closed_at=timezone.now())
        close_seller_links(flag=flag, actor=actor, reason=reason)
        count += 1
    return count
