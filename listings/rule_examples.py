"""A made-up recall and listing for each signal of the engine. Pages have the real engine judge the pair, and
tests/listings/test_rule_pages.py holds every pair to showing its signal."""

from functools import cache
from typing import NamedTuple

from listings.matching import Evidence, ListingText, Match, ProductText, RecallText, compare, read_listing, read_recall
from listings.matching.rules import RULES
from listings.matching.score import best_product


class Example(NamedTuple):
    recall: RecallText
    listing: ListingText


class Judged(NamedTuple):
    """`evidence` of the signal alone; `whole` and `without` are the matches with and without the signal, None for none."""

    example: Example
    evidence: Evidence
    whole: Match | None
    without: Match | None


def _recall(
    name: str = "Hearthline space heaters",
    *,
    title: str = "",
    text: str = "",
    brand: str = "",
    models: tuple[str, ...] = (),
    gtins: tuple[str, ...] = (),
) -> RecallText:
    product = ProductText(name, brand=brand, models=models, gtins=gtins)
    return RecallText("26-001", title or f"{name} Recalled Due to Fire Hazard", text, (product,))


def _listing(title: str, *, text: str = "", brand: str = "", gtin: str = "", mpn: str = "") -> ListingText:
    return ListingText("example", title, description=text, brand=brand, gtin=gtin, mpn=mpn)


_HEATERS = _recall(title="Hearthline Recalls Space Heaters Due to Fire Hazard")
_MODELS = _recall(brand="Hearthline", models=("HL-200R", "HL-250R", "W71"))
_SUNBURST = _recall(
    "Hearthline Sunburst tabletop space heaters", title="Hearthline Recalls Sunburst Tabletop Space Heaters"
)
_HIGH_CHAIRS = _recall(
    "Graco high chairs", brand="Graco", models=("HC-3800",), text="Graco high chairs, model HC-3800."
)
_BOTTLES = _recall("Zelprio First Choice 240 mL glass baby bottles", brand="Zelprio")
_GTIN = "012345678905"

EXAMPLES: dict[str, Example] = {
    "same_gtin": Example(_recall(gtins=(_GTIN,)), _listing("White room heater", gtin=_GTIN)),
    "doubtful_gtin": Example(_recall(gtins=("012345678904",)), _listing("White room heater", gtin="012345678904")),
    "same_model": Example(_MODELS, _listing("Room heater HL 200R")),
    "same_model_and_brand": Example(_MODELS, _listing("Hearthline room heater HL 200R")),
    "same_short_model": Example(_MODELS, _listing("Room heater W71")),
    "model_in_description": Example(_MODELS, _listing("Room heater", text="Model HL-200R, 1500 W.")),
    "same_brand": Example(_HEATERS, _listing("HEARTHLINE room heater")),
    "misspelled_brand": Example(_HEATERS, _listing("Haerthline space heater")),
    "different_brand": Example(_HEATERS, _listing("Space heater", brand="Norvik")),
    "different_maker": Example(_HEATERS, _listing("Philips space heater")),
    "brand_not_stated": Example(
        _recall("Hearthline Zelprio heaters", title="Hearthline Recalls Zelprio Heaters"), _listing("Zelprio heater")
    ),
    "brand_not_named": Example(_HEATERS, _listing("Space heater")),
    "same_product_type": Example(
        _recall("Maclaren strollers", title="Maclaren Recalls Strollers"), _listing("Maclaren pushchair")
    ),
    "different_product_type": Example(
        _recall("Maclaren strollers", title="Maclaren Recalls Strollers"), _listing("Maclaren high chair")
    ),
    "product_type_not_stated": Example(
        _recall("Maclaren strollers", title="Maclaren Recalls Strollers"), _listing("Maclaren Volo")
    ),
    "contains_component": Example(
        _recall(
            "ThinkPad notebook computer battery packs",
            title="Lenovo Recalls Battery Packs for ThinkPad Notebook Computers Due to Fire Hazard",
            text="This recall involves Lenovo battery packs sold with the following ThinkPad notebook computers: "
            "the Edge 420 and 520 series; the T410 and T420 series. The black battery packs measure 8 inches.",
        ),
        _listing("Lenovo ThinkPad Edge E420 laptop", brand="Lenovo"),
    ),
    "name_line": Example(_SUNBURST, _listing("Hearthline Sunburst tabletop heater")),
    "name_words": Example(
        _recall("Hearthline folding tabletop heaters", brand="Hearthline"),
        _listing("Hearthline folding tabletop heater"),
    ),
    "name_whole": Example(
        _recall("Graco Tatamia high chairs", title="Graco Recalls Tatamia High Chairs", brand="Graco"),
        _listing("Graco Tatamia high chair, Soho Square"),
    ),
    "name_plain": Example(
        _recall(
            "Maclaren strollers",
            title="Maclaren Recalls Strollers",
            text="This recall involves all Maclaren strollers.",
        ),
        _listing("Maclaren Volo stroller"),
    ),
    "title_fits": Example(_SUNBURST, _listing("NEW Hearthline Sunburst space heater, free shipping")),
    "title_mentions_something_else": Example(_SUNBURST, _listing("Hearthline Alpenglow Zorvex space heater")),
    "title_adds_words": Example(
        _recall("Hearthline space heaters", title="Hearthline Recalls Space Heaters"),
        _listing("Hearthline space heater handle drawer bottom"),
    ),
    "described": Example(
        _recall("5-drawer chests", text="This recall involves Summer Breeze style chests sold in four colors."),
        _listing("Summer Breeze 5-drawer chest"),
    ),
    "described_line": Example(
        _recall("Graco high chairs", brand="Graco", text="They are the Prima Pappa and the Roller Blue."),
        _listing("Graco Prima Pappa high chair"),
    ),
    "disguised": Example(
        _recall("Hearthline Sunburst heaters", title="Hearthline Recalls Heaters"), _listing("Неаrthline heater")
    ),
    "different_size": Example(_BOTTLES, _listing("Zelprio First Choice glass bottle 120 ml")),
    "same_size": Example(_BOTTLES, _listing("Zelprio First Choice glass bottle 240 ml")),
    "name_missing": Example(
        _recall("Hearthline Sunburst heaters", title="Hearthline Recalls Heaters"), _listing("Hearthline heater")
    ),
    "different_product_line": Example(
        _recall("Hearthline Sunburst heaters", title="Hearthline Recalls Heaters"),
        _listing("Hearthline Moonrise heater"),
    ),
    "sister_line": Example(
        _recall("Hearthline Sunburst Classic heaters", title="Hearthline Recalls Sunburst Classic Heaters"),
        _listing("Hearthline Sunburst Comfort heater"),
    ),
    "model_of_name_missing": Example(
        _recall("Canon EOS Rebel T4i Digital Cameras", title="Canon Recalls EOS Rebel T4i Digital Cameras"),
        _listing("Canon EOS Rebel T3i digital camera"),
    ),
    "model_not_stated": Example(_MODELS, _listing("Hearthline space heater")),
    "limits_not_stated": Example(_HIGH_CHAIRS, _listing("Graco high chair")),
    "lot_not_stated": Example(
        _recall(text="This recall involves heaters with lot number A1234, printed on the bottom."),
        _listing("Hearthline space heater"),
    ),
    "excluded_model": Example(
        _recall("Hearthline heaters", text="Models HL-200R and HL-250R. Model HL-400R is not included in this recall."),
        _listing("Hearthline heater HL-400R"),
    ),
    "other_model": Example(_MODELS, _listing("Hearthline space heater HL-300R", brand="Hearthline")),
    "model_variant": Example(_MODELS, _listing("Hearthline space heater HL-200RT", brand="Hearthline")),
    "different_version": Example(
        _recall("Zelprio Versa 2 smartwatches", title="Zelprio Recalls Versa 2 Smartwatches"),
        _listing("Zelprio Versa 4 smartwatch"),
    ),
    "different_type": Example(_recall("Hearthline gas ranges"), _listing("Hearthline electric range")),
    "accessory": Example(_MODELS, _listing("Wall bracket for Hearthline HL-200R")),
    "not_affected": Example(_HEATERS, _listing("Hearthline space heater, NOT affected by recall")),
    "replacement_for_recalled": Example(
        _HEATERS, _listing("Norvik heater, safe replacement for recalled Hearthline space heater")
    ),
    "media": Example(_MODELS, _listing("Hearthline HL-200R user manual")),
    "toy": Example(_MODELS, _listing("Toy heater Hearthline HL-200R for dollhouse")),
}
"""Signal → its example. Signals of a platform's past (listings/past_removals.py) compare flags, so they have none."""


@cache
def judged_example(signal: str) -> Judged | None:
    """The example of a signal as the engine judges it now; None for a signal without one.

    Raises LookupError where the engine does not find the signal in it, which a test rules out.
    """
    if signal not in EXAMPLES:
        return None
    example = EXAMPLES[signal]
    recall, listing = read_recall(example.recall), read_listing(example.listing)
    index = best_product(recall, listing)
    found = (rule.check(recall, index, listing) for rule in RULES if signal in rule.signals)
    evidence = next((item for item in found if item is not None and item.signal == signal), None)
    if evidence is None:
        raise LookupError(f"the example of {signal} does not show it")
    return Judged(example, evidence, compare(recall, listing), compare(recall, listing, frozenset({signal})))
