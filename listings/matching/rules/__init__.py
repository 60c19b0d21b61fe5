"""All rules, one signal a file. A rule looks at one product of a recall and one listing and returns evidence or None."""

from collections.abc import Callable

from listings.matching.listing import ListingReading
from listings.matching.recall import RecallReading
from listings.matching.rules import (
    accessory,
    brand,
    component,
    disguised,
    excluded_model,
    gtin,
    media,
    model,
    name_whole,
    name_words,
    not_affected,
    other_model,
    rare_words,
    replacement,
    size,
    thing,
)
from listings.matching.texts import Evidence

Rule = Callable[[RecallReading, int, ListingReading], Evidence | None]

FOR_AND_AGAINST: tuple[Rule, ...] = (gtin.check, model.check, excluded_model.check, other_model.check, brand.check, name_words.check, name_whole.check, rare_words.check, thing.check, component.check, disguised.check)  # fmt: skip
ONLY_AGAINST: tuple[Rule, ...] = (not_affected.check, replacement.check, accessory.check, media.check, size.check)
"""Looked at only where something speaks for the listing: they search its text, which costs more."""
