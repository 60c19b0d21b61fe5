"""One row of a feed as a listing, or why not. Names of columns as Google Merchant, schema.org and people write them."""

import hashlib
import html
import json
import re
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

LIMITS = {
    "external_id": 200,
    "gtin": 40,
    "mpn": 200,
    "seller": 200,
    "link": 2000,
    "image_link": 2000,
    "title": 2_000,
    "description": 20_000,
    "brand": 300,
    "category": 1_000,
}
ALIASES = {
    "external_id": ("id", "listing_id", "item_id", "offer_id", "sku", "external_id"),
    "title": ("title", "name", "product_name"),
    "description": ("description", "body", "details"),
    "brand": ("brand", "manufacturer", "make"),
    "gtin": ("gtin", "gtin13", "gtin14", "gtin12", "ean", "upc", "barcode", "isbn"),
    "mpn": ("mpn", "model", "model_number", "part_number"),
    "seller": ("seller", "seller_name", "merchant", "vendor", "shop"),
    "category": ("category", "google_product_category", "product_type"),
    "price": ("price", "sale_price", "amount"),
    "currency": ("currency", "price_currency"),
    "link": ("link", "url", "product_url"),
    "image_link": ("image_link", "image", "picture", "image_url", "photo"),
}  # fmt: skip
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_SCIENTIFIC = re.compile(r"^\d+(?:[.,]\d+)?[eE]\+?\d+$")
_CURRENCY = re.compile(r"\b[A-Z]{3}\b")
_SYMBOLS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₽": "RUB", "₹": "INR"}


class ListingRow(NamedTuple):
    """A listing as a feed states it, cleaned; `digest` is SHA-256 over everything but the id."""

    line: int
    external_id: str
    title: str
    description: str
    brand: str
    gtin: str
    mpn: str
    seller: str
    category: str
    price: Decimal | None
    currency: str
    link: str
    image_link: str
    digest: str


class RowReject(NamedTuple):
    """A row, or one field of it, that was not taken over."""

    line: int
    external_id: str
    reason: str
    content: str
    whole_row: bool = True


def parse_row(line: int, row: dict[str, Any]) -> tuple[ListingRow | None, list[RowReject]]:
    """The listing (None if the row is refused) and what was refused. Keys may be in any case, with g: in front or not."""
    lowered = {str(key).strip().lower().removeprefix("g:").replace(" ", "_"): value for key, value in row.items()}
    rejects: list[RowReject] = []

    def text(field: str) -> str:
        for name in ALIASES[field]:
            value = lowered.get(name)
            if value is not None and value != "" and not isinstance(value, dict):
                return _clean(value[0] if isinstance(value, list) and value else value)
        return ""

    external_id, title = text("external_id"), text("title")
    content = json.dumps(row, ensure_ascii=True, default=str)[:2_000]

    def refuse(reason: str, *, whole: bool = True) -> None:
        rejects.append(RowReject(line, external_id[:200], reason, content, whole))

    if not external_id:
        refuse("no id: every listing needs the platform's own id in a column id")
        return None, rejects
    if len(external_id) > LIMITS["external_id"]:
        refuse("the id is longer than 200 characters")
        return None, rejects
    if not title:
        refuse("no title: every listing needs a title")
        return None, rejects
    gtin = text("gtin")
    if _SCIENTIFIC.match(gtin):
        refuse(
            f"imported without its GTIN: {gtin} is in scientific notation and has lost digits; format the column as text",
            whole=False,
        )
        gtin = ""
    price, currency = None, text("currency").upper()[:3]
    if given := text("price"):
        try:
            price, stated = read_price(given)
            currency = stated or currency
        except ValueError as error:
            refuse(f"imported without its price: {error}", whole=False)
    link, image_link = text("link"), text("image_link")
    for name, address in (("link", link), ("image_link", image_link)):
        if address and not re.match(r"https?://[^\s]+$", address):
            refuse(f"imported without its {name}: {address[:80]} is not an http or https address", whole=False)
    values = {
        "title": title, "description": text("description"), "brand": text("brand"), "gtin": gtin, "mpn": text("mpn"),
        "seller": text("seller"), "category": text("category"), "currency": currency,
        "link": link if re.match(r"https?://[^\s]+$", link) else "", "image_link": image_link if re.match(r"https?://[^\s]+$", image_link) else "",
    }  # fmt: skip
    values = {name: value[: LIMITS[name]] if name in LIMITS else value for name, value in values.items()}
    told = json.dumps([values[name] for name in sorted(values)] + [str(price)], ensure_ascii=False)
    digest = hashlib.sha256(told.encode()).hexdigest()
    return ListingRow(line=line, external_id=external_id, price=price, digest=digest, **values), rejects


def read_price(text: str) -> tuple[Decimal, str]:
    """(amount, currency or "") of "1.299,00 EUR", "$12.50", "12". Raises ValueError."""
    currency = next((code for symbol, code in _SYMBOLS.items() if symbol in text), "")
    if match := _CURRENCY.search(text.upper()):
        currency = match.group()
    number = re.sub(r"[^\d.,\-]", "", text)
    if "," in number and "." in number:
        decimal = max(number.rfind(","), number.rfind("."))
        number = re.sub(r"[.,]", "", number[:decimal]) + "." + number[decimal + 1 :]
    elif re.search(r",\d{1,2}$", number):
        number = number.replace(".", "").replace(",", ".")
    else:
        number = number.replace(",", "")
    try:
        amount = Decimal(number).quantize(Decimal("0.01"))
    except InvalidOperation:
        raise ValueError(f"{text[:40]} is not a price; write it like 12.50 USD") from None
    if not 0 <= amount < Decimal(10) ** 12:
        raise ValueError(f"{text[:40]} is out of range")
    return amount, currency


def _clean(value: Any) -> str:
    text = str(value)
    if "&" in text:
        text = html.unescape(text)
    return _CONTROL.sub("", text).strip()
