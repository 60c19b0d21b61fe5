"""The recall covers certain lots or dates, and the listing does not state its lot: a moderator has to ask."""

import re

from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules.base import found
from listings.matching.texts import Evidence

SIGNALS = ("lot_not_stated",)

_STATES_LOT = re.compile(r"\b(?:lot|batch|mfg|manufactured|date code|expir\w+)\b")


def check(recall: RecallReading, product_index: int, listing: ListingReading) -> Evidence | None:  # noqa: ARG001  every rule is called alike
    """Nothing where the recall says that all are affected, or names no lots."""
    if recall.every or not recall.circumstances.lots:
        return None
    if any(_STATES_LOT.search(said) for said in listing.lowered.values()):
        return None
    lot = recall.circumstances.lots[0]
    detail = f"Only certain lots or dates are recalled ({lot.text[:40]}). The listing states none. Ask the seller."
    return found("lot_not_stated", detail, lot, None)
