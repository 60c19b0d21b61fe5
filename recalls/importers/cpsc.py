"""U.S. CPSC: the JSON of its Recall API (https://www.saferproducts.gov/RestWebServices/Recall), and the extract that
USA.gov's search gave of it."""

import re
from typing import Any

from recalls.importers.barcodes import read_barcodes
from recalls.importers.base import Importer, Unusable, dated, number_in, one_by_one, required
from recalls.importers.codes import made_in, models_in_prose, serial_ranges_in
from recalls.importers.facts import made
from recalls.importers.records import ImportedRecall, ProductContent, Raw, Report
from recalls.importers.safety import stated
from recalls.importers.text import address, clean, day, distinct, line, objects, storable

_RECALLS = re.compile(r"^(?P<brand>[A-Z0-9][\w&'’.\-®™+ ]{1,40}?)\s+(?:Recalls|Expands|Reannounces)\b")
_OPTIONS = frozenset(
    {"Refund", "Replace", "Repair", "New Instructions", "Label", "Dispose", "Inspect", "No Remedy Available"}
)
_KNOWN = frozenset({
    "RecallID", "RecallNumber", "RecallDate", "Description", "URL", "Title", "ConsumerContact", "LastPublishDate", "Products",
    "Inconjunctions", "Images", "Injuries", "Manufacturers", "Retailers", "Importers", "Distributors", "SoldAtLabel",
    "ManufacturerCountries", "ProductUPCs", "Hazards", "Remedies", "RemedyOptions",
})  # fmt: skip
_KNOWN_EXTRACT = frozenset({
    "organization", "recall_number", "recall_date", "recall_url", "manufacturers", "product_types", "descriptions", "upcs",
    "hazards", "countries",
})  # fmt: skip


def _matches(record: dict[str, Any]) -> bool:
    return "RecallNumber" in record and bool(record.keys() & {"Title", "RecallDate", "RecallID", "Products", "Hazards"})


def parse_record(raw: Raw, report: Report) -> ImportedRecall:
    """One record. Recall numbers stay text, unchanged; unknown values are kept in `source`."""
    record = raw.value
    number = number_in(record.get("RecallNumber"), "RecallNumber")
    title = required(record.get("Title"), "Title", number)
    recalled_on = dated(number, lambda: day(record.get("RecallDate"), name="RecallDate"))
    notes: list[str] = []
    gtins = _gtins(record.get("ProductUPCs"), notes)
    rows = objects(record.get("Products"))
    names = [clean(row.get("Name")) for row in rows]
    products = tuple(
        ProductContent(
            name=name or title,
            brand=clean(row.get("Brand"))[:200] or brand_as_read(title, name),
            model_numbers=several(row.get("Model")),
            gtins=gtins if len(rows) == 1 else (),
            sizes=several(row.get("Size")),
            units=clean(row.get("NumberOfUnits"))[:200],
            description=clean(row.get("Description")),
        )
        for row, name in zip(rows, names, strict=True)
    ) or (ProductContent(name=title, brand=brand_as_read(title, ""), gtins=gtins),)
    if gtins and len(rows) > 1:
        products = (*products[:-1], ProductContent(**{**_fields(products[-1]), "gtins": gtins}))
        notes.append("the file does not say which UPC belongs to which product: all are kept with the last product")
    description = clean(record.get("Description"))
    return ImportedRecall(
        record=raw.place,
        number=number,
        title=title,
        description=description,
        hazard=_joined(record.get("Hazards")),
        remedy=_joined(record.get("Remedies")),
        sold_at=_joined(record.get("Retailers")),
        firms=tuple(
            name
            for key in ("Manufacturers", "Importers", "Distributors")
            for row in objects(record.get(key))
            if (name := clean(row.get("Name")))
        ),
        url=address(record.get("URL")),
        recalled_on=recalled_on,
        units="; ".join(unit for row in rows if (unit := clean(row.get("NumberOfUnits")))),
        products=products,
        pictures=tuple(
            (url, clean(row.get("Caption")))
            for row in objects(record.get("Images"))
            if (url := address(row.get("URL")))
        ),
        source=storable(record),
        notes=tuple(notes),
        facts=_facts(record, description, report),
        recorded=stated(injury_details=_joined(record.get("Injuries"))),
    )


def _facts(record: dict[str, Any], description: str, report: Report) -> dict[str, str | list[str]]:
    options = [line(row.get("Option")) for row in objects(record.get("RemedyOptions"))]
    for option in options:
        if option and option not in _OPTIONS:
            report.unknown_word("RemedyOptions", option)
    firms = [
        f"{role}: {name}"
        for role, key in (("Manufacturer", "Manufacturers"), ("Importer", "Importers"), ("Distributor", "Distributors"))
        for row in objects(record.get(key))
        if (name := clean(row.get("Name")))
    ]
    return made({
        "publisher": "cpsc",
        "country": "US",
        "origin": [line(row.get("Country")) for row in objects(record.get("ManufacturerCountries"))],
        "category": [line(row.get("Type")) for row in objects(record.get("Products"))],
        "options": options,
        "incidents": _joined(record.get("Injuries")),
        "contact": clean(record.get("ConsumerContact")),
        "remarks": firms,
        "made": made_in(description),
        "text_models": list(models_in_prose(description)),
        "serial_ranges": list(serial_ranges_in(description)),
        "joint_notices": [address(row.get("URL")) for row in objects(record.get("Inconjunctions"))],
        "updated": line(record.get("LastPublishDate"))[:10],
    })  # fmt: skip


def parse_extract(raw: Raw, _report: Report) -> ImportedRecall:
    """One record of the extract: no title, and products only as a line of text each."""
    record = raw.value
    number = number_in(record.get("recall_number"), "recall_number")
    names = [line(each) for each in _list(record.get("descriptions"))]
    kinds = [line(each) for each in _list(record.get("product_types"))]
    names = [name.rstrip(" ,") for name in names if name] or [kind for kind in kinds if kind]
    if not names:
        raise Unusable("descriptions and product_types are empty: name the product in one of them")
    notes: list[str] = []
    gtins = distinct(gtin for upc in _list(record.get("upcs")) for gtin in read_barcodes(line(upc), notes))
    products = tuple(ProductContent(name=name, gtins=gtins if len(names) == 1 else ()) for name in names)
    return ImportedRecall(
        record=raw.place,
        number=number,
        title="; ".join(names),
        hazard="\n".join(line(each) for each in _list(record.get("hazards")) if each),
        firms=distinct(line(each) for each in _list(record.get("manufacturers"))),
        url=address(record.get("recall_url")),
        recalled_on=dated(number, lambda: day(record.get("recall_date"), name="recall_date")),
        products=products,
        source=storable(record),
        notes=tuple(notes),
        facts=made({
            "publisher": "cpsc",
            "country": "US",
            "category": kinds,
            "origin": [line(each) for each in _list(record.get("countries"))],
        }),
        partial=True,
    )  # fmt: skip


def brand_as_read(title: str, product: str) -> str:
    """The brand, if the record shows it: the name before "Recalls", if the product's name also begins with it."""
    match = _RECALLS.match(title)
    if match is None:
        return ""
    brand = re.sub(r"[®™]", "", match["brand"].strip()).strip(" ,.-")[:200]
    words = brand.split()
    if not product or not words or len(words) > 4 or words[0].lower() not in product.lower().split():
        return ""
    return brand


def _fields(product: ProductContent) -> dict[str, Any]:
    return {name: getattr(product, name) for name in product.__slots__}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value] if isinstance(value, str) else []


def _joined(value: Any) -> str:
    return "\n".join(text for row in objects(value) if (text := clean(row.get("Name"))))


def several(value: Any) -> tuple[str, ...]:
    """What a field names, one after the other with commas, semicolons or "and" between them."""
    return tuple(word for part in re.split(r"[,;\n]| and ", clean(value)) if (word := part.strip()))


def _gtins(value: Any, notes: list[str]) -> tuple[str, ...]:
    rows = value if isinstance(value, list) else [value] if isinstance(value, str | dict) else []
    return distinct(
        gtin for row in rows for gtin in read_barcodes(clean(row.get("UPC") if isinstance(row, dict) else row), notes)
    )


IMPORTER = Importer(
    "cpsc", "U.S. Consumer Product Safety Commission", _matches, one_by_one(parse_record), ("RecallNumber",), _KNOWN
)
EXTRACT = Importer(
    "cpsc-extract",
    "U.S. Consumer Product Safety Commission (extract of USA.gov)",
    lambda record: "recall_number" in record and line(record.get("organization")) == "CPSC",
    one_by_one(parse_extract),
    ("recall_number",),
    _KNOWN_EXTRACT,
)
