"""EU Safety Gate: the weekly report and the export of a search, as XML.

Its names are those of the report: caseNumber, reference (the page's address, or the number), name, product, category,
brand, type_numberOfModel, batchNumber, barcode, companyRecallCode, riskType, danger, measures, URLrecall, description,
productionDates, notifyingCountry, countryOfOrigin, type, level, pictures.
"""

import re
from typing import Any

from recalls.importers.barcodes import read_barcodes
from recalls.importers.base import Importer, number_in, one_by_one, unusable
from recalls.importers.codes import lots_in, split_models
from recalls.importers.facts import made
from recalls.importers.records import ImportedRecall, ProductContent, Raw, Report
from recalls.importers.safety import published_measure, stated
from recalls.importers.safety_gate import MAX_BRANDS, MEASURES
from recalls.importers.text import address, brand, distinct, is_none, line, plain, storable

RECORDS = frozenset({"notifications", "notification"})
_KNOWN = frozenset({
    "order", "caseNumber", "reference", "name", "product", "category", "brand", "type_numberOfModel", "batchNumber", "barcode",
    "companyRecallCode", "riskType", "danger", "measures", "URLrecall", "description", "productionDates", "notifyingCountry",
    "countryOfOrigin", "type", "level", "pictures", "nil", "OECDPortalCategory", "portalCategory", "reactingCountries",
    "packageDescription", "companyRecallPage", "URLofCase", "isCounterfeit", "productCategory", "risk", "year", "week",
})  # fmt: skip


def _gaps(record: dict[str, Any]) -> list[str]:
    """What an alert always states, and this one does not."""
    named = (("notifyingCountry", "country"), ("level", "level of risk"))
    missing = [name for key, name in named if is_none(_text(record, key))]
    return [f"the alert states no {' and no '.join(missing)}"] if missing else []


def parse_record(raw: Raw, _report: Report) -> ImportedRecall:
    record, notes = raw.value, list[str]()
    given = _text(record, "reference")
    url, tail = address(given), given.rstrip("/").rsplit("/", 1)[-1]
    case = _text(record, "caseNumber")
    number = number_in(case or (tail if url else given), "caseNumber or reference")
    gtins = distinct(gtin for each in _all(record, "barcode") for gtin in read_barcodes(line(each), notes))
    general, specific = _text(record, "product"), _text(record, "name")
    name = " – ".join(distinct(each for each in (general, specific) if not is_none(each)))
    brands = distinct(brand(each) for text in _all(record, "brand") for each in re.split(r"\s*[;\n]\s*", line(text)))
    models, remarks = split_models("; ".join(line(each) for each in _all(record, "type_numberOfModel")))
    if not (name or models or gtins or brands):
        reason = f" ({notes[0]})" if notes else ""
        raise unusable(number, f"the notification names no product: add a name, brand, model or barcode{reason}")
    lots, scope = lots_in(_text(record, "batchNumber"))
    batch = _text(record, "batchNumber")
    description = plain(_text(record, "description"))
    return ImportedRecall(
        record=raw.place,
        number=number,
        title=_title(name, models, brands, number),
        description=description,
        hazard=plain(_text(record, "danger")),
        remedy=plain(_text(record, "measures")),
        url="" if tail.lstrip("-0") == "" or tail.startswith("-") else url,
        products=tuple(
            ProductContent(name or description[:200] or f"Product of alert {number}", each, models, gtins)
            for each in brands[:MAX_BRANDS] or ("",)
        ),
        pictures=tuple((picture, "") for each in _pictures(record) if (picture := address(each))),
        source=storable(record),
        notes=tuple(notes + _gaps(record)),
        facts=made({
            "publisher": "safety-gate",
            "kind": _text(record, "type"),
            "country": _text(record, "notifyingCountry"),
            "origin": _text(record, "countryOfOrigin"),
            "category": _text(record, "category"),
            "risk_level": _text(record, "level"),
            "risks": [each.strip() for each in _text(record, "riskType").split(",")],
            "measures": _measures(_text(record, "measures")),
            "lots": list(lots) or ([batch] if scope == "unknown" and not is_none(batch) else []),
            "scope": scope if batch else "",
            "dates": _text(record, "productionDates"),
            "other_codes": [f"Company recall code: {code}" for code in [_text(record, "companyRecallCode")] if not is_none(code)],
            "remarks": list(remarks),
            "company_notices": [address(_text(record, "URLrecall"))],
        }),
        recorded=stated(
            risk_level=_text(record, "level"),
            measures=[published_measure(each) for each in _measures(_text(record, "measures")) if each],
        ),
    )  # fmt: skip


def _title(name: str, models: tuple[str, ...], brands: tuple[str, ...], number: str) -> str:
    title = name or ", ".join(models) or f"Safety Gate alert {number}"
    return f"{title} ({', '.join(brands)})" if brands else title


def _all(record: dict[str, Any], name: str) -> list[Any]:
    value = record.get(name)
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(record: dict[str, Any], name: str) -> str:
    return line("; ".join(text for each in _all(record, name) if (text := line(each))))


def _pictures(record: dict[str, Any]) -> list[Any]:
    return [each for part in _all(record, "pictures") if isinstance(part, dict) for each in _all(part, "picture")]


def _measures(text: str) -> list[str]:
    """The measures of the vocabulary that are in a text, else the text itself."""
    known = [words for words in MEASURES.values() if words != "Other" and words.lower() in text.lower()]
    return known or [text]


IMPORTER = Importer(
    "safety-gate-xml",
    "EU Safety Gate",
    lambda record: bool(record.keys() & {"caseNumber", "reference"}),
    one_by_one(parse_record),
    ("caseNumber", "reference"),
    _KNOWN,
)
