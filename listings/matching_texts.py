"""Between stored rows and the matching engine, which knows neither: texts in, readings kept per process."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from listings.matching import (
    Correction,
    Corrections,
    ListingText,
    Match,
    ProductText,
    RecallIndex,
    RecallReading,
    RecallText,
    read_recall,
)
from listings.models import Flag, Listing, ReadingCorrection
from recalls.models import Product, RecallVersion
from recalls.services import ProductContent, RecallContent

_TEXTS = ("title", "description", "brand", "gtin", "mpn", "seller", "category", "image_link")
KEPT_READINGS = 12_000
_readings: OrderedDict[int, RecallReading] = OrderedDict()
_indexes: OrderedDict[tuple[int, ...], RecallIndex] = OrderedDict()


STORED_TEXT = ("title", "description", "brand", "gtin", "mpn", "seller", "price", "category", "image_link")
"""The fields of a listing that matching reads."""


def listing_text(listing: Listing) -> ListingText:
    return stored_text(listing.pk, *(getattr(listing, name) for name in STORED_TEXT))


def stored_text(pk: int, *values: Any) -> ListingText:
    """The text of a listing with these values of `STORED_TEXT`."""
    title, description, brand, gtin, mpn, seller, price, category, image_link = values
    return ListingText(
        id=str(pk),
        title=title,
        description=description,
        brand=brand,
        gtin=gtin,
        mpn=mpn,
        seller=seller,
        price=float(price) if price is not None else None,
        category=category,
        image_link=image_link,
    )


def flagged_text(flag: Flag) -> ListingText:
    """The text of a flag's listing as it was flagged."""
    shown: dict[str, Any] = {name: str(flag.listing_as_flagged.get(name) or "") for name in _TEXTS}
    return ListingText(id=str(flag.listing_id), price=_price(flag.listing_as_flagged.get("price")), **shown)


def _price(given: object) -> float | None:
    try:
        return float(str(given)) if given else None
    except ValueError:
        return None


def recall_text(version: RecallVersion, corrections: Corrections) -> RecallText:
    return _text(version.recall.number, version, version.products.all(), corrections)


def draft_text(number: str, content: RecallContent, corrections: Corrections) -> RecallText:
    """The text in the editor, which is not stored."""
    return _text(number, content, content.products, corrections)


def _text(
    number: str,
    detail: RecallVersion | RecallContent,
    products: Iterable[Product | ProductContent],
    corrections: Corrections,
) -> RecallText:
    return RecallText(
        number=number,
        title=detail.title,
        description=detail.description,
        products=tuple(
            ProductText(
                product.name,
                product.brand,
                tuple(product.model_numbers),
                tuple(product.gtins),
                tuple(product.sizes),
                product.description,
            )
            for product in products
        ),
        firms=tuple(detail.firms),
        sold_at=detail.sold_at,
        corrections=corrections,
    )


def corrections_of(version: RecallVersion) -> Corrections:
    """Those of this version, or else of the newest earlier one that has any."""
    return _newest(version, _corrections([version.recall_id]))


def _corrections(recall_ids: Iterable[int]) -> dict[int, list[ReadingCorrection]]:
    """Recall → its corrections, newest version first."""
    found: dict[int, list[ReadingCorrection]] = {}
    rows = ReadingCorrection.objects.filter(version__recall_id__in=recall_ids).select_related("version")
    for row in rows.order_by("-version__version"):
        found.setdefault(row.version.recall_id, []).append(row)
    return found


def _newest(version: RecallVersion, kept: dict[int, list[ReadingCorrection]]) -> Corrections:
    for row in kept.get(version.recall_id, ()):
        if row.version.version <= version.version:
            return Corrections(
                **{name: Correction(tuple(each["add"]), tuple(each["drop"])) for name, each in row.content.items()}
            )
    return Corrections()


def reading_of(version: RecallVersion) -> RecallReading:
    """The reading of a published version, made once per process: a published version never changes."""
    kept = _readings.get(version.pk)
    if kept is None:
        kept = _keep(version, corrections_of(version))
    return kept


def _keep(version: RecallVersion, corrections: Corrections) -> RecallReading:
    reading = _readings[version.pk] = read_recall(recall_text(version, corrections))
    if len(_readings) > KEPT_READINGS:
        _readings.popitem(last=False)
    return reading


def index_of(version_ids: tuple[int, ...]) -> RecallIndex:
    """An index over these versions, kept for the last few sets asked for."""
    if (kept := _indexes.get(version_ids)) is not None:
        _indexes.move_to_end(version_ids)
        return kept
    missing = [pk for pk in version_ids if pk not in _readings]
    rows = list(RecallVersion.objects.filter(pk__in=missing).select_related("recall").prefetch_related("products"))
    corrections = _corrections([version.recall_id for version in rows])
    for version in rows:
        _keep(version, _newest(version, corrections))
    index = RecallIndex(_readings[pk] for pk in version_ids)
    _indexes[version_ids] = index
    if len(_indexes) > 8:
        _indexes.popitem(last=False)
    return index


def evidence_of(match: Match) -> list[dict[str, Any]]:
    """The evidence as it is stored with a flag: plain data, spans included."""
    return [item.as_dict() for item in match.evidence]
