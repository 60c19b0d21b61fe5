"""What goes in (texts of recalls and listings) and what comes out (matches with evidence). Plain frozen values."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from listings.matching.heard import load

_NO_BRAND = frozenset(map(str.casefold, load("phrases.json")["no_brand"]))
_AROUND = re.compile(r"^[\W_]+|[\W_]+$")
BRANDS_KEPT = 20_000


@lru_cache(maxsize=BRANDS_KEPT)
def says_no_brand(brand: str) -> bool:
    """Whether a brand field says, in any of the languages of the lexicon, that there is no brand; also one of signs alone."""
    said = " ".join(_AROUND.sub("", brand[:60]).casefold().split())
    return not said or said in _NO_BRAND


@dataclass(frozen=True, slots=True)
class ProductText:
    """One product of a recall, as the regulator's fields say it; `models` are model numbers."""

    name: str
    brand: str = ""
    models: tuple[str, ...] = ()
    gtins: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    description: str = ""


class Correction(NamedTuple):
    """A person's corrections of one kind of fact: what the reading missed, and what it should not have found."""

    add: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


class Corrections(NamedTuple):
    """The regulator's corrections to the reading of a recall; they override the text."""

    brands: Correction = Correction()
    models: Correction = Correction()
    excluded: Correction = Correction()
    gtins: Correction = Correction()


AS_READ = Corrections()


@dataclass(frozen=True, slots=True)
class RecallText:
    number: str
    title: str
    description: str
    products: tuple[ProductText, ...]
    firms: tuple[str, ...] = ()
    sold_at: str = ""
    corrections: Corrections = AS_READ


@dataclass(frozen=True, slots=True)
class ListingText:
    """A listing as its shop's fields say it. A `brand` that says that there is none ("Unbranded", "Does not apply") is
    kept as "", since it is no other maker's name, and the listing is `unbranded`."""

    id: str
    title: str
    description: str = ""
    brand: str = ""
    gtin: str = ""
    mpn: str = ""
    seller: str = ""
    price: float | None = None
    category: str = ""
    image_link: str = ""
    unbranded: bool = False

    def __post_init__(self) -> None:
        if self.brand and says_no_brand(self.brand):
            object.__setattr__(self, "brand", "")
            object.__setattr__(self, "unbranded", True)


class Span(NamedTuple):
    """A place in a text: the field's name, and its characters from `start` up to `end`."""

    field: str
    start: int
    end: int
    text: str

    def as_dict(self) -> dict[str, Any]:
        return {"field": self.field, "start": self.start, "end": self.end, "text": self.text}


class Evidence(NamedTuple):
    """What one rule found: its weight in log-odds (negative: against a match), where, and one sentence."""

    signal: str
    weight: float
    recall_span: Span | None
    listing_span: Span | None
    detail: str

    def as_dict(self) -> dict[str, Any]:
        return {
            "signal": self.signal,
            "weight": self.weight,
            "recall_span": self.recall_span and self.recall_span.as_dict(),
            "listing_span": self.listing_span and self.listing_span.as_dict(),
            "says": self.detail,
        }


@dataclass(frozen=True, slots=True)
class Match:
    """How one listing compares with one recall: score from 0 to 1, band, and the evidence for and against."""

    recall_number: str
    listing_id: str
    product_index: int
    score: float
    band: str
    evidence: tuple[Evidence, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "recall_number": self.recall_number,
            "listing_id": self.listing_id,
            "product_index": self.product_index,
            "score": self.score,
            "band": self.band,
            "evidence": [item.as_dict() for item in self.evidence],
        }
