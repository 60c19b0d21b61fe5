"""Recalls and listings from files, for running without a database."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from listings.matching.texts import ListingText, ProductText, RecallText
from recalls.importers import registry
from recalls.importers.records import ImportedRecall, Reject


def recall_text(recall: ImportedRecall) -> RecallText:
    return RecallText(
        number=recall.number,
        title=recall.title,
        description=recall.description,
        products=tuple(
            ProductText(
                product.name, product.brand, product.model_numbers, product.gtins, product.sizes, product.description
            )
            for product in recall.products
        ),
        firms=recall.firms,
        sold_at=recall.sold_at,
    )


def read_recalls(path: Path) -> Iterator[RecallText | Reject]:
    """The recalls of a file of any known publisher, or of a table. Raises UnreadableFile or ColumnsUnknown."""
    for row in registry.read(path.read_bytes()).rows:
        yield row if isinstance(row, Reject) else recall_text(row)


def listing_lines(path: Path) -> Iterator[tuple[int, str]]:
    """(line number, line) of a JSONL file, gzip or plain; blank lines are skipped."""
    with path.open("rb") as start:
        packed = start.read(2) == b"\x1f\x8b"
    with (
        gzip.open(path, "rt", encoding="utf-8", errors="replace")
        if packed
        else path.open(encoding="utf-8", errors="replace") as lines
    ):
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield number, line


def parse_listing(line: str) -> tuple[ListingText, dict[str, Any]]:
    """A listing and its whole row. Raises ValueError that says what is wrong."""
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise ValueError("not a listing: nested too deeply") from None
    if not isinstance(row, dict) or not row.get("id") or not row.get("title"):
        raise ValueError('an object with "id" and "title" was expected')

    def text(name: str) -> str:
        return str(row.get(name) or "")

    price = row.get("price")
    listing = ListingText(
        id=text("id"),
        title=text("title"),
        description=text("description"),
        brand=text("brand"),
        gtin=text("gtin"),
        mpn=text("mpn"),
        seller=text("seller"),
        price=float(price) if isinstance(price, int | float) else None,
        category=text("category"),
    )
    return listing, row
