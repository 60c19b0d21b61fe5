"""All recalls in memory, for matching one listing after the other against them."""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set

from listings.matching.keys import listing_keys, recall_keys, words_of_keys
from listings.matching.listing import read_listing
from listings.matching.profile import Profile, profile_of
from listings.matching.quick_read import QuickRead, quick_read
from listings.matching.recall import RecallReading
from listings.matching.score import HOPELESS, compare
from listings.matching.texts import ListingText, Match
from listings.matching.upper_bound import RELIED_ON, upper_bound

BEST = 5


class RecallIndex:
    """Finds the recalls that share a candidate key with a listing, and judges them. Can be pickled, to be sent
    to where a catalogue is stored.

    `readings`, their `numbers` and `profiles` are in one order; `postings` are the places of those that have a key,
    `known_words` the words in these, None where they were not gathered.
    """

    readings: Sequence[RecallReading]
    profiles: Sequence[Profile]
    numbers: list[str]
    postings: Mapping[str, Sequence[int]]

    def __init__(self, readings: Iterable[RecallReading]) -> None:
        self.readings = list(readings)
        self.numbers = [reading.number for reading in self.readings]
        self.profiles = [profile_of(reading) for reading in self.readings]
        self.postings = postings_of(map(recall_keys, self.readings))
        self.known_words: Set[str] | None = words_of_keys(self.postings)

    @classmethod
    def of_parts(
        cls,
        numbers: list[str],
        readings: Sequence[RecallReading],
        profiles: Sequence[Profile],
        postings: Mapping[str, Sequence[int]],
    ) -> "RecallIndex":
        """The same index out of the parts of one that was made before. Where the postings are no dictionary, a walk over
        all of them costs more than the listing's keys which it saves."""
        index = cls(())
        index.numbers, index.readings, index.profiles, index.postings = numbers, readings, profiles, postings
        index.known_words = words_of_keys(postings) if isinstance(postings, dict) else None
        return index

    def candidates(self, listing: QuickRead, keys: Iterable[str] | None = None) -> list[int]:
        """The places in `readings` of the recalls that share at least one key, in their order; `keys` are those of the
        listing, where they are known."""
        postings = self.postings
        shared = postings.keys() & (listing_keys(listing, self.known_words) if keys is None else keys)
        return sorted({place for key in shared for place in postings[key]})

    def hopeful(
        self,
        listing: QuickRead,
        keys: Iterable[str] | None = None,
        without: frozenset[str] = frozenset(),
        at_least: float = HOPELESS,
    ) -> list[int]:
        """Those of the candidates that a quick read does not rule out: no other can have log-odds of `at_least`. All of
        them where one of the signals that rule out is switched off."""
        places = self.candidates(listing, keys)
        if not RELIED_ON.isdisjoint(without):
            return places
        profiles = self.profiles
        return [place for place in places if upper_bound(profiles[place], listing, at_least) >= at_least]

    def judged(
        self,
        text: ListingText,
        without: frozenset[str] = frozenset(),
        shown: QuickRead | None = None,
        keys: Iterable[str] | None = None,
        among: Collection[int] | None = None,
        at_least: float = HOPELESS,
    ) -> list[Match]:
        """Every candidate with evidence for a match and log-odds of `at_least`, in any band, best first. `shown` and
        `keys` are those of the listing, `among` the only places in question, where they are known."""
        if among is None or not RELIED_ON.isdisjoint(without):
            places: Collection[int] = self.hopeful(shown or quick_read(text), keys, without, at_least)
        else:
            places = among
        if not places:
            return []
        listing = read_listing(text)
        found = ((place, compare(self.readings[place], listing, without, at_least=at_least)) for place in places)
        matches = {place: match for place, match in found if match is not None}
        if among is not None and matches:  # more cannot match than `among`, but they may share no key
            sharing = self.candidates(shown or quick_read(text), keys)
            matches = {place: matches[place] for place in sharing if place in matches}
        return sorted(matches.values(), key=lambda match: (-match.score, match.recall_number))

    def match(
        self,
        text: ListingText,
        without: frozenset[str] = frozenset(),
        shown: QuickRead | None = None,
        keys: Iterable[str] | None = None,
        among: Collection[int] | None = None,
        at_least: float = HOPELESS,
    ) -> list[Match]:
        """The matches that a moderator should see (flag or ask), best first, at most five. With `at_least` NO_FLAG, those
        that are flagged are the same, and of the others some are left out."""
        found = self.judged(text, without, shown, keys, among, at_least)
        return [match for match in found if match.band != "no"][:BEST]


def postings_of(keys: Iterable[Iterable[str]]) -> dict[str, Sequence[int]]:
    """The keys of one recall after the other, as key → the places of those that have it."""
    postings: dict[str, list[int]] = {}
    for place, of_recall in enumerate(keys):
        for key in of_recall:
            postings.setdefault(key, []).append(place)
    return {key: tuple(places) for key, places in postings.items()}
