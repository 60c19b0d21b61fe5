"""Which of many stored listings may match the few recalls of an index: the others need not be read word by word."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from listings.matching.index import RecallIndex
from listings.matching.texts import ListingText

if TYPE_CHECKING:
    from listings.matching.bulk.filter import BulkFilter

MIN_IN_COLUMNS = 200  # listings from which on the columns, which take some 30 ms to make, cost less than reading each


class ManyListings:
    """Rules listings out by the hundred, once there are so many that this pays."""

    def __init__(self, index: RecallIndex) -> None:
        self._index = index
        self._filter: BulkFilter | None = None

    def in_question(self, texts: Sequence[ListingText]) -> Sequence[Collection[int] | None]:
        """Of each listing the places of the recalls that it may match, None for any, as `RecallIndex.match` takes them.

        One odd listing may break the columns of all: whoever calls goes on with None for each then.
        """
        if len(texts) < MIN_IN_COLUMNS:
            return [None] * len(texts)
        if self._filter is None:
            # Here, as NumPy is loaded by those programs only that match.
            from listings.matching.bulk.filter import BulkFilter  # noqa: PLC0415
            from listings.matching.bulk.tables import tables_of  # noqa: PLC0415

            self._filter = BulkFilter(tables_of(self._index.profiles, self._index.postings))
        try:
            return self._filter.hopeful(texts)
        except Exception:
            self._filter = None  # it may have learned a piece by half
            raise
