"""Health Canada: the open data file of recalls and safety alerts. It has no model, barcode, lot or brand field."""

import re
from typing import Any

from recalls.importers.base import Importer, number_in, one_by_one, required
from recalls.importers.facts import made
from recalls.importers.records import ImportedRecall, ProductContent, Raw, Report
from recalls.importers.safety import stated
from recalls.importers.text import address, brand, distinct, line, plain, storable

_BRAND = re.compile(
    r"^(?P<brand>(?!(?:various|certain|several|multiple|some|many)\b).{2,60}?)\s+brand\s+", re.IGNORECASE
)
_MAKER = re.compile(r"^(?P<product>.+?)\s+recalled\s+by\s+(?P<maker>.+)$", re.IGNORECASE)
_STARTS = (
    "Do not", "Check", "Consult", "Contact", "Consumers", "Dispose", "Food contaminated", "For more", "Health Canada", "If you",
    "Immediately", "Joint recall", "Keep", "Learn", "Please", "Recalled", "Report", "Return", "Sign up", "Stop", "This recall",
    "Throw", "Verify", "View", "Visit", "Wash",
)  # fmt: skip
_RUN_TOGETHER = re.compile(rf"(?<=[a-z0-9.!?:)])(?=(?:{'|'.join(_STARTS)})\b)")
_SENTENCES = re.compile(r"(?<=[a-z)][.!?])(?=[A-Z][a-z])")
_JOINT = re.compile(r"Joint recall with (?P<others>[^.\n]+(?:\.(?=\s*(?:doing|Inc|Ltd|Co)\b)[^.\n]+)*)", re.IGNORECASE)
AGENCIES = frozenset({
    "Consumer product safety", "CFIA", "TC", "Medical devices", "Drugs and health products", "Health Canada", "Health products",
    "PHAC", "Communications and Public Affairs Branch",
})  # fmt: skip
CLASSES = {"Class 1": "high", "Class 2": "medium", "Class 3": "low"}
"""What the Canadian Food Inspection Agency says of its classes: high, moderate and low risk. Types of health products are
other scales, and stay text (https://inspection.canada.ca, Recall classifications)."""
_KNOWN = frozenset({
    "NID", "Title", "URL", "Organization", "Product", "Issue", "What you should do", "Category", "Recall class", "Last updated",
    "Archived", "Date published", "Recall date",
})  # fmt: skip


def parse_record(raw: Raw, report: Report) -> ImportedRecall:
    record = raw.value
    number = number_in(record.get("NID"), "NID")
    title = required(record.get("Title"), "Title", number)
    given = line(record.get("Product")) or title
    maker = _MAKER.match(given)
    name = maker["product"] if maker else given
    named = _BRAND.match(title)
    read = brand(named["brand"]) if named else brand(maker["maker"]) if maker else ""
    agency = line(record.get("Organization"))
    if agency and agency not in AGENCIES:
        report.unknown_word("Organization", agency)
    advice = _advice(record.get("What you should do"))
    joint = _JOINT.search(advice)
    return ImportedRecall(
        record=raw.place,
        number=number,
        title=title,
        hazard=line(record.get("Issue")),
        remedy=advice,
        firms=distinct([line(maker["maker"])] if maker else []),
        url=address(record.get("URL")),
        products=(ProductContent(name, read),),
        source=storable(record),
        facts=_facts(record, agency, joint["others"].strip(" .") if joint else ""),
        recorded=stated(risk_level=CLASSES.get(line(record.get("Recall class")), "")),
    )


def _advice(value: Any) -> str:
    """The text with sentences and list items on separate lines, which the file runs together."""
    text = _RUN_TOGETHER.sub("\n", plain(value))
    return _SENTENCES.sub("\n", text)


def _facts(record: dict[str, Any], agency: str, joint: str) -> dict[str, str | list[str]]:
    return made(
        {
            "publisher": "health-canada",
            "agency": agency,
            "country": "CA",
            "category": line(record.get("Category")),
            "risk_level": line(record.get("Recall class")),
            "joint": joint,
            "history": "Archived" if line(record.get("Archived")) in {"1", "true", "Yes"} else "",
            "updated": line(record.get("Last updated"))[:10],
        }
    )


IMPORTER = Importer(
    "health-canada",
    "Health Canada",
    lambda record: "NID" in record and bool(record.keys() & {"Title", "Product"}),
    one_by_one(parse_record),
    ("NID",),
    _KNOWN,
)
