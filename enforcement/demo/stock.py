"""What is recalled and what is sold in the demo's past: plain rows from `portal/demo/data/history.json`.

Everything is counted through, nothing is drawn by lot: the same data give the same rows. All brands are made up.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from portal.demo.drawings import VIEWS, address_of

FILE = Path(settings.BASE_DIR) / "portal" / "demo" / "data" / "history.json"
_TITLES = ("{brand} {model} {noun}, new", "{noun} {brand} {model}, boxed", "{brand} {noun} {model}, fast shipping")
_OTHERS = ("Cotton bath towel set", "Steel water bottle", "Bamboo cutting board", "Wool socks, three pairs", "Desk organiser",
           "Garden hose 15 m", "Picture frame A4", "Canvas tote bag", "Ceramic mug", "Notebook, dotted")  # fmt: skip
TURNS = ("", "reopened", "", "dismissed", "restricted", "relisted", "", "appeal_rejected", "seller_asked", "", "relisted",
         "overruled", "", "referred", "appeal_granted", "unannounced", "relisted")  # fmt: skip
"""What becomes of each listing of a recalled product beyond its removal, in turn."""


@dataclass(frozen=True, slots=True)
class RecallRow:
    number: str
    regulator: str
    day: int
    kind: str
    colour: int
    brand: str
    noun: str
    model: str
    hazard: str

    def as_published(self, shop: str, published_on: str) -> dict[str, Any]:
        """The recall as a record of the CPSC's format, with a picture of the product."""
        name = f"{self.brand} {self.noun}"
        return {
            "RecallNumber": self.number,
            "RecallDate": published_on,
            "Title": f"{self.brand} Recalls {self.noun.capitalize()}s: {self.hazard.rpartition(': ')[2].capitalize()}",
            "Description": f"Sample data. {name}s with model number {self.model} on the label. No other model is affected.",
            "Products": [{"Name": name, "Model": self.model, "NumberOfUnits": f"About {(self.day * 137 + 900):,}"}],
            "Hazards": [{"Name": self.hazard}],
            "Remedies": [{"Name": "Stop using it and ask for a full refund."}],
            "RemedyOptions": [{"Option": "Refund"}],
            "Retailers": [{"Name": "Online marketplaces"}],
            "Images": [{"URL": shop + address_of(self.kind, self.colour, 0), "Caption": f"{name}, model {self.model}"}],
        }


@dataclass(frozen=True, slots=True)
class Shelf:
    """One platform: how its ids begin, its sellers, and how much of each deadline it takes, at first and in the end."""

    platform: str
    prefix: str
    currency: str
    pace: tuple[float, float]
    sellers: tuple[str, ...]

    def listing(self, number: int, shop: str, **fields: Any) -> dict[str, Any]:
        kind, colour, view = fields.pop("picture")
        seller = fields.pop("seller", self.sellers[number % len(self.sellers)])
        return {
            "id": f"{self.prefix}{number:03}",
            "seller": seller,
            "price": 14.9 + number * 7 % 60,
            "currency": self.currency,
            "image_link": shop + address_of(kind, colour, view),
            "description": "Sample listing",
            **fields,
        }


@dataclass(frozen=True, slots=True)
class Offer:
    """A listing of a recalled product, and what becomes of it."""

    row: dict[str, Any]
    turn: str


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return data


def recalls() -> list[RecallRow]:
    return [RecallRow(**row) for row in _data()["recalls"]]


def shelves() -> list[Shelf]:
    rows = _data()["platforms"].items()
    return [
        Shelf(slug, row["prefix"], row["currency"], tuple(row["pace"]), tuple(row["sellers"])) for slug, row in rows
    ]


def others(shelf: Shelf, shop: str) -> list[dict[str, Any]]:
    """Listings of nothing that is recalled."""
    return [
        shelf.listing(900 + number, shop, title=title, picture=("box", number, number))
        for number, title in enumerate(_OTHERS)
    ]


def offers(recall: RecallRow, shelf: Shelf, shop: str) -> list[Offer]:
    """One to three listings of the recalled product on a platform."""
    return list(_offers(recall, shelf, shop))


def _offers(recall: RecallRow, shelf: Shelf, shop: str) -> Iterator[Offer]:
    place = [row.number for row in recalls()].index(recall.number)
    beside = [each.platform for each in shelves()].index(shelf.platform)
    for number in range(1 + (place + beside) % 3):
        title = _TITLES[(place + number) % len(_TITLES)].format(
            brand=recall.brand, model=recall.model, noun=recall.noun
        )
        picture = (recall.kind, recall.colour, 1 + (place + number + beside) % (VIEWS - 1))
        row = shelf.listing(
            place * 10 + number, shop, title=title[0].upper() + title[1:], brand=recall.brand, picture=picture
        )
        yield Offer(row, TURNS[(place * 7 + beside * 3 + number) % len(TURNS)])


def again(offer: Offer, shelf: Shelf) -> dict[str, Any]:
    """The same product by another seller of the platform, with the picture of the first."""
    number = int(offer.row["id"].removeprefix(shelf.prefix)) + 5
    seller = next(name for name in reversed(shelf.sellers) if name != offer.row["seller"])
    return {
        **offer.row,
        "id": f"{shelf.prefix}{number:03}",
        "seller": seller,
        "title": f"{offer.row['title']} (last one)",
    }
