"""Which of many notices are worth comparing with one: those that share a GTIN, a model number, a cited number, a rare word
or two words that few have. So ten thousand notices are linked in seconds."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import Generic, TypeVar

from recalls.linking.notice import NoticeReading

K = TypeVar("K", bound=Hashable)
MAX_SHARERS = 40
"""A key that more notices than this have finds nothing by itself."""
MAX_COUNTED = 1_500
"""A word that more notices than this have is not counted."""
MAX_CANDIDATES = 60


class LinkIndex(Generic[K]):
    """Notices by key, each with the regulator that published it."""

    def __init__(self) -> None:
        self.readings: dict[K, NoticeReading] = {}
        self._regulators: dict[K, Hashable] = {}
        self._exact: defaultdict[str, list[K]] = defaultdict(list)
        self._words: defaultdict[str, list[K]] = defaultdict(list)

    def add(self, key: K, regulator: Hashable, reading: NoticeReading) -> None:
        """`cited` keys are both ways: a notice is found by what it names, and by who names it."""
        self.readings[key], self._regulators[key] = reading, regulator
        for exact in {*_exact(reading), *reading.cited}:
            self._exact[exact].append(key)
        for word in reading.words:
            self._words[word].append(key)

    def candidates(self, key: K) -> Iterator[K]:
        """Notices of other regulators that may be about the product of `key`, the most alike first."""
        reading, regulator, counts = self.readings[key], self._regulators[key], Counter[K]()
        for exact in {*_exact(reading), *reading.cited}:
            self._count(counts, self._exact.get(exact, ()), 100, regulator, MAX_SHARERS * 5)
        for word in reading.words:
            sharers = self._words.get(word, ())
            self._count(counts, sharers, 6 if len(sharers) <= MAX_SHARERS else 2, regulator, MAX_COUNTED)
        for other, count in counts.most_common(MAX_CANDIDATES):
            if count >= 4:
                yield other

    def _count(self, counts: Counter[K], sharers: Iterable[K], by: int, regulator: Hashable, most: int) -> None:
        sharers = list(sharers)
        if len(sharers) > most:
            return
        for other in sharers:
            if self._regulators[other] != regulator:
                counts[other] += by


def _exact(reading: NoticeReading) -> set[str]:
    return {*reading.gtins, *reading.models, *reading.own}
