"""Adding, withdrawing and expiring exclusions: what is known not to be a recalled product."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop

from listings.exclusion_scope import facts_of, identity_of, product_of
from listings.matching.identifiers import gtin14
from listings.models import Exclusion, Flag, Listing
from portal import audit
from portal.background import sweeping
from portal.database.acting import as_system
from portal.http.moments import in_reach
from portal.identity.actors import Actor
from portal.models import Organisation
from portal.reasons import NO_REASON, require_reason
from recalls.models import Product, Recall

Scope = Exclusion.Scope
AT_ONCE = 200  # exclusions that one sweep expires
EXPIRY = "exclusions to expire"
Errors = dict[str, str | ValidationError]


def remember_exclusion(
    *, flag: Flag, scope: str, reason: str, until: datetime | None = None, actor: Actor
) -> Exclusion:
    """Exclude what `flag` was raised on: the listing until it changes, its GTIN, or the seller's product.

    Raises ValidationError where the listing lacks what the scope needs or `until` is past. Reversed by
    `withdraw_exclusion`.
    """
    actor.require("flag.decide")
    known = Exclusion(
        platform_id=flag.platform_id,
        regulator_id=flag.recall.regulator_id,
        recall_id=flag.recall_id,
        version_id=flag.notice.version_id,
        facts=sorted(facts_of(flag.evidence, str(flag.listing_as_flagged.get("mpn", "")))),
        score=flag.score,
        flag=flag,
    )
    wrong = _cover(known, scope, listing=flag.listing)
    errors: Errors = {"remember": " ".join(wrong.values())} if wrong else {}  # the flag's form has one field for both
    return _keep(known, errors, reason=reason, until=until, actor=actor)


def add_exclusion(
    *,
    platform: Organisation,
    recall: Recall | None,
    scope: str,
    listing: Listing | None = None,
    gtin: str = "",
    reason: str,
    until: datetime | None = None,
    actor: Actor,
) -> Exclusion:
    """Exclude a GTIN, or a `listing` of the platform (until it changes, or its seller's product), under `recall`;
    without a recall, under all recalls of the actor's regulator, which only admins may do.

    Raises ValidationError where the scope lacks what it needs, the recall itself names the GTIN, the reason is missing
    or `until` is past. Open flags stay open. Reversed by `withdraw_exclusion`.
    """
    actor.require("exclusion.add" if recall is not None else "exclusion.add_for_all")
    regulator_id = recall.regulator_id if recall is not None else actor.regulator_id
    if regulator_id is None or not (actor.sees_all or regulator_id == actor.regulator_id):
        raise PermissionDenied(gettext_noop("You can add exclusions only for recalls of your own regulator."))
    known = Exclusion(
        platform=platform, regulator_id=regulator_id, recall=recall, version=recall.current if recall else None
    )
    errors: Errors = {**_cover(known, scope, listing=listing, gtin=gtin)}
    if listing is not None and listing.platform_id != platform.pk:
        detail = gettext_noop("Listing %(listing)s is not in the catalogue of %(platform)s.")
        errors["listing"] = ValidationError(detail, params={"listing": listing, "platform": platform})
    if known.gtin and recall and Product.objects.filter(version=recall.current, gtins__contains=[known.gtin]).exists():
        detail = gettext_noop("Recall %(number)s lists this GTIN. Correct the recall first.")
        errors["gtin"] = ValidationError(detail, params={"number": recall.number})
    return _keep(known, errors, reason=reason, until=until, actor=actor)


def withdraw_exclusion(*, known: Exclusion, reason: str, actor: Actor) -> Exclusion:
    """Withdraw an exclusion: what it covered is matched again, and its dismissed flag may be opened again.

    Not reversible, but you can add another one. Raises ValidationError where it is not active or no reason is given.
    """
    actor.require("exclusion.withdraw")
    require_reason(reason)
    with transaction.atomic():
        known = Exclusion.objects.select_for_update(of=("self",)).get(pk=known.pk)
        if not known.holds:
            raise ValidationError(gettext_noop("The exclusion is no longer active, so there is nothing to withdraw."))
        known.withdrawn_at, known.withdrawn_by = timezone.now(), actor.label
        known.save(update_fields=["withdrawn_at", "withdrawn_by"])
        audit.record(
            actor=actor, action="exclusion.withdrawn", subject=known, after={"covers": known.covers}, reason=reason
        )
        _match_again(known)
    return known


def expire_exclusions() -> int:
    """Match again what expired exclusions covered; returns how many expired. Each expires once."""
    due = Exclusion.objects.expired().filter(expired_at=None).order_by("expires_at", "pk")
    sweeping.forget_others(due, sweep=EXPIRY)
    return sweeping.each(sweeping.ready(due, sweep=EXPIRY)[:AT_ONCE], _expire, sweep=EXPIRY).done


def _expire(seen: Exclusion) -> None:
    held = Exclusion.objects.select_for_update(of=("self",), skip_locked=True)
    known = held.filter(pk=seen.pk, expired_at=None).first()
    if known is None:
        return
    known.expired_at = timezone.now()
    known.save(update_fields=["expired_at"])
    actor = Actor.system("exclusions")
    audit.record(actor=actor, action="exclusion.expired", subject=known, after={"covers": known.covers})
    _match_again(known)


def _cover(known: Exclusion, scope: str, *, listing: Listing | None = None, gtin: str = "") -> dict[str, str]:
    """Fill in what `scope` covers; returns the errors by field."""
    known.scope, known.listing = scope, listing
    if scope == Scope.GTIN:
        known.gtin = gtin14(gtin or (listing.gtin if listing else "")) or ""
        return (
            {}
            if known.gtin
            else {"gtin": gettext_noop("Enter a valid GTIN: 8, 12, 13 or 14 digits with a correct check digit.")}
        )
    if scope not in Scope.values:
        return {"scope": gettext_noop("Choose what the exclusion covers.")}
    if listing is None:
        return {"listing": gettext_noop("Enter the platform's listing ID.")}
    known.identity = identity_of(listing)
    if scope == Scope.SELLER_PRODUCT:
        known.seller, known.product = listing.seller, product_of(listing)
        if not (known.seller and known.product):
            return {"listing": gettext_noop("The listing has no seller or no title.")}
    return {}


def _keep(known: Exclusion, errors: Errors, *, reason: str, until: datetime | None, actor: Actor) -> Exclusion:
    if until is not None and until <= timezone.now():
        errors["until"] = gettext_noop("Choose a time in the future, or leave the field empty.")
    elif until is not None and in_reach(until) is None:
        errors["until"] = gettext_noop("Choose an earlier time, or leave the field empty for no end date.")
    if not reason.strip():
        errors["reason"] = NO_REASON
    if errors:
        raise ValidationError(errors)
    known.reason, known.made_by, known.expires_at = reason, actor.label, until
    with transaction.atomic():
        known.save()
        after = {
            "scope": known.scope,
            "covers": known.covers,
            "recall": known.recall.number if known.recall else "every recall",
            "expires_at": until.isoformat() if until else None,
        }
        action = "exclusion.remembered" if known.flag_id else "exclusion.added"
        audit.record(actor=actor, action=action, subject=known, after=after, reason=reason)
    return known


@as_system("a regulator does not see the listings that its exclusion covers")
def _match_again(known: Exclusion) -> None:
    if known.scope == Scope.GTIN:  # however the listing writes it, its key is the GTIN-14
        covered = Q(keys__contains=[f"g:{known.gtin}"])
    elif known.scope == Scope.SELLER_PRODUCT:
        covered = Q(seller=known.seller)
    else:
        covered = Q(pk=known.listing_id)
    Listing.objects.filter(covered, platform_id=known.platform_id).update(
        match_due=True, match_due_since=timezone.now()
    )
