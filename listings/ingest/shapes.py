"""What is specific to exports of shop systems: names of columns, and rows that belong to one listing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from listings.ingest.columns import Plan, picked, plan_for, squeezed
from listings.ingest.outcome import Complaint, Report, Row

MAX_HELD = 20_000  # listings that wait for their variants; with more, the oldest are released
Rows = Iterable[tuple[int, Row | Complaint]]
Grouping = Callable[[Rows, Plan, Report], Iterator[tuple[int, Row | Complaint]]]


def merge_variant(listing: Row, variant: Row) -> None:
    """Give a listing what one of its variants adds: its GTINs, and values for fields that are empty."""
    given = variant.get("gtin") or []
    known = listing.get("gtin") or []
    listing["gtin"] = [
        *(known if isinstance(known, list) else [known]),
        *(given if isinstance(given, list) else [given]),
    ][:100]
    for name in ("price", "currency", "image_link", "mpn", "link"):
        if not listing.get(name) and variant.get(name):
            listing[name] = variant[name]


class Holding:
    """Listings that wait for their variants, in the order they came."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[int, Row]] = {}
        self._called: dict[str, str] = {}
        self.variants = self.orphans = 0

    def hold(self, names: Iterable[str], line: int, row: Row) -> Iterator[tuple[int, Row]]:
        """Hold a listing under the names that its variants use for it; yields one that has to make room."""
        first, *others = names
        if first in self._held:
            yield self._held.pop(first)
        elif len(self._held) >= MAX_HELD:
            yield self._held.pop(next(iter(self._held)))
        self._held[first] = (line, row)
        self.call(first, others)

    def call(self, name: str, others: Iterable[str]) -> None:
        if len(self._called) < 10 * MAX_HELD:
            self._called.update(dict.fromkeys(others, name))

    def add(self, name: str, variant: Row) -> bool:
        """Give a variant to the listing of this name; False if none waits under it."""
        found = self._held.get(name) or self._held.get(self._called.get(name, ""))
        if found is None:
            self.orphans += 1
            return False
        self.variants += 1
        merge_variant(found[1], variant)
        return True

    def release(self, report: Report) -> Iterator[tuple[int, Row]]:
        yield from self._held.values()
        if self.variants:
            report.note(f"{self.variants:,} variants were added to the listings they belong to.")
        if self.orphans:
            report.note(
                f"{self.orphans:,} variants do not belong to a listing in this file. They became listings of their own."
            )


def _value(row: Row, name: str) -> str:
    """The text of a column by its squeezed name."""
    return next((str(value).strip() for column, value in row.items() if squeezed(column) == name and value), "")


def _one_by_one(rows: Rows, plan: Plan, _report: Report) -> Iterator[tuple[int, Row | Complaint]]:
    for line, row in rows:
        yield line, row if isinstance(row, Complaint) else picked(plan, row)


def _shopify(rows: Rows, plan: Plan, report: Report) -> Iterator[tuple[int, Row | Complaint]]:
    """Rows of one handle are one listing: the first has the title and text, the others have variants and pictures."""
    at, listing, more = 0, None, 0
    for line, raw in rows:
        if isinstance(raw, Complaint):
            yield line, raw
            continue
        row = picked(plan, raw)
        if listing is not None and row.get("external_id") and row["external_id"] == listing.get("external_id"):
            if not listing.get("title") and row.get("title"):
                listing["title"] = row["title"]
            merge_variant(listing, row)
            more += 1
            continue
        if listing is not None:
            yield at, listing
        at, listing = line, row
    if listing is not None:
        yield at, listing
    if more:
        report.note(f"{more:,} rows continue the listing above them (variants and pictures).")


def _woocommerce(rows: Rows, plan: Plan, report: Report) -> Iterator[tuple[int, Row | Complaint]]:
    """Variations belong to the variable product whose SKU, or id:N, they name as their parent."""
    holding = Holding()
    for line, raw in rows:
        if isinstance(raw, Complaint):
            yield line, raw
            continue
        row, kind = picked(plan, raw), _value(raw, "type").lower()
        if kind.startswith("variable"):
            number, sku = _value(raw, "id"), _value(raw, "sku")
            names = [name for name in (sku, f"id:{number}" if number else "") if name] or [f"line {line}"]
            yield from holding.hold(names, line, row)
        elif not (kind.startswith("variation") and holding.add(_value(raw, "parent"), row)):
            yield line, row
    yield from holding.release(report)


@dataclass(frozen=True)
class Shape:
    """One kind of table: what identifies it (squeezed names that must be present), its columns, and how rows belong together."""

    name: str
    needs: frozenset[str]
    preferred: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    group: Grouping = _one_by_one

    def plan(self, names: tuple[str, ...]) -> Plan:
        return plan_for(names, self.preferred, self.ignored)


PLAIN = Shape("CSV", frozenset())
SHAPES: tuple[Shape, ...] = (
    Shape(
        "Shopify CSV",
        frozenset({"handle", "title", "variantprice"}),
        {
            "external_id": ("handle",),
            "brand": ("vendor",),
            "category": ("google shopping / google product category", "type"),
        },
        frozenset({"variantsku", "id"}),
        _shopify,
    ),
    Shape(
        "WooCommerce CSV",
        frozenset({"type", "sku", "name", "regularprice"}),
        {"external_id": ("sku", "id"), "price": ("sale price", "regular price"), "link": ("external url",)},
        frozenset({"type"}),
        _woocommerce,
    ),
    Shape(
        "PrestaShop CSV",
        frozenset({"name", "active", "reference", "supplierreference"}),
        {"external_id": ("id", "product id")},
    ),
    Shape("Google Merchant table", frozenset({"id", "title", "imagelink", "availability"})),
)


def shape_of(names: Iterable[Any]) -> Shape:
    """The kind of table that a header belongs to."""
    known = {squeezed(str(name)) for name in names}
    return next((shape for shape in SHAPES if shape.needs <= known), PLAIN)
