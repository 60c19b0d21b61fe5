"""All recalls in memory, for matching one listing after the other against them."""

from collections.abc import Iterable

from listings.matching.keys import listing_keys, recall_keys
from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.score import compare
from listings.matching.texts import Match

BEST = 5


class RecallIndex:
    """Finds the recalls that share a candidate key with a listing."""

    def __init__(self, readings: Iterable[RecallReading]) -> None:
        self.readings = list(readings)
        self._postings: dict[str, list[int]] = {}
        for place, reading in enumerate(self.readings):
            for key in recall_keys(reading):
                self._postings.setdefault(key, []).append(place)

    def candidates(self, listing: ListingReading, keys: Iterable[str] | None = None) -> list[RecallReading]:
        """The recalls that share at least one key, in the order in which they were given."""
        places: set[int] = set()
        for key in keys if keys is not None else listing_keys(listing):
            places.update(self._postings.get(key, ()))
        return [self.readings[place] for place in sorted(places)]

    def judged(self, listing: ListingReading, keys: Iterable[str] | None = None) -> list[Match]:
        """Every candidate that anything speaks for, whatever its band, best first."""
        matches = [match for recall in self.candidates(listing, keys) if (match := compare(recall, listing))]
        return sorted(matches, key=lambda match: (-match.score, match.recall_number))

    def match(self, listing: ListingReading, keys: Iterable[str] | None = None) -> list[Match]:
        """The matches that a moderator should see (flag or ask), best first, at most five."""
        return [match for match in self.judged(listing, keys) if match.band != "no"][:BEST]
