"""In the demo the platforms keep their word: what they finally decide to take down, the demo's shop takes down.

Without this, whoever tries the demo decides "Removed" and has the flag back within a minute, because a check sees the
listing on sale. Listings that somebody put on sale by hand stay: with those the self-check tries what is only claimed.
"""

import logging
from typing import Any
from urllib.parse import quote

from listings.models import Decision, Flag
from listings.states import DecisionKind
from portal.http.client import NoAnswer, ask

logger = logging.getLogger(__name__)
DONE = {DecisionKind.REMOVED: "404", DecisionKind.GEO_RESTRICTED: "region"}
"""What the shop does after a decision."""


class Storefront:
    """Hears of final decisions (listings.signals.decision_final) and tells the shop at `address`."""

    def __init__(self, address: str) -> None:
        self.address = address

    def follow(self, decision: Decision, flag: Flag, **_signal: Any) -> None:
        """Before the first check is planned, so within the transaction. A shop that does not answer changes nothing."""
        how = DONE.get(DecisionKind(decision.kind))
        if how is None:
            return
        url = f"{self.address}/listing/{quote(flag.listing.external_id, safe='')}/decided?how={how}"
        try:
            ask(url, seconds=5, max_bytes=1_000, content=b"")
        except NoAnswer:
            logger.warning("the demo's shop did not answer %s", url)
