"""What a recalled part, a battery or a cord, was sold in or with."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from listings.matching.identifiers import is_measure
from listings.matching.lexicon import COMPONENTS, product_types_in
from listings.matching.normalise import canonical_model, words

_HOST = re.compile(
    r"\b(?:(?:sold|used|distributed|shipped|packaged|provided|supplied|installed|compatible|made for use) "
    r"(?:with|in|on|together with|inside)|included (?:in|with)|for use (?:in|with)|fits?|for)\b(?P<host>[^.]*)",
    re.IGNORECASE,
)
_SEPARATE_ONLY = re.compile(r"\bsold only separately\b|\bonly\b[^.]{0,80}\bsold separately\b", re.IGNORECASE)
_SEPARATE = re.compile(r"\bsold separately as\b|\bsold as an? (?:\w+ )?accessory\b", re.IGNORECASE)
_TOGETHER = re.compile(
    r"\b(?:sold|shipped|included|supplied|packaged|provided|came|comes) (?:both )?(?:with|in)\b", re.IGNORECASE
)
_SERIES = re.compile(
    r"(?<![\w-])(?P<letters>(?:[A-Z]-?(?:, (?:and |or )?| and | or |/))*[A-Z])[- ](?:series|Series|SERIES)\b"
)
_LETTER = re.compile(r"[A-Z]")
HOST_IN = 1500  # characters of a description


@dataclass(frozen=True, eq=False)
class Host:
    """What a recalled part was sold in or with; `series` are the letters that its models begin with, where the recall says
    only these ("U- and Z-series")."""

    words: frozenset[str]
    product_types: frozenset[str]
    numbers: frozenset[str]
    series: tuple[str, ...] = ()


def host_in(names: Sequence[str], title: str, description: str) -> Host | None:
    """The host that a part's names, the recall's title or its description give; None where the part came with nothing
    or nothing says of what kind the host is."""
    if _only_separately(description):
        return None
    said = f"{'. '.join(names)}. {title}. {description[:HOST_IN]}"
    hosts = [word.text for match in _HOST.finditer(said) for word in words(match["host"])]
    product_types = frozenset(product_type for product_type, _, _ in product_types_in(hosts)) - COMPONENTS
    numbers = frozenset(
        canonical_model(word)
        for word in hosts
        if len(word) > 1
        and any(map(str.isdigit, word))
        and not is_measure(word)
        and not (word.isdigit() and len(word) < 3)
    )
    series = () if numbers else _series_in(description[:HOST_IN])
    return Host(frozenset(hosts), product_types, numbers, series) if product_types else None


def _series_in(description: str) -> tuple[str, ...]:
    letters = {letter for match in _SERIES.finditer(description) for letter in _LETTER.findall(match["letters"])}
    return tuple(sorted(letter.lower() for letter in letters))


def _only_separately(description: str) -> bool:
    """Whether the recalled part came with nothing, so that what it is for does not contain it."""
    if _SEPARATE_ONLY.search(description):
        return True
    return _SEPARATE.search(description) is not None and _TOGETHER.search(description) is None
