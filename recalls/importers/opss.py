"""UK OPSS: product recalls, alerts and reports as GOV.UK's content API gives them, and its search results.

Identifiers are in a table inside the HTML of the body, under names that publishers choose freely.
"""

import re
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from recalls.importers.barcodes import read_barcodes
from recalls.importers.base import Importer, dated, number_in, one_by_one, required, unusable
from recalls.importers.codes import lots_in, split_models
from recalls.importers.facts import made
from recalls.importers.records import ImportedRecall, ProductContent, Raw, Report
from recalls.importers.safety import published_measure, stated
from recalls.importers.safety_gate import MAX_BRANDS
from recalls.importers.text import address, brand, day, distinct, is_none, line, objects, part, plain, storable

SITE = "https://www.gov.uk"
FORMAT = "product_safety_alert_report_recall"
_NUMBER = re.compile(r"(?<!\d)(\d{4}-\d{3,5})\)?\s*$")
_NUMBER_IN_BODY = re.compile(r"notification number:?\s*([\w-]{4,20})", re.IGNORECASE)
_SELLER = re.compile(
    r"\s+(?:sold|supplied|available|listed)\s+(?:exclusively\s+)?(?:by|via|on|at|through)\s+(?P<seller>.+)$",
    re.IGNORECASE,
)
KINDS = {
    "product-recall": "Product recall",
    "product-safety-report": "Product safety report",
    "product-safety-alert": "Product safety alert",
}
LEVELS = {"serious": "Serious", "high": "High", "medium": "Medium", "low": "Low", "not-provided": ""}
MEASURES = {
    "ban-marketing-of-product-and-accompanying-measures": "Ban on the marketing of the product and any accompanying measures",
    "destruction-of-the-product": "Destruction of the product",
    "import-rejected-at-border": "Import rejected at the border",
    "making-marketing-of-product-subject-to-prior-conditions": "Making the marketing of the product subject to prior conditions",
    "marking-product-with-appropriate-warnings-on-risks": "Marking the product with appropriate warnings on the risks",
    "modification-programme": "Modification programme",
    "recall-of-product-from-end-users": "Recall of the product from end users",
    "removal-of-listing-by-online-marketplace": "Removal of the listing by the online marketplace",
    "temporary-ban-on-supply-offer-and-display-of-product": "Temporary ban on the supply, offer to supply and display of the product",
    "warning-consumers-of-risks": "Warning consumers of the risks",
    "withdrawal-of-product-from-market": "Withdrawal of the product from the market",
    "other": "Other",
}
_OWN_ROWS = (
    "type",
    "brand",
    "model",
    "batche?",
    "lot",
    "manufacturer",
    "importer",
    "distributor",
    "supplier",
    "barcode",
    "country of origin",
    "product description",
    "product report",
)
_KNOWN = frozenset({
    "analytics_identifier", "base_path", "content_id", "description", "details", "document_type", "first_published_at", "links",
    "locale", "phase", "public_updated_at", "publishing_app", "publishing_request_id", "publishing_scheduled_at",
    "rendering_app", "scheduled_publishing_delay_seconds", "schema_name", "title", "updated_at", "withdrawn_notice",
    "public_timestamp", "link", "product_alert_type", "product_risk_level", "product_category", "product_measure_type",
    "product_recall_alert_date", "index", "es_score", "_id", "elasticsearch_type", "format",
})  # fmt: skip


def _matches(record: dict[str, Any]) -> bool:
    kinds = (record.get("document_type"), record.get("elasticsearch_type"), record.get("format"))  # of any type
    return (FORMAT in kinds and bool(record.keys() & {"base_path", "link"})) or (
        kinds[0] in ("gone", "redirect") and "/product-safety-alerts" in str(record.get("base_path"))
    )


def parse_record(raw: Raw, report: Report) -> ImportedRecall:
    record = raw.value
    details = part(record, "details")
    body = LexborHTMLParser(_html(details.get("body")))
    title, path = line(record.get("title")), line(record.get("base_path") or record.get("link"))
    match = _NUMBER.search(title) or _NUMBER.search(path) or _NUMBER_IN_BODY.search(_shown(body))
    number = number_in(match[1] if match else path.rsplit("/", 1)[-1][-40:], "the number at the end of the title")
    _refuse_withdrawn(record, number)
    title = re.sub(r"\s*\(\d{4}-\d{3,5}\)\s*$", "", required(title, "title", number))
    metadata = part(details, "metadata") or record
    notes: list[str] = []
    cells = _cells(body)
    summary = _summary(_section(body, "summary"))
    full_name = summary.get("product") or re.sub(r"^Product (?:Recall|Safety (?:Report|Alert)):\s*", "", title)
    seller = _SELLER.search(full_name)
    name = full_name[: seller.start()] if seller else full_name
    brands = distinct(brand(each) for each in re.split(r"\s*[/;,\n]\s*", cells.get("brand", "")))[:MAX_BRANDS]
    models, remarks = split_models(_row(cells, "model"))
    gtins = distinct(
        gtin
        for key, text in cells.items()
        if _is(key, "barcode", "ean", "gtin", "upc")
        for gtin in read_barcodes(text, notes)
    )
    measures = _measures(metadata, report)
    return ImportedRecall(
        record=raw.place,
        number=number,
        title=title,
        description=_row(cells, "product description") or plain(record.get("description")),
        hazard=_section(body, "hazard") or summary.get("hazard", ""),
        remedy=_section(body, "corrective-action") or summary.get("corrective action", ""),
        sold_at=line(seller["seller"]) if seller else "",
        firms=distinct(
            text for key, text in cells.items() if _is(key, "manufacturer", "importer", "distributor", "supplier")
        ),
        url=f"{SITE}{path}" if path.startswith("/") else address(path),
        recalled_on=dated(number, lambda: day(_date(metadata, record), name="the recall's date")),
        products=tuple(ProductContent(name or title, each, models, gtins) for each in brands or ("",)),
        source=storable(record),
        notes=tuple(notes),
        facts=_facts(record, metadata, cells, body, {"measures": measures, "remarks": list(remarks)}, report),
        recorded=stated(
            risk_level=LEVELS.get(line(metadata.get("product_risk_level")), ""),
            measures=[published_measure(each) for each in measures if each],
        ),
        partial="body" not in details,
    )


def _refuse_withdrawn(record: dict[str, Any], number: str) -> None:
    notice = record.get("withdrawn_notice")
    if isinstance(notice, dict) and any(notice.values()):
        when = line(notice.get("withdrawn_at"))[:10]
        detail = plain(notice.get("explanation"))
        raise unusable(
            number,
            f"the publisher withdrew this notice{f' on {when}' if when else ''}{f': {detail[:300]}' if detail else ''}. "
            "If the recall is published here, withdraw it on its page",
        )
    if record.get("document_type") in {"gone", "redirect"}:
        raise unusable(
            number,
            "the publisher removed this notice from its site. If the recall is published here, withdraw it on its page",
        )


def _html(value: Any) -> str:
    """The body's HTML: a text, or several texts each with its content type."""
    if isinstance(value, list):
        parts = [
            row.get("content") for row in value if isinstance(row, dict) and row.get("content_type") == "text/html"
        ]
        return "\n".join(part for part in parts if isinstance(part, str))
    return value if isinstance(value, str) else ""


def _shown(body: LexborHTMLParser) -> str:
    return body.body.text(separator="\n") if body.body is not None else ""


def _cells(body: LexborHTMLParser) -> dict[str, str]:
    """The rows of all two-column tables by the lower-case name in the first column; repeated names are joined."""
    found: dict[str, str] = {}
    for row in body.css("tr"):
        cells = [cell for cell in row.iter() if cell.tag in {"td", "th"}]
        if len(cells) < 2:
            continue
        name = line(cells[0].text()).rstrip(":").lower()
        value = "; ".join(text for cell in cells[1:] if (text := _lines(cell)))
        if name:
            found[name] = f"{found[name]}; {value}" if name in found else value
    return found


def _lines(node: LexborNode) -> str:
    """A node's text, with list items and broken lines on separate lines."""
    markup = re.sub(r"(?i)<(?:br|/li|/p|/div)\b[^<>]*>", "\n", node.html or "")
    inner = LexborHTMLParser(f"<table><tr>{markup}</tr></table>" if node.tag in {"td", "th"} else markup)
    text = inner.body.text() if inner.body is not None else ""
    return "\n".join(part for row in text.splitlines() if (part := line(row)))


def _section(body: LexborHTMLParser, name: str) -> str:
    """The plain text between a heading of level 2 and the next; tables are left out."""
    heading = body.css_first(f"h2#{name}") or next(
        (node for node in body.css("h2") if line(node.text()).lower() == name.replace("-", " ")), None
    )
    parts, node = [], heading.next if heading is not None else None
    while node is not None and node.tag != "h2":
        if node.tag not in {"table", "-text"} and not (node.tag == "h3" and "additional" in line(node.text()).lower()):
            parts.append(_lines(node))
        elif node.tag == "h3":
            break
        node = node.next
    return "\n".join(part for part in parts if part)


def _summary(text: str) -> dict[str, str]:
    """The lines "Product: …", "Hazard: …", "Corrective action: …" of the summary."""
    pairs = (row.partition(":") for row in text.splitlines())
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


def _row(cells: dict[str, str], name: str) -> str:
    """The row of a name, also in the plural ("Models") and with "number" behind it."""
    fits = re.compile(rf"{name}s?(?:\s*/\s*\w+)?(?:\s+(?:numbers?|nos?\.?|names?|codes?))?", re.IGNORECASE)
    return "; ".join(text for key, text in cells.items() if fits.fullmatch(key))


def _is(key: str, *names: str) -> bool:
    return any(re.match(rf"{name}s?\b", key) for name in names)


def _date(metadata: dict[str, Any], record: dict[str, Any]) -> Any:
    return (
        metadata.get("product_recall_alert_date") or record.get("first_published_at") or record.get("public_timestamp")
        or record.get("public_updated_at")
    )  # fmt: skip


def _measures(metadata: dict[str, Any], report: Report) -> list[str]:
    given = metadata.get("product_measure_type")
    found = []
    for key in [given] if isinstance(given, str) else given if isinstance(given, list) else []:
        word = line(key)
        if word not in MEASURES:
            report.unknown_word("product_measure_type", word)
        found.append(MEASURES.get(word, word.replace("-", " ").capitalize()))
    return found


def _facts(
    record: dict[str, Any],
    metadata: dict[str, Any],
    cells: dict[str, str],
    body: LexborHTMLParser,
    more: dict[str, Any],
    report: Report,
) -> dict[str, str | list[str]]:
    kind, level = line(metadata.get("product_alert_type")), line(metadata.get("product_risk_level"))
    for name, word, known in (("product_alert_type", kind, KINDS), ("product_risk_level", level, LEVELS)):
        if word and word not in known:
            report.unknown_word(name, word)
    batches = "; ".join(text for key, text in cells.items() if _is(key, "batche?", "lot"))
    lots, scope = lots_in(batches)
    remarks = [f"Model: {each}" for each in more["remarks"]]
    other = [
        f"{key.capitalize()}: {text}" for key, text in cells.items() if not _is(key, *_OWN_ROWS) and not is_none(text)
    ]
    details = part(record, "details")
    history = objects(details.get("change_history"))
    additional = re.search(r"Notified by:\s*([^\n]+)", _shown(body))
    return made({
        "publisher": "opss",
        "kind": KINDS.get(kind, kind),
        "agency": line(additional[1]) if additional else "",
        "country": "GB",
        "origin": _row(cells, "country of origin"),
        "category": [line(metadata.get("product_category")).replace("-", " ").capitalize(), _row(cells, "type")],
        "risk_level": LEVELS.get(level, level),
        "measures": more["measures"],
        "scope": scope if batches else "",
        "lots": list(lots) or ([batches] if scope == "unknown" and batches else []),
        "other_codes": other,
        "remarks": [*remarks, *([f"Batches: {batches}"] if batches and scope == "all lots" else [])],
        "documents": [address(node.attributes.get("href")) for node in body.css("td a") if node.attributes.get("href")],
        "history": [
            f"{line(row.get('public_timestamp'))[:10]}: {line(row.get('note'))}" for row in history
        ],
        "updated": line(record.get("public_updated_at") or record.get("public_timestamp"))[:10],
    })  # fmt: skip


IMPORTER = Importer(
    "opss",
    "UK Office for Product Safety and Standards",
    _matches,
    one_by_one(parse_record),
    ("base_path", "link"),
    _KNOWN,
)
