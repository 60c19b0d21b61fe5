"""Which of many notices are worth comparing with one: those that share a GTIN, a model number, a cited number, a rare word
or two words that few have. So ten thousand notices are linked in seconds."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping
from typing import Generic, TypeVar

from recalls.linking.notice import NoticeReading

K = TypeVar("K", bound=Hashable)
MAX_SHARERS = 40
"""A key that more notices of one regulator than this have finds none of them by itself."""
MAX_COUNTED = 1_500
"""A word that more notices of one regulator than this have is not counted for them."""
MAX_CANDIDATES = 60
"""Of one regulator. All limits are of each by itself: whoever publishes a thousand notices with the numbers and words of
another's pushes nobody else's out."""


class LinkIndex(Generic[K]):
    """Notices by key, each with the regulator that published it."""

    def __init__(self) -> None:
        self.readings: dict[K, NoticeReading] = {}
        self._regulators: dict[K, Hashable] = {}
        self._exact: defaultdict[str, _Sharers[K]] = defaultdict(_Sharers)
        self._words: defaultdict[str, _Sharers[K]] = defaultdict(_Sharers)

    def add(self, key: K, regulator: Hashable, reading: NoticeReading) -> None:
        """`cited` keys are both ways: a notice is found by what it names, and by who names it."""
        self.readings[key], self._regulators[key] = reading, regulator
        for exact in {*_exact(reading), *reading.cited}:
            self._exact[exact].setdefault(regulator, []).append(key)
        for word in reading.words:
            self._words[word].setdefault(regulator, []).append(key)

    def regulator_of(self, key: K) -> Hashable:
        """Who published a notice."""
        return self._regulators[key]

    def candidates(self, key: K) -> Iterator[K]:
        """Notices of other regulators that may be about the product of `key`, the most alike first."""
        reading, regulator, counts = self.readings[key], self._regulators[key], Counter[K]()
        for exact in {*_exact(reading), *reading.cited}:
            for sharers in _others(self._exact.get(exact, {}), regulator, MAX_SHARERS * 5):
                counts.update(dict.fromkeys(sharers, 100))
        for word in reading.words:
            for sharers in _others(self._words.get(word, {}), regulator, MAX_COUNTED):
                counts.update(dict.fromkeys(sharers, 6 if len(sharers) <= MAX_SHARERS else 2))
        given = Counter[Hashable]()
        for other, count in counts.most_common():
            given[self._regulators[other]] += 1
            if count >= 4 and given[self._regulators[other]] <= MAX_CANDIDATES:
                yield other


class _Sharers(dict[Hashable, list[K]]):
    """Regulator → its notices with one key."""


def _others(sharers: Mapping[Hashable, list[K]], regulator: Hashable, most: int) -> Iterator[list[K]]:
    """Of each other regulator the notices, where they are no more than `most`."""
    return (theirs for each, theirs in sharers.items() if each != regulator and len(theirs) <= most)


def _exact(reading: NoticeReading) -> set[str]:
    return {*reading.gtins, *reading.models, *reading.own}
