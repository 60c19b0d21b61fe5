"""Reading a feed in the tests: its listings, rejects, warnings and report."""

import gzip
import io
import zipfile
from typing import Any, NamedTuple

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from listings.ingest.outcome import Complaint, Report
from listings.ingest.readers import read_feed
from listings.ingest.rows import ListingRow, parse_row


class Outcome(NamedTuple):
    listings: dict[str, ListingRow]
    refused: list[tuple[int, str]]  # line and cause
    warned: list[tuple[int, str]]
    report: Report


def outcome(content: bytes | str) -> Outcome:
    body = content.encode() if isinstance(content, str) else content
    feed = read_feed(io.BytesIO(body), len(body))
    listings: dict[str, ListingRow] = {}
    refused: list[tuple[int, str]] = []
    warned: list[tuple[int, str]] = []
    for line, row in feed:
        if isinstance(row, Complaint):
            refused.append((line, row.cause))
            continue
        listing, rejects = parse_row(line, row, decimal=feed.decimal)
        for reject in rejects:
            (refused if reject.whole_row else warned).append((line, reject.cause))
        if listing:
            listings[listing.external_id] = listing
    return Outcome(listings, refused, warned, feed.report)


def zipped(**files: str | bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return made.getvalue()


def workbook(*rows: list[object]) -> bytes:
    book, made = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(made)
    return made.getvalue()


def parquet(columns: dict[str, list[Any]], **options: Any) -> bytes:
    made = io.BytesIO()
    pq.write_table(pa.table(columns), made, **{"compression": "zstd", **options})
    return made.getvalue()


def packed(content: bytes) -> bytes:
    return gzip.compress(content)


def zstd(content: bytes) -> bytes:
    return zstandard.compress(content)
