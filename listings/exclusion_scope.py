"""Which exclusions cover a listing, and whether they still apply to what a match shows now."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from listings.matching import Match
from listings.matching.identifiers import gtin14
from listings.matching.normalise import words_of
from listings.matching_texts import evidence_of
from listings.models import Exclusion, Flag, Listing
from listings.querysets import ExclusionQuerySet
from recalls.models import Notice, RecallVersion

IDENTITY = ("title", "brand", "gtin", "mpn")
"""The fields that say which product a listing is. Once one changes, an earlier decision no longer applies."""

_FACTS = {
    "same_gtin": "GTIN",
    "same_model": "model",
    "same_model_and_brand": "model",
    "same_short_model": "model",
    "model_in_description": "described model",
    "same_picture": "picture",
    "removed_gtin": "GTIN",
    "removed_model": "model",
}
_NOT_OF_NUMBERS = re.compile("[^0-9a-z]")
Scope = Exclusion.Scope


def exclusion_for(*, notice: Notice, listing: Listing, match: Match) -> Exclusion | None:
    """The exclusion that prevents a flag on this listing under this notice, if there is one.

    An exclusion covers no more than what was judged: a match by a GTIN, a model number or a picture that was not in the
    evidence is flagged, and so is a match that a widened recall makes stronger.
    """
    entries = covering(notice=notice, listing=listing)
    return next((known for known in entries if not outgrown(known, notice, match, listing.mpn)), None)


def covering(*, notice: Notice, listing: Listing) -> ExclusionQuerySet:
    """The active exclusions of this listing under this notice, outgrown or not."""
    covered = Q(scope=Scope.LISTING, listing=listing, identity=identity_of(listing))
    if gtin := gtin14(listing.gtin):
        covered |= Q(scope=Scope.GTIN, gtin=gtin)
    if listing.seller:
        covered |= Q(scope=Scope.SELLER_PRODUCT, seller=listing.seller, product=product_of(listing))
    return exclusions_of(notice).filter(covered).select_related("version")


def exclusions_of(notice: Notice) -> ExclusionQuerySet:
    """The active exclusions that count under this notice, whatever they cover."""
    of_recall = Q(recall=None, regulator_id=notice.recall.regulator_id) | Q(recall_id=notice.recall_id)
    return Exclusion.objects.holding().filter(of_recall, platform_id=notice.platform_id)


def outgrown(known: Exclusion, notice: Notice, match: Match, mpn: str) -> str:
    """Why `known` does not cover this match with a listing of that MPN, as a sentence; empty where it does."""
    facts = facts_of(evidence_of(match), mpn)
    new = facts - set(known.facts) if known.flag_id else {fact for fact in facts if fact.startswith("GTIN")}
    if new:
        return f"New evidence since the decision: {', '.join(sorted(new))}."
    widened = _widened_since(known, notice)
    if widened and (known.score is None or match.score > known.score or _is_of_new_product(known, notice, match)):
        return f"Version {widened} of the recall covers more products than the version that was judged."
    return ""


def facts_of(evidence: Iterable[Mapping[str, Any]], mpn: str) -> set[str]:
    """The identifying facts of stored evidence, comparable between listings: "GTIN 12345678905", "model hl200r".

    Evidence names the one model number that counts most; the listing's MPN is a fact of its own.
    """
    found = set()
    for item in evidence:
        if (kind := _FACTS.get(item["signal"])) is not None:
            number = _NOT_OF_NUMBERS.sub("", (item["listing_span"] or {}).get("text", "").lower())
            found.add(f"{kind} {number.lstrip('0') if kind == 'GTIN' else number}".strip())
    if any(fact.startswith("model ") for fact in found) and (number := _NOT_OF_NUMBERS.sub("", mpn.lower())):
        found.add(f"model {number}")
    # Judging a number in the title covers the same number in a description.
    return found | {f"described {fact}" for fact in found if fact.startswith("model ")}


def identity_of(listing: Listing) -> str:
    return hashlib.sha256("\x1f".join(getattr(listing, name) for name in IDENTITY).encode()).hexdigest()


def product_of(listing: Listing) -> str:
    """What a seller's listings of one product have in common: every word of the title in whatever order, brand, MPN and
    GTIN. Empty where the title is."""
    words = " ".join(sorted(words_of(listing.title)))
    numbers = _NOT_OF_NUMBERS.sub("", listing.mpn.lower()), gtin14(listing.gtin) or listing.gtin
    return " / ".join([words, " ".join(words_of(listing.brand)), *numbers]) if words else ""


def relisting_reason(flag: Flag, listing: Listing, match: Match) -> str:
    """Why a match that no exclusion covers opens a dismissed flag again; empty where it stays dismissed.

    A weaker match counts too: a listing that was dismissed as another model would else be the place to sell the recalled
    one, under a title that says a little less.
    """
    last = flag.exclusions.select_related("version").order_by("-pk").first()
    if last is not None and last.withdrawn_at is not None:
        return "The exclusion was withdrawn."
    if last is not None and not last.holds:
        return "The exclusion expired."
    if last is not None and (reason := outgrown(last, flag.notice, match, listing.mpn)):
        return reason
    edited = any(flag.listing_as_flagged.get(name, "") != getattr(listing, name) for name in IDENTITY)
    if edited and match.band == Flag.Band.FLAG:
        return "The listing was edited after the flag was dismissed."
    return ""


def _widened_since(known: Exclusion, notice: Notice) -> int | None:
    """The newest version under the notice that widened the recall after `known` was judged."""
    if known.version is None:
        return None
    later = RecallVersion.objects.filter(
        recall_id=known.version.recall_id,
        version__gt=known.version.version,
        version__lte=notice.version.version,
        widens=True,
    )
    return later.order_by("-version").values_list("version", flat=True).first()


def _is_of_new_product(known: Exclusion, notice: Notice, match: Match) -> bool:
    """Whether the match is with a product that the judged version did not name."""
    judged = set(known.version.products.values_list("name", flat=True)) if known.version else set()
    names = [product.name for product in notice.version.products.all()]
    return match.product_index < len(names) and names[match.product_index] not in judged
