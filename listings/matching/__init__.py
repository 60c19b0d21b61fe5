"""The matching engine: finds the listings of a recalled product, and says why. Knows nothing of Django or a database.

    reading = read_recall(RecallText(...)); match = compare(reading, read_listing(ListingText(...)))

`python -m listings.matching --help` runs it on files.
"""

from listings.matching.index import RecallIndex
from listings.matching.keys import keys_apart, listing_keys, lookup_of, recall_keys
from listings.matching.listing import ListingReading, read_listing
from listings.matching.quick_read import QuickRead, quick_read
from listings.matching.recall import ProductReading, RecallReading, read_recall
from listings.matching.score import compare, share_right
from listings.matching.texts import Correction, Corrections, Evidence, ListingText, Match, ProductText, RecallText, Span

__all__ = [
    "Correction",
    "Corrections",
    "Evidence",
    "ListingReading",
    "ListingText",
    "Match",
    "ProductReading",
    "ProductText",
    "QuickRead",
    "RecallIndex",
    "RecallReading",
    "RecallText",
    "Span",
    "compare",
    "keys_apart",
    "listing_keys",
    "lookup_of",
    "quick_read",
    "read_listing",
    "read_recall",
    "recall_keys",
    "share_right",
]
