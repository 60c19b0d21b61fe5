"""EU Safety Gate: the JSON of one alert or of its search, as the site's own pages ask for it."""

import re
from typing import Any

from recalls.importers.barcodes import read_barcodes
from recalls.importers.base import Importer, Unusable, dated, number_in, one_by_one
from recalls.importers.facts import made
from recalls.importers.records import ImportedRecall, ProductContent, Raw, Report
from recalls.importers.safety import Measure, is_day, published_measure, stated
from recalls.importers.text import address, brand, clean, day, distinct, is_none, line, objects, plain, storable

SITE = "https://ec.europa.eu/safety-gate-alerts"
MAX_BRANDS = 5
MEASURES = {
    "PRODUCT_RECALL_FROM_CONSUMERS": "Recall of the product from end users",
    "PRODUCT_WITHDRAWAL_FROM_MARKET": "Withdrawal of the product from the market",
    "DESTRUCTION_OF_PRODUCT": "Destruction of the product",
    "REMOVAL_FROM_ONLINE_MARKETPLACE": "Removal of the listing by the online marketplace",
    "BAN_ON_MARKETING_OF_PRODUCT": "Ban on the marketing of the product",
    "BAN_ON_MARKETING_OF_PRODUCT_AND_ACCOMPANYING_MEASURES": "Ban on the marketing of the product and any accompanying measures",
    "IMPORT_REJECTED_AT_BORDER": "Import rejected at the border",
    "WARNING_CONSUMERS_OF_RISKS": "Warning consumers of the risks",
    "MARKING_PRODUCT_WITH_WARNINGS": "Marking the product with appropriate warnings on the risks",
    "TEMPORARY_BAN": "Temporary ban on the supply, offer to supply and display of the product",
    "OTHER": "Other",
}
LEVELS = {"A12": "Serious risk", "A11": "Other risk level", "INF": "For information", "SR": "Serious risk"}
_KNOWN = frozenset({
    "id", "notificationType", "reference", "corrigendum", "country", "creationDate", "publicationDate", "modificationDate",
    "isImmediatePublication", "singlePublication", "forInfo", "product", "risk", "measureTaken", "traceability",
    "reactingCountries", "webReport", "versions", "onlineTraderProductIdentifierReference",
})  # fmt: skip


def _matches(record: dict[str, Any]) -> bool:
    return (
        "reference" in record
        and isinstance(record.get("product"), dict)
        and bool(record.keys() & {"risk", "publicationDate", "notificationType"})
    )


def parse_record(raw: Raw, report: Report) -> ImportedRecall:
    record, notes = raw.value, list[str]()
    number = number_in(record.get("reference"), "reference")
    product = record["product"]
    version = _english(product)
    general, specific = line(version.get("name") or product.get("name")), line(product.get("nameSpecific"))
    name = " – ".join(distinct(each for each in (general, "" if is_none(specific) else specific) if each))
    brands = distinct(brand(row.get("brand")) for row in objects(product.get("brands")))[:MAX_BRANDS]
    models = distinct(
        model
        for row in objects(product.get("modelTypes"))
        if (model := line(row.get("modelType"))) and not is_none(model)
    )
    gtins = distinct(
        gtin for row in objects(product.get("barcodes")) for gtin in read_barcodes(line(row.get("barcode")), notes)
    )
    if not (name or brands or models or gtins):
        raise Unusable("the alert names no product: add a name, brand, model or barcode")
    identifier = line(record.get("id"))
    partial = not record.keys() & {"measureTaken", "traceability", "notificationType"}
    description = plain(version.get("description") or product.get("description"))
    measures, sellers = _measures(record, report), _sellers(record)
    return ImportedRecall(
        record=raw.place,
        number=number,
        title=_title(name, models, brands),
        description=description,
        hazard=_hazard(record),
        remedy="\n".join(measures),
        sold_at="\n".join(sellers),
        url=f"{SITE}/screen/webReport/alertDetail/{identifier}" if identifier.isdigit() else "",
        recalled_on=dated(number, lambda: day(record.get("publicationDate"), name="publicationDate")),
        products=tuple(
            ProductContent(name or description[:200] or number, each, models, gtins) for each in brands or ("",)
        ),
        pictures=tuple(
            (f"{SITE}/public/api/notification/image/{photo}", line(row.get("fileName")))
            for row in objects(product.get("photos"))
            if (photo := line(row.get("id"))).isdigit()
        ),
        source=storable(record),
        notes=tuple(notes),
        facts=_facts(record, version, measures, sellers, report),
        recorded=stated(
            risk_level=LEVELS.get(line(_inside(record, "notificationType", "code")), ""), measures=_taken(record)
        ),
        partial=partial,
    )


def _title(name: str, models: tuple[str, ...], brands: tuple[str, ...]) -> str:
    title = name or ", ".join(models) or "Product"
    return f"{title} ({', '.join(brands)})" if brands else title


def _english(part: Any) -> dict[str, Any]:
    """The English version of a part, else the first version."""
    versions = objects(part.get("versions")) if isinstance(part, dict) else []
    english = [each for each in versions if line(_inside(each, "language", "key")) == "EN"]
    return next(iter([*english, *versions]), {})


def _inside(value: Any, *names: str) -> Any:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _hazard(record: dict[str, Any]) -> str:
    version = _english(record.get("risk"))
    return "\n".join(text for key in ("riskDescription", "legalProvision") if (text := plain(version.get(key))))


def _measures(record: dict[str, Any], report: Report) -> list[str]:
    found = []
    for row in objects(_inside(record, "measureTaken", "measures")):
        key = line(_inside(row, "measureCategory", "name"))
        other = line(_english(row).get("measureCategoryOther"))
        words = other or MEASURES.get(key, key.replace("_", " ").capitalize())
        if key and key not in MEASURES:
            report.unknown_word("measureCategory", key)
        kind = line(_inside(row, "measureType", "name")).lower()
        since = line(row.get("entryIntoForceDate"))[:10]
        if words:
            found.append(f"{words}{f', {kind}' if kind else ''}{f', from {since}' if since else ''}")
    return list(dict.fromkeys(found))


_BASES = {"voluntary": "voluntary", "compulsory": "ordered", "compulsory_measures": "ordered", "mandatory": "ordered"}


def _taken(record: dict[str, Any]) -> list[Measure]:
    """The measures by the vocabulary; a basis or a day that is not known for sure is left out."""
    found = []
    for row in objects(_inside(record, "measureTaken", "measures")):
        key = line(_inside(row, "measureCategory", "name"))
        words = line(_english(row).get("measureCategoryOther")) or MEASURES.get(key, key.replace("_", " ").capitalize())
        since = line(row.get("entryIntoForceDate"))[:10]
        if words:
            basis = _BASES.get(line(_inside(row, "measureType", "name")).lower().replace(" ", "_"), "")
            found.append(published_measure(words, basis=basis, since=since if is_day(since) else ""))
    return found


def _sellers(record: dict[str, Any]) -> list[str]:
    """Where it is sold online: the trader's name, and what identifies the product there (a web site, an ASIN)."""
    found = []
    for row in objects(record.get("onlineTraderProductIdentifierReference")):
        trader, given = row.get("onlineTrader"), line(row.get("uniqueProductIdentifier"))
        name = line(trader.get("name") if isinstance(trader, dict) else trader)
        found.append(" ".join(each for each in ("" if is_none(name) else name, given) if each))
    single = _inside(record, "traceability", "onlineTrader")
    found.append(line(single.get("name") if isinstance(single, dict) else single))
    return [each for each in dict.fromkeys(found) if each]


def _facts(
    record: dict[str, Any], version: dict[str, Any], measures: list[str], sellers: list[str], report: Report
) -> dict[str, str | list[str]]:
    code = line(_inside(record, "notificationType", "code"))
    if code and code not in LEVELS:
        report.unknown_word("notificationType", code)
    product = record["product"]
    lots = [line(row.get("batchNumber")) for row in objects(product.get("batchNumbers"))]
    origin = line(_inside(record, "traceability", "countryOrigin", "name"))
    return made({
        "publisher": "safety-gate",
        "kind": code,
        "country": line(_inside(record, "country", "name")),
        "origin": "" if is_none(origin) else origin,
        "category": _readable(_inside(product, "productCategory", "key"), "product.category."),
        "risk_level": LEVELS.get(code, ""),
        "risks": [_readable(row.get("key"), "riskType.") for row in objects(_inside(record, "risk", "riskType"))],
        "measures": measures,
        "lots": [lot for lot in lots if not is_none(lot)],
        "scope": "all lots" if re.search(r"\ball batches\b", plain(version.get("description")), re.IGNORECASE) else "",
        "remarks": [plain(version.get("packageDescription"))],
        "online_sellers": sellers,
        "company_notices": [address(row.get("link")) for row in objects(_inside(record, "measureTaken", "companyRecalls"))],
        "history": [clean(record.get("corrigendum")), clean(_inside(record, "webReport", "corrigendum"))],
        "updated": line(record.get("modificationDate"))[:10],
    })  # fmt: skip


def _readable(key: Any, prefix: str) -> str:
    """ "product.category.clothing.textiles" as "Clothing textiles"."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", line(key).removeprefix(prefix)).replace(".", " ")
    return words[:1].upper() + words[1:].lower()


IMPORTER = Importer("safety-gate", "EU Safety Gate", _matches, one_by_one(parse_record), ("reference",), _KNOWN)
