"""What is specific to exports of shop systems: names of columns, and rows that belong to one listing."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from listings.ingest.columns import Plan, known, picked, plan_for, squeezed
from listings.ingest.outcome import Chosen, Complaint, Report, Row

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


def _continued(continues: Callable[[Row, Row, Row], bool]) -> Grouping:
    """Rows that continue the listing above them: the first has the title and text, the others variants and pictures.

    `continues` says so, from (row as in the file, row by field, the listing above).
    """

    def group(rows: Rows, plan: Plan, report: Report) -> Iterator[tuple[int, Row | Complaint]]:
        at, listing, more = 0, None, 0
        for line, raw in rows:
            if isinstance(raw, Complaint):
                yield line, raw
                continue
            row = picked(plan, raw)
            if listing is not None and continues(raw, row, listing):
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

    return group


def _same_id(_raw: Row, row: Row, listing: Row) -> bool:
    return bool(row.get("external_id")) and row["external_id"] == listing.get("external_id")


def _without_id(_raw: Row, row: Row, _listing: Row) -> bool:
    return not row.get("external_id")


def _is_sku(raw: Row, _row: Row, _listing: Row) -> bool:
    return _value(raw, "itemtype").lower() in {"sku", "rule"}


_PAIR = re.compile(r"([\w ]{1,60})=([^,]{1,300})(?:,|$)")


def _magento(rows: Rows, plan: Plan, report: Report) -> Iterator[tuple[int, Row | Complaint]]:
    """Rows with a store view translate the listing above them; brand and GTIN may be among additional_attributes."""

    def completed() -> Iterator[tuple[int, Row | Complaint]]:
        for line, row in rows:
            if not isinstance(row, Complaint):
                for name, value in _PAIR.findall(_value(row, "additionalattributes")[:20_000]):
                    if (found := known(name)) is not None and found[0] in ("brand", "gtin", "mpn"):
                        row.setdefault(f"{found[0]} of additional_attributes", value)
            yield line, row

    added = {field: (f"{field} of additional_attributes",) for field in ("brand", "gtin", "mpn")}
    fuller = Plan({**plan.fields, **{field: plan.fields.get(field, ()) + names for field, names in added.items()}}, ())
    yield from _continued(_is_translation)(completed(), fuller, report)


def _is_translation(raw: Row, row: Row, listing: Row) -> bool:
    return bool(_value(raw, "storeviewcode")) and _same_id(raw, row, listing)


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

    def plan(self, names: tuple[str, ...], chosen: Chosen = ()) -> Plan:
        return plan_for(names, self.preferred, self.ignored, chosen)


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
        _continued(_same_id),
    ),
    Shape(
        "Wix CSV",
        frozenset({"handleid", "fieldtype", "name"}),
        {"external_id": ("handleId",)},
        frozenset({"sku", "fieldtype"}),
        _continued(_same_id),
    ),
    Shape(
        "Squarespace CSV",
        frozenset({"productid", "variantid", "title", "productpage"}),
        {"external_id": ("product id",)},
        frozenset({"sku", "producturl", "productpage"}),
        _continued(_without_id),
    ),
    Shape(
        "BigCommerce CSV",
        frozenset({"itemtype", "productid", "productname", "productcodesku"}),
        {"external_id": ("product id",)},
        frozenset({"producttype"}),
        _continued(_is_sku),
    ),
    Shape(
        "Magento CSV",
        frozenset({"sku", "storeviewcode", "attributesetcode", "producttype"}),
        {"category": ("categories",)},
        frozenset({"producttype"}),
        _magento,
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
