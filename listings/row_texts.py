"""From a row of a feed to what the matching engine reads, for the server and for the command that runs without one."""

from operator import attrgetter
from typing import Any

from listings.ingest.rows import ListingRow
from listings.matching import ListingText

_of_row = attrgetter("external_id", "title", "description", "brand", "gtin", "mpn", "seller")


def row_text(row: ListingRow) -> ListingText:
    """The text of a row of a feed: the same as that of the listing that is stored of it."""
    return ListingText(
        id=row.external_id,
        title=row.title,
        description=row.description,
        brand=row.brand,
        gtin=row.gtin,
        mpn=row.mpn,
        seller=row.seller,
        price=float(row.price) if row.price is not None else None,
        category=row.category,
        image_link=row.image_link,
    )


def row_fields(row: ListingRow) -> tuple[Any, ...]:
    """The fields of `row_text` in their order, for a process that makes the text of them."""
    price = float(row.price) if row.price is not None else None
    return (*_of_row(row), price, row.category, row.image_link)
