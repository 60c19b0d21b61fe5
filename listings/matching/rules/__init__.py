"""All rules, one signal a file. A rule looks at one product of a recall and one listing and returns evidence or None.

A rule's file has `check`, and `SIGNALS`, the names in weights.json of what it may find. To add a rule, write its file,
give its signals a weight, and put it in the list below.
"""

from collections.abc import Callable
from typing import NamedTuple

from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules import (
    accessory,
    brand,
    component,
    described,
    disguised,
    excluded_model,
    gtin,
    media,
    model,
    name_line,
    name_missing,
    name_model,
    name_plain,
    not_affected,
    other_model,
    replacement,
    size,
    thing,
)
from listings.matching.rules.base import WEIGHTS
from listings.matching.texts import Evidence

Check = Callable[[RecallReading, int, ListingReading], Evidence | None]


class Rule(NamedTuple):
    """`most`: the highest weight that it can give, so that a pair without a chance is given up early."""

    check: Check
    most: float


_MODULES = (
    gtin,
    model,
    component,
    disguised,
    described,
    brand,
    name_plain,
    thing,
    name_line,
    name_missing,
    name_model,
    excluded_model,
    other_model,
    size,
    accessory,
    not_affected,
    replacement,
    media,
)
"""In this order: what is cheap to find and can speak for a pair first, searches through the text last."""

RULES: tuple[Rule, ...] = tuple(
    Rule(module.check, max(0.0, *(WEIGHTS[signal] for signal in module.SIGNALS), 0.0)) for module in _MODULES
)
