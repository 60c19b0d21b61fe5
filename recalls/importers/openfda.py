"""U.S. FDA: enforcement reports of food, drugs and devices, as openFDA's JSON or as the older XML of the reports.

The reports of one event make one recall, with a product for each.
"""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from recalls.importers.barcodes import labelled_barcodes
from recalls.importers.base import Importer, Row, Unusable, dated, guarded, in_groups, number_in
from recalls.importers.codes import lots_in, models_in_prose, sizes_in
from recalls.importers.facts import made
from recalls.importers.records import ImportedRecall, ProductContent, Raw, Report
from recalls.importers.text import clean, day, distinct, is_none, line, part, readable, storable

RECORD = "recall-number"
"""The element of a report in the XML; its number is in the attribute `id`."""

MAX_CODES = 200  # lots of a report that are kept; some list 10,000 serial numbers
_DATES = ("%Y%m%d", "%m/%d/%Y")
_NAME_ENDS = re.compile(
    r"[,;.(]?\s*\b(?:net\s+w(?:eigh)?t\b|wt\.|upc\b|packed\b|packaged\b|sold in\b|keep\b|item\b|product of\b|distributed\b|best by\b"
    r"|in \d|\d+(?:[.,]\d+)?\s?-?(?:ounces?|oz|lbs?|ml|mg|g|kg|ct|count|fl)\b)",
    re.IGNORECASE,
)
_BRAND = re.compile(r"^(?P<brand>[\w'’&. -]{2,40}?)\s+brand\b", re.IGNORECASE)
_LOTS = re.compile(
    r"\b(?:lots?|batch(?:es)?)\s*(?:(?:codes?|numbers?|nos?\.?|#)\s*)*[:#]?\s*(?P<lots>[A-Z0-9][\w./-]*(?:\s*[,;&]\s*[A-Z0-9][\w./-]*)*)",
    re.IGNORECASE,
)
_NDC = re.compile(r"\bNDC\s*[:#]?\s*(\d{4,5}-\d{3,4}-\d{1,2})", re.IGNORECASE)
_DATE_MARK = re.compile(
    r"\b(?P<mark>best (?:by|before)|use by|sell by|exp(?:iry|iration|ires?)?\.?(?: date)?)\s*:?\s*(?P<date>(?:(?!\blots?\b)[^\n;,]){3,60})",
    re.IGNORECASE,
)
_KNOWN = frozenset({
    "status", "city", "state", "country", "classification", "openfda", "product_type", "event_id", "recalling_firm", "address_1",
    "address_2", "postal_code", "voluntary_mandated", "initial_firm_notification", "distribution_pattern", "recall_number",
    "product_description", "product_quantity", "reason_for_recall", "recall_initiation_date", "center_classification_date",
    "report_date", "code_info", "more_code_info", "termination_date", "id",
})  # fmt: skip


def _matches(record: dict[str, Any]) -> bool:
    names = {name.replace("-", "_") for name in record}
    return "event_id" in names and bool(names & {"product_description", "reason_for_recall", "recalling_firm"})


def read(raws: list[Raw], report: Report) -> Iterator[Row]:
    rows = [Raw(raw.place, {name.replace("-", "_"): value for name, value in raw.value.items()}) for raw in raws]
    for raw in rows:
        report.unknown_fields(raw.value, _KNOWN)
    for event, group in in_groups(rows, lambda raw: line(raw.value.get("event_id")) or f"? {raw.place}").items():
        yield guarded(
            group[0], partial(_recall, group, report), event.lstrip("? ") if not event.startswith("?") else ""
        )


def _recall(group: list[Raw], report: Report) -> ImportedRecall:
    first = group[0].value
    number = number_in(first.get("event_id"), "event_id")
    rows = [row for row in (raw.value for raw in group) if clean(row.get("product_description"))]
    if not rows:
        raise Unusable("product_description is empty: name the product")
    notes: list[str] = []
    products = distinct_products([_product(row, notes) for row in rows])
    firms = distinct(line(row.get("recalling_firm")) for row in rows)
    reasons = distinct(clean(row.get("reason_for_recall")) for row in rows)
    names = distinct(product.name for product in products)
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    facts = _facts(number, rows, report, notes)
    return ImportedRecall(
        record=group[0].place,
        number=number,
        title=f"{'; '.join(name[:120] for name in names[:2])}{more} ({firms[0]})" if firms else "; ".join(names[:2]),
        description="\n\n".join(distinct(clean(row.get("product_description")) for row in rows)),
        hazard="\n".join(reasons),
        sold_at="\n".join(distinct(clean(row.get("distribution_pattern")) for row in rows)),
        firms=firms,
        recalled_on=dated(number, lambda: day(first.get("report_date"), name="report_date", forms=_DATES)),
        units="; ".join(product.units for product in products if product.units),
        products=products,
        source=storable(first if len(group) == 1 else {"event_id": number, "reports": [raw.value for raw in group]}),
        notes=distinct(notes),
        facts=facts,
    )


def distinct_products(products: list[ProductContent]) -> tuple[ProductContent, ...]:
    return tuple(dict.fromkeys(products))


def _product(row: dict[str, Any], notes: list[str]) -> ProductContent:
    text = line(row.get("product_description"))
    codes = f"{text}\n{clean(row.get('code_info'))}\n{clean(row.get('more_code_info'))}"
    end = _NAME_ENDS.search(text)
    name = text[: end.start()].strip(" ,;.(") if end and end.start() > 3 else text
    known = part(row, "openfda")
    brands = known["brand_name"] if isinstance(known.get("brand_name"), list) else []
    named = _BRAND.match(text)
    quantity = line(row.get("product_quantity"))
    return ProductContent(
        name=name[:500],
        brand=line(brands[0])[:200] if brands else line(named["brand"]) if named else "",
        gtins=labelled_barcodes(codes, notes),
        sizes=sizes_in(text)[:5],
        units="" if is_none(quantity) else quantity[:200],
        description=text,
    )


def _facts(number: str, rows: list[dict[str, Any]], report: Report, notes: list[str]) -> dict[str, str | list[str]]:
    lots: list[str] = []
    marks: list[str] = []
    scopes: set[str] = set()
    for row in rows:
        codes = readable("\n".join(part for key in ("code_info", "more_code_info") if (part := clean(row.get(key)))))
        found = [
            lot.strip()
            for match in _LOTS.finditer(codes)
            for lot in re.split(r"[,;&]", match["lots"])
            if re.search(r"\d", lot)
        ]
        listed, scope = lots_in(codes) if codes and not found else ((), "")
        lots += found or listed
        scopes.add(scope if scope == "all lots" else "unknown")
        marks += [f"{match['mark'].strip()}: {match['date'].strip()}" for match in _DATE_MARK.finditer(codes)]
    if len(lots) > MAX_CODES:
        notes.append(f"{MAX_CODES} of {len(lots):,} lots were kept; the source record has all of them")
    for word in distinct(line(row.get("classification")) for row in rows):
        if word not in {"Class I", "Class II", "Class III", "Not Yet Classified"}:
            report.unknown_word("classification", word)
    text = "\n".join(clean(row.get("product_description")) for row in rows)
    started = _date(number, rows[0], "recall_initiation_date")
    return made({
        "publisher": "openfda",
        "kind": distinct(line(row.get("status")) for row in rows)[:1],
        "country": "US",
        "category": list(distinct(line(row.get("product_type")) for row in rows)),
        "risk_level": "; ".join(distinct(line(row.get("classification")) for row in rows)),
        "scope": "all lots" if scopes == {"all lots"} else "unknown",
        "lots": lots[:MAX_CODES],
        "dates": marks[:MAX_CODES],
        "other_codes": [
            *distinct(line(row.get("recall_number") or row.get("id")) for row in rows),
            *distinct(f"NDC {code}" for code in _NDC.findall(text)),
        ],
        "text_models": list(models_in_prose(text)),
        "remarks": [line(rows[0].get("voluntary_mandated")), f"Started {started}" if started else ""],
        "updated": _date(number, rows[0], "report_date"),
    })  # fmt: skip


def _date(number: str, row: dict[str, Any], name: str) -> str:
    found = dated(number, lambda: day(row.get(name), name=name, forms=_DATES))
    return found.isoformat() if found else ""


IMPORTER = Importer(
    "openfda", "U.S. Food and Drug Administration", _matches, read, ("event_id", "event-id"), frozenset()
)
