"""One row of a feed as a listing, or why not: every field is cleaned and bounded, whatever it contains."""

import hashlib
import html
import json
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from listings.ingest.addresses import first_address, is_address
from listings.ingest.columns import picked, usual_plan
from listings.ingest.gtins import clean_gtins, undressed
from listings.ingest.outcome import Row
from listings.ingest.prices import MAX_PRICE, currency_of, read_price
from listings.ingest.synonyms import SYNONYMS
from listings.ingest.wholesale import read_destinations, read_ladder

LIMITS = {
    "external_id": 200,
    "gtin": 1_000,
    "mpn": 200,
    "seller": 200,
    "link": 2000,
    "image_link": 2000,
    "title": 2_000,
    "description": 20_000,
    "brand": 300,
    "category": 1_000,
    "supplier": 200,
    "minimum_order": 100,
}
FIELDS = frozenset(SYNONYMS)
_WHOLESALE = ("supplier", "minimum_order", "price_ladder", "destinations")
_encoded = json.JSONEncoder(ensure_ascii=False).encode
_CONTROL_OR_ENTITY = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff&]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"  # what copying from a page leaves around an id
_BLANK_LETTERS = (
    "\u115f\u1160\u3164\uffa0\u2800"  # fillers and an empty pattern, which are letters and signs by category
)
_EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
MAX_RAW = 1_000_000  # characters of one field that are read


class ListingRow(NamedTuple):
    """A listing as a feed states it, cleaned; `digest` is SHA-256 over everything but the id.

    Of wholesale offers: `price_ladder` and `destinations` as listings/ingest/wholesale.py writes them. Where a feed names
    a supplier and no seller, the supplier is the seller too.
    """

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
    supplier: str
    minimum_order: str
    price_ladder: str
    destinations: str
    digest: str

    @property
    def weight(self) -> int:
        """About how many characters it has."""
        return len(self.title) + len(self.description) + len(self.brand) + len(self.category) + len(self.link) + 500


class RowReject(NamedTuple):
    """A row, or one field of it, that was not imported. `cause` groups rejects of one kind."""

    line: int
    external_id: str
    reason: str
    content: str
    whole_row: bool = True
    cause: str = ""
    column: str = ""


class _Reading:
    """One row while it is read."""

    def __init__(self, line: int, row: Row) -> None:
        self.line, self.row = line, row
        # A feed's rows are by field already; the API's have names of their own.
        self.fields = row if row.keys() <= FIELDS else picked(usual_plan(tuple(map(str, row))), row)
        self.rejects: list[RowReject] = []
        self.external_id = undressed(self.text("external_id")).strip(_INVISIBLE)

    def refuse(self, cause: str, reason: str, column: str = "", *, whole: bool = False) -> None:
        self.rejects.append(RowReject(self.line, self.external_id[:200], reason, self.shown, whole, cause, column))

    @cached_property
    def shown(self) -> str:
        """The row as rejects have it: made once, however many there are of a large row."""
        try:
            return json.dumps(self.row, ensure_ascii=True, default=str)[:2_000]
        except (ValueError, RecursionError):
            return ""

    def texts(self, field: str) -> Iterator[str]:
        value = self.fields.get(field)
        for part in value if isinstance(value, list) else [value]:
            if part is None or isinstance(part, dict | list):
                continue
            if text := _clean(part):
                yield text

    def text(self, field: str) -> str:
        value = self.fields.get(field)
        if value is None:
            return ""
        return _clean(value) if isinstance(value, str) else next(self.texts(field), "")

    def bounded(self, field: str) -> str:
        """A text no longer than its limit; shortening it is reported."""
        if field not in self.fields or not (text := self.text(field)):
            return ""
        if field == "description" and "<" in text:
            text = _TAG.sub(" ", text).strip()
        if len(text) > LIMITS[field]:
            self.refuse(
                f"{field} too long",
                f"imported with a shortened {field}: it has {len(text):,} characters; the maximum is {LIMITS[field]:,}",
                field,
            )
        return text[: LIMITS[field]].rstrip()

    def gtin(self) -> str:
        if "gtin" not in self.fields:
            return ""
        gtin, warnings = clean_gtins(text[:200] for text in self.texts("gtin"))
        for cause, reason in warnings:
            self.refuse(cause, reason, "gtin")
        return gtin if len(gtin) <= LIMITS["gtin"] else gtin[: LIMITS["gtin"]].rpartition(", ")[0]

    def address(self, field: str) -> str:
        if field not in self.fields:
            return ""
        given = first_address(self.text(field))
        if not given:
            return ""
        if len(given) > LIMITS[field]:
            self.refuse(
                f"{field} is not a web address",
                f"imported without its {field}: it has {len(given):,} characters; the maximum is {LIMITS[field]:,}",
                field,
            )
        elif is_address(given):
            return given
        else:
            self.refuse(
                f"{field} is not a web address",
                f"imported without its {field}: {given[:80]} is not a web address; write it like https://shop.example/1",
                field,
            )
        return ""

    def price(self, decimal: str) -> tuple[Decimal | None, str]:
        """(amount, currency), each if it is known."""
        currency = currency_of(self.text("currency")) if "currency" in self.fields else ""
        given: Any = self.fields.get("price")
        if isinstance(given, int | Decimal) and not isinstance(given, bool) and 0 <= given < MAX_PRICE:
            return Decimal(given).quantize(Decimal("0.01")), currency
        if not (text := self.text("price")):
            return None, currency
        try:
            price, stated = read_price(text, decimal)
        except ValueError as error:
            self.refuse("unreadable price", f"imported without its price: {error}", "price")
            return None, currency
        return price, stated or currency

    def ladder(self, currency: str, decimal: str) -> str:
        if not (given := self.fields.get("price_ladder")):
            return ""
        try:
            return read_ladder(given, currency, decimal)
        except ValueError as error:
            self.refuse("unreadable price ladder", f"imported without its price ladder: {error}", "price_ladder")
            return ""

    def destinations(self) -> str:
        if not self.fields.get("destinations"):
            return ""
        codes, unknown = read_destinations(list(self.texts("destinations")))
        if unknown:
            detail = (
                f"imported without the destinations {', '.join(unknown[:5])}: write countries as codes, like US, DE"
            )
            self.refuse("unknown destination", detail, "destinations")
        return codes


def parse_row(line: int, row: Row, *, decimal: str = "") -> tuple[ListingRow | None, list[RowReject]]:
    """The listing (None if the row is refused) and what was refused. Keys may be in any case, with or without g: before.

    `decimal` is the decimal mark that the file's prices show, "" if they show none. Never raises.
    """
    reading = _Reading(line, row)
    external_id = reading.external_id
    if not is_visible(external_id):
        reading.refuse(
            "missing id",
            "the id is missing: give every listing the platform's own id in a column named id",
            "external_id",
            whole=True,
        )
        return None, reading.rejects
    if len(external_id) > LIMITS["external_id"]:
        reading.refuse(
            "id too long",
            f"the id has {len(external_id):,} characters; the maximum is 200: shorten it",
            "external_id",
            whole=True,
        )
        return None, reading.rejects
    if "\ufffd" in external_id:
        reading.refuse(
            "unreadable id",
            "the id has unreadable characters, shown as �: save the file as UTF-8 and import it again",
            "external_id",
            whole=True,
        )
        return None, reading.rejects
    if not is_visible(title := reading.bounded("title")):
        reading.refuse(
            "missing title",
            "the title is missing: give every listing a title in a column named title",
            "title",
            whole=True,
        )
        return None, reading.rejects
    price, currency = reading.price(decimal)
    bounded = reading.bounded
    description, brand, gtin = bounded("description"), bounded("brand"), reading.gtin()
    mpn, seller, category = undressed(bounded("mpn")), bounded("seller"), bounded("category")
    link, image_link = reading.address("link"), reading.address("image_link")
    supplier, minimum_order = bounded("supplier"), bounded("minimum_order")
    ladder, destinations = reading.ladder(currency, decimal), reading.destinations()
    seller = seller or supplier
    if "�" in title or "�" in description or "�" in brand:
        reading.refuse(
            "unreadable characters", "unreadable characters are shown as �: save the file as UTF-8 and import it again"
        )
    # In the order of their names: brand, category, currency, …
    content: list[Any] = [
        brand,
        category,
        currency,
        description,
        gtin,
        image_link,
        link,
        mpn,
        seller,
        title,
        str(price),
    ]
    if supplier or minimum_order or ladder or destinations:  # of other offers the digest stays
        wholesale = zip(_WHOLESALE, (supplier, minimum_order, ladder, destinations), strict=True)
        content += [[name, value] for name, value in wholesale if value]
    digest = hashlib.sha256(_encoded(content).encode()).hexdigest()
    return ListingRow(
        line, external_id, title, description, brand, gtin, mpn, seller, category, price, currency, link, image_link,
        supplier, minimum_order, ladder, destinations, digest,
    ), reading.rejects  # fmt: skip


def is_visible(text: str) -> bool:
    """Whether there is anything to see in a text: a letter, a digit, a sign, not only marks and blanks of all kinds."""
    if text.isascii():
        return bool(text.strip())
    return any(unicodedata.category(letter)[0] in "LNPS" and letter not in _BLANK_LETTERS for letter in text)


def _clean(value: Any) -> str:
    if isinstance(value, str) and len(value) < MAX_RAW and _CONTROL_OR_ENTITY.search(value) is None:
        text = value.strip()
        return "" if text.startswith("#") and text in _EXCEL_ERRORS else text
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        text = str(value)[:MAX_RAW]
    except ValueError:  # an integer with more digits than Python can write
        return ""
    if "&" in text:
        text = html.unescape(text)
    return _CONTROL.sub("", text).strip()
