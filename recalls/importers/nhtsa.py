"""U.S. NHTSA: the flat file of all campaigns (29 fields, tab-separated, no header) and the API's recalls by vehicle.

The rows of one campaign make one recall, with a product for each make, model and year. Fields: RCL.txt of NHTSA.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any

from recalls.importers.base import Importer, Row, Unusable, dated, guarded, in_groups, number_in
from recalls.importers.codes import models_in_prose
from recalls.importers.facts import made
from recalls.importers.records import ImportedRecall, ProductContent, Raw, Reject, Report
from recalls.importers.text import clean, day, distinct, line, plain, show, storable

FIELDS = (
    "RECORD_ID", "CAMPNO", "MAKETXT", "MODELTXT", "YEARTXT", "MFGCAMPNO", "COMPNAME", "MFGNAME", "BGMAN", "ENDMAN", "RCLTYPECD",
    "POTAFF", "ODATE", "INFLUENCED_BY", "MFGTXT", "RCDATE", "DATEA", "RPNO", "FMVSS", "DESC_DEFECT", "CONEQUENCE_DEFECT",
    "CORRECTIVE_ACTION", "NOTES", "RCL_CMPT_ID", "MFR_COMP_NAME", "MFR_COMP_DESC", "MFR_COMP_PTNO", "DO_NOT_DRIVE", "PARK_OUTSIDE",
)  # fmt: skip
OLDER = frozenset({23, 24, 27})  # fields that the file had before 2008, 2020 and 2025
KINDS = {"V": "Vehicle", "E": "Equipment", "T": "Tire", "C": "Child restraint", "I": "Equipment", "X": "Other"}
NO_DATE = frozenset({"", "19010101", "00000000"})
MAX_PRODUCTS = 200
_CAMPAIGN = re.compile(r"\d{2}[A-Z]\d{3,6}")
_API = frozenset({
    "Manufacturer", "NHTSACampaignNumber", "parkIt", "parkOutSide", "overTheAirUpdate", "ReportReceivedDate", "Component", "Summary",
    "Consequence", "Remedy", "Notes", "ModelYear", "Make", "Model", "NHTSAActionNumber", "Id",
})  # fmt: skip


def is_flat(text: str) -> bool:
    """Whether a text is the flat file: rows of about 29 fields, the second a campaign's number."""
    rows = [row.split("\t") for row in text[:200_000].splitlines()[:20] if row.strip()]
    fits = [row for row in rows if 20 <= len(row) <= 40 and _CAMPAIGN.fullmatch(row[1].strip())]
    return bool(fits) and len(fits) * 2 >= len(rows)


def flat_records(text: str) -> tuple[list[Raw], list[Reject]]:
    """The rows as objects by field name. A row with a different number of fields is rejected: its columns may have moved."""
    raws, rejects = [], []
    for place, row in enumerate(re.split(r"\r?\n", text), 1):
        cells = row.split("\t")
        if not row.strip() or (len(cells) > 1 and cells[1].strip() == "CAMPNO"):
            continue
        if len(cells) != len(FIELDS) and len(cells) not in OLDER:
            number = cells[1].strip()[:80] if len(cells) > 1 and _CAMPAIGN.fullmatch(cells[1].strip()) else ""
            detail = (
                f"{len(cells)} fields, NHTSA's layout has {len(FIELDS)}: the layout changed or the row is cut off; "
                "download the file again"
            )
            rejects.append(Reject(place, number, f"line {place} has {detail}", show(row)))
            continue
        raws.append(Raw(place, dict(zip(FIELDS, [*cells, *[""] * (len(FIELDS) - len(cells))], strict=True))))
    return raws, rejects


def _matches(record: dict[str, Any]) -> bool:
    return ("CAMPNO" in record and "COMPNAME" in record) or ("NHTSACampaignNumber" in record)


def read(raws: list[Raw], report: Report) -> Iterator[Row]:
    rows = [raw if "CAMPNO" in raw.value else Raw(raw.place, _from_api(raw.value, report)) for raw in raws]
    for number, group in in_groups(rows, lambda raw: line(raw.value.get("CAMPNO")) or f"? {raw.place}").items():
        yield guarded(group[0], partial(_recall, group, report), "" if number.startswith("?") else number)


def _from_api(record: dict[str, Any], report: Report) -> dict[str, Any]:
    """A record of the API under the names of the flat file. Its dates are day first: 04/11/2020 is 4 November."""
    report.unknown_fields(record, _API)
    return {
        "CAMPNO": record.get("NHTSACampaignNumber"), "MAKETXT": record.get("Make"), "MODELTXT": record.get("Model"),
        "YEARTXT": record.get("ModelYear"), "COMPNAME": record.get("Component"), "MFGTXT": record.get("Manufacturer"),
        "RCLTYPECD": "V" if record.get("ModelYear") else "", "RCDATE": record.get("ReportReceivedDate"),
        "DESC_DEFECT": record.get("Summary"), "CONEQUENCE_DEFECT": record.get("Consequence"),
        "CORRECTIVE_ACTION": record.get("Remedy"), "NOTES": record.get("Notes"),
        "DO_NOT_DRIVE": "Yes" if record.get("parkIt") is True else "", "PARK_OUTSIDE": "Yes" if record.get("parkOutSide") is True else "",
        "source": record,
    }  # fmt: skip


def _recall(group: list[Raw], report: Report) -> ImportedRecall:
    rows = [raw.value for raw in group]
    first = rows[0]
    number = number_in(first.get("CAMPNO"), "CAMPNO")
    vehicles = distinct(_named(row) for row in rows)
    if not vehicles:
        raise Unusable("make and model are empty: name the product")
    components = distinct(line(row.get("COMPNAME")) for row in rows)
    makes = distinct(f"{line(row.get('MAKETXT'))} {_model(row)[0]}".strip() for row in rows)
    more = f" and {len(makes) - 3} more" if len(makes) > 3 else ""
    units = line(first.get("POTAFF"))
    defect = plain(first.get("DESC_DEFECT"))
    products = tuple(dict.fromkeys(_product(row, units) for row in rows))
    notes = (
        [f"{len(products) - MAX_PRODUCTS} of {len(products)} products were left out: the maximum is {MAX_PRODUCTS}"]
        if len(products) > MAX_PRODUCTS
        else []
    )
    return ImportedRecall(
        record=group[0].place,
        number=number,
        title=f"{', '.join(makes[:3])}{more}: {'; '.join(components[:2])}" if components else ", ".join(makes[:3]),
        description=defect,
        hazard="\n".join(distinct([*components, plain(first.get("CONEQUENCE_DEFECT"))])),
        remedy=plain(first.get("CORRECTIVE_ACTION")),
        firms=distinct(line(row.get("MFGTXT") or row.get("MFGNAME")) for row in rows),
        url=f"https://www.nhtsa.gov/recalls?nhtsaId={number}" if _CAMPAIGN.fullmatch(number) else "",
        recalled_on=dated(number, lambda: _day(first.get("RCDATE"), "RCDATE")),
        units=units,
        products=products[:MAX_PRODUCTS],
        source=storable(first.get("source") or (first if len(rows) == 1 else {"CAMPNO": number, "rows": rows})),
        notes=tuple(notes),
        facts=_facts(number, rows, vehicles, components, f"{defect} {plain(first.get('CORRECTIVE_ACTION'))}", report),
    )


def _model(row: dict[str, Any]) -> tuple[str, str]:
    """The model, and the remark in brackets behind it: "310 (MAESTRO)"."""
    text = line(row.get("MODELTXT"))
    match = re.fullmatch(r"(?P<model>[^()]+?)\s*\((?P<remark>[^()]+)\)", text)
    return (match["model"], match["remark"]) if match else (text, "")


def _year(row: dict[str, Any]) -> str:
    year = line(row.get("YEARTXT"))
    return "" if year in {"9999", "0", ""} else year


def _named(row: dict[str, Any]) -> str:
    return " ".join(part for part in (line(row.get("MAKETXT")), line(row.get("MODELTXT")), _year(row)) if part)


def _product(row: dict[str, Any], units: str) -> ProductContent:
    make, (model, remark), year = line(row.get("MAKETXT")), _model(row), _year(row)
    shown = model if not make or model.upper().startswith(make.upper()) else f"{make} {model}"
    part = line(row.get("MFR_COMP_PTNO"))
    return ProductContent(
        name=f"{shown} ({remark})" if remark else shown or make,
        brand=make[:200],
        model_numbers=distinct([_code(row, model), part]),
        units=units[:200],
        description=f"Model year {year}" if year else "",
    )


def _code(row: dict[str, Any], model: str) -> str:
    """The model without its maker's name in front. For equipment only codes with a digit: "ALTERNATOR" is not a model."""
    make = line(row.get("MAKETXT"))
    code = model[len(make) :].strip() if make and model.upper().startswith(f"{make.upper()} ") else model
    return "" if line(row.get("RCLTYPECD")) == "E" and not any(map(str.isdigit, code)) else code


def _facts(
    number: str,
    rows: list[dict[str, Any]],
    vehicles: tuple[str, ...],
    components: tuple[str, ...],
    text: str,
    report: Report,
) -> dict[str, str | list[str]]:
    first = rows[0]
    letters = distinct(line(row.get("RCLTYPECD")) for row in rows)
    for letter in letters:
        if letter not in KINDS:
            report.unknown_word("RCLTYPECD", letter)
    begin, end, updated = (dated(number, partial(_day, first.get(key), key)) for key in ("BGMAN", "ENDMAN", "DATEA"))
    warnings = [
        words
        for key, words in (("DO_NOT_DRIVE", "Do not drive"), ("PARK_OUTSIDE", "Park outside"))
        if any(line(row.get(key)).lower() == "yes" for row in rows)
    ]
    return made({
        "publisher": "nhtsa",
        "kind": [KINDS.get(letter, letter) for letter in letters],
        "country": "US",
        "category": list(components),
        "vehicles": list(vehicles) if "V" in letters else [],
        "made": " to ".join(each.isoformat() for each in (begin, end) if each),
        "advice": warnings,
        "remarks": list(distinct(plain(row.get("NOTES")) for row in rows)),
        "other_codes": list(distinct(line(row.get("MFGCAMPNO")) for row in rows)),
        "text_models": list(models_in_prose(clean(text))),
        "updated": updated.isoformat() if updated else "",
    })  # fmt: skip


def _day(value: Any, name: str) -> date | None:
    """YYYYMMDD of the flat file, DD/MM/YYYY of the API."""
    return None if line(value) in NO_DATE else day(value, name=name, forms=("%Y%m%d", "%d/%m/%Y"))


IMPORTER = Importer(
    "nhtsa",
    "U.S. National Highway Traffic Safety Administration",
    _matches,
    read,
    ("CAMPNO", "NHTSACampaignNumber"),
    frozenset(),
)
