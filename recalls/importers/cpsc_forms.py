"""U.S. CPSC: two more forms of the records of its Recall API: that API's XML, which it gives to whoever asks for no form,
and the table of its website's list of recalls (https://www.cpsc.gov/Recalls), which has warnings as well."""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from recalls.importers import cpsc
from recalls.importers.base import Importer, Unusable, dated, one_by_one
from recalls.importers.records import ImportedRecall, Raw, Report
from recalls.importers.text import line, storable

RECORD = "Recall"  # the name of an element of the XML
_NUMBER, _WARNING = "Recall Number", "Product Safety Warning Number"
_DAYS = {_NUMBER: "Date", _WARNING: "Product Safety Warning Date"}
_WRITTEN = re.compile(r"\d{2}-\d{3,}[A-Za-z]?")
_KNOWN = frozenset({
    _NUMBER, _WARNING, *_DAYS.values(), "Recall Heading", "Name of product", "Description", "Hazard Description", "Consumer Action",
    "Original Product Safety Warning Announcement", "Remedy Type", "Units", "Incidents", "Remedy", "Sold At Label", "Sold At",
    "Importers", "Manufacturers", "Distributors", "Manufactured In", "Custom Label", "Custom Field",
})  # fmt: skip


def parse_element(raw: Raw, report: Report) -> ImportedRecall:
    """A record of the XML, which writes a list as an element with one element for each of its objects."""
    record = {name: _listed(value) for name, value in raw.value.items()}
    return replace(cpsc.parse_record(Raw(raw.place, record), report), source=storable(raw.value))


def _listed(value: Any) -> Any:
    if isinstance(value, dict) and len(value) == 1:
        (inner,) = value.values()
        return inner if isinstance(inner, list) else [inner]
    return value


def parse_row(raw: Raw, report: Report) -> ImportedRecall:
    """A row of the table. Its numbers are written 25-706; those of the API, and so ours, 25706. Warnings are counted among
    the same numbers."""
    row = raw.value
    name = next((name for name in (_NUMBER, _WARNING) if line(row.get(name))), "")
    if not name:
        raise Unusable("Recall Number and Product Safety Warning Number are empty: give one of them")
    number = line(row[name])
    number = number.replace("-", "") if _WRITTEN.fullmatch(number) else number
    record = {
        "RecallNumber": number,
        "RecallDate": dated(number, lambda: _day(row, _DAYS[name])),
        "Title": row.get("Recall Heading"),
        "Description": row.get("Description"),
        "Products": [{"Name": row.get("Name of product"), "NumberOfUnits": row.get("Units")}],
        "Hazards": [{"Name": row.get("Hazard Description")}],
        "Injuries": [{"Name": row.get("Incidents")}],
        "Remedies": [{"Name": row.get("Consumer Action")}, {"Name": row.get("Remedy")}],
        "RemedyOptions": [{"Option": option} for option in cpsc.several(row.get("Remedy Type"))],
        "Retailers": [{"Name": row.get("Sold At")}],
        "ManufacturerCountries": [{"Country": country} for country in cpsc.several(row.get("Manufactured In"))],
        **{firms: [{"Name": row.get(firms)}] for firms in ("Importers", "Manufacturers", "Distributors")},
    }
    return replace(cpsc.parse_record(Raw(raw.place, record), report), source=storable(row))


def _day(row: dict[str, Any], name: str) -> str:
    text = line(row.get(name))
    for form in ("%B %d, %Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date().isoformat()  # noqa: DTZ007  a day, in no zone
        except ValueError:
            continue
    if text:
        raise ValueError(f"{name} {text[:60]!r} is not a date: write it like June 26, 2025")
    return ""


XML = replace(cpsc.IMPORTER, read=one_by_one(parse_element))
TABLE = Importer(
    "cpsc",
    cpsc.IMPORTER.publisher,
    lambda record: {_NUMBER, "Recall Heading", "Name of product"} <= record.keys(),
    one_by_one(parse_row),
    (_NUMBER, _WARNING),
    _KNOWN,
)
