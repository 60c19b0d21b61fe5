"""Evidence from a platform's earlier removals: the seller, the picture, and what else of a removed listing is there again.
It adds to the evidence of the texts."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db.models import Count

from listings.matching import Evidence, ListingText, Match, Span
from listings.matching.copies import WHOLE_FROM, copied_share, picture_key, runs_of
from listings.matching.gtins import codes_in
from listings.matching.key_words import short
from listings.matching.normalise import canonical_model
from listings.matching.score import FLAG_FROM
from listings.models import Flag, Listing, RemovalTrace
from listings.pictures import is_same, shared
from listings.seller_names import folded
from listings.states import WATCHED
from recalls.models import Notice

WEIGHTS = {
    "seller_before": 0.8,
    "same_picture": 7.0,
    "removed_gtin": 5.6,
    "removed_text": 6.0,
    "removed_text_in_part": 5.2,
    "removed_picture_file": 5.2,
    "removed_model": 2.8,
}
"""Signal → log-odds. Like the engine's, each can be switched off (listings/services/rule_switches.py).

Before any evidence the engine's log-odds are -6.5, a question is asked from -1.4 and a flag raised from -0.4: so a sign that
a removed listing was copied is a question by itself and a match beside another one or the recalled type of product (3.1),
and a model number needs company to be a question.
"""

FOUND_BY = tuple(signal for signal in WEIGHTS if signal != "seller_before")
"""Signals by which a listing is found whose own words may match nothing."""

NAMES = frozenset(
    {
        *(
            "different_brand",
            "different_maker",
            "brand_not_stated",
            "brand_not_named",
            "different_product_line",
            "sister_line",
        ),
        *("name_missing", "title_mentions_something_else", "title_adds_words", "model_of_name_missing"),
        *("model_not_stated", "other_model", "limits_not_stated", "lot_not_stated", "product_type_not_stated"),
    }
)
"""Signals that speak against a match of names. Whoever brings a removed product back under another name changes just these,
so they say nothing against a copy; another type of product, another size or an accessory does."""

OPENLY = frozenset({"same_brand", "misspelled_brand", "same_model_and_brand"})
"""Signals that a listing goes by the recall's brand: then its names are judged as those of any other."""


MAX_COMPARED = 5_000  # flags whose pictures are compared, newest first


def sellers_before(notice: Notice) -> Mapping[str, int]:
    """Folded name of a seller → how many listings of the recall they had taken down on the notice's platform."""
    gone = Flag.objects.filter(platform_id=notice.platform_id, recall_id=notice.recall_id, status__in=WATCHED)
    counts: dict[str, int] = {}
    rows = gone.exclude(listing__seller="").order_by().values_list("listing__seller").annotate(Count("pk"))
    for seller, count in rows:
        counts[folded(seller)] = counts.get(folded(seller), 0) + count
    return counts


def seller_before(notice: Notice, listing: Listing, known: Mapping[str, int] | None = None) -> Evidence | None:
    """The seller had this recall's product taken down on this platform before, under this name or one written otherwise;
    `known` are the `sellers_before`, where they were asked for already."""
    name = folded(listing.seller)
    count = (sellers_before(notice) if known is None else known).get(name, 0) if name else 0
    if count and listing.pk:
        own = Flag.objects.filter(listing=listing.pk, recall_id=notice.recall_id, status__in=WATCHED)
        count -= own.filter(platform_id=notice.platform_id).count()
    if count <= 0:
        return None
    times = "once" if count == 1 else f"{count} times"
    return Evidence(
        "seller_before",
        WEIGHTS["seller_before"],
        None,
        None,
        f"Seller {listing.seller} has listed this recalled product {times} before.",
    )


def shows_again(flag: Flag, trace: RemovalTrace, text: ListingText) -> list[Evidence]:
    """What of a removed listing another one shows: a GTIN, the model number, the description, the picture's file."""
    signs, known = [], set(trace.keys)
    for code in codes_in(text.gtin):
        if not code.doubt and f"g:{code.gtin}" in known:
            span = Span("gtin", code.start, code.end, text.gtin[code.start : code.end])
            said = f"Same GTIN {code.gtin} as listing {flag.listing}, which was taken down."
            signs.append(_sign("removed_gtin", said, span))
            break
    if text.mpn and f"m:{short(canonical_model(text.mpn))}" in known:
        span = Span("mpn", 0, len(text.mpn), text.mpn)
        said = f"Same model number as listing {flag.listing}, which was taken down."
        signs.append(_sign("removed_model", said, span))
    if trace.runs and (share := copied_share(frozenset(trace.runs), runs_of(text.description))):
        signal = "removed_text" if share >= WHOLE_FROM else "removed_text_in_part"
        said = f"{share:.0%} of the description of listing {flag.listing}, which was taken down, is in this one."
        signs.append(_sign(signal, said))
    if (picture := picture_key(text.image_link)) and picture in known:
        said = f"The picture's file has the same name as that of listing {flag.listing}, which was taken down."
        signs.append(_sign("removed_picture_file", said))
    return signs


def with_signs(match: Match, signs: Sequence[Evidence]) -> Match:
    """The match with evidence of earlier removals beside that of its texts."""
    if not signs:
        return match
    odds = match.score / max(1e-4, 1 - match.score) * math.exp(sum(sign.weight for sign in signs))
    score = round(odds / (1 + odds), 4)
    band = "flag" if score >= FLAG_FROM else match.band
    return replace(match, score=score, band=band, evidence=(*match.evidence, *signs))


def _sign(signal: str, said: str, span: Span | None = None) -> Evidence:
    return Evidence(signal, WEIGHTS[signal], None, span, said)


def picture_taken_down(listing: Listing) -> tuple[Flag, Evidence] | None:
    """The newest flag of this platform, removed (claimed or confirmed), whose listing showed the same photo."""
    if not listing.picture_hash:
        return None
    gone = Flag.objects.filter(platform_id=listing.platform_id, status__in=WATCHED).exclude(listing=listing)
    gone = gone.exclude(listing__picture_hash="").select_related("listing", "notice", "recall", "product")
    for flag in gone.order_by("-pk")[:MAX_COMPARED]:
        if is_same(flag.listing.picture_hash, listing.picture_hash):
            alike = shared(flag.listing.picture_hash, listing.picture_hash)
            detail = f"Same picture as listing {flag.listing}, which was taken down ({alike:.0%} of the edges match)."
            return flag, Evidence("same_picture", WEIGHTS["same_picture"], None, None, detail)
    return None
