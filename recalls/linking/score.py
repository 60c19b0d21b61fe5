"""How likely two notices are about one product, with the evidence for and against.

The weights are log-odds, set by hand on the labelled set (benchmarks/incidents); their sum with the prior is the score.
It depends on the two notices alone.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from recalls.linking.common_words import COMMON
from recalls.linking.notice import NoticeReading

PRIOR = -4.5
LEAD_FROM = 0.5
"""From this score on a pair is proposed to people."""
MAX_SHOWN = 5
SAME, NEAR, FAR, LONG_AGO = 3, 14, 365, 5 * 365  # days
SOLID, LONG = 5, 12  # strength of a model number (_strength)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for (weight > 0) or against one product; `values` are the words and numbers meant."""

    signal: str
    weight: float
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    score: float
    evidence: tuple[Evidence, ...]

    @property
    def is_lead(self) -> bool:
        return self.score >= LEAD_FROM


def compare(one: NoticeReading, other: NoticeReading) -> Comparison:
    """Score two notices; which comes first changes nothing."""
    found = tuple(evidence for rule in _RULES for evidence in rule(one, other))
    total = PRIOR + sum(evidence.weight for evidence in found)
    return Comparison(round(1 / (1 + math.exp(-total)), 4), found)


def _cited(one: NoticeReading, other: NoticeReading) -> Iterator[Evidence]:
    if (one.cited & other.own) or (other.cited & one.own):
        named = other.notice if one.cited & other.own else one.notice
        yield Evidence("notice_named", 8.0, (named.number,))


def _joint(one: NoticeReading, other: NoticeReading) -> Iterator[Evidence]:
    sides = (other.notice.country in one.countries) + (one.notice.country in other.countries)
    if sides:
        yield Evidence("joint_recall", 1.5 if sides == 2 else 1.0)


def _gtins(one: NoticeReading, other: NoticeReading) -> Iterator[Evidence]:
    if shared := one.gtins & other.gtins:
        yield Evidence("same_gtin", 7.0, _some(shared))
    elif one.gtins and other.gtins:
        yield Evidence("other_gtins", -0.5)


def _models(one: NoticeReading, other: NoticeReading) -> Iterator[Evidence]:
    if shared := one.models & other.models:
        strength = max(map(_strength, shared))
        weight = 5.5 if strength >= LONG else 3.5 if strength >= SOLID else 2.5
        yield Evidence("same_model", weight + 0.5 * min(len(shared) - 1, 2), _some(shared))
        return
    if spoken := (one.models & _upper(other)) | (other.models & _upper(one)):
        yield Evidence("model_in_name", 2.5, _some(spoken))
    elif one.models and other.models and not (one.gtins & other.gtins):
        yield Evidence("other_models", -1.5)


def _brands(one: NoticeReading, other: NoticeReading) -> Iterator[Evidence]:
    same = {brand for brand in one.brands if _is_in(brand, other)} | {
        brand for brand in other.brands if _is_in(brand, one)
    }
    same |= (one.brands & other.brands) | _begun(one, other) | _begun(other, one)
    if same:
        yield Evidence("same_brand", 2.0, _some(same))
    elif one.brands and other.brands:
        yield Evidence("other_brand", -3.0, _some(one.brands | other.brands))


def _begun(one: NoticeReading, other: NoticeReading) -> frozenset[str]:
    """With what the names of `one` begin, where it is a maker of the other or begins its names too."""
    begun = frozenset(word for word in one.first_words if len(word) > 2 and word.isalpha())
    begun &= other.makers | (other.first_words - COMMON)
    return begun | {second for first, second in one.pairs & other.pairs if first in begun and second not in COMMON}


def _makers(one: NoticeReading, other: NoticeReading) -> frozenset[str]:
    """Words that say who made it, which speak for one brand and not for one product."""
    return one.makers | other.makers | _begun(one, other) | _begun(other, one)


def _names(one: NoticeReading, other: NoticeReading) -> Iterator[Evidence]:
    makers = _makers(one, other)
    rare_one, rare_other = one.rare - makers, other.rare - makers
    if shared := (rare_one & other.words) | (rare_other & one.words):
        yield Evidence("rare_words", min(1.7 * len(shared), 4.2), _some(shared))
    if rare_one and rare_other and len(shared) * 3 < min(len(rare_one), len(rare_other)):
        yield Evidence("other_words", -1.5, (*_some(rare_one - shared), *_some(rare_other - shared)))


def _kinds(one: NoticeReading, other: NoticeReading) -> Iterator[Evidence]:
    makers = _makers(one, other) - one.heads - other.heads
    kinds_one, kinds_other = one.kinds - makers, other.kinds - makers
    if shared := (kinds_one & other.words) | (kinds_other & one.words):
        yield Evidence("same_kind", min(0.6 * len(shared), 2.4), _some(shared))
    elif kinds_one and kinds_other:
        yield Evidence("other_kind", -3.0, (*_some(kinds_one), *_some(kinds_other)))


def _dates(one: NoticeReading, other: NoticeReading) -> Iterator[Evidence]:
    if one.notice.on is None or other.notice.on is None:
        return
    days = abs((one.notice.on - other.notice.on).days)
    if days <= NEAR:
        yield Evidence("same_days", 1.5 if days <= SAME else 0.5, (str(days),))
    elif days > FAR:
        weight = -3.0 if days > LONG_AGO else -2.0
        is_update = one.notice.is_update or other.notice.is_update  # it may be about an old notice
        yield Evidence("years_apart", weight / 2 if is_update else weight, (str(round(days / 365)),))


_RULES: tuple[Callable[[NoticeReading, NoticeReading], Iterator[Evidence]], ...] = (
    _cited, _joint, _gtins, _models, _brands, _names, _kinds, _dates,
)  # fmt: skip


def _strength(model: str) -> int:
    """How much a model number tells: its characters, of which letters count double beside digits."""
    letters = sum(each.isalpha() for each in model)
    return len(model) + (letters if letters < len(model) else 0) - (2 if not letters else 0)


def _upper(reading: NoticeReading) -> set[str]:
    return {word.upper() for word in reading.words}


def _is_in(brand: str, reading: NoticeReading) -> bool:
    """Whether the words of a brand are all in a notice; a brand of common words alone must be there in one piece."""
    words = brand.split()
    if all(word in COMMON for word in words):
        return len(words) > 1 and f" {brand} " in f" {' '.join(reading.title_words)} "
    return all(word in reading.words for word in words)


def _some(values: set[str] | frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(values)[:MAX_SHOWN])
