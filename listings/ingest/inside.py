"""What a JSON listing has further inside, as the answers of marketplaces' own interfaces write it: the listing in a wrapper
or a part of its own, facts in pairs of name and value, prices with their currency, pictures in lists."""

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Any

from listings.ingest.columns import known
from listings.ingest.outcome import Row

OF_OTHERS = (
    "relat", "similar", "recommend", "accessor", "consumab", "compatib", "cross", "upsell", "review", "variant", "bundle", "author",
    "ship", "deliver",
)  # fmt: skip
"""Parts of names under which other products, other people or other prices are, not those of the listing."""
MAX_PARTS = 100
MAX_DEPTH = 4
MAX_FACTS = 500  # pairs of one listing that are looked at; real ones have some dozens
_NAMES = (
    "attribute_code", "attributeCode", "code", "key", "name", "id", "label", "attribute", "attributeName", "identifierType",
    "propertyName", "type",
)  # fmt: skip
_VALUES = (
    "value_name", "valueName", "value", "values", "identifier", "attributeValue", "attribute_value", "propertyValue", "text",
)  # fmt: skip
"""Names under which an object has the name of a fact and its value."""
FACTS = frozenset({"brand", "gtin", "mpn", "description"})
_ADDRESSES = ("url", "src", "link", "contentUrl", "imageUrl", "href", "@id")
_NAMED = ("name", "@value", "value", "label", "title", "login")
_CORE = frozenset({"brand", "gtin", "mpn", "seller", "price", "currency"})
_PATH = re.compile(r"[\w.-]+(?:/[\w.~-]+)+")  # the name of a resource ("accounts/1/products/5"), which is no title
_MICROS = Decimal(1_000_000)
_AMOUNTS = ("value", "amount", "price", "current_price", "original_price", "list_price")
_CURRENCIES = ("currency", "currencyCode", "currency_code", "currency_id", "currencyId", "priceCurrency")


def unwrapped(row: Row) -> Row:
    """The listing where the row is only what it is wrapped in: {"Item": {…}}, GraphQL's node, a search engine's _source."""
    for _ in range(MAX_DEPTH):
        if isinstance(row.get("node"), dict) and row.keys() <= {"node", "cursor"}:
            row = row["node"]
        elif isinstance(source := row.get("_source"), dict):
            row = {"id": row.get("_id"), **source}
        elif "@type" in row and isinstance(row.get("item"), dict) and "name" not in row:
            row = row["item"]  # an element of schema.org's ItemList
        elif len(row) == 1 and isinstance(inner := next(iter(row.values())), dict) and inner:
            row = inner
        else:
            break
    return row


def objects_in(value: Any, depth: int = 1) -> Iterator[Row]:
    """The objects in a value: itself, or those of a list and of lists in it."""
    if isinstance(value, dict):
        yield value
    elif isinstance(value, list) and depth < MAX_DEPTH:
        for part in value[:MAX_PARTS]:
            yield from objects_in(part, depth + 1)


def field_of(name: Any) -> str:
    """The field that a key is known for; empty if none."""
    found = known(name) if isinstance(name, str) else None
    return found[0] if found else ""


def has_field(row: Row, field: str) -> bool:
    """Whether a row has a value under a key that is known for a field."""
    return any(value not in (None, "", [], {}) and field_of(name) == field for name, value in row.items())


def has_title(row: Row) -> bool:
    return any(
        isinstance(value, str | list) and value and not (isinstance(value, str) and _PATH.fullmatch(value))
        for name, value in row.items()
        if field_of(name) == "title"
    )


def is_of_others(name: Any) -> bool:
    lower = str(name).lower()
    return any(other in lower for other in OF_OTHERS)


def core_of_parts(row: Row, skipped: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    """(field, value) of what the objects right inside say under known names: {"offer": {"sellerName": …}}."""
    for name, part in row.items():
        if isinstance(part, dict) and not (name in skipped or is_of_others(name) or field_of(name)):
            for key, value in part.items():
                field = field_of(key) if value not in (None, "", []) else ""
                said = value
                if isinstance(value, dict):
                    said = money_in(value)[0] if field == "price" else name_in(value)
                if field in _CORE and isinstance(said, str | int | Decimal):
                    yield field, said


def titled_part(row: Row, skipped: tuple[str, ...]) -> Row:
    """The first object right inside that has a title of its own, for a row that has none; empty if there is none."""
    for name, value in row.items():
        if name in skipped or is_of_others(name) or not may_be_listing(name):
            continue
        for part in islice(objects_in(value), MAX_PARTS):
            if has_title(part) and not pair_of(part):
                return part
    return {}


def may_be_listing(name: str) -> bool:
    """Whether a part of this name may be the listing: a brand, seller or category has a name as well, and is none."""
    return field_of(name) in ("", "title", "description")


def pair_of(part: Row) -> tuple[list[str], Any] | None:
    """The names and the value of a fact, if the object is one."""
    value = next((part[name] for name in _VALUES if part.get(name) not in (None, "", [])), None)
    names = [part[name] for name in _NAMES if isinstance(part.get(name), str)]
    if value is None or not names:
        return None
    if isinstance(value, list):
        value = next((name_in(each) if isinstance(each, dict) else each for each in value), None)
    elif isinstance(value, dict):
        value = name_in(value)
    return (names, value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def is_of_pairs(name: str, value: Any) -> bool:
    """Whether a value is a list of facts, which are read one by one, and no column that somebody could choose."""
    first = value[0] if isinstance(value, list) and value else None
    return isinstance(first, dict) and not field_of(name) and pair_of(first) is not None


def facts_in(row: Row) -> Iterator[tuple[str, Any]]:
    """(field, value) of the facts that a row has as pairs in its lists: brand, GTINs, model number, description."""
    for part in islice(_pairs_in(row), MAX_FACTS):
        if (pair := pair_of(part)) is not None:
            field = next((found for name in pair[0] if (found := field_of(name)) in FACTS), "")
            if field:
                yield field, pair[1]


def _pairs_in(row: Row) -> Iterator[Row]:
    """The objects in a row's lists, and those in lists of these."""
    for name, value in row.items():
        if isinstance(value, list) and not is_of_others(name):
            for part in objects_in(value):
                yield part
                for inner in part.values():
                    if isinstance(inner, list):
                        yield from objects_in(inner)


def name_in(part: Row) -> Any:
    """What an object is called: its name, a value, or else the first text under a key that says "name"."""
    for key in (*_NAMED, *_ADDRESSES):
        if isinstance(part.get(key), str | int) and part[key] != "":
            return part[key]
    return next(
        (text for key, text in part.items() if "name" in str(key).lower() and isinstance(text, str) and text), None
    )


def address_in(value: Any, depth: int = 1) -> str | None:
    """The first address in a value, however it is nested."""
    if isinstance(value, str):
        return value or None
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, list):
        parts = value[:MAX_PARTS]
    elif isinstance(value, dict):
        parts = [value[key] for key in _ADDRESSES if key in value]
        parts += [
            each for each in list(value.values())[:MAX_PARTS] if isinstance(each, list | dict) or _is_address(each)
        ]
    else:
        return None
    return next((found for part in parts if (found := address_in(part, depth + 1)) is not None), None)


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://", "//"))


def money_in(value: Any) -> tuple[Any, Any]:
    """Amount and currency of a price that is an object, or the first of a list of them; None for what it does not say."""
    part = next(objects_in(value), {})
    currency = next((part[key] for key in _CURRENCIES if isinstance(part.get(key), str)), None)
    amount = next(
        (part[key] for key in _AMOUNTS if isinstance(part.get(key), str | int | Decimal) and part[key] != ""), None
    )
    if amount is None and str(micros := part.get("amountMicros", "")).isdecimal():
        return Decimal(micros) / _MICROS, currency
    if isinstance(amount, int) and isinstance(divisor := part.get("divisor"), int) and divisor > 1:
        return Decimal(amount) / divisor, currency
    return amount, currency
