"""New rows of a feed that match no active notice: they are stored with their keys, and need not be matched.

The rows are read by a thread that has no part in the transaction which stores them, against the notices of that moment.
What it found counts if the same notices are active under the lock of a batch (listings/services/matches.py); if they
changed, the rows are read again.
"""

import logging
from collections.abc import Collection, Mapping
from typing import NamedTuple

from listings.ingest.rows import ListingRow
from listings.matching import listing_keys, quick_read
from listings.matching_texts import row_text
from listings.services.matches import Active, active_recalls, lock_shared, stored_keys
from listings.services.removal_traces import catalogue_keys

logger = logging.getLogger(__name__)


class Settled(NamedTuple):
    """External id → stored keys of rows that match none of the notices of `active`."""

    active: Active
    keys: Mapping[str, list[str]]


class Settling:
    """Settles the new rows of one platform's feed."""

    def __init__(self, platform_id: int) -> None:
        self._platform_id = platform_id
        self._active = active_recalls(platform_id)

    def read(self, rows: Collection[ListingRow]) -> Settled:
        """Those that match nothing; the others, and those that break, are left to their batch. Asks no database."""
        active = self._active
        settled = {}
        for row in rows:
            try:
                shown = quick_read(row_text(row))
                of_words = listing_keys(shown)
                keys = catalogue_keys(of_words, row.description, row.image_link)
                if not active.notices or not (
                    active.traces.touch(keys) or active.recalls.hopeful(shown, of_words, active.without)
                ):
                    settled[row.external_id] = stored_keys(keys)
            except Exception:
                logger.exception("a new row of platform %s could not be read for matching", self._platform_id)
        return Settled(active, settled)

    def confirmed(self, settled: Settled, rows: Mapping[str, ListingRow]) -> Mapping[str, list[str]]:
        """The keys of the rows that match no notice that is active now, among `rows` as they are about to be stored.

        Holds the lock of a batch to the end of the transaction, so that what is stored so is found by every notice that
        is matched later; so call it before any row is locked.
        """
        lock_shared(self._platform_id)
        self._active = active_recalls(self._platform_id)
        if not settled.active.is_like(self._active):
            settled = self.read([rows[external_id] for external_id in settled.keys if external_id in rows])
        return settled.keys
