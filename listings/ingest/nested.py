"""JSON that is not flat: schema.org's products and offers, Shopify's products with variants, and what marketplaces' own
interfaces answer, made flat."""

from collections.abc import Iterable, Iterator
from typing import Any

from listings.ingest.inside import (
    MAX_PARTS,
    address_in,
    core_of_parts,
    facts_in,
    field_of,
    has_field,
    has_title,
    is_of_pairs,
    money_in,
    name_in,
    titled_part,
    unwrapped,
)
from listings.ingest.outcome import Complaint, Report, Row
from listings.ingest.shapes import Holding, Rows, merge_variant
from portal.gtin import checked_gtin

_GTINS = ("gtin", "gtin14", "gtin13", "gtin12", "gtin8", "ean", "upc", "barcode", "isbn")
_GTINS_OF_VARIANT = (*_GTINS, "eans", "gtins", "upcs", "barcodes", "skus")
_VARIANTS = ("variants", "hasVariant", "skus", "variations")
SHORTEST_SKU = 12  # digits of a GTIN among a size's own numbers, of which every tenth passes the check of a short one
_APART = (*_VARIANTS, "offers", "priceRange", "priceRangeV2")
_SHOPIFY = frozenset({"variants", "body_html", "bodyHtml", "descriptionHtml", "onlineStoreUrl"})
_HOLDS_MORE = frozenset({dict, list})

_NO_PRODUCTS = frozenset({
    "website", "webpage", "collectionpage", "itempage", "breadcrumblist", "organization", "corporation", "store",
    "onlinestore", "localbusiness", "person", "imageobject", "videoobject", "review", "aggregaterating",
    "searchaction", "sitenavigationelement", "postaladdress", "faqpage", "question", "article",
})  # fmt: skip


def is_product(row: Row) -> bool:
    """Whether an object may be a product: schema.org's graphs also have the page, the shop and its links."""
    kinds = row.get("@type")
    named = [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]
    return not named or not all(kind.rsplit("/", 1)[-1].lower() in _NO_PRODUCTS for kind in named)


def flat(row: Row) -> Row:
    """The row with single values in place of objects and lists; variants and offers fill what is empty."""
    if _HOLDS_MORE.isdisjoint(map(type, row.values())):
        return row
    row = unwrapped(row)
    if not has_title(row) and (part := titled_part(row, _APART)):
        others = {name: value for name, value in row.items() if value is not part and field_of(name) != "title"}
        row = {**part, **others}
    out = {
        name: single
        for name, value in row.items()
        if name not in _APART and not is_of_pairs(name, value) and (single := _single(name, value)) is not None
    }
    _add_prices(out, row)
    for offer in _parts(row.get("offers")):
        _add_offer(out, offer)
    for name in (*_VARIANTS, "sizes"):  # Wildberries: `sizes` of which each has its barcodes as `skus`
        for variant in _parts(row.get(name)):
            merge_variant(out, _variant(variant))
    _add_facts(out, row)
    if out.get("vendor") and _SHOPIFY & row.keys():
        out.setdefault("brand", out["vendor"])  # Shopify's vendor is the maker; elsewhere it is whoever sells
    if "id" not in out and "@id" in out and not any(out.get(name) for name in ("sku", "productID", "productId")):
        out["id"] = out["@id"]
    return out


def _parts(value: Any) -> Iterator[Row]:
    """The objects in a value: itself, of a list, or of GraphQL's edges and nodes."""
    if isinstance(value, dict):
        inner = value.get("nodes") or value.get("edges") or value.get("offers")
        yield value
        value = inner
    for part in (value if isinstance(value, list) else [])[:MAX_PARTS]:
        if isinstance(part, dict):
            yield part["node"] if isinstance(part.get("node"), dict) else part


def _single(name: str, value: Any) -> Any:
    """One value for a field: a name of an object, an address of a picture, the first of a list; all of several GTINs."""
    if isinstance(value, list):
        singles = [single for part in value[:MAX_PARTS] if (single := _single(name, part)) is not None]
        if name.lower() in _GTINS:
            return singles
        return singles[0] if singles else None
    if isinstance(value, dict):
        field = field_of(name)
        if field in ("link", "image_link") or "image" in name.lower():
            return address_in(value)
        return money_in(value)[0] if field == "price" else name_in(value)
    return value


def _add_prices(out: Row, row: Row) -> None:
    """Amount and currency of prices that are objects."""
    for name, value in row.items():
        if isinstance(value, dict | list) and name not in _APART and _is_price(name):
            amount, currency = money_in(value)
            if amount is not None and not has_field(out, "price"):
                out["price"] = amount
            if currency is not None and not has_field(out, "currency"):
                out["currency"] = currency


def _add_facts(out: Row, row: Row) -> None:
    """What the row says in pairs of name and value, and in its parts."""
    for field, value in facts_in(row):
        if field == "gtin":
            merge_variant(out, {"gtin": [value]})
        elif not has_field(out, field):
            out[field] = value
    for field, value in core_of_parts(row, _APART):
        if not has_field(out, field):
            out[field] = value


def _is_price(name: str) -> bool:
    field = field_of(name)
    return field == "price" or (not field and name.lower().startswith(("price", "pricing")))


def _add_offer(out: Row, offer: Row) -> None:
    specification = next(_parts(offer.get("priceSpecification")), {})
    for field, value in (
        ("price", offer.get("price") or offer.get("lowPrice") or specification.get("price")),
        ("currency", offer.get("priceCurrency") or specification.get("priceCurrency")),
        ("url", _single("url", offer.get("url"))), ("seller", _single("seller", offer.get("seller"))), ("sku", offer.get("sku")),
    ):  # fmt: skip
        if value not in (None, "") and not isinstance(value, dict | list) and not out.get(field):
            out[field] = value
    merge_variant(out, {"gtin": _gtins(offer)})


def _gtins(row: Row) -> list[Any]:
    return [value for name in _GTINS if (value := row.get(name)) and not isinstance(value, dict | list)]


def _gtins_of_variant(row: Row) -> list[Any]:
    """Its codes, of lists each one; of its own numbers (`skus`) those that are GTINs."""
    given = ((name, row.get(name)) for name in _GTINS_OF_VARIANT)
    each = ((name, one) for name, value in given for one in (value if isinstance(value, list) else [value])[:MAX_PARTS])
    return [
        one for name, one in each if one and not isinstance(one, dict | list) and (name != "skus" or _is_gtin(str(one)))
    ]


def _is_gtin(number: str) -> bool:
    return len(number) >= SHORTEST_SKU and number.isascii() and number.isdigit() and checked_gtin(number) is not None


def _variant(row: Row) -> Row:
    price = row.get("price")
    if isinstance(price, dict):
        price = price.get("amount")
    found: Row = {"gtin": _gtins_of_variant(row), "price": None if isinstance(price, list) else price}
    offer: Row = {}
    for part in _parts(row.get("offers")):
        _add_offer(offer, part)
    merge_variant(found, offer)
    return found


def join_children(rows: Iterable[tuple[int, Row | Complaint]], report: Report) -> Rows:
    """Shopify's bulk lines: what names a `__parentId` belongs to the product of that id."""
    holding = Holding()
    bulk = False
    for line, row in rows:
        if isinstance(row, Complaint):
            yield line, row
            continue
        parent, own = row.pop("__parentId", None), row.get("id")
        if parent is None:
            if isinstance(own, str) and own.startswith("gid://shopify/Product/"):
                bulk = True
                yield from holding.hold([own], line, row)
            else:
                yield line, row
            continue
        if not (isinstance(parent, str) and holding.add(parent, {**_variant(row), "image_link": _picture(row)})):
            if isinstance(own, str) and "/ProductVariant/" not in own and not row.get("title"):
                continue  # a picture or another part of a product that is not here
            yield line, row
        elif isinstance(own, str):
            holding.call(parent, [own])
    if bulk:
        report.format = "Shopify bulk JSONL"
    yield from holding.release(report)


def _picture(row: Row) -> Any:
    return _single("image", row.get("image")) or next(
        (row[key] for key in ("url", "src", "originalSrc") if isinstance(row.get(key), str)), None
    )
