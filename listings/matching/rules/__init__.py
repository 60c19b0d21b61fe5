"""All rules, one per file, in folders by what they compare: identifiers, names, kinds (product types) and evidence
against.

A rule compares one product of a recall with one listing and returns evidence or None. Its file has `check`, and
`SIGNALS`, the names in weights.json of what it may find. To add a rule, write its file, give its signals a weight, and
put it in the list below.
"""

from collections.abc import Callable
from typing import NamedTuple

from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules.against import excluded_model, limits, lot, not_affected, replacement
from listings.matching.rules.base import WEIGHTS
from listings.matching.rules.identifiers import gtin, model, model_missing, other_model, size, version
from listings.matching.rules.kinds import accessory, component, media, product_type, toy, type_other
from listings.matching.rules.names import (
    brand,
    described,
    disguised,
    name_line,
    name_missing,
    name_model,
    name_plain,
    sister_line,
    title_fits,
    whole,
)
from listings.matching.texts import Evidence

Check = Callable[[RecallReading, int, ListingReading], Evidence | None]


class Rule(NamedTuple):
    """`name` is that of its file."""

    name: str
    check: Check
    signals: tuple[str, ...]


_MODULES = (
    gtin,
    model,
    brand,
    product_type,
    component,
    name_line,
    whole,
    name_plain,
    title_fits,
    described,
    disguised,
    size,
    name_missing,
    name_model,
    sister_line,
    model_missing,
    limits,
    lot,
    excluded_model,
    other_model,
    version,
    type_other,
    accessory,
    not_affected,
    replacement,
    media,
    toy,
)
"""In this order: rules for a match first, so that a hopeless pair is dropped early; searches through the text last."""


RULES: tuple[Rule, ...] = tuple(
    Rule(module.__name__.rpartition(".")[2], module.check, module.SIGNALS) for module in _MODULES
)

MAX_WEIGHTS: dict[str, float] = {"prior": WEIGHTS["prior"]} | {
    module.__name__.rpartition(".")[2]: max(0.0, *(WEIGHTS[signal] for signal in module.SIGNALS), 0.0)
    * getattr(module, "MAX_SHARE", 1.0)
    for module in _MODULES
}
"""Rule → the highest weight that it can give: that of its strongest signal, times the largest share it takes of it."""
