"""The one entry point for recall files: bytes in, recalls and rejects out. The format is recognised by content."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from recalls.importers import (
    cpsc,
    cpsc_forms,
    health_canada,
    jsonfile,
    nhtsa,
    openfda,
    opss,
    rappelconso,
    safety_gate,
    safety_gate_xml,
    template,
)
from recalls.importers.base import Importer, Row
from recalls.importers.opening import open_file
from recalls.importers.records import ImportedRecall, Raw, Reading, Reject, Report, UnreadableFile
from recalls.importers.tablefile import Table, from_csv, from_objects, from_parquet, from_workbook
from recalls.importers.text import show
from recalls.importers.xmlfile import records_of

JSON = (
    cpsc.IMPORTER, cpsc.EXTRACT, safety_gate.IMPORTER, opss.IMPORTER, rappelconso.IMPORTER, openfda.IMPORTER, nhtsa.IMPORTER,
    health_canada.IMPORTER,
)  # fmt: skip
XML = (safety_gate_xml.IMPORTER, openfda.IMPORTER, cpsc_forms.XML)
OF_XML = safety_gate_xml.RECORDS | {openfda.RECORD, cpsc_forms.RECORD}
TABLES = (cpsc_forms.TABLE, rappelconso.IMPORTER, openfda.IMPORTER, nhtsa.IMPORTER, health_canada.IMPORTER)
TEMPLATE = "template"
PUBLISHERS = {importer.key: importer.publisher for importer in JSON}
_WHOLE = frozenset({"total", "total_count", "totalCount", "totalElements", "total_results", "totalResults"})
MAX_RECORDS, MAX_LINES = 500_000, 1_000_000
"""Of one file. The largest publisher has 300,000 lines; each takes a hundred times the room in memory that it takes here."""
MAX_PRODUCTS = 5_000  # of one recall; the largest real ones have some hundreds
MAX_PICTURES, MAX_NOTES = 200, 100  # of one recall; the rest is left out, which a note says
MAX_AHEAD = timedelta(days=366)  # of the day of a recall; one of the year 2999 would lead every list for ever
MAX_LEVELS = 8  # of wrappers around records: {"success": {"results": […]}}, pages, envelopes
_PUBLISHERS = "CPSC, Safety Gate, OPSS, Health Canada, RappelConso, openFDA or NHTSA"


def read(data: bytes, mapping: template.Mapping | None = None) -> Reading:
    """Read a file of any known publisher, or a table by our own columns.

    Raises UnreadableFile for an unusable file, with one sentence that says why and what to do, and
    template.ColumnsUnknown for a table whose columns a person has to choose (`mapping`: our field to the table's header).
    """
    report = Report()
    opened = open_file(data, report)
    if opened.workbook:
        return _of_table(from_workbook(opened.workbook), mapping, report)
    if opened.parquet:
        return _of_table(from_parquet(opened.parquet), mapping, report)
    head = opened.text.lstrip()[:200].lower()
    if re.match(r"<!doctype html|<html|<head|<body", head) or ("<html" in head and head.startswith("<")):
        raise UnreadableFile(
            f"This is a web page{_titled(opened.text)}, not a file of recalls: download the publisher's data file."
        )
    if head[:1] in {"{", "["}:
        reading = _of_json(opened.text, report)
    elif head[:1] == "<":
        reading = _of_xml(opened.text, report)
    elif max(opened.text.count("\n"), opened.text.count("\r")) > MAX_LINES:
        raise UnreadableFile(f"The file has more than {MAX_LINES:,} lines: split it.")
    elif nhtsa.is_flat(opened.text):
        raws, rejects = nhtsa.flat_records(opened.text)
        reading = _finished(nhtsa.IMPORTER, raws, rejects, report)
    else:
        reading = _of_table(from_csv(opened.text), mapping, report)
    return replace(reading, broke_off=reading.broke_off or opened.broke_off)


def _titled(text: str) -> str:
    title = re.search(r"<title[^>]*>([^<]{1,80})", text[:20_000], re.IGNORECASE)
    return f" ({' '.join(title[1].split())})" if title else ""


def _of_json(text: str, report: Report) -> Reading:
    parsed = jsonfile.parse(text)
    if own := template.own_objects(parsed.values):
        table = from_objects(list(template.HEADER), own)
        return replace(_of_table(table, None, report), broke_off=parsed.broke_off)
    for importer in JSON:
        values = list(_gathered(parsed.values, importer, 0))
        if values:
            raws = [Raw(place, value) for place, value in enumerate(values, 1)]
            whole = max(_announced(parsed.values, importer, 0), default=0)
            if whole > len(values):
                report.remarks.append(
                    f"The file has {len(values):,} of {whole:,} records: it is one page of the publisher's answer. "
                    "Import the other pages too."
                )
            return replace(_finished(importer, raws, [], report), broke_off=parsed.broke_off)
    raise UnreadableFile(_unknown_reason(parsed))


def _gathered(value: Any, importer: Importer, level: int) -> Iterator[Any]:
    """The records in a value: itself, or those of a list or envelope in it. If one element of a list is a
    record, all are treated as records, so that a bad one is rejected and not overlooked."""
    if level > MAX_LEVELS:
        return
    if isinstance(value, dict):
        if importer.matches(value):
            yield value
        else:
            for each in value.values():
                if isinstance(each, dict | list):
                    yield from _gathered(each, importer, level + 1)
    elif isinstance(value, list):
        if any(isinstance(each, dict) and importer.matches(each) for each in value):
            yield from value
        else:
            for each in value:
                yield from _gathered(each, importer, level + 1)


def _announced(value: Any, importer: Importer, level: int) -> Iterator[int]:
    """How many records the publisher's whole answer has, as the envelopes around the records say."""
    if isinstance(value, dict) and level <= MAX_LEVELS and not importer.matches(value):
        for name, each in value.items():
            if name in _WHOLE and isinstance(each, int) and not isinstance(each, bool):
                yield each
            elif isinstance(each, dict):
                yield from _announced(each, importer, level + 1)
    elif isinstance(value, list) and level == 0:
        for each in value[:MAX_LEVELS]:
            yield from _announced(each, importer, level + 1)


def _unknown_reason(parsed: jsonfile.Parsed) -> str:
    first = parsed.values[0] if parsed.values else None
    if isinstance(first, jsonfile.Broken):
        return f"The file cannot be read as JSON: {first.problem}. Download it again."
    if isinstance(first, jsonfile.BrokenObject) or parsed.broke_off:
        where = parsed.broke_off or getattr(first, "problem", "")
        return f"The file is incomplete JSON, with no recall before the break: {where}. Download it again."
    if isinstance(first, dict) and first.get("schema_name") == "finder":
        return "This is GOV.UK's finder, a list of allowed values: import the notices from https://www.gov.uk/api/content/…"
    if first in ([], {}):
        return "The file is an empty list: there is nothing to import."
    names = (
        first
        if isinstance(first, dict)
        else next((each for each in first if isinstance(each, dict)), None)
        if isinstance(first, list)
        else None
    )
    shown = f" Its fields are {', '.join(str(name)[:40] for name in list(names)[:8])}." if names else ""
    return f"The file is JSON, but not from a known publisher. Upload a file from {_PUBLISHERS}, or a table.{shown}"


def _of_xml(text: str, report: Report) -> Reading:
    root, values, broke_off = records_of(text, OF_XML.__contains__)
    for importer in XML:
        if any(importer.matches(value) for value in values):
            raws = [Raw(place, value) for place, value in enumerate(values, 1)]
            rest = [Reject(len(raws) + 1, "", f"{broke_off}: download the file again", "")] if broke_off else []
            return replace(_finished(importer, raws, rest, report), broke_off=broke_off)
    if root == "weeklyReports":
        links = re.findall(r"<URL>\s*(https://[^<\s]+)", text)
        newest = f" The newest one: {links[0].replace('&amp;', '&')[:200]}" if links else ""
        raise UnreadableFile(
            f"This is the list of weekly reports, without alerts: download one of the reports in it.{newest}"
        )
    if broke_off:
        raise UnreadableFile(
            f"The file is incomplete, with no recall before the break: {broke_off}. Download it again."
        )
    raise UnreadableFile(
        f"The file is XML with the root {root[:60]}, but not from a known publisher. Upload XML from CPSC, Safety Gate or FDA."
    )


def _of_table(table: Table, mapping: template.Mapping | None, report: Report) -> Reading:
    rows = [Raw(place, dict(zip(table.header, cells, strict=True))) for place, cells in table.rows]
    for importer in TABLES:
        if mapping is None and rows and importer.matches(rows[0].value):
            return _finished(importer, rows, table.rejects, report)
    chosen = template.mapping_of(table, mapping)
    report.remarks.append(
        "Columns: " + "; ".join(f"{name.replace('_', ' ')} from {column}" for name, column in chosen.items())
    )
    found = [*table.rejects, *template.read(table, chosen, report)]
    return _reading(TEMPLATE, "Table", found, len(table.rows) + len(table.rejects), report)


def _finished(importer: Importer, raws: list[Raw], rejects: Iterable[Reject], report: Report) -> Reading:
    found: list[Row] = list(rejects)
    records = len(raws) + len(found)
    if records > MAX_RECORDS:
        raise UnreadableFile(f"The file has {records:,} records, more than {MAX_RECORDS:,}: split it.")
    whole: list[Raw] = []
    for raw in raws:
        value = raw.value
        if (problem := jsonfile.problem_in(value)) or not isinstance(value, dict):
            detail = problem or "it is not an object: write the record as {…}"
            shown = value.text if isinstance(value, jsonfile.Broken | jsonfile.BrokenObject) and value.text else value
            found.append(Reject(raw.place, importer.number_of(value), f"record {raw.place}: {detail}", show(shown)))
        else:
            if importer.known:
                report.unknown_fields(value, importer.known)
            whole.append(raw)
    values = {raw.place: raw.value for raw in whole}
    for row in importer.read(whole, report):
        nameless = isinstance(row, Reject) and not row.number
        found.append(replace(row, number=importer.number_of(values.get(row.record))) if nameless else row)
    return _reading(importer.key, importer.publisher, found, records, report)


def _reading(key: str, publisher: str, rows: list[Row], records: int, report: Report) -> Reading:
    """The rows in the order of the file; a repeated number is dropped if its content is the same, and rejected
    if it is different."""
    seen: dict[str, ImportedRecall] = {}
    kept: list[Row] = []
    repeats = 0
    latest = date.today() + MAX_AHEAD  # noqa: DTZ011  a day more or less is the same
    for row in map(_bounded, sorted(rows, key=lambda row: row.record)):
        if isinstance(row, ImportedRecall) and (detail := _excess(row, latest)):
            kept.append(Reject(row.record, row.number, detail, show(row.source)))
            continue
        if isinstance(row, ImportedRecall):
            before = seen.setdefault(row.number, row)
            if before is not row:
                if _same(before, row):
                    repeats += 1
                else:
                    detail = (
                        f"the number {row.number} is already in this file, with different content: keep one of them"
                    )
                    kept.append(Reject(row.record, row.number, detail, show(row.source)))
                continue
        kept.append(row)
    if repeats:
        report.remarks.append(f"Records repeated with the same content, counted once: {repeats:,}.")
    return Reading(key, publisher, kept, records, report)


def _excess(row: ImportedRecall, latest: date) -> str:
    """What no recall has; empty if there is nothing of it."""
    if row.recalled_on and row.recalled_on > latest:
        return f"the day of the recall, {row.recalled_on}, is more than a year ahead: check the year"
    if len(row.products) > MAX_PRODUCTS:
        return f"the recall names {len(row.products):,} products, more than {MAX_PRODUCTS:,}: split it into several"
    return ""


def _bounded(row: Row) -> Row:
    """A recall with no more pictures and notes than people look at; a reject as it is."""
    if isinstance(row, Reject):
        return row
    if len(row.pictures) > MAX_PICTURES:
        detail = f"{MAX_PICTURES} of {len(row.pictures):,} pictures were kept; the source record has all of them"
        row = replace(row, pictures=row.pictures[:MAX_PICTURES], notes=(detail, *row.notes))
    if len(row.notes) > MAX_NOTES:
        rest = f"{len(row.notes) - MAX_NOTES:,} more notes were left out"
        row = replace(row, notes=(*row.notes[:MAX_NOTES], rest))
    return row


def _same(one: ImportedRecall, other: ImportedRecall) -> bool:
    return _bare(one) == _bare(other)


def _bare(row: ImportedRecall) -> ImportedRecall:
    return replace(row, record=0, source={}, notes=(), recalled_on=None)
