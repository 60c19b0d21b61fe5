"""Recalls and listings in one line, for tests of the engine. No database and no Django anywhere near."""

from typing import Any

from listings.matching import (
    Evidence,
    ListingReading,
    ListingText,
    ProductText,
    RecallReading,
    RecallText,
    read_listing,
    read_recall,
)
from listings.matching.rules import RULES


def recall(name: str = "Hearthline space heaters", **fields: Any) -> RecallReading:
    """A recall of one product; fields of the product and of the recall are told apart by their names."""
    product = {key: fields.pop(key) for key in ("brand", "models", "gtins", "sizes") if key in fields}
    return recall_of(ProductText(name, **product), **fields)


def recall_of(*products: ProductText, **fields: Any) -> RecallReading:
    fields.setdefault("title", f"{products[0].name} Recalled Due to Fire Hazard")
    return read_recall(RecallText(**{"number": "24-001", "description": "", **fields, "products": products}))


def listing(title: str, **fields: Any) -> ListingReading:
    return read_listing(ListingText(**{"id": "L-1", **fields, "title": title}))


def found(recalled: RecallReading, listed: ListingReading, product_index: int = 0) -> dict[str, Evidence]:
    """What every rule finds in this pair, by signal; no rule is left out because the pair looks hopeless."""
    evidence = (rule.check(recalled, product_index, listed) for rule in RULES)
    return {item.signal: item for item in evidence if item is not None}
